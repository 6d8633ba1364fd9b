/**
 * What people take `state` for. It is only where a router begins; who is master is decided by
 * priorities, and `state MASTER` without a priority means more than it says.
 */
import { ownerPriority } from "../../base/mod.ts";
import type { Rule } from "./rule.ts";
import { find } from "./statement.ts";
import { titleOf } from "./view.ts";

/** `state MASTER` alone makes an owner. */
export const implicitOwner: Rule = {
  code: "implicit-owner",
  finds: "state MASTER without a priority, which makes the router owner of its addresses",
  check({ instances }, say): void {
    for (const instance of instances) {
      const { statement, plan } = instance;
      const state = find(statement, "state");
      if (state?.words[0] !== "MASTER" || plan?.basePriority !== ownerPriority) continue;
      if (find(statement, "priority") !== undefined) continue;
      const message = `state MASTER without a priority gives ${titleOf(instance)} priority 255: ` +
        "it owns the addresses, and no tracker can lower it";
      say(state.place, message, "write a priority, such as 150");
    }
  },
};

/** An owner that is told to begin as backup. */
export const ownerAsBackup: Rule = {
  code: "owner-as-backup",
  finds: "priority 255 with state BACKUP: the owner waits for a silence before it takes over",
  check({ instances }, say): void {
    for (const instance of instances) {
      const { statement, plan } = instance;
      const state = find(statement, "state");
      if (plan?.basePriority !== ownerPriority || plan.initialState !== "BACKUP") continue;
      if (state === undefined) continue;
      const message =
        `${titleOf(instance)} owns its addresses (priority 255) and is told to begin ` +
        "as BACKUP: it waits until nobody else is heard";
      say(state.place, message, "leave state out, or use a priority of at most 254");
    }
  },
};
