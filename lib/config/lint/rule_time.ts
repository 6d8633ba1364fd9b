/**
 * Times that do not go together: a router that may be master before its check has spoken, a check
 * far slower than the adverts that were made fast, and adverts so fast that any pause of the
 * machine looks like the death of a master.
 */
import { type Duration, formatDuration, milliseconds, seconds } from "../../base/mod.ts";
import { eagerInterval, type InstancePlan, masterDownInterval } from "../../vrrp/mod.ts";
import type { Rule } from "./rule.ts";
import { find, numberOf } from "./statement.ts";
import { changesPriority, type Tracker, trackerTitle } from "./tracker.ts";
import { type InstanceView, titleOf } from "./view.ts";

/** A check may be this much slower than the adverts before it is worth a word. */
const slownessMax = 10;
/** Adverts below this were made fast on purpose. */
const purposeful: Duration = seconds(1);
/** Ordinary pauses of an ordinary machine. */
const pause: Duration = milliseconds(100);

/** A check that can still be running when the election is over. */
export const checkOutlastsElection: Rule = {
  code: "check-outlasts-election",
  finds: "an advert_int so short that a router can be master before its check has a first result",
  check(subject, say): void {
    for (const instance of subject.instances) {
      const { plan } = instance;
      if (plan === undefined) continue;
      const waits = plan.initialState === "MASTER" ? eagerInterval(plan) : untilMaster(plan);
      for (const { tracker, line } of instance.uses.filter(changesPriority)) {
        if (tracker?.kind !== "script" || find(tracker.statement, "init_fail")) continue;
        // Without a timeout a run may take the whole interval, but nobody said that it will.
        const limit = numberOf(tracker.statement, "timeout");
        if (limit === undefined || seconds(limit) < waits) continue;
        const message = `${trackerTitle(tracker)} may run for ${limit} s, ${titleOf(instance)} ` +
          `is master after ${formatDuration(waits)} without one: its weight may count too late`;
        say(line.place, message, "shorten its timeout, lengthen advert_int, or add init_fail");
      }
    }
  },
};

/** A check that makes fast adverts pointless. */
export const checkSlowerThanAdverts: Rule = {
  code: "check-slower-than-adverts",
  finds: "adverts made fast beside a check that needs more than ten times as long to fail",
  check(subject, say): void {
    for (const instance of subject.instances) {
      const { plan } = instance;
      if (plan === undefined || plan.advertInterval >= purposeful) continue;
      const notices = untilMaster(plan);
      for (const { tracker, line } of instance.uses) {
        if (tracker?.kind !== "script") continue;
        const needs = untilBad(tracker);
        if (needs <= notices * slownessMax) continue;
        const message = `${titleOf(instance)} notices a dead node after ` +
          `${formatDuration(notices)}, but a bad "${tracker.name}" only after ` +
          formatDuration(needs);
        say(line.place, message, "shorten interval or fall of the script, or lengthen advert_int");
      }
    }
  },
};

/** Timers that the scheduler of a busy machine can break. */
export const tightTimers: Rule = {
  code: "tight-timers",
  finds: "timers so short that a pause of 100 ms on the master makes a backup take over",
  check(subject, say): void {
    for (const instance of subject.instances) {
      const place = placeOfInterval(instance);
      const { plan } = instance;
      if (plan === undefined || place === undefined) continue;
      const notices = untilMaster(plan);
      if (notices >= pause) continue;
      const message = `${titleOf(instance)} takes its master for dead after ` +
        `${formatDuration(notices)}: a pause that short happens on a machine under load`;
      say(place, message, "lengthen advert_int, or raise down_timer_adverts");
    }
  },
};

function placeOfInterval({ statement }: InstanceView): Tracker["statement"]["place"] | undefined {
  return find(statement, "advert_int")?.place;
}

/** Master_Down_Interval with the configured priority and everybody at our interval. */
function untilMaster(plan: InstancePlan): Duration {
  return masterDownInterval(plan, plan.basePriority, plan.advertInterval);
}

/** From the failure of a service until its script counts as bad, when runs take no time. */
function untilBad({ statement }: Tracker): Duration {
  return seconds((numberOf(statement, "interval") ?? 1) * (numberOf(statement, "fall") ?? 1));
}
