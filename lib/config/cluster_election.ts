/**
 * Whether the nodes can agree on a master, and whether what was written about preemption and states
 * does anything. Priorities decide; where they are equal the higher source address does.
 */
import { compareIp, ownerPriority } from "../base/mod.ts";
import { type ClusterRule, nameOfPlace, placeOf } from "./cluster_rule.ts";
import type { Member } from "./cluster_router.ts";
import { find, wordOf } from "./lint/statement.ts";
import { changesPriority } from "./lint/tracker.ts";
import { titleOf } from "./lint/view.ts";

/** A router that only one node has. */
export const clusterAlone: ClusterRule = {
  code: "cluster-alone",
  finds: "a virtual router that only one of the files has: nobody takes over",
  check({ nodes, routers }, say): void {
    for (const { members: [only, second] } of routers) {
      if (only === undefined || second !== undefined) continue;
      // Of one that can not run its own file tells why.
      const broken = nodes.some(({ subject }) =>
        subject.instances.some(({ name, plan }) => name === only.plan.name && plan === undefined)
      );
      if (broken) continue;
      const others = nodes.filter((node) => node !== only.node).map(({ file }) => file);
      const message = `${titleOf(only.instance)} has no counterpart in ${others.join(", ")}: ` +
        "nobody takes over when this node fails";
      const hint = "nodes of one router have its virtual_router_id and its addresses in common";
      say({ severity: "warning", place: only.instance.statement.place, message, hint });
    }
  },
};

/** More than one owner of the same addresses. */
export const clusterOwners: ClusterRule = {
  code: "cluster-owners",
  finds: "priority 255 on several nodes: both own the addresses and both are master",
  check({ routers }, say): void {
    for (const { members } of routers) {
      const [first, ...others] = members.filter(({ plan }) => plan.basePriority === ownerPriority);
      for (const other of first === undefined ? [] : others) {
        if (first === undefined) continue;
        const there = nameOfPlace(placeOf(first, "priority", "state"));
        const message =
          `${titleOf(other.instance)} owns its addresses (priority 255), and so does ` +
          `${there}: both will be master`;
        const hint = "use a priority of at most 254 on all nodes but one";
        say({ severity: "error", place: placeOf(other, "priority", "state"), message, hint });
      }
    }
  },
};

/** The highest priority on more than one node. */
export const clusterTie: ClusterRule = {
  code: "cluster-tie",
  finds: "the highest priority on several nodes: their source addresses decide",
  check({ routers }, say): void {
    for (const { members } of routers) {
      const top = Math.max(...members.map(({ plan }) => plan.basePriority));
      const [first, ...others] = members.filter(({ plan }) => plan.basePriority === top);
      const [second] = others;
      if (first === undefined || second === undefined || top === ownerPriority) continue;
      // With nopreempt everywhere nobody is meant to be preferred.
      if (members.every(({ plan }) => !plan.preempt)) continue;
      const there = nameOfPlace(placeOf(first, "priority"));
      const message = `${titleOf(second.instance)} has priority ${top}, and so has ${there}: ` +
        `${deciding(first, second)} when both start together, else whoever is master stays`;
      const hint = "give the preferred node a higher priority, or all nodes nopreempt";
      say({ severity: "warning", place: placeOf(second, "priority"), message, hint });
    }
  },
};

function deciding(first: Member, second: Member): string {
  const [a, b] = [first.plan.sourceAddress, second.plan.sourceAddress];
  if (a === undefined || b === undefined) return "the higher source address wins";
  const winner = compareIp(a, b) > 0 ? first : second;
  return `${winner.node.file} wins by its source address`;
}

/** nopreempt and preempt_delay on a node that never preempts. */
export const clusterPreempt: ClusterRule = {
  code: "cluster-preempt",
  finds: "nopreempt or preempt_delay on the node of the lowest priority, where it has no effect",
  check({ routers }, say): void {
    for (const { members } of routers) {
      const weighted = members.some(({ instance }) => instance.uses.some(changesPriority));
      const lowest = Math.min(...members.map(({ plan }) => plan.basePriority));
      if (weighted || members.length < 2) continue;
      for (const member of members) {
        const { plan, instance } = member;
        const higher = members.find((one) => one.plan.basePriority > lowest && one.plan.preempt);
        if (plan.basePriority !== lowest || higher === undefined) continue;
        const keyword = !plan.preempt ? "nopreempt" : "preempt_delay";
        if (plan.preempt && plan.preemptDelay === 0) continue;
        const there = nameOfPlace(placeOf(higher, "priority"));
        const message = `${keyword} of ${titleOf(instance)} has no effect: no node has a lower ` +
          `priority than ${lowest}, and ${there} preempts with ${higher.plan.basePriority}`;
        const wish = plan.preempt ? "take the role back later" : "not take the role back";
        const hint = `${keyword} belongs on the node that shall ${wish}`;
        say({ severity: "warning", place: placeOf(member, keyword), message, hint });
      }
    }
  },
};

/** `state MASTER` where it decides nothing. */
export const clusterState: ClusterRule = {
  code: "cluster-state",
  finds: "state MASTER on several nodes or on one of lower priority, where it decides nothing",
  check({ routers }, say): void {
    for (const { members } of routers) {
      if (members.length < 2) continue;
      const top = Math.max(...members.map(({ plan }) => plan.basePriority));
      const eager = members.filter(({ instance: { statement } }) =>
        wordOf(statement, "state") === "MASTER"
      );
      for (const [index, member] of eager.entries()) {
        const place = placeOf(member, "state");
        const winner = members.find(({ plan }) => plan.basePriority === top);
        const hint = "write state BACKUP on all nodes: priorities decide";
        const before = eager[index - 1];
        if (winner !== undefined && member.plan.basePriority < top) {
          const there = nameOfPlace(placeOf(winner, "priority"));
          const message =
            `state MASTER of ${titleOf(member.instance)} only makes it hasty at the ` +
            `start: ${there} has priority ${top} and wins over ${member.plan.basePriority}`;
          say({ severity: "warning", place, message, hint });
        } else if (before !== undefined) {
          const message = `state MASTER of ${titleOf(member.instance)} and of ` +
            `${nameOfPlace(placeOf(before, "state"))}: it is where each begins, not who wins`;
          say({ severity: "warning", place, message, hint });
        }
      }
    }
  },
};

/** Two nodes of one name can not be told apart in logs and mails. */
export const clusterRouterId: ClusterRule = {
  code: "cluster-router-id",
  finds: "one router_id on several nodes: logs and mails do not tell them apart",
  check({ nodes }, say): void {
    const owners = new Map<string, string>();
    for (const { subject: { statements } } of nodes) {
      const globals = statements.findLast(({ keyword, children }) =>
        keyword.text === "global_defs" &&
        children?.some((child) => child.name === "router_id")
      );
      const given = globals && find(globals, "router_id");
      const name = given?.args[0]?.text;
      if (given === undefined || name === undefined) continue;
      const owner = owners.get(name);
      owners.set(name, nameOfPlace(given.place));
      if (owner === undefined) continue;
      const message = `router_id "${name}" is that of ${owner}, too`;
      const hint = "give each node a name of its own, or leave router_id out";
      say({ severity: "warning", place: given.place, message, hint });
    }
  },
};
