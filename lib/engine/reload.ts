/**
 * A configuration is applied as a difference to the one before; the first one is the difference to
 * nothing. What did not change is not touched: no advert is missed, nothing is said twice. New
 * addresses are taken before old ones are given up, so one that moves between routers stays.
 */
import { equalIp, equalPlain, type Instant, loadHmac, never } from "../base/mod.ts";
import type { Model } from "../config/mod.ts";
import {
  announceFresh,
  clearFault,
  type InstancePlan,
  isOwner,
  newInstance,
  newSyncGroup,
  replan,
  settleGroup,
  signs,
  spreadBeats,
  start,
  stop,
} from "../vrrp/mod.ts";
import { admitAllAnew } from "./admission.ts";
import { configureBalance } from "./balance.ts";
import { configureBfd } from "./bfd.ts";
import type { EngineEvent } from "./event.ts";
import { settleFirewall } from "./firewall.ts";
import { type Holding, sameHolding } from "./holding.ts";
import { addVirtual, configureLease, renew } from "./lease.ts";
import { examine, listen, unbind } from "./network.ts";
import {
  deleteRouting,
  dropRouting,
  keyOf,
  type Routing,
  routingOf,
  samePlace,
} from "./routing.ts";
import { reloadsLater } from "./resource_leave.ts";
import { configureResources, takeReleased } from "./resources.ts";
import { configureNotifications, repeatStates } from "./notified.ts";
import { settle } from "./settle.ts";
import { acquire, announce, dropHolding, flush, newSlot, place, type Slot, tell } from "./slot.ts";
import { standsBackUntil, startDelay } from "./standing_back.ts";
import { configureStatics, dropStatic } from "./static.ts";
import { settleSysctls } from "./sysctl.ts";
import { dropLinks, wantLinks } from "./virtual_link.ts";
import { applyTracking } from "./apply.ts";
import { passTrackers } from "./tracking.ts";
import { configureTrackers } from "./tracking_reload.ts";
import type { World } from "./world.ts";

/** Applies a checked model. */
export function configure(
  world: World,
  event: Extract<EngineEvent, { kind: "configure" }>,
  now: Instant,
): void {
  const { model, file, changes } = event;
  const { model: old } = world;
  if (world.stopping || world.resourced.ending !== undefined) return;
  const plans = new Map(model.instances.map((plan) => [plan.name, plan]));
  const ending = [...world.slots.values()].filter((slot) => !stays(slot.instance.plan, plans));
  if (reloadsLater(world, ending, event)) return;
  world.model = model;
  world.file = file;
  world.loadedAt = now;
  if (old !== undefined) world.reloads++;
  learnVirtualAddresses(world, model);
  // Before groups are joined, which is what the kernel would report.
  if (model.global.disableLocalIgmp === true) settleSysctls(world);
  configureNotifications(world);
  if (old?.global.logUnknownVrids !== model.global.logUnknownVrids) admitAllAnew(world);
  if (model.instances.some(signs)) loadHmac();
  configureBfd(world, model.bfdSessions, now);
  // Addresses are given up last: another router may have taken them over by then.
  const orphanedRouting: Routing[] = [];
  const orphaned = ending.flatMap((slot) => end(world, slot, orphanedRouting, now));
  const staticsGone = configureStatics(world, model.statics);
  const staying = [...world.slots.values()];
  const fresh = model.instances.filter(({ name }) => !world.slots.has(name));
  // The delays are for the start, not for routers that a reload adds.
  const delay = old === undefined ? startDelay(model, now) : now;
  const started = fresh.map((plan) => create(world, plan, delay));
  spreadBeats(Array.from(world.slots.values(), ({ instance }) => instance));
  regroup(world, model, now);
  configureResources(world, model, now);
  configureTrackers(world, model, now);
  for (const slot of staying) {
    orphaned.push(...adapt(world, slot, plans, orphanedRouting, now));
  }
  for (const slot of staying) applyTracking(world, slot, now);
  for (const slot of started) prepare(world, slot, now);
  for (const group of world.groups.values()) {
    const [first] = group.members;
    if (first !== undefined) settleGroup(group, first, now, (member) => slotFor(world, member).out);
  }
  for (const slot of started) begin(world, slot, now);
  for (const slot of world.slots.values()) settle(world, slot, now, true);
  takeReleased(world, now);
  for (const routing of orphanedRouting.toReversed()) dropRouting(world, routing);
  for (const holding of orphaned) dropHolding(world, holding);
  for (const thing of staticsGone) dropStatic(world, thing);
  configureLease(world, old?.global.addressLease, now);
  dropLinks(world);
  wantLinks(world, model);
  settleFirewall(world);
  for (const slot of started) removeLeftovers(world, slot);
  passTrackers(world, now);
  configureBalance(world, model, now);
  if (old !== undefined) repeatStates(world);
  tell(world, { kind: "configured", file, reload: old !== undefined, changes });
}

function learnVirtualAddresses(world: World, model: Model): void {
  world.virtualAddresses.clear();
  for (const { addresses, excludedAddresses } of model.instances) {
    for (const { address } of [...addresses, ...excludedAddresses]) {
      world.virtualAddresses.add(address.bytes.join());
    }
  }
}

/** Whether the same virtual router goes on: its identity on the wire did not change. */
function stays(plan: InstancePlan, plans: ReadonlyMap<string, InstancePlan>): boolean {
  const next = plans.get(plan.name);
  return next !== undefined && next.interfaceName === plan.interfaceName &&
    next.family === plan.family && next.version === plan.version && next.vrid === plan.vrid &&
    equalPlain(next.virtualLink, plan.virtualLink);
}

function end(world: World, slot: Slot, routing: Routing[], now: Instant): Holding[] {
  const { instance } = slot;
  const { held } = slot;
  routing.push(...slot.routing);
  slot.held = [];
  slot.routing = [];
  stop(instance, { kind: "reload" }, now, slot.out);
  flush(world, slot);
  unbind(world, slot);
  world.deadlines.set(slot, never);
  world.slots.delete(instance.plan.name);
  return held;
}

/** Brings a router that goes on to its new plan; answers the addresses that it has to give up. */
function adapt(
  world: World,
  slot: Slot,
  plans: ReadonlyMap<string, InstancePlan>,
  orphanedRouting: Routing[],
  now: Instant,
): Holding[] {
  const { instance } = slot;
  const { plan: old } = instance;
  const plan = plans.get(old.name);
  if (plan === undefined || equalPlain(plan, old)) return [];
  replan(instance, plan, now);
  slot.difference = undefined;
  const startsAh = plan.ahKey !== undefined && old.ahKey === undefined;
  const elsewhere = !equalIp(plan.multicastGroup, old.multicastGroup) ||
    (plan.unicast === undefined) !== (old.unicast === undefined);
  if (startsAh || elsewhere) listen(world, slot);
  examine(world, slot, now);
  if (instance.state.kind !== "MASTER") return [];
  const wanted = [...plan.addresses, ...plan.excludedAddresses]
    .flatMap((address) => place(world, slot, address) ?? []);
  releaseRouting(world, slot, orphanedRouting);
  const fresh = acquire(world, slot);
  const given = slot.held.filter((held) => !wanted.some((want) => sameHolding(held, want)));
  slot.held = slot.held.filter((held) => !given.includes(held));
  slot.fresh = fresh;
  if (fresh.length > 0) {
    announce(world, slot, fresh, announceFresh(instance.announcements, plan.announce, now));
  }
  return given;
}

/** Lets go of routes and rules that the new plan does not have. */
function releaseRouting(world: World, slot: Slot, orphaned: Routing[]): void {
  const wanted = routingOf(slot.instance.plan);
  const keys = new Set(wanted.map(keyOf));
  const gone = slot.routing.filter((routing) => !keys.has(keyOf(routing)));
  slot.routing = slot.routing.filter((routing) => keys.has(keyOf(routing)));
  for (const routing of gone) {
    // What comes into the place of another finds the place empty.
    if (wanted.some((next) => samePlace(next, routing))) dropRouting(world, routing);
    else orphaned.push(routing);
  }
}

function create(world: World, plan: InstancePlan, delayedUntil: Instant): Slot {
  const slot = newSlot(newInstance(plan, world.loadedAt), delayedUntil);
  world.slots.set(plan.name, slot);
  return slot;
}

function regroup(world: World, model: Model, now: Instant): void {
  world.groups.clear();
  for (const slot of world.slots.values()) {
    slot.group = undefined;
    slot.instance.grouped = false;
  }
  for (const { name, members } of model.syncGroups) {
    const slots = members.flatMap((member) => world.slots.get(member) ?? []);
    const instances = slots.map(({ instance }) => instance);
    const group = newSyncGroup(name, instances);
    world.groups.set(name, group);
    for (const slot of slots) {
      slot.group = group;
      slot.instance.grouped = true;
    }
  }
  // Whoever left its group is no longer held by it.
  for (const { group, instance, out } of world.slots.values()) {
    if (group === undefined) clearFault(instance, "sync-group", now, out);
  }
}

/** Finds the interface and the faults of a new router before it starts. */
function prepare(world: World, slot: Slot, now: Instant): void {
  const { instance, group } = slot;
  instance.holdUntil = standsBackUntil(world, slot);
  slot.group = undefined;
  examine(world, slot, now);
  applyTracking(world, slot, now);
  slot.group = group;
}

function begin(world: World, slot: Slot, now: Instant): void {
  start(slot.instance, now, slot.out);
  flush(world, slot);
}

/**
 * An address of ours that is there before we put it there was left by a crash, ours or another
 * daemon's. It goes, unless it is the owner's own.
 */
function removeLeftovers(world: World, slot: Slot): void {
  const { plan } = slot.instance;
  // keepalived: at the start everything that a master would add is removed, found or not.
  if (world.reloads === 0) {
    for (const routing of routingOf(plan).toReversed()) {
      if (!world.routing.has(keyOf(routing))) deleteRouting(world, routing);
    }
  }
  if (isOwner(plan)) return;
  for (const address of [...plan.addresses, ...plan.excludedAddresses]) {
    const holding = place(world, slot, address);
    if (holding !== undefined) removeLeftover(world, holding);
  }
}

/** Removes an address that nobody here holds, and says so. */
export function removeLeftover(world: World, holding: Holding): void {
  const { ifIndex, plan } = holding;
  const found = world.kernel.find(ifIndex, plan.address);
  if (found === undefined) return;
  if (world.holdings.has(ifIndex, plan.address)) {
    // The host has to know of it again; that the kernel has it already does no harm.
    if (!world.holdings.claim(holding)) return;
    addVirtual(world, holding);
    // Somebody else's lease would end.
    renew(world, world.steppedAt);
    return;
  }
  world.kernel.removeAddress(found);
  const { prefixLength } = found;
  world.effects.push({ kind: "delete-address", ifIndex, plan: { ...plan, prefixLength } });
  const interfaceName = world.kernel.link(ifIndex)?.name ?? `#${ifIndex}`;
  tell(world, { kind: "leftover-removed", address: plan.address, interfaceName });
}

function slotFor(world: World, member: Slot["instance"]): Slot {
  const slot = world.slots.get(member.plan.name);
  if (slot === undefined) throw new Error(`No slot for ${member.plan.name}`);
  return slot;
}
