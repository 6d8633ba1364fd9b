/**
 * Why a router takes no part: the delays of the start, a maintenance, a resource that failed here.
 * Each is over by its own, and the router takes part when the last one is.
 */
import { after, type Instant, instant, later } from "../base/mod.ts";
import type { Model } from "../config/mod.ts";
import { ownersTogether } from "./resource_world.ts";
import type { Slot } from "./slot.ts";
import type { World } from "./world.ts";

/** The end of the delays of the start, the longer of both; an instant counts from the boot. */
export function startDelay({ global }: Model, now: Instant): Instant {
  return later(instant(global.delayAfterBoot), after(now, global.startupDelay));
}

/** Until when a router takes no part; a time that has passed for one that does. */
export function standsBackUntil(world: World, slot: Slot): Instant {
  const heldOff = ownersTogether(world, [slot]).map((owner) => owner.heldOff);
  return [world.maintenance, ...heldOff].reduce(
    (latest, reason) => reason === undefined ? latest : later(latest, reason.until),
    slot.delayedUntil,
  );
}
