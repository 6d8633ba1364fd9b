/**
 * What happens when somebody else deletes what a master holds: as keepalived it steps down, tells
 * the others at once and takes part in the next election; `on_external_delete restore` puts it back
 * instead. Each time is counted.
 */
import type { Instant } from "../base/mod.ts";
import { formatPrefix } from "../base/mod.ts";
import { type Reason, stepDown } from "../vrrp/mod.ts";
import type { Link } from "./event.ts";
import type { Holding } from "./holding.ts";
import { addVirtual } from "./lease.ts";
import { addRouting, lineOf, type Routing } from "./routing.ts";
import { announce, type Slot, tell } from "./slot.ts";
import { addMissing } from "./static.ts";
import type { World } from "./world.ts";

/** Counts the loss of a master; true when it is to be put back, else the master stepped down. */
export function answerLoss(slot: Slot, reason: Reason, now: Instant): boolean {
  const { instance } = slot;
  instance.counters.externalDeletions++;
  if (instance.plan.onExternalDelete === "restore") return true;
  stepDown(instance, reason, now, slot.out);
  return false;
}

/** Puts an address back and announces it. */
export function putAddressBack(world: World, slot: Slot, holding: Holding): void {
  const { plan } = slot.instance;
  const line = formatPrefix(holding.plan);
  addVirtual(world, holding);
  announce(world, slot, [holding], plan.announce.masterRepeat);
  tell(world, { kind: "put-back", instance: plan.name, what: "address", line });
}

/** Puts a route or rule back. */
export function putRoutingBack(world: World, slot: Slot, routing: Routing): void {
  addRouting(world, routing);
  const { name: instance } = slot.instance.plan;
  tell(world, { kind: "put-back", instance, what: routing.kind, line: lineOf(routing) });
}

/**
 * An interface came up: the kernel has thrown away what led through it without a word. Masters that
 * do not track it are still masters, and static lines are there as long as the daemon.
 */
export function reinstate(world: World, link: Link): void {
  addMissing(world, link.name);
  for (const { routing } of world.slots.values()) {
    for (const one of routing) {
      if (one.kind === "route" && one.plan.device === link.name) addRouting(world, one);
    }
  }
}
