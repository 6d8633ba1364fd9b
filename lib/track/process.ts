/**
 * One `vrrp_track_process`: whether as many processes run as are wanted (behaviour 4.29). A loss is
 * believed after `terminate_delay`, a return after `fork_delay`; with an upper limit, too many is
 * a loss that a fork brings.
 */
import type { Instant } from "../base/mod.ts";
import { type Debounce, newDebounce, observe, passDebounce } from "./debounce.ts";
import type { ProcessPlan } from "./plan.ts";
import type { Verdict } from "./weigh.ts";

/** A tracked process; only the functions of this file write to it. */
export interface TrackedProcess {
  plan: ProcessPlan;
  verdict: Verdict;
  /** How many run, as far as the host told; absent until it did. */
  count: number | undefined;
  quorum: Debounce;
}

/** Processes that were not counted yet. */
export function newTrackedProcess(plan: ProcessPlan): TrackedProcess {
  return { plan, verdict: { kind: "unknown" }, count: undefined, quorum: newDebounce(false) };
}

/** Takes a new count, or looks again after a change of the plan. */
export function countProcesses(
  tracked: TrackedProcess,
  count: number | undefined,
  now: Instant,
): void {
  const { plan, count: before } = tracked;
  tracked.count = count;
  if (count === undefined) return;
  const enough = count >= plan.quorum && count <= (plan.quorumMax ?? Infinity);
  // The first count is believed at once.
  if (before === undefined) tracked.quorum = newDebounce(enough);
  else {
    const delay = count >= before ? plan.forkDelay : plan.terminateDelay;
    observe(tracked.quorum, enough, delay, now);
  }
  judge(tracked);
}

/** When `passProcess` has something to do. */
export function deadlineOfProcess({ quorum }: TrackedProcess): Instant {
  return quorum.at;
}

/** Believes what has held long enough. */
export function passProcess(tracked: TrackedProcess, now: Instant): void {
  if (passDebounce(tracked.quorum, now)) judge(tracked);
}

function judge(tracked: TrackedProcess): void {
  tracked.verdict = { kind: tracked.quorum.believed ? "good" : "bad" };
}
