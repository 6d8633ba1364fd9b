/**
 * The effective priority: the configured one and what trackers add to it (behaviour 4.10). That of
 * an owner never changes; all others stay between 1 and 254.
 */
import { after, type Instant, microseconds, type Priority, priority } from "../base/mod.ts";
import type { Instance } from "./instance_state.ts";
import type { Output } from "./output.ts";
import type { InstancePlan } from "./plan.ts";
import { isOwner, skewTime } from "./timing.ts";

const [lowest, highest] = [1, 254];

/** The priority of a plan with what trackers add. */
export function weightedPriority(plan: InstancePlan, adjustment: number): Priority {
  if (isOwner(plan) || adjustment === 0) return plan.basePriority;
  const wanted = Math.max(lowest, Math.min(highest, plan.basePriority + adjustment));
  const checked = priority(wanted);
  return checked.ok ? checked.value : plan.basePriority;
}

/** Takes what trackers add from now on; a running timer is moved by the difference of the skews. */
export function adjustPriority(
  instance: Instance,
  adjustment: number,
  now: Instant,
  out: Output[],
): void {
  const { plan, state, effectivePriority: from } = instance;
  if (instance.adjustment === adjustment) return;
  instance.adjustment = adjustment;
  const to = weightedPriority(plan, adjustment);
  if (isOwner(plan) || to === from) return;
  instance.effectivePriority = to;
  if (state.kind === "BACKUP") {
    const interval = state.activeAdvertInterval;
    const shift = skewTime(plan.version, to, interval) - skewTime(plan.version, from, interval);
    const moved = after(state.masterDownAt, microseconds(shift));
    state.masterDownAt = moved > now ? moved : now;
  }
  if (state.kind !== "STOPPED") out.push({ kind: "priority-changed", from, to });
}
