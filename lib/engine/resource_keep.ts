/**
 * What undoes the resources that are there: the host keeps it outside of the daemon, so that they
 * are stopped when the daemon is killed.
 */
import { type CommandPlan, type Duration, formatCommand } from "../base/mod.ts";
import { commandsOf, fenceFor } from "../resource/mod.ts";
import { ownerKey, type ResourceOwner } from "./resource_world.ts";
import type { World } from "./world.ts";

/** How one resource is stopped: the first attempt that ends well counts. */
export interface KeptStop {
  readonly attempts: readonly CommandPlan[];
  /** The limit of each. */
  readonly timeout: Duration;
}

/** Tells the host when something else would have to be stopped. */
export function keepStops(world: World, owner: ResourceOwner): void {
  const { set } = owner;
  const stops = set.resources.toReversed().flatMap((resource): KeptStop[] => {
    const { plan, state } = resource;
    const commands = commandsOf(plan);
    if (commands === undefined || state === "stopped" || state === "unknown") return [];
    const { fence } = set.plan;
    const last = fence === undefined ? [] : [fenceFor(set.plan, fence, resource)];
    return [{ attempts: [...commands.stop, ...last], timeout: plan.limits.stopTimeout }];
  });
  const kept = stops.map(({ attempts }) => attempts.map(formatCommand).join("\n")).join("\n");
  if (kept === owner.kept) return;
  owner.kept = kept;
  world.effects.push({ kind: "keep-stops", owner: ownerKey(set.plan), stops });
}

/** The owner is gone: nobody stops what it could not stop. */
export function dropStops(world: World, { set, kept }: ResourceOwner): void {
  if (kept !== "") world.effects.push({ kind: "keep-stops", owner: ownerKey(set.plan), stops: [] });
}
