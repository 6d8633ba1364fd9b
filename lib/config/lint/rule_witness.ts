/**
 * A witness that is slower than the election: the router is master before it is known that the
 * witness does not answer any more, and the rule comes too late.
 */
import { type Duration, formatDuration, microseconds, seconds } from "../../base/mod.ts";
import { masterDownInterval } from "../../vrrp/mod.ts";
import type { Rule } from "./rule.ts";
import { find, numberOf } from "./statement.ts";
import type { Tracker } from "./tracker.ts";
import { titleOf } from "./view.ts";

/** A witness whose silence is noticed after the master's. */
export const witnessSlowerThanElection: Rule = {
  code: "witness-slower-than-election",
  finds: "a witness that needs longer to miss an answer than the router needs to become master",
  check({ instances, trackers }, say): void {
    for (const instance of instances) {
      const { plan, statement } = instance;
      const name = plan?.witness?.probe;
      const tracker = trackers.find((one) => one.kind === "probe" && one.name === name);
      if (plan === undefined || tracker === undefined) continue;
      // The cable may be cut right before the next advert would have come.
      const whole = masterDownInterval(plan, plan.basePriority, plan.advertInterval);
      const left = microseconds(whole - plan.advertInterval);
      const needs = untilMissed(tracker);
      if (needs < left) continue;
      const message = `${titleOf(instance)} may be master ${formatDuration(left)} after it was ` +
        `cut off, but its witness "${tracker.name}" is only missed after ${formatDuration(needs)}`;
      const hint = "shorten interval and timeout of the probe, or lengthen advert_int";
      say((find(statement, "witness") ?? statement).place, message, hint);
    }
  },
};

/** From an answer to the first one that is missing. */
function untilMissed({ statement }: Tracker): Duration {
  const interval = numberOf(statement, "interval") ?? 1;
  return seconds(interval + Math.min(interval, numberOf(statement, "timeout") ?? interval));
}
