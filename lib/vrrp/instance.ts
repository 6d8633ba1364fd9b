/**
 * One virtual router: every way in which its state changes. RFC 9568 §6.4 and
 * RFC 3768 §6.4; where the two differ from keepalived on the wire, keepalived.
 *
 *            start                   masterDownAt passes
 *   INIT ────────────► BACKUP ─────────────────────────────► MASTER
 *                      ▲  ▲ │ ◄───────────────────────────── │
 *                      │  │ │   higher advert, lost address   │
 *           fault over │  │ └──────────► FAULT ◄──────────────┘
 *                      └──┴───────────── (any fault)    stop: STOPPED
 *
 * Contract: `start`, `passDeadlines`, `setFault`, `clearFault` and `stop` are the doors, and
 * `hearAdvert` of `hear.ts`. Each appends what is to be done to `out`, in the order in which it
 * must be done.
 * `deadlineOf` says when `passDeadlines` is to be called; too early or too often is harmless.
 */
import {
  after,
  between,
  type Duration,
  earlier,
  type Instant,
  microseconds,
  never,
  releasePriority,
} from "../base/mod.ts";
import {
  announceMaster,
  announcementDeadline,
  dueAnnouncements,
  replanAnnouncements,
  stopAnnouncements,
} from "./announcement.ts";
import { advertise } from "./beat.ts";
import { forgetContender } from "./contender.ts";
import { goOn } from "./hear.ts";
import type { BackupState, Instance, MasterState } from "./instance_state.ts";
import type { Output } from "./output.ts";
import type { InstancePlan } from "./plan.ts";
import { weightedPriority } from "./priority.ts";
import { resume } from "./stall.ts";
import { type Fault, isWaiting, type Reason, type StateName } from "./state.ts";
import { eagerInterval, isOwner, masterDownInterval, startsAsMaster } from "./timing.ts";
import { passRivalDeadline } from "./two_owners.ts";
import { mayRise, waitForWitness } from "./witness.ts";

/** Leaves INIT: FAULT when something is wrong, MASTER for an owner, else BACKUP. */
export function start(instance: Instance, now: Instant, out: Output[]): void {
  const { faults } = instance;
  const fault = faults.find((one) => !isWaiting(one)) ?? faults[0];
  if (fault !== undefined) return transition(instance, "FAULT", { kind: "fault", fault }, now, out);
  const { plan } = instance;
  const eager = plan.initialState === "MASTER";
  if (startsAsMaster(plan)) return riseAsOwner(instance, { kind: "startup" }, now, out);
  const backup = becomeBackup(instance, { kind: "startup" }, now, out);
  if (eager) backup.masterDownAt = listenUntil(instance, now, eagerInterval(plan));
}

/** RFC 9568 §6.4.1: the owner is master at once, unless its group or a delay holds it. */
function riseAsOwner(instance: Instance, otherwise: Reason, now: Instant, out: Output[]): void {
  const held = instance.holdUntil > now;
  const witnessed = mayRise(instance);
  if (!instance.grouped && !held && witnessed) {
    return becomeMaster(instance, { kind: "owner" }, now, out);
  }
  const backup = becomeBackup(instance, otherwise, now, out);
  if (held) backup.masterDownAt = instance.holdUntil;
  else if (!witnessed) waitForWitness(instance, backup, out);
  else backup.wantsMaster = true;
}

/** Acts on every deadline up to `now`. */
export function passDeadlines(instance: Instance, now: Instant, out: Output[]): void {
  const { state } = instance;
  if (state.kind === "MASTER") {
    const lesser = resume(instance, state, now, out);
    if (instance.state !== state) return;
    if (lesser !== undefined) goOn(instance, state, lesser, now, out);
    if (state.advertAt <= now) advertise(instance, state, now, out);
    forgetContender(instance, state, now, out);
    passRivalDeadline(instance, state, now, out);
    for (const due of dueAnnouncements(instance.announcements, instance.plan.announce, now)) {
      out.push({ kind: "announce", ...due });
    }
  } else if (state.kind === "BACKUP") {
    if (state.preemptAt <= now) state.preemptAt = never;
    if (state.masterDownAt <= now) rise(instance, state, now, out);
  }
}

/** When `passDeadlines` has something to do. */
export function deadlineOf(instance: Instance): Instant {
  const { state } = instance;
  switch (state.kind) {
    case "MASTER":
      return earlier(
        earlier(state.advertAt, state.rival?.at ?? never),
        announcementDeadline(instance.announcements),
      );
    case "BACKUP":
      return earlier(state.masterDownAt, state.preemptAt);
    default:
      return never;
  }
}

/** Becomes master: advert first, then the addresses, then everybody is told where they are. */
export function becomeMaster(
  instance: Instance,
  reason: Reason,
  now: Instant,
  out: Output[],
): void {
  const from = instance.state.kind;
  const state: MasterState = {
    kind: "MASTER",
    advertAt: now,
    rival: undefined,
    silent: reason.kind === "master-down" ? reason.master : undefined,
    preempted: reason.kind === "preempted-lower" ? reason.master : undefined,
    contender: undefined,
    answeredAt: after(now, microseconds(-instance.plan.advertInterval)),
    heldUp: undefined,
  };
  instance.state = state;
  instance.yielded = false;
  // An owner that gave way to another one tries again.
  if (isOwner(instance.plan)) instance.effectivePriority = instance.plan.basePriority;
  instance.counters.becomeMaster++;
  advertise(instance, state, now, out);
  out.push({ kind: "acquire" });
  const repeat = announceMaster(instance.announcements, instance.plan.announce, now);
  out.push({ kind: "announce", repeat, which: "all" });
  recordTransition(instance, from, reason, now, out);
}

/** Becomes backup from any state, giving up what a master holds, and listens for a master. */
export function becomeBackup(
  instance: Instance,
  reason: Reason,
  now: Instant,
  out: Output[],
): BackupState {
  const from = instance.state.kind;
  leaveMaster(instance, out);
  const state: BackupState = {
    kind: "BACKUP",
    masterDownAt: listenUntil(instance, now, ownDownInterval(instance)),
    activeAdvertInterval: instance.plan.advertInterval,
    heardAt: now,
    master: undefined,
    released: false,
    preempting: undefined,
    preemptAt: never,
    deferred: undefined,
    nearTellAt: now,
    wantsMaster: false,
    unwitnessed: false,
  };
  instance.state = state;
  if (from !== "BACKUP") recordTransition(instance, from, reason, now, out);
  return state;
}

/** Gives the role away: the others are told with priority 0, so that they need not wait. */
export function stepDown(instance: Instance, reason: Reason, now: Instant, out: Output[]): void {
  if (instance.state.kind === "MASTER") out.push(release(instance));
  becomeBackup(instance, reason, now, out);
}

/** keepalived: the startup delay is added to whatever a backup waits for. */
export function listenUntil(instance: Instance, now: Instant, wait: Duration): Instant {
  return after(now < instance.holdUntil ? instance.holdUntil : now, wait);
}

/**
 * Notes a fault; the first one takes the instance to FAULT. A known one is only put up to date.
 * What is wrong after trackers were only waited for is a transition of its own: the one before was
 * not told.
 */
export function setFault(instance: Instance, fault: Fault, now: Instant, out: Output[]): void {
  const known = instance.faults.findIndex(({ kind }) => kind === fault.kind);
  if (known >= 0) instance.faults[known] = fault;
  else instance.faults.push(fault);
  const { lastTransition: { reason: last }, state: { kind } } = instance;
  const reason: Reason = { kind: "fault", fault };
  const waited = kind === "FAULT" && last.kind === "fault" && isWaiting(last.fault);
  if (waited && !isWaiting(fault)) return transition(instance, "FAULT", reason, now, out);
  if (known >= 0) return;
  if (kind !== "BACKUP" && kind !== "MASTER") return;
  // keepalived: a master that fails says so with priority 0; its peers need not wait.
  if (kind === "MASTER") out.push(release(instance));
  transition(instance, "FAULT", reason, now, out);
}

/** Takes a fault back; when it was the last one the instance listens again. */
export function clearFault(
  instance: Instance,
  kind: Fault["kind"],
  now: Instant,
  out: Output[],
): void {
  const at = instance.faults.findIndex((fault) => fault.kind === kind);
  if (at < 0) return;
  instance.faults.splice(at, 1);
  if (instance.faults.length > 0 || instance.state.kind !== "FAULT") return;
  const reason: Reason = { kind: "fault-cleared" };
  const rises = startsAsMaster(instance.plan) && !instance.yielded;
  if (rises) riseAsOwner(instance, reason, now, out);
  else becomeBackup(instance, reason, now, out);
  // keepalived: the routers between the peers may have forgotten where this one is.
  if (instance.plan.unicast !== undefined) out.push({ kind: "announce-source" });
}

/** Ends: a master says so with priority 0 (RFC 9568 §6.4.3) and gives its addresses up. */
export function stop(instance: Instance, reason: Reason, now: Instant, out: Output[]): void {
  if (instance.state.kind === "STOPPED") return;
  if (instance.state.kind === "MASTER") out.push(release(instance));
  transition(instance, "STOPPED", reason, now, out);
}

/** Takes over a changed plan of the same virtual router without leaving the state. */
export function replan(instance: Instance, plan: InstancePlan, now: Instant): void {
  const { state, plan: old } = instance;
  instance.plan = plan;
  if (plan.unicast?.oldChecksum !== old.unicast?.oldChecksum) {
    instance.oldChecksum = plan.unicast?.oldChecksum === "always";
  }
  const before = instance.effectivePriority;
  instance.effectivePriority = weightedPriority(plan, instance.adjustment);
  if (state.kind === "MASTER") {
    state.advertAt = earlier(state.advertAt, after(now, plan.advertInterval));
    replanAnnouncements(instance.announcements, old.announce, plan.announce, now);
  } else if (state.kind === "BACKUP") {
    const learned = plan.version === 3 && state.master !== undefined;
    const interval = learned ? state.activeAdvertInterval : plan.advertInterval;
    const wait = masterDownInterval(plan, instance.effectivePriority, interval);
    if (interval !== state.activeAdvertInterval) {
      state.activeAdvertInterval = interval;
      state.masterDownAt = listenUntil(instance, now, wait);
    } else {
      // keepalived: a running timer is moved by the difference of the two skews.
      const shift = microseconds(wait - masterDownInterval(old, before, interval));
      state.masterDownAt = after(state.masterDownAt, shift);
    }
  }
}

/** The Master_Down_Timer ran out: rise, or tell the sync group that this member would. */
function rise(instance: Instance, state: BackupState, now: Instant, out: Output[]): void {
  if (!mayRise(instance, state)) return waitForWitness(instance, state, out);
  if (!instance.grouped) return becomeMaster(instance, riseReason(instance, state, now), now, out);
  state.wantsMaster = true;
  state.masterDownAt = after(
    now,
    masterDownInterval(instance.plan, instance.effectivePriority, state.activeAdvertInterval),
  );
  out.push({ kind: "wants-master" });
}

/** Why a backup whose timer ran out becomes master. */
export function riseReason(instance: Instance, state: BackupState, now: Instant): Reason {
  if (startsAsMaster(instance.plan) && state.master === undefined) return { kind: "owner" };
  if (state.released && state.master !== undefined) {
    return { kind: "master-released", master: state.master.address };
  }
  const { preempting, activeAdvertInterval } = state;
  if (preempting !== undefined && between(preempting.at, now) <= 2 * activeAdvertInterval) {
    const { address, priority } = preempting.peer;
    return { kind: "preempted-lower", master: address, priority };
  }
  const master = preempting?.peer ?? state.master;
  const silentFor = between(preempting?.at ?? state.heardAt, now);
  return master === undefined
    ? { kind: "master-down", silentFor }
    : { kind: "master-down", master: master.address, silentFor };
}

function release(instance: Instance): Output {
  instance.counters.advertSent++;
  instance.counters.priorityZeroSent++;
  return { kind: "advertise", priority: releasePriority };
}

function leaveMaster(instance: Instance, out: Output[]): void {
  if (instance.state.kind !== "MASTER") return;
  instance.counters.releaseMaster++;
  stopAnnouncements(instance.announcements);
  out.push({ kind: "yield" });
}

function transition(
  instance: Instance,
  to: "FAULT" | "STOPPED",
  reason: Reason,
  now: Instant,
  out: Output[],
): void {
  const from = instance.state.kind;
  leaveMaster(instance, out);
  instance.state = { kind: to };
  recordTransition(instance, from, reason, now, out);
}

function recordTransition(
  instance: Instance,
  from: StateName,
  reason: Reason,
  now: Instant,
  out: Output[],
): void {
  const to = instance.state.kind;
  instance.lastTransition = { from, to, at: now, reason };
  out.push({ kind: "transition", from, to, reason });
}

function ownDownInterval(instance: Instance): Duration {
  const { plan, effectivePriority } = instance;
  return masterDownInterval(plan, effectivePriority, plan.advertInterval);
}
