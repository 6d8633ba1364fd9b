/**
 * What an advert does to a virtual router: the parts "if an ADVERTISEMENT is received" of RFC 9568
 * §6.4.2 and §6.4.3, and of RFC 3768 §6.4; where the two differ from keepalived, keepalived. The
 * advert has passed all checks of `receive.ts`. Each state answers in its own function; nothing is
 * heard in INIT, FAULT and STOPPED.
 */
import { after, compareIp, type Duration, equalIp, type Instant, never } from "../base/mod.ts";
import { announceAgain } from "./announcement.ts";
import { advertise } from "./beat.ts";
import { answersNow, hearContender } from "./contender.ts";
import { becomeBackup, listenUntil } from "./instance.ts";
import type { BackupState, HeardAdvert, Instance, MasterState } from "./instance_state.ts";
import { noticeNearFailover } from "./near_failover.ts";
import type { Output } from "./output.ts";
import type { InstancePlan } from "./plan.ts";
import { masterDownInterval, skewTime } from "./timing.ts";
import { hearRival } from "./two_owners.ts";

/** Takes an advert that passed all checks of `receive.ts`. */
export function hearAdvert(
  instance: Instance,
  advert: HeardAdvert,
  now: Instant,
  out: Output[],
): void {
  if (advert.priority === 0) instance.counters.priorityZeroReceived++;
  if (instance.state.kind === "BACKUP") hearAsBackup(instance, instance.state, advert, now, out);
  else if (instance.state.kind === "MASTER") {
    hearAsMaster(instance, instance.state, advert, now, out);
  }
}

/** RFC 9568 §6.4.2, RFC 3768 §6.4.2: an advert arrives while listening. */
function hearAsBackup(
  instance: Instance,
  state: BackupState,
  advert: HeardAdvert,
  now: Instant,
  out: Output[],
): void {
  const { plan } = instance;
  if (advert.priority === 0) {
    // RFC 9568 §6.4.2, priority is 0: the master leaves; wait for Skew_Time only.
    state.released = true;
    state.master = advert;
    const skew = skewTime(plan.version, instance.effectivePriority, state.activeAdvertInterval);
    state.masterDownAt = listenUntil(instance, now, skew);
    return;
  }
  const preempts = plan.preempt && !instance.yielded;
  if (preempts && advert.priority < instance.effectivePriority) {
    if (discardsLower(instance, state, advert, now, out)) return;
  } else {
    state.preemptAt = never;
    state.preempting = undefined;
  }
  // RFC 9568 §6.4.2, priority is not less or Preempt_Mode is false: a master is alive.
  const known = state.master;
  const changed = known === undefined || !equalIp(known.address, advert.address);
  if (changed) out.push({ kind: "master-changed", master: advert });
  else noticeNearFailover(instance, state, advert, now, out);
  if (plan.version === 3) state.activeAdvertInterval = intervalOf(advert, plan);
  state.master = advert;
  state.heardAt = now;
  state.released = false;
  state.wantsMaster = false;
  state.unwitnessed = false;
  state.masterDownAt = listenUntil(
    instance,
    now,
    masterDownInterval(plan, instance.effectivePriority, state.activeAdvertInterval),
  );
}

/** An interval of zero would make this router rise at once: no master means that. */
function intervalOf({ advertInterval }: HeardAdvert, plan: InstancePlan): Duration {
  return advertInterval > 0 ? advertInterval : plan.advertInterval;
}

/**
 * RFC 9568 §6.4.2, Preempt_Mode is true: an advert of lower priority is discarded, so the timer
 * runs out. keepalived: `preempt_delay` begins with the first such advert, and as long as it runs
 * the lower master is still accepted.
 */
function discardsLower(
  instance: Instance,
  state: BackupState,
  advert: HeardAdvert,
  now: Instant,
  out: Output[],
): boolean {
  const { plan } = instance;
  const first = state.preempting === undefined;
  state.preempting = { peer: advert, at: now };
  if (plan.preemptDelay > 0) {
    if (first) {
      state.preemptAt = after(now, plan.preemptDelay);
      out.push({ kind: "preempt-delay-started", source: advert.address, delay: plan.preemptDelay });
    }
    if (state.preemptAt > now && state.preemptAt !== never) return false;
    state.preemptAt = never;
  }
  out.push({ kind: "lower-priority-advert", advert, answered: false });
  return true;
}

/** RFC 9568 §6.4.3, RFC 3768 §6.4.3: an advert arrives while master. */
function hearAsMaster(
  instance: Instance,
  state: MasterState,
  advert: HeardAdvert,
  now: Instant,
  out: Output[],
): void {
  const { plan } = instance;
  const own = instance.effectivePriority;
  const higherAddress = advert.priority === own && instance.source !== undefined &&
    compareIp(advert.address, instance.source) > 0;
  if (advert.priority === 0) {
    // RFC 9568 §6.4.3, priority is 0: another one left; assert the role at once.
    if (state.heldUp !== undefined) state.heldUp.rival = undefined;
    else if (answersNow(instance, state, now)) advertise(instance, state, now, out);
  } else if (advert.priority > own || higherAddress) {
    // RFC 9568 §6.4.3, priority or address is greater: a better one is there.
    const healed = state.silent !== undefined && equalIp(state.silent, advert.address);
    // Whoever was cut off from here does not know that hosts believed this one: an advert of
    // lower priority makes it announce itself again.
    const lastWord = plan.higherPrioritySendAdvert || (healed && !plan.strict);
    if (lastWord && state.heldUp === undefined) advertise(instance, state, now, out);
    const { address: source, priority } = advert;
    const kind = higherAddress ? "higher-address" : "higher-priority";
    const backup = becomeBackup(instance, { kind, source, priority }, now, out);
    hearAsBackup(instance, backup, advert, now, out);
  } else {
    // RFC 9568 §6.4.3, otherwise: a lesser one is told who is master, and so is the network.
    hearRival(instance, state, advert, now);
    if (!isLastWord(state, advert)) hearContender(instance, state, advert, now, out);
    if (state.heldUp !== undefined) state.heldUp.rival = advert;
    else if (answersNow(instance, state, now)) answer(instance, state, advert, now, out);
  }
}

/**
 * Whoever was preempted may have sent its advert before it read ours, or sends a last one, because
 * it took over from a silent master. A second one means that it does not yield.
 */
function isLastWord(state: MasterState, { address }: HeardAdvert): boolean {
  if (state.preempted === undefined || !equalIp(state.preempted, address)) return false;
  state.preempted = undefined;
  return true;
}

/** A master that was held up, and read meanwhile that a lesser one took over, asserts its role. */
export function goOn(
  instance: Instance,
  state: MasterState,
  lesser: HeardAdvert,
  now: Instant,
  out: Output[],
): void {
  state.answeredAt = now;
  answer(instance, state, lesser, now, out);
}

function answer(
  instance: Instance,
  state: MasterState,
  advert: HeardAdvert,
  now: Instant,
  out: Output[],
): void {
  const answered = !instance.plan.lowerPriorityNoAdvert;
  if (answered) advertise(instance, state, now, out);
  out.push({ kind: "lower-priority-advert", advert, answered });
  announceAfterLower(instance, now, out);
}

/**
 * keepalived: hosts may have believed a lesser router, so a master tells them again where its
 * addresses are, and so do the other members of its sync group.
 */
export function announceAfterLower(instance: Instance, now: Instant, out: Output[]): void {
  if (instance.state.kind !== "MASTER") return;
  const repeat = announceAgain(instance.announcements, instance.plan.announce, now);
  if (repeat > 0) out.push({ kind: "announce", repeat, which: "all" });
}
