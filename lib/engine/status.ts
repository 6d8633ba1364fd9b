/**
 * Makes the snapshot from the world. Instants become wall-clock times by the host's word: the core
 * has no calendar.
 */
import { equalIp, formatIp, formatPrefix, inMilliseconds, type Instant } from "../base/mod.ts";
import { renderFault, renderReason, routeLine, ruleLine, witnessAwaited } from "../vrrp/mod.ts";
import { renderCause } from "./render.ts";
import { describeBalance } from "./balance_status.ts";
import { describeBfd } from "./bfd_status.ts";
import { describeDuplicates } from "./duplicate_status.ts";
import { describeMaintenance } from "./maintenance.ts";
import { describeResources } from "./resource_status.ts";
import type { Slot } from "./slot.ts";
import type { InstanceStatus, Snapshot } from "./snapshot.ts";
import { staticLine } from "./static.ts";
import { describeTrackers, describeUses } from "./track_status.ts";
import type { World } from "./world.ts";

/** What only the host knows. */
export interface NodeFacts {
  readonly version: string;
  readonly pid: number;
  /** ISO 8601 with milliseconds: when an instant was, by the wall clock. */
  isoTime(instant: Instant): string;
  /** The latest reload, when it was refused. */
  readonly refused?: RefusedReload | undefined;
}

/** A reload that was refused: when, for how many errors, and the first of them with its place. */
export interface RefusedReload {
  readonly at: Instant;
  readonly errors: number;
  readonly first: string;
}

/** The whole daemon as shown to people. */
export function describeWorld(world: World, facts: NodeFacts): Snapshot {
  const { isoTime: at, refused } = facts;
  return {
    version: facts.version,
    node: world.model?.global.routerId ?? "",
    pid: facts.pid,
    startedAt: at(world.startedAt),
    config: {
      file: world.file,
      loadedAt: at(world.loadedAt),
      reloads: world.reloads,
      refused: refused === undefined ? null : { ...refused, at: at(refused.at) },
    },
    instances: Array.from(world.slots.values(), (slot) => describeSlot(world, slot, at)),
    syncGroups: Array.from(world.groups.values(), ({ name, state, members }) => ({
      name,
      state,
      members: members.map(({ plan }) => plan.name),
    })),
    bfdSessions: describeBfd(world, at),
    statics: world.statics.map(({ thing, present }) => ({
      kind: thing.kind,
      line: staticLine(thing),
      present,
      trackGroup: thing.plan.trackGroup ?? null,
    })),
    trackers: describeTrackers(world, at),
    resources: describeResources(world, at),
    virtualServers: describeBalance(world, at),
    maintenance: describeMaintenance(world, at),
    stalls: {
      count: world.stalls.count,
      longestMs: inMilliseconds(world.stalls.longest),
      lastAt: world.stalls.lastAt === undefined ? null : at(world.stalls.lastAt),
    },
    unmatchedPackets: { ...world.unmatched },
    lostPackets: world.lost.count,
    unmatchedBfdPackets: { ...world.bfd.unmatched },
  };
}

function witnessOf({ instance }: Slot): InstanceStatus["witness"] {
  const { plan: { witness }, witness: state } = instance;
  if (witness === undefined) return null;
  return { probe: witness.probe, state, awaited: witnessAwaited(instance) !== undefined };
}

function describeSlot(world: World, slot: Slot, at: NodeFacts["isoTime"]): InstanceStatus {
  const { plan, state, effectivePriority, source, lastTransition, counters, faults, yielded } =
    slot.instance;
  return {
    name: plan.name,
    interface: plan.interfaceName,
    family: plan.family,
    version: plan.version,
    vrid: plan.vrid,
    state: state.kind,
    basePriority: plan.basePriority,
    effectivePriority,
    sourceAddress: source === undefined ? null : formatIp(source),
    tracking: describeUses(world, plan.name, at),
    preempt: plan.preempt,
    preemptDelayMs: inMilliseconds(plan.preemptDelay),
    advertIntervalMs: inMilliseconds(plan.advertInterval),
    gratuitousArpDelayMs: inMilliseconds(plan.announce.masterDelay),
    master: masterOf(slot),
    unicastPeers: peersOf(slot),
    handedOver: yielded,
    waitingFor: faults.find((fault) => fault.kind === "interface-missing")?.interfaceName ?? null,
    witness: witnessOf(slot),
    addresses: plan.addresses.map(formatPrefix),
    excludedAddresses: plan.excludedAddresses.map(formatPrefix),
    routes: plan.routes.map(routeLine),
    rules: plan.rules.map(ruleLine),
    syncGroup: slot.group?.name ?? null,
    faults: faults.map(renderFault),
    lastTransition: {
      from: lastTransition.from,
      to: lastTransition.to,
      at: at(lastTransition.at),
      reason: renderReason(lastTransition.reason),
    },
    twoMasters: twoMastersOf(slot, at),
    duplicateAddresses: describeDuplicates(world, slot, at),
    addressDifference: differenceOf(slot, at),
    counters: { ...counters },
  };
}

function twoMastersOf(
  { instance: { state } }: Slot,
  at: NodeFacts["isoTime"],
): InstanceStatus["twoMasters"] {
  const contender = state.kind === "MASTER" ? state.contender : undefined;
  if (contender === undefined) return null;
  const { peer, since, adverts, cause } = contender;
  return {
    address: formatIp(peer.address),
    priority: peer.priority,
    since: at(since),
    adverts,
    likelyCause: renderCause(cause),
  };
}

function differenceOf(
  { difference }: Slot,
  at: NodeFacts["isoTime"],
): InstanceStatus["addressDifference"] {
  if (difference === undefined) return null;
  const { source, since, onlyHere, onlyThere } = difference;
  return {
    peer: formatIp(source),
    since: at(since),
    onlyHere: onlyHere.map(formatIp),
    onlyThere: onlyThere.map(formatIp),
  };
}

function peersOf({ instance, destinations }: Slot): InstanceStatus["unicastPeers"] {
  const { unicast } = instance.plan;
  if (unicast === undefined) return null;
  return unicast.peers.map(({ address }) => ({
    address: formatIp(address),
    self: !destinations.some((known) => equalIp(known, address)),
  }));
}

function masterOf({ instance }: Slot): InstanceStatus["master"] {
  const { state, source, effectivePriority } = instance;
  if (state.kind === "MASTER" && source !== undefined) {
    return { address: formatIp(source), priority: effectivePriority };
  }
  if (state.kind !== "BACKUP" || state.released) return null;
  const peer = state.preempting?.peer ?? state.master;
  return peer === undefined ? null : { address: formatIp(peer.address), priority: peer.priority };
}
