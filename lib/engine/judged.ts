/**
 * A tracker may have another verdict: it is told, and whoever uses the tracker is looked at.
 */
import { formatCommandEnd, type Instant } from "../base/mod.ts";
import type { Verdict } from "../track/mod.ts";
import { applyTracking } from "./apply.ts";
import { followTracker } from "./checks.ts";
import { tell } from "./slot.ts";
import type { Tracker } from "./tracked.ts";
import type { World } from "./world.ts";

/** Compares a verdict with the one before. */
export function judged(world: World, tracker: Tracker, before: Verdict, now: Instant): void {
  const { verdict } = tracker.machine;
  if (sameVerdict(before, verdict) || tracker.retired || world.stopping) return;
  tracker.since = now;
  const detail = detailOf(tracker);
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
}

/** How a tracker came to its verdict; absent where there is no more to say. */
export function detailOf(tracker: Tracker): string | undefined {
  if (tracker.kind === "script") {
    const { lastEnd } = tracker.machine;
    if (lastEnd === undefined) return undefined;
    return lastEnd === "timed-out" ? "timeout" : formatCommandEnd(lastEnd);
  }
  if (tracker.kind !== "process" || tracker.machine.count === undefined) return undefined;
  return `${tracker.machine.count} running`;
}

function sameVerdict(a: Verdict, b: Verdict): boolean {
  if (a.kind === "number" && b.kind === "number") return a.value === b.value;
  return a.kind === b.kind;
}
