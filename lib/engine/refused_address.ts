/**
 * Addresses that the kernel did not add or delete when it was asked: it had no memory for the
 * request, say. Whoever gives the role away must not keep the address, and a master must get it, so
 * what is wanted by then is asked for again, after a pause that grows. It is told once.
 */
import { after, type Duration, earlier, type Instant, never, seconds } from "../base/mod.ts";
import type { EngineEvent } from "./event.ts";
import { type Holding, holdingKey, sameHolding } from "./holding.ts";
import { addVirtual } from "./lease.ts";
import { tell } from "./slot.ts";
import type { World } from "./world.ts";

/** An address that is perhaps not as it is wanted. */
interface RefusedAddress {
  readonly holding: Holding;
  pause: Duration;
  /** When it is asked for again; once it was, when it is forgotten. */
  dueAt: Instant;
  asked: boolean;
}

/** Those of a node. */
export type RefusedAddresses = Map<string, RefusedAddress>;

/** The pauses double from the first to the last. */
const [firstPause, longestPause] = [seconds(1), seconds(30)];

/** The kernel refused to add or delete an address. */
export function addressRefused(
  world: World,
  event: Extract<EngineEvent, { kind: "refused" }>,
  now: Instant,
): void {
  const { operation, ifIndex, address, plan, refusal } = event;
  if (address === undefined || (operation !== "add-address" && operation !== "delete-address")) {
    return;
  }
  const interfaceName = world.kernel.link(ifIndex)?.name ?? `#${ifIndex}`;
  const sentence = { kind: "address-refused", operation, address, interfaceName, refusal } as const;
  if (plan === undefined) return tell(world, sentence);
  const holding = { ifIndex, plan };
  const key = holdingKey(holding);
  const known = world.refusedAddresses.get(key);
  if (known === undefined) tell(world, sentence);
  const pause = known === undefined ? firstPause : doubled(known.pause);
  const dueAt = after(now, pause);
  world.refusedAddresses.set(key, { holding, pause, dueAt, asked: false });
}

/** Asks again for what is due. */
export function passRefusedAddresses(world: World, now: Instant): void {
  for (const [key, refused] of world.refusedAddresses) {
    if (refused.dueAt > now) continue;
    if (refused.asked) {
      world.refusedAddresses.delete(key);
      continue;
    }
    // A refusal of this comes before the entry is forgotten.
    refused.asked = true;
    refused.dueAt = after(now, longestPause);
    const { holding } = refused;
    if (world.kernel.link(holding.ifIndex) === undefined) continue;
    if (isVirtual(world, holding)) addVirtual(world, holding);
    else if (!world.holdings.has(holding.ifIndex, holding.plan.address)) {
      world.effects.push({ kind: "delete-address", ...holding });
    }
  }
}

/** When the next one is due. */
export function refusedAddressDeadline({ refusedAddresses, stopping }: World): Instant {
  let next: Instant = never;
  if (stopping) return next;
  for (const { dueAt } of refusedAddresses.values()) next = earlier(next, dueAt);
  return next;
}

/** Whether a virtual router has it now; static addresses are looked after elsewhere. */
function isVirtual({ slots }: World, holding: Holding): boolean {
  return [...slots.values()].some(({ held }) => held.some((one) => sameHolding(one, holding)));
}

function doubled(pause: Duration): Duration {
  return pause * 2 < longestPause ? pause * 2 as Duration : longestPause;
}
