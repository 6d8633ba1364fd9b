/**
 * What a person asks of the routers of a node: to hand the role over now, or to take no part for a
 * while. Neither is a fault: states, counters and scripts are those of a backup.
 */
import { between, inMilliseconds, type Instant, never } from "../base/mod.ts";
import { comeBack, deadlineOf } from "../vrrp/mod.ts";
import type { EngineEvent } from "./event.ts";
import { endHoldOffs, isHeldOff, leavesFirst, stayAfterAll } from "./resource_leave.ts";
import { type Slot, tell } from "./slot.ts";
import { standsBackUntil } from "./standing_back.ts";
import type { NodeFacts } from "./status.ts";
import { handOverTogether, standBackTogether } from "./together.ts";
import type { World } from "./world.ts";

/** Since when and until when a node takes no part; `never` is until it is called back. */
export interface Maintenance {
  readonly since: Instant;
  readonly until: Instant;
}

/** A maintenance as shown to people. */
export interface MaintenanceStatus {
  readonly since: string;
  /** Null: until it is ended. */
  readonly until: string | null;
}

/** Does what a person asked for. */
export function asked(
  world: World,
  event: Extract<EngineEvent, { kind: "hand-over" | "maintenance" }>,
  now: Instant,
): void {
  if (event.kind === "hand-over") return handOverRole(world, event.names, now);
  if (event.until === undefined) return endMaintenance(world, true, now);
  beginMaintenance(world, event.until, now);
}

/** Instances and groups hand over; those that are not master stay as they are. */
function handOverRole(world: World, names: readonly string[], now: Instant): void {
  const slots = slotsOf(world, names).filter((slot) => !leavesFirst(world, slot, "hand-over"));
  handOverTogether(world, slots, now);
}

/** The node takes no part until then. */
function beginMaintenance(world: World, until: Instant, now: Instant): void {
  if (world.stopping) return;
  world.maintenance = { since: world.maintenance?.since ?? now, until };
  const forMs = until === never ? undefined : inMilliseconds(between(now, until));
  tell(world, { kind: "maintenance-on", ...(forMs === undefined ? {} : { forMs }) });
  const slots = [...world.slots.values()];
  const ready = slots.filter((slot) => !leavesFirst(world, slot, "maintenance"));
  standBackTogether(world, ready, now);
}

/** The node takes part again, because it was asked to or its time is over. */
function endMaintenance(world: World, wasAsked: boolean, now: Instant): void {
  const heldOff = wasAsked && isHeldOff(world);
  if (world.maintenance === undefined && !heldOff) return;
  if (world.maintenance !== undefined) {
    tell(world, { kind: "maintenance-off", asked: wasAsked });
  }
  world.maintenance = undefined;
  stayAfterAll(world);
  // A person who asks for it ends whatever else a router waits for.
  if (wasAsked) endHoldOffs(world);
  for (const slot of world.slots.values()) {
    if (wasAsked) slot.delayedUntil = now;
    comeBack(slot.instance, standsBackUntil(world, slot), now);
    world.deadlines.set(slot, deadlineOf(slot.instance));
  }
}

/** Ends a maintenance whose time is over. */
export function passMaintenance(world: World, now: Instant): void {
  if (world.maintenance !== undefined && world.maintenance.until <= now) {
    endMaintenance(world, false, now);
  }
}

/** What people are shown. */
export function describeMaintenance(
  { maintenance }: World,
  at: NodeFacts["isoTime"],
): MaintenanceStatus | null {
  if (maintenance === undefined) return null;
  const { since, until } = maintenance;
  return { since: at(since), until: until === never ? null : at(until) };
}

/** The routers of these names; a sync group stands for its members, and a member for its group. */
function slotsOf(world: World, names: readonly string[]): Slot[] {
  const found = new Set<Slot>();
  for (const name of names) {
    const slot = world.slots.get(name);
    const group = world.groups.get(name) ?? slot?.group;
    if (group === undefined && slot !== undefined) found.add(slot);
    for (const { plan } of group?.members ?? []) {
      const member = world.slots.get(plan.name);
      if (member !== undefined) found.add(member);
    }
  }
  return [...found];
}
