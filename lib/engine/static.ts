/**
 * Static addresses, routes and rules: there from the start to the end of the daemon, whatever state
 * its routers are in. What somebody else deletes is put back at once; while that is impossible the
 * routers of its `track_group` are in FAULT.
 */
import { equalIp, type IfIndex, type Instant, type IpAddress } from "../base/mod.ts";
import { formatPrefix } from "../base/mod.ts";
import type { StaticPlan } from "../config/mod.ts";
import type { AddressPlan, Fault } from "../vrrp/mod.ts";
import type { Holding } from "./holding.ts";
import { examine } from "./network.ts";
import {
  addRouting,
  dropRouting,
  keyOf,
  lineOf,
  type Routing,
  routingOf,
  takeRouting,
} from "./routing.ts";
import { dropHolding, tell } from "./slot.ts";
import type { World } from "./world.ts";

/** An address, a route or a rule. */
export type Thing = { readonly kind: "address"; readonly plan: AddressPlan } | Routing;

/** Something static in its place. */
export interface StaticThing {
  readonly thing: Thing;
  /** Where an address was put. */
  holding: Holding | undefined;
  /** Whether the kernel has it, as far as is known. */
  present: boolean;
}

/** It in the words of `ip`. */
export function staticLine(thing: Thing): string {
  if (thing.kind !== "address") return lineOf(thing);
  return `${formatPrefix(thing.plan)} dev ${thing.plan.device ?? ""}`;
}

/** Adds what is new; answers what is to be dropped when everything else has found its place. */
export function configureStatics(world: World, plan: StaticPlan): StaticThing[] {
  const wanted: Thing[] = [
    ...plan.addresses.map((plan) => ({ kind: "address", plan } as const)),
    ...routingOf(plan),
  ];
  const keys = new Set(wanted.map(thingKey));
  const gone = world.statics.filter(({ thing }) => !keys.has(thingKey(thing)));
  const known = new Map(world.statics.map((one) => [thingKey(one.thing), one]));
  world.statics.length = 0;
  for (const thing of wanted) {
    const before = known.get(thingKey(thing));
    const one = { thing, holding: before?.holding, present: before?.present ?? false };
    world.statics.push(one);
    if (before !== undefined) continue;
    if (thing.kind === "address") add(world, one);
    else {
      takeRouting(world, thing);
      one.present = true;
    }
  }
  return gone;
}

/** Lets go of something static. */
export function dropStatic(world: World, one: StaticThing): void {
  const { thing, holding } = one;
  // What the kernel tells of it from now on is our own doing.
  one.present = false;
  if (thing.kind !== "address") dropRouting(world, thing);
  else if (holding !== undefined) dropHolding(world, holding);
}

/** An interface came up: what the kernel has thrown away is added, what is there does no harm. */
export function addMissing(world: World, interfaceName: string): void {
  for (const one of world.statics) {
    const device = deviceOf(one.thing);
    if (device === interfaceName || (device === undefined && one.thing.kind === "route")) {
      add(world, one);
    }
  }
}

/** Puts back what somebody else deleted and is tracked. */
export function putStaticBack(world: World, isLost: (thing: Thing) => boolean): void {
  for (const one of world.statics) {
    const { thing } = one;
    if (!thing.plan.tracked || !one.present || !isLost(thing)) continue;
    const device = deviceOf(thing);
    // It comes back with its interface.
    if (device !== undefined && world.kernel.linkNamed(device)?.up !== true) continue;
    add(world, one);
    tell(world, { kind: "put-back", what: thing.kind, line: staticLine(thing) });
  }
}

/** The kernel does not take an address back. */
export function staticAddressRefused(
  world: World,
  ifIndex: IfIndex,
  address: IpAddress,
  now: Instant,
): void {
  refused(world, ({ thing, holding }) =>
    thing.kind === "address" && holding?.ifIndex === ifIndex &&
    equalIp(thing.plan.address, address), now);
}

/** The kernel does not take a route or rule. */
export function staticRoutingRefused(world: World, routing: Routing, now: Instant): void {
  const key = keyOf(routing);
  refused(world, ({ thing }) => thing.kind !== "address" && keyOf(thing) === key, now);
}

/** The fault of a router of whose track_group something is missing. */
export function staticFaults(world: World, name: string): Fault[] {
  for (const { thing, present } of world.statics) {
    const { trackGroup: group } = thing.plan;
    if (group === undefined || !membersOf(world, group).includes(name)) continue;
    const device = deviceOf(thing);
    const up = device === undefined || world.kernel.linkNamed(device)?.up === true;
    if (!present || !up) return [{ kind: "static-lost", group, line: staticLine(thing) }];
  }
  return [];
}

/** Whether a router must be looked at when an interface changes, because of a track_group. */
export function isWatching(world: World, name: string, interfaceName: string): boolean {
  return world.statics.some(({ thing }) => {
    const { trackGroup } = thing.plan;
    return trackGroup !== undefined && deviceOf(thing) === interfaceName &&
      membersOf(world, trackGroup).includes(name);
  });
}

function refused(world: World, isMeant: (one: StaticThing) => boolean, now: Instant): void {
  for (const one of world.statics) {
    if (!isMeant(one)) continue;
    one.present = false;
    const { trackGroup } = one.thing.plan;
    if (trackGroup === undefined) continue;
    for (const name of membersOf(world, trackGroup)) {
      const slot = world.slots.get(name);
      if (slot !== undefined) examine(world, slot, now);
    }
  }
}

function add(world: World, one: StaticThing): void {
  const { thing } = one;
  one.present = true;
  if (thing.kind !== "address") return addRouting(world, thing);
  const ifIndex = world.kernel.linkNamed(deviceOf(thing) ?? "")?.ifIndex;
  if (ifIndex === undefined) {
    one.present = false;
    return;
  }
  const { plan } = thing;
  if (one.holding?.ifIndex !== ifIndex) {
    one.holding = { ifIndex, plan };
    world.holdings.take(one.holding, false);
  }
  world.effects.push({ kind: "add-address", ifIndex, plan });
}

function deviceOf(thing: Thing): string | undefined {
  return thing.kind === "rule" ? thing.plan.inputInterface : thing.plan.device;
}

function membersOf(world: World, group: string): readonly string[] {
  return world.model?.statics.groups.find(({ name }) => name === group)?.members ?? [];
}

function thingKey(thing: Thing): string {
  const group = thing.plan.trackGroup ?? "";
  return `${thing.kind === "address" ? staticLine(thing) : keyOf(thing)} ${group}`;
}
