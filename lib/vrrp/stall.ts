/**
 * A router that was held up: its process was stopped, its machine was suspended, something kept the
 * loop. What it knew is old then, so it listens before it acts. A backup whose timer ran out in its
 * absence begins to listen anew. A master reads its mail before it sends anything: if a better
 * router speaks there it steps down as always; a lesser one that took over meanwhile gets one
 * answer and the network one burst, however many of its adverts were waiting. With `nopreempt`
 * whoever took over keeps the role, and `timer_expired_backup` steps back without asking.
 *
 * A master is held up when it is so late that another one may have taken over; a backup when its
 * deadline is half an interval late. A busy loop of a few milliseconds is neither.
 */
import {
  after,
  between,
  clampPriority,
  type Duration,
  type Instant,
  microseconds,
  milliseconds,
  type Priority,
} from "../base/mod.ts";
import { becomeBackup, listenUntil } from "./instance.ts";
import type { HeardAdvert, Instance, MasterState } from "./instance_state.ts";
import type { Output } from "./output.ts";
import type { InstancePlan } from "./plan.ts";
import { masterDownInterval } from "./timing.ts";

/** What a master that was held up has to find out. */
export interface HeldUp {
  readonly by: Duration;
  readonly noticedAt: Instant;
  /** The last advert of a lesser master that was waiting. */
  rival: HeardAdvert | undefined;
}

/** Nothing shorter is taken for a stall, however short the interval is. */
export const leastStall: Duration = milliseconds(50);
/**
 * How long a router goes on reading before it acts, should the mail never end: a flood. It is the
 * time in which a host reads what its socket can hold.
 */
const patience = milliseconds(50);
/** The router that takes over first. */
const quickest = clampPriority(254);

/** Looks whether the router was held up until now; answers how late it is. */
export function noticeStall(instance: Instance, now: Instant): Duration | undefined {
  const { state, plan } = instance;
  if (state.kind === "MASTER") {
    const by = between(state.advertAt, now);
    if (state.heldUp !== undefined || by <= leastStall) return undefined;
    if (by <= latenessForTakeover(plan, quickest)) return undefined;
    state.heldUp = { by, noticedAt: now, rival: undefined };
    return by;
  }
  if (state.kind !== "BACKUP") return undefined;
  const by = between(state.masterDownAt, now);
  if (by <= leastStall || by <= state.activeAdvertInterval / 2) return undefined;
  listenAnew(instance, now);
  return by;
}

/** The machine was suspended: whatever came meanwhile is lost, and the timers stood still. */
export function wakeUp(instance: Instance, by: Duration, now: Instant, out: Output[]): void {
  const { state, plan } = instance;
  if (state.kind === "BACKUP") listenAnew(instance, now);
  if (state.kind !== "MASTER" || by <= latenessForTakeover(plan, quickest)) return;
  becomeBackup(instance, { kind: "stalled", lateBy: by }, now, out);
}

/**
 * The kernel dropped the addresses of a master, which nobody renewed. When another router may have
 * taken over meanwhile it becomes a backup and listens; true then. It gives nothing away: priority
 * 0 would be taken for the word of whoever is master now.
 */
export function loseLease(instance: Instance, now: Instant, out: Output[]): boolean {
  const { state, plan } = instance;
  if (state.kind !== "MASTER") return false;
  const lateBy = state.heldUp?.by ?? between(state.advertAt, now);
  if (lateBy <= latenessForTakeover(plan, quickest)) return false;
  becomeBackup(instance, { kind: "lease-over", lateBy }, now, out);
  return true;
}

/** Whether the router must have read its mail before it acts. */
export function readsFirst({ state }: Instance, now: Instant): boolean {
  if (state.kind === "BACKUP") {
    // What was waiting at the deadline is read by then; mail that never ends must not keep it down.
    if (state.deferred?.deadline !== state.masterDownAt) {
      state.deferred = { deadline: state.masterDownAt, since: now };
    }
    return between(state.deferred.since, now) < patience;
  }
  return state.kind === "MASTER" && state.heldUp !== undefined &&
    between(state.heldUp.noticedAt, now) < patience;
}

/**
 * The mail was read: a master that was held up steps back, or goes on. Answers the lesser master
 * that has to be told when it goes on; `undefined` when it was alone or when it stepped back.
 */
export function resume(
  instance: Instance,
  state: MasterState,
  now: Instant,
  out: Output[],
): HeardAdvert | undefined {
  const { heldUp } = state;
  if (heldUp === undefined) return undefined;
  const { plan } = instance;
  const { by, rival } = heldUp;
  state.heldUp = undefined;
  const expiry = plan.timerExpiredBackup;
  const expired = expiry !== undefined && by > latenessForTakeover(plan, expiry);
  if (!expired && (rival === undefined || plan.preempt)) return rival;
  const backup = becomeBackup(instance, { kind: "stalled", lateBy: by }, now, out);
  if (rival !== undefined) {
    backup.master = rival;
    if (plan.version === 3 && rival.advertInterval > 0) {
      backup.activeAdvertInterval = rival.advertInterval;
    }
    listenAnew(instance, now);
  }
  return undefined;
}

/** How late an advert may be before a router of that priority has taken over. */
function latenessForTakeover(plan: InstancePlan, priority: Priority): Duration {
  const silence = masterDownInterval(plan, priority, plan.advertInterval);
  return microseconds(silence - plan.advertInterval);
}

function listenAnew(instance: Instance, now: Instant): void {
  const { state, plan, effectivePriority } = instance;
  if (state.kind !== "BACKUP") return;
  const wait = masterDownInterval(plan, effectivePriority, state.activeAdvertInterval);
  state.masterDownAt = listenUntil(instance, now, wait);
  state.heardAt = after(now, microseconds(0));
}
