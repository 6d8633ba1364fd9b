/**
 * Giving the role away on purpose, to whoever asks for it or because a resource fails: the role
 * stays, with its adverts and addresses, until the resources are stopped, so that the next master
 * does not start them while they are still here. Stopping is bounded by the limits of each.
 */
import { after, type Instant } from "../base/mod.ts";
import { isAtRest, resourceName, type ResourceOutput } from "../resource/mod.ts";
import {
  armOwner,
  type Configure,
  type Leaving,
  type LeavingOnPurpose,
  ownersTogether,
  type ResourceOwner,
  slotsOfOwner,
  slotsTogether,
} from "./resource_world.ts";
import { type Slot, tell } from "./slot.ts";
import { handOverTogether, standBackTogether } from "./together.ts";
import type { World } from "./world.ts";

/** Has the resources of a router stopped first; false when there is nothing to be stopped. */
export function leavesFirst(
  world: World,
  slot: Slot,
  why: LeavingOnPurpose,
): boolean {
  if (slot.instance.state.kind !== "MASTER") return false;
  const owners = ownersTogether(world, [slot]);
  if (!owners.some(isBusy)) return false;
  for (const owner of owners) leave(world, owner, why);
  return true;
}

/** The daemon ends when everything is stopped; false when nothing is there. */
export function endsLater(world: World, keepIpvs: boolean): boolean {
  const { resourced } = world;
  const busy = [...resourced.owners.values()].filter(isBusy);
  if (busy.length === 0) return false;
  resourced.ending ??= { keepIpvs };
  resourced.reload = undefined;
  for (const owner of busy) leave(world, owner, "shutdown");
  return true;
}

/** What the end was asked to do, as soon as everything is stopped. */
export function takeEnding({ resourced }: World): { readonly keepIpvs: boolean } | undefined {
  const { ending, owners } = resourced;
  if (ending === undefined) return undefined;
  if ([...owners.values()].some(isBusy)) return undefined;
  resourced.ending = undefined;
  return ending;
}

/**
 * A configuration that takes these routers away waits until the resources of masters among them are
 * stopped; false when there is nothing to wait for. The latest one counts.
 */
export function reloadsLater(world: World, slots: readonly Slot[], event: Configure): boolean {
  const { resourced } = world;
  const waiting = slots.filter((slot) => leavesFirst(world, slot, "reload"));
  const concerned = new Set(ownersTogether(world, waiting));
  for (const owner of resourced.owners.values()) {
    if (owner.leaving?.kind === "reload" && !concerned.has(owner)) owner.leaving = undefined;
  }
  const { reload: earlier = event } = resourced;
  const changes = earlier === event ? event.changes : [...earlier.changes, ...event.changes];
  resourced.reload = waiting.length > 0 ? { ...event, changes } : undefined;
  return waiting.length > 0;
}

/** What waited, as soon as those that leave have stopped. */
export function takeReload({ resourced }: World): Configure | undefined {
  const { reload, owners } = resourced;
  if ([...owners.values()].some((owner) => owner.leaving !== undefined && isBusy(owner))) return;
  resourced.reload = undefined;
  return reload;
}

/** Whether a role is not taken because a resource failed here. */
export function isHeldOff({ resourced: { owners } }: World): boolean {
  return [...owners.values()].some(({ heldOff }) => heldOff !== undefined);
}

/** The maintenance is over: whoever was leaving for it stays. */
export function stayAfterAll({ resourced: { owners } }: World): void {
  for (const owner of owners.values()) {
    if (owner.leaving?.kind === "maintenance") owner.leaving = undefined;
  }
}

/** Whoever gave the role away because of a failure takes part again. */
export function endHoldOffs({ resourced: { owners } }: World): void {
  for (const owner of owners.values()) owner.heldOff = undefined;
}

/** Why the role goes when a set has given up. */
export function givingUp(
  { resource, failure }: Extract<ResourceOutput, { kind: "gave-up" }>,
): Leaving {
  const detail = failure.action === "status"
    ? `status ${failure.detail}`
    : `${failure.action} ${failure.detail}`;
  return { kind: "gave-up", resource: resourceName(resource.plan), detail };
}

function isBusy({ set }: ResourceOwner): boolean {
  return !isAtRest(set);
}

/** A set gives up: what goes with the same routers leaves with it. */
export function leaveTogether(world: World, owner: ResourceOwner): void {
  for (const other of ownersTogether(world, slotsOfOwner(world, owner))) {
    other.leaving ??= { kind: "hand-over" };
  }
}

/** Gives the role away when everything is stopped; true when it did. */
export function passLeaving(world: World, owner: ResourceOwner, now: Instant): boolean {
  const { leaving, set } = owner;
  if (leaving === undefined || !isAtRest(set)) return false;
  // These take the router itself away.
  if (leaving.kind === "shutdown" || leaving.kind === "reload") return false;
  const slots = slotsTogether(world, slotsOfOwner(world, owner));
  if (ownersTogether(world, slots).some(isBusy)) return false;
  owner.leaving = undefined;
  if (leaving.kind === "gave-up") {
    const { resource, detail } = leaving;
    owner.heldOff = { until: after(now, set.plan.holdOff), resource, detail };
    armOwner(world, owner);
    // Another node is tried first, also when this one takes part again.
    for (const { instance } of slots) instance.yielded = true;
    standBackTogether(world, slots, now, { kind: "resource-failed", resource, detail });
  } else if (leaving.kind === "hand-over") handOverTogether(world, slots, now);
  else standBackTogether(world, slots, now);
  return true;
}

/** Why a role goes, and what counts for more. */
const strength: readonly Leaving["kind"][] = [
  "reload",
  "hand-over",
  "maintenance",
  "gave-up",
  "shutdown",
];

function leave(
  world: World,
  owner: ResourceOwner,
  why: LeavingOnPurpose,
): void {
  const { leaving } = owner;
  if (leaving !== undefined && strength.indexOf(leaving.kind) >= strength.indexOf(why)) return;
  const first = leaving === undefined && isBusy(owner);
  owner.leaving = { kind: why };
  const { kind, name } = owner.set.plan;
  const whose = kind === "INSTANCE" ? { instance: name } : { group: name };
  if (first) tell(world, { kind: "resources-leaving", ...whose, why });
}
