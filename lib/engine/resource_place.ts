/**
 * Addresses and routes that have a place in the order of resources: they are withheld from a master
 * until what stands before them is there.
 */
import type { Instant } from "../base/mod.ts";
import { announceFresh } from "../vrrp/mod.ts";
import type { ResourceOwner } from "./resource_world.ts";
import { ownersOfSlot, slotsOfOwner } from "./resource_world.ts";
import { dropRouting } from "./routing.ts";
import { acquire, announce, type Slot, yieldAddresses } from "./slot.ts";
import type { World } from "./world.ts";

/** Puts addresses, or routes and rules, of all routers of an owner in place, or takes them away. */
export function place(
  world: World,
  owner: ResourceOwner,
  what: "address" | "route",
  up: boolean,
  now: Instant,
): void {
  for (const slot of slotsOfOwner(world, owner)) {
    withhold(world, slot);
    if (slot.instance.state.kind !== "MASTER") continue;
    if (up) takeMissing(world, slot, now);
    else if (what === "address") yieldAddresses(world, slot);
    else yieldRouting(world, slot);
  }
}

/** What a router may not take yet. */
export function withhold(world: World, slot: Slot): void {
  const places = ownersOfSlot(world, slot).flatMap(({ set }) => set.resources);
  const waits = (what: "address" | "route"): boolean =>
    places.some(({ plan, state }) => plan.subject.kind === what && state !== "active");
  slot.withheld = { addresses: waits("address"), routing: waits("route") };
}

/** Takes what a master may have by now. */
export function takeMissing(world: World, slot: Slot, now: Instant): void {
  const { instance } = slot;
  if (instance.state.kind !== "MASTER") return;
  const fresh = acquire(world, slot);
  if (fresh.length === 0) return;
  slot.fresh = fresh;
  const { announce: plan } = instance.plan;
  announce(world, slot, fresh, announceFresh(instance.announcements, plan, now));
}

function yieldRouting(world: World, slot: Slot): void {
  for (const routing of slot.routing.toReversed()) dropRouting(world, routing);
  slot.routing = [];
}
