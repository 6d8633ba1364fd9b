/**
 * `address_lease`: virtual addresses carry a lifetime in the kernel, and a daemon that lives gives
 * them a new one every third of it. When the daemon or the whole machine hangs nobody does, and the
 * kernel drops them by itself. Here is what is asked of the kernel, and when; `lease_lapse.ts` says
 * what becomes of a node that was away for so long.
 */
import { after, type Duration, type Instant, microseconds, never, seconds } from "../base/mod.ts";
import type { Holding } from "./holding.ts";
import type { World } from "./world.ts";

/** The clock of all leases: addresses are renewed together. */
export interface Lease {
  /** When they are renewed next; `never` while nothing is leased. */
  renewAt: Instant;
  /** When the kernel drops the first of them if that does not happen. */
  overAt: Instant;
  /** When it was noticed that they are over; what the kernel dropped meanwhile is known then. */
  lapsedAt: Instant | undefined;
}

/** Nothing is leased. */
export function newLease(): Lease {
  return { renewAt: never, overAt: never, lapsedAt: undefined };
}

/** Asks for an address that a virtual router holds; with a lease, if there are leases. */
export function addVirtual(world: World, holding: Holding): void {
  const leaseSeconds = world.model?.global.addressLease;
  if (leaseSeconds === undefined) {
    world.effects.push({ kind: "add-address", ...holding });
    return;
  }
  world.effects.push({ kind: "add-address", ...holding, leaseSeconds });
  if (world.lease.renewAt === never) schedule(world, leaseSeconds, world.steppedAt);
}

/** Gives all addresses that virtual routers hold a new lease; answers them. */
export function renew(world: World, now: Instant): readonly Holding[] {
  const leaseSeconds = world.model?.global.addressLease;
  const holdings = leased(world);
  if (holdings.length > 0) {
    const effect = { kind: "renew-addresses" as const, holdings };
    world.effects.push(leaseSeconds === undefined ? effect : { ...effect, leaseSeconds });
  }
  if (leaseSeconds === undefined || holdings.length === 0) Object.assign(world.lease, newLease());
  else schedule(world, leaseSeconds, now);
  return holdings;
}

/** A reload may turn leases on, or off, or make them longer: nothing is taken off for it. */
export function configureLease(world: World, before: number | undefined, now: Instant): void {
  if (world.model?.global.addressLease !== before) renew(world, now);
}

/** Every address that some router put on an interface, once. */
function leased({ slots, holdings }: World): Holding[] {
  const all = new Map<string, Holding>();
  for (const { held } of slots.values()) {
    for (const holding of held) {
      const key = holdings.ownKey(holding);
      if (key !== undefined) all.set(key, holding);
    }
  }
  return [...all.values()];
}

function schedule({ lease }: World, leaseSeconds: number, now: Instant): void {
  const whole: Duration = seconds(leaseSeconds);
  lease.renewAt = after(now, microseconds(Math.floor(whole / 3)));
  lease.overAt = after(now, whole);
  lease.lapsedAt = undefined;
}
