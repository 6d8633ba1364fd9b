/**
 * Resources in the engine: they follow the role of their instance or group. At the end of each step
 * this file says to every set what is wanted of it, and carries out what the sets ask for. A role
 * that is given away on purpose stays until the resources are stopped (`resource_leave.ts`); one
 * that is lost is gone at once, and the resources follow.
 */
import { type CommandEnd, type Instant, never } from "../base/mod.ts";
import type { Model } from "../config/mod.ts";
import {
  isAtRest,
  keepPlaces,
  losePlaces,
  newResourceSet,
  passSet,
  replanSet,
  type ResourceOutput,
  runEnded,
  type Wish,
  wish,
} from "../resource/mod.ts";
import { dropStops, keepStops } from "./resource_keep.ts";
import { givingUp, leaveTogether, passLeaving } from "./resource_leave.ts";
import { place, takeMissing, withhold } from "./resource_place.ts";
import { tellResource } from "./resource_tell.ts";
import { armOwner, ownerKey, type ResourceOwner, slotsOfOwner } from "./resource_world.ts";
import type { Slot } from "./slot.ts";
import type { World } from "./world.ts";

/** Brings the sets in line with a configuration; routers and groups are there by now. */
export function configureResources(world: World, model: Model, now: Instant): void {
  const { owners } = world.resourced;
  if (owners.size === 0 && model.resources.length === 0) return;
  const plans = new Map(model.resources.map((plan) => [ownerKey(plan), plan]));
  for (const [key, owner] of owners) {
    if (plans.has(key)) continue;
    owner.retired = true;
    // Addresses and routes have no place in an order any more: they stay with the role.
    const none = { ...owner.set.plan, resources: [] };
    act(world, owner, now, (out) => replanSet(owner.set, none, now, out));
  }
  for (const [key, plan] of plans) {
    const known = owners.get(key);
    if (known === undefined) {
      const set = newResourceSet(plan, now);
      const owner = {
        set,
        leaving: undefined,
        heldOff: undefined,
        decided: false,
        retired: false,
        kept: "",
      };
      owners.set(key, owner);
      if (hasRole(world, owner)) keepPlaces(set, now);
      act(world, owner, now, (out) => passSet(set, now, out));
    } else {
      known.retired = false;
      act(world, known, now, (out) => replanSet(known.set, plan, now, out));
    }
  }
  for (const slot of world.slots.values()) withhold(world, slot);
}

/** What a changed order no longer withholds is taken; comes after the routers were adapted. */
export function takeReleased(world: World, now: Instant): void {
  if (world.resourced.owners.size === 0) return;
  for (const slot of world.slots.values()) takeMissing(world, slot, now);
}

/** Says to all sets what is wanted of them now, and lets those act that are due. */
export function passResources(world: World, now: Instant): void {
  const { owners, deadlines } = world.resourced;
  for (;;) {
    const due = deadlines.takeDue(now);
    if (due === undefined) break;
    if (due.heldOff !== undefined && due.heldOff.until <= now) due.heldOff = undefined;
    act(world, due, now, (out) => passSet(due.set, now, out));
  }
  for (const [key, owner] of owners) {
    follow(world, owner, now);
    if (passLeaving(world, owner, now)) follow(world, owner, now);
    if (owner.retired && isAtRest(owner.set)) {
      owners.delete(key);
      deadlines.set(owner, never);
      dropStops(world, owner);
    }
  }
}

/** A command has ended; false when it was not one of a resource. */
export function resourceEnded(
  world: World,
  run: number,
  { end, output = [] }: { end: CommandEnd; output: readonly string[] | undefined },
  now: Instant,
): boolean {
  const { runs, owners } = world.resourced;
  const known = runs.get(run);
  if (known === undefined) return false;
  runs.delete(run);
  const { owner } = known;
  // One that was left to itself, of resources that are no longer in the configuration.
  if (owners.get(ownerKey(owner.set.plan)) !== owner) return true;
  const said = output.findLast((line) => line.trim() !== "")?.trim() ?? "";
  act(world, owner, now, (out) => runEnded(owner.set, known.run, { end, said }, now, out));
  return true;
}

/** Follows the role of the routers. */
function follow(world: World, owner: ResourceOwner, now: Instant): void {
  const { set } = owner;
  const wanted = wishOf(world, owner);
  if (wanted !== "wait") owner.decided = true;
  if (wanted !== "run" && !hasRole(world, owner)) {
    losePlaces(set, now);
    const { kind } = owner.leaving ?? {};
    if (kind === "hand-over" || kind === "reload") owner.leaving = undefined;
    for (const slot of slotsOfOwner(world, owner)) withhold(world, slot);
  }
  if (set.wish !== wanted) act(world, owner, now, (out) => wish(set, wanted, now, out));
}

function wishOf(world: World, owner: ResourceOwner): Wish {
  const { stopping, resourced: { ending } } = world;
  if (owner.retired || owner.leaving !== undefined || stopping || ending !== undefined) {
    return "rest";
  }
  if (hasRole(world, owner)) return "run";
  if (owner.decided || world.maintenance !== undefined) return "rest";
  return slotsOfOwner(world, owner).every(isUndecided) ? "wait" : "rest";
}

/** Whether the role is here. */
function hasRole(world: World, owner: ResourceOwner): boolean {
  const slots = slotsOfOwner(world, owner);
  return slots.length > 0 && slots.every(({ instance }) => instance.state.kind === "MASTER");
}

/** It has just started: nobody was heard, and nothing is wrong. */
function isUndecided({ instance: { state, faults } }: Slot): boolean {
  if (state.kind === "INIT") return true;
  // Until scripts have their first result it is in FAULT.
  if (state.kind === "FAULT") return faults.every(({ kind }) => kind === "untested");
  return state.kind === "BACKUP" && state.master === undefined && state.preempting === undefined;
}

/** Lets a set do something and carries out what it asks for. */
function act(
  world: World,
  owner: ResourceOwner,
  now: Instant,
  work: (out: ResourceOutput[]) => void,
): void {
  const { resourced, tracked, effects } = world;
  const out: ResourceOutput[] = [];
  work(out);
  for (const output of out) {
    switch (output.kind) {
      case "run": {
        const id = tracked.nextRun++;
        output.run.id = id;
        resourced.runs.set(id, { owner, run: output.run });
        effects.push({ kind: "run-command", run: id, command: output.command, listen: true });
        break;
      }
      case "signal":
        effects.push({ kind: "signal-command", run: output.run, signal: output.signal });
        break;
      case "place":
        place(world, owner, output.what, output.up, now);
        break;
      case "gave-up":
        owner.leaving = givingUp(output);
        leaveTogether(world, owner);
        tellResource(world, owner, output);
        break;
      default:
        tellResource(world, owner, output);
    }
  }
  armOwner(world, owner);
  keepStops(world, owner);
}
