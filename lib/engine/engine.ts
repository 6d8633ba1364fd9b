/**
 * The engine: `step(event, now)` is the whole daemon. It never waits, never looks at a clock and
 * never throws at what the world does. Calling it too early or too often is harmless; whoever calls
 * must carry out the effects in order before the next step, and step again with `clock` when
 * `nextDeadline` has come.
 */
import { earlier, type Instant, never } from "../base/mod.ts";
import { clearCounters, stop } from "../vrrp/mod.ts";
import { settleAdmission } from "./admission.ts";
import { nftDeadline, passNft } from "./balance_nft.ts";
import { balanceTold, dropBalance, settleServers } from "./balance.ts";
import { passSync } from "./balance_settings.ts";
import { bfdOpened, bfdReceived, bfdRefused, closeBfd, passBfdDue } from "./bfd.ts";
import { checkCommandEnded, passChecks, probeTold } from "./checks.ts";
import { claimHeard, passDuplicates } from "./duplicate.ts";
import type { Effect } from "./effect.ts";
import type { EngineEvent } from "./event.ts";
import {
  addressChanged,
  addressGone,
  examine,
  linkChanged,
  linkGone,
  listenRefused,
} from "./network.ts";
import { compareRouting, routeGone, routingRefused, ruleGone } from "./routing_watch.ts";
import { noticeLapse, passLease } from "./lease_lapse.ts";
import { passWebhooks, webhookDeadline, webhookTold } from "./hooked.ts";
import { mailDeadline, mailTold, passMail } from "./mailed.ts";
import { asked, passMaintenance } from "./maintenance.ts";
import { packetsLost } from "./lost.ts";
import { passPaced } from "./pace.ts";
import { packetReceived } from "./packet.ts";
import { configure, removeLeftover } from "./reload.ts";
import { noticeStalls, passDue, slept } from "./settle.ts";
import { flush, tell } from "./slot.ts";
import { passRises } from "./slow_start.ts";
import {
  endAfterScripts,
  notificationDeadline,
  notificationEnded,
  passEnd,
  passNotifications,
} from "./notified.ts";
import { endsLater, takeEnding } from "./resource_leave.ts";
import { describeResources, type ResourceSetStatus } from "./resource_status.ts";
import { passResources, resourceEnded } from "./resources.ts";
import type { InstanceStatus, Snapshot } from "./snapshot.ts";
import { dropStatic, staticAddressRefused } from "./static.ts";
import { describeWorld, type NodeFacts } from "./status.ts";
import { sysctlAnswered } from "./sysctl.ts";
import { settleFirewall } from "./firewall.ts";
import { dropLinks, wantLinks } from "./virtual_link.ts";
import { linkBeat, linksRead } from "./links.ts";
import {
  commandEnded,
  fileRead,
  passTrackers,
  probeEnded,
  processesCounted,
  stopTrackers,
} from "./tracking.ts";
import type { Tell } from "./tell.ts";
import { wallClockRead } from "./wall_clock.ts";
import { newWorld, type World } from "./world.ts";
import { addressRefused, passRefusedAddresses, refusedAddressDeadline } from "./refused_address.ts";

/** What a host needs of whoever decides. */
export type Decider = Pick<Engine, "step" | "nextDeadline" | "snapshot" | "routers" | "resources">;

/** What others see of a virtual router. */
export type RouterState = Pick<
  InstanceStatus,
  "name" | "state" | "basePriority" | "effectivePriority"
>;

/** One node's engine. */
export class Engine {
  readonly #world: World;

  constructor(now: Instant) {
    this.#world = newWorld(now);
  }

  /** Takes one event; answers what is to be done, in order. */
  step(event: EngineEvent, now: Instant): readonly Effect[] {
    const world = this.#world;
    world.effects = [];
    world.wall = world.wallOffset + now;
    noticeStalls(world, now);
    if (world.lease.overAt <= now) noticeLapse(world, now);
    route(world, event, now);
    if (world.unadmitted.size > 0) settleAdmission(world);
    if (world.balance.unsettled.size > 0) settleServers(world);
    if (world.balance.nft.changed) passNft(world, event);
    passSync(world);
    if (world.resourced.owners.size > 0) passResources(world, now);
    const ending = world.resourced.ending === undefined ? undefined : takeEnding(world);
    if (ending !== undefined) stopAll(world, ending.keepIpvs, now);
    passNotifications(world, now);
    if (world.model?.global.mail !== undefined) passMail(world, now);
    passWebhooks(world, now);
    passEnd(world, now);
    return world.effects;
  }

  /** When a `clock` event is wanted; `never` when there is nothing to wait for. */
  nextDeadline(): Instant {
    const world = this.#world;
    const { deadlines, pacing, bfd, tracked, balance, duplicates, maintenance, lease } = world;
    const servers = earlier(balance.deadlines.next(), balance.rises.next());
    const checks = earlier(tracked.deadlines.next(), earlier(servers, nftDeadline(world)));
    const others = earlier(earlier(bfd.deadlines.next(), duplicates.lookAt), checks);
    const roles = earlier(maintenance?.until ?? never, world.resourced.deadlines.next());
    const routers = earlier(earlier(deadlines.next(), lease.renewAt), roles);
    const routing = earlier(routers, pacing.next());
    const again = refusedAddressDeadline(world);
    const sent = earlier(earlier(mailDeadline(world), webhookDeadline(world)), again);
    return earlier(earlier(routing, earlier(notificationDeadline(world), sent)), others);
  }

  /** Of every virtual router what others see of it: cheap, for who looks after each step. */
  routers(): RouterState[] {
    return Array.from(this.#world.slots.values(), ({ instance }) => ({
      name: instance.plan.name,
      state: instance.state.kind,
      basePriority: instance.plan.basePriority,
      effectivePriority: instance.effectivePriority,
    }));
  }

  /** The resources alone, as the snapshot shows them. */
  resources(isoTime: NodeFacts["isoTime"]): ResourceSetStatus[] {
    return describeResources(this.#world, isoTime);
  }

  /** How everything is, for people. */
  snapshot(facts: NodeFacts): Snapshot {
    return describeWorld(this.#world, facts);
  }
}

function route(world: World, event: EngineEvent, now: Instant): void {
  switch (event.kind) {
    case "packet":
      return packetReceived(world, event.packet, now);
    case "packets-lost":
      return packetsLost(world, event, now);
    case "clock":
      return passClock(world, event.unread === true, now);
    case "slept":
      return slept(world, event.duration, now);
    case "claim":
      return claimHeard(world, event, now);
    case "bfd-packet":
    case "bfd-opened":
    case "bfd-refused":
      return bfdTold(world, event, now);
    case "link":
    case "link-gone":
    case "forwarding":
    case "address":
    case "address-gone":
    case "route-gone":
    case "rule-gone":
      return kernelChanged(world, event, now);
    case "routing-refused":
      return routingRefused(world, event, now);
    case "kernel-tables":
      return tablesRead(world, event, now);
    case "leftover":
      return removeLeftover(world, event);
    case "refused":
      return refused(world, event, now);
    case "prepare":
      return wantLinks(world, event.model);
    case "sysctl":
      return sysctlAnswered(world, event);
    case "mail-ended":
    case "webhook-ended":
      return deliveryTold(world, event, now);
    case "wall-clock":
      return wallClockRead(world, event.offset);
    case "command-ended":
      return anyCommandEnded(world, event, now);
    case "file-content":
    case "process-count":
    case "link-beat":
    case "track-probe-ended":
      return observed(world, event, now);
    case "probe-connected":
    case "probe-ended":
      return probeTold(world, event, now);
    case "link-refused":
    case "fifo-refused":
    case "watch-refused":
      return tell(world, toldRefusal(event));
    case "clear-counters":
      return world.slots.forEach(({ instance }) => clearCounters(instance.counters));
    case "hand-over":
    case "maintenance":
      return asked(world, event, now);
    case "configure":
      return configure(world, event, now);
    case "stop":
      if (endsLater(world, event.keepIpvs === true)) return;
      return stopAll(world, event.keepIpvs === true, now);
    default:
      return balanceTold(world, event, now);
  }
}

/** The kernel tells what somebody else did. */
function kernelChanged(
  world: World,
  event: Extract<
    EngineEvent,
    {
      kind:
        | "link"
        | "link-gone"
        | "forwarding"
        | "address"
        | "address-gone"
        | "route-gone"
        | "rule-gone";
    }
  >,
  now: Instant,
): void {
  switch (event.kind) {
    case "link":
      return linkChanged(world, event.link, now);
    case "link-gone":
      return linkGone(world, event.ifIndex, now);
    case "forwarding":
      return world.kernel.setForwarding(event.ifIndex, event.forwards);
    case "address":
      return addressChanged(world, event.address, now);
    case "address-gone":
      return addressGone(world, event.address, now);
    case "route-gone":
      return routeGone(world, event.route, now);
    case "rule-gone":
      return ruleGone(world, event.rule, now);
  }
}

function bfdTold(
  world: World,
  event: Extract<EngineEvent, { kind: "bfd-packet" | "bfd-opened" | "bfd-refused" }>,
  now: Instant,
): void {
  switch (event.kind) {
    case "bfd-packet":
      return bfdReceived(world, event.packet, now);
    case "bfd-opened":
      return bfdOpened(world, event.session, event.seed, now);
    case "bfd-refused":
      return bfdRefused(world, event, now);
  }
}

function deliveryTold(
  world: World,
  event: Extract<EngineEvent, { kind: "mail-ended" | "webhook-ended" }>,
  now: Instant,
): void {
  if (event.kind === "mail-ended") return mailTold(world, event.outcome, now);
  webhookTold(world, event.webhook, event.outcome, now);
}

/** A command belongs to a notification, a check or a tracker. */
function anyCommandEnded(
  world: World,
  { run, end, output }: Extract<EngineEvent, { kind: "command-ended" }>,
  now: Instant,
): void {
  if (notificationEnded(world, run, { end, output }, now)) return;
  if (resourceEnded(world, run, { end, output }, now)) return;
  if (checkCommandEnded(world, run, end, now)) return;
  commandEnded(world, run, end, now);
}

/** Something that trackers look at. */
function observed(
  world: World,
  event: Extract<
    EngineEvent,
    { kind: "file-content" | "process-count" | "link-beat" | "track-probe-ended" }
  >,
  now: Instant,
): void {
  switch (event.kind) {
    case "file-content":
      return fileRead(world, event.path, event.text, now);
    case "process-count":
      return processesCounted(world, event.name, event.count, now);
    case "track-probe-ended":
      return probeEnded(world, event, now);
    case "link-beat":
      return linkBeat(world, event.interfaceName, event.up, now);
  }
}

/** A refusal that is told and changes nothing. */
function toldRefusal(
  event: Extract<EngineEvent, { kind: "link-refused" | "fifo-refused" | "watch-refused" }>,
): Tell {
  if (event.kind !== "link-refused") return event;
  const { kind, operation, name: interfaceName, refusal } = event;
  return { kind, operation, interfaceName, refusal };
}

function passClock(world: World, unread: boolean, now: Instant): void {
  // Sessions and witnesses first: what they conclude counts for the routers that track them.
  passBfdDue(world, now, unread);
  if (world.tracked.witnessed) passTrackers(world, now);
  passDue(world, now, unread);
  passTrackers(world, now);
  passChecks(world, now);
  passRises(world, now);
  passPaced(world, now);
  passDuplicates(world, now);
  passMaintenance(world, now);
  passLease(world, unread, now);
  if (world.refusedAddresses.size > 0) passRefusedAddresses(world, now);
}

/** The whole tables, at the start or after events were lost: every router is looked at again. */
function tablesRead(
  world: World,
  tables: Extract<EngineEvent, { kind: "kernel-tables" }>,
  now: Instant,
): void {
  world.kernel.replace(tables.links, tables.addresses);
  linksRead(world, now);
  for (const slot of world.slots.values()) {
    examine(world, slot, now);
    // A copy: the first loss that makes the router step down empties the list.
    for (const { ifIndex, plan: { address, prefixLength } } of [...slot.held]) {
      if (world.kernel.find(ifIndex, address) !== undefined) continue;
      const gone = { ifIndex, address, prefixLength, secondary: false, tentative: false };
      addressGone(world, gone, now);
    }
  }
  if (tables.routing !== undefined) compareRouting(world, tables.routing, now);
}

function refused(
  world: World,
  event: Extract<EngineEvent, { kind: "refused" }>,
  now: Instant,
): void {
  const { operation, ifIndex, address, refusal } = event;
  const interfaceName = world.kernel.link(ifIndex)?.name ?? `#${ifIndex}`;
  if (operation === "listen" || operation === "send") {
    const key = `${operation} ${ifIndex} ${refusal.errno}`;
    if (!world.toldRefusals.has(key)) {
      world.toldRefusals.add(key);
      tell(world, { kind: "network-refused", operation, interfaceName, refusal });
    }
    if (operation === "listen") listenRefused(world, ifIndex, event.family, now);
    return;
  }
  if (address === undefined) return;
  if (operation === "add-address") staticAddressRefused(world, ifIndex, address, now);
  addressRefused(world, event, now);
}

/** keepalived: a group is told of the end like its members, whatever state it is in. */
function stopGroups(world: World): void {
  for (const group of world.groups.values()) {
    if (group.state === "STOPPED") continue;
    group.state = "STOPPED";
    tell(world, { kind: "group-transition", group: group.name, to: "STOPPED" });
  }
}

function stopAll(world: World, keepIpvs: boolean, now: Instant): void {
  world.stopping = true;
  for (const slot of world.slots.values()) {
    stop(slot.instance, { kind: "shutdown" }, now, slot.out);
    flush(world, slot);
    world.deadlines.set(slot, never);
  }
  stopGroups(world);
  for (const thing of world.statics.toReversed()) dropStatic(world, thing);
  dropLinks(world);
  closeBfd(world, now);
  dropBalance(world, keepIpvs, now);
  settleFirewall(world);
  stopTrackers(world);
  endAfterScripts(world, now);
}
