/**
 * A tracker may have another verdict: it is told, and whoever uses the tracker is looked at.
 */
import { formatCommandEnd, type Instant } from "../base/mod.ts";
import type { Script, Verdict } from "../track/mod.ts";
import { applyTracking } from "./apply.ts";
import { followTracker } from "./checks.ts";
import { countGood, groupsOf, recount } from "./probes.ts";
import { tell } from "./slot.ts";
import type { Tracker } from "./tracked.ts";
import { askedAgain } from "./witness.ts";
import type { World } from "./world.ts";

/** Compares a verdict with the one before. */
export function judged(world: World, tracker: Tracker, before: Verdict, now: Instant): void {
  const { verdict } = tracker.machine;
  if (tracker.kind === "probe" && !world.stopping) askedAgain(world, tracker, now);
  if (sameVerdict(before, verdict) || tracker.retired || world.stopping) return;
  tracker.since = now;
  const detail = detailOf(world, tracker);
  const state = verdict.kind === "number" ? String(verdict.value) : verdict.kind;
  tell(world, {
    kind: "tracker-changed",
    tracker: tracker.key,
    state,
    ...(detail === undefined ? {} : { detail }),
  });
  for (const name of world.tracked.users.get(tracker.key) ?? []) {
    const slot = world.slots.get(name);
    if (slot !== undefined) applyTracking(world, slot, now);
  }
  if (world.balance.checks.size > 0) followTracker(world, tracker, now);
  for (const group of groupsOf(world, tracker)) {
    const { verdict: counted } = group.machine;
    recount(world, group);
    judged(world, group, counted, now);
  }
}

/** How a tracker came to its verdict; absent where there is no more to say. */
export function detailOf(world: World, tracker: Tracker): string | undefined {
  if (tracker.kind === "script") return endOf(tracker.machine.lastEnd);
  if (tracker.kind === "probe") {
    const { plan: { subject }, lastEnd } = tracker.machine;
    if (subject.kind !== "group") return endOf(lastEnd);
    const { probes, least } = subject;
    const { good } = countGood(world, probes);
    return `${good} of ${probes.length} are good, ${least} must be`;
  }
  if (tracker.kind !== "process" || tracker.machine.count === undefined) return undefined;
  return `${tracker.machine.count} running`;
}

function endOf(end: Script["lastEnd"]): string | undefined {
  if (end === undefined || end === "timed-out") return end === undefined ? undefined : "timeout";
  if (end.kind === "answered") return undefined;
  return end.kind === "failed" ? end.reason : formatCommandEnd(end);
}

function sameVerdict(a: Verdict, b: Verdict): boolean {
  if (a.kind === "number" && b.kind === "number") return a.value === b.value;
  return a.kind === b.kind;
}
