/**
 * Weights that do not do what they look like. A weight of 0 is no harmless weight but a FAULT; a
 * priority never leaves 1 to 254; that of an owner never moves at all; and a router that does not
 * preempt does not take over from a master whose priority fell.
 */
import { ownerPriority } from "../../base/mod.ts";
import type { Rule } from "./rule.ts";
import { find } from "./statement.ts";
import { additions, changesPriority } from "./tracker.ts";
import { mayWeigh, titleOf } from "./view.ts";

const [lowest, highest] = [1, 254];

/** `weight 0`, written out. */
export const weightZero: Rule = {
  code: "weight-zero",
  finds: "a weight of 0, which does not mean no effect but FAULT",
  check(subject, say): void {
    for (const instance of subject.instances) {
      for (const { name, weight, kind } of instance.uses) {
        if (kind === "file" || weight === undefined || weight.value !== 0) continue;
        const message = `weight 0 does not mean no effect: ${titleOf(instance)} goes to FAULT ` +
          `while "${name}" is bad`;
        say(
          weight.place,
          message,
          "leave the weight out when FAULT is meant, else do not track it",
        );
      }
    }
  },
};

/** A weight that the ends of the range swallow. */
export const weightClipped: Rule = {
  code: "weight-clipped",
  finds: "a weight of which nothing is left, because a priority stays between 1 and 254",
  check(subject, say): void {
    for (const instance of subject.instances) {
      const base = instance.plan?.basePriority;
      if (base === undefined || base === ownerPriority) continue;
      for (const use of instance.uses) {
        if (!changesPriority(use)) continue;
        const [good, bad] = additions(use.weight).map((one) => clamp(base + one));
        if (good !== bad) continue;
        const limit = base === highest ? "highest" : "lowest";
        const message = `weight ${use.weight.value} of "${use.name}" has no effect on ` +
          `${titleOf(instance)}: its priority ${base} is the ${limit} there is`;
        say(use.weight.place, message, "choose a priority that leaves room for the weight");
      }
    }
  },
};

/** A weight on a router that owns its addresses. */
export const weightOnOwner: Rule = {
  code: "weight-on-owner",
  finds: "a weight on a router of priority 255, whose priority never changes",
  check(subject, say): void {
    for (const instance of subject.instances) {
      if (instance.plan?.basePriority !== ownerPriority) continue;
      for (const use of instance.uses) {
        if (!changesPriority(use)) continue;
        const message = `weight ${use.weight.value} of "${use.name}" has no effect on ` +
          `${titleOf(instance)}: priority 255 owns the addresses and never changes`;
        say(use.weight.place, message, "use a priority of at most 254, or no weight, for FAULT");
      }
    }
  },
};

/** A weight of a member of a group that does not let its members weigh. */
export const weightInSyncGroup: Rule = {
  code: "weight-in-sync-group",
  finds: "a weight on a member of a sync group without sync_group_tracking_weight",
  check(subject, say): void {
    for (const instance of subject.instances) {
      if (mayWeigh(instance)) continue;
      for (const use of instance.uses) {
        if (!changesPriority(use) || use.ofGroup) continue;
        const effect = use.kind === "interface"
          ? "its loss is a FAULT"
          : "it is not tracked at all";
        const message = `weight ${use.weight.value} of "${use.name}" does not count for ` +
          `${titleOf(instance)}, a member of vrrp_sync_group "${instance.group?.name}": ${effect}`;
        say(use.weight.place, message, "write sync_group_tracking_weight into the group");
      }
    }
  },
};

/** Weights and nopreempt in one instance. */
export const weightWithNopreempt: Rule = {
  code: "weight-with-nopreempt",
  finds: "weights beside nopreempt: a lower priority of the master then moves nothing",
  check(subject, say): void {
    for (const instance of subject.instances) {
      const nopreempt = find(instance.statement, "nopreempt");
      if (nopreempt === undefined || instance.plan?.preempt !== false) continue;
      const use = instance.uses.find(changesPriority);
      if (use === undefined) continue;
      const message = `nopreempt of ${titleOf(instance)} keeps it from taking over when the ` +
        `priority of the master falls: weight ${use.weight.value} of "${use.name}" only counts ` +
        "when nobody is master";
      say(nopreempt.place, message, "track it without a weight: FAULT gives the role up at once");
    }
  },
};

function clamp(priority: number): number {
  return Math.min(highest, Math.max(lowest, priority));
}
