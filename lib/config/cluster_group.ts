/**
 * Sync groups of several nodes: the same members everywhere, and one winner for all of them.
 */
import { type ClusterRule, nameOfPlace, pairsOf, placeOf } from "./cluster_rule.ts";
import type { ClusterNode, Member, Router } from "./cluster_router.ts";
import type { GroupView } from "./lint/view.ts";

/** Groups that do not have the same members. */
export const clusterSyncGroup: ClusterRule = {
  code: "cluster-sync-group",
  finds: "sync groups with other members: what moves together here is torn apart there",
  check({ routers }, say): void {
    const routerOf = routersByInstance(routers);
    const told = new Set<string>();
    for (const router of routers) {
      for (const { first, other } of pairsOf(router)) {
        const shared = ({ members }: Router): boolean =>
          [first, other].every(({ node }) => members.some((one) => one.node === node));
        const [theirs, ours] = [first, other].map((member) => {
          return new Set(partnersOf(member, routerOf).filter(shared));
        });
        if (theirs === undefined || ours === undefined || isSame(theirs, ours)) continue;
        const here = other.instance.group?.statement.place ?? other.instance.statement.place;
        const there = first.instance.group?.statement.place ?? first.instance.statement.place;
        // The same pair of groups is told of once, whichever members show the difference.
        const key = [first, other].map(({ node, instance: { group } }) => {
          return `${node.file} ${group?.name}`;
        }).join(" ");
        if (told.has(key)) continue;
        told.add(key);
        const message = `"${other.plan.name}" is ${together(ours, other)}, in ` +
          `${nameOfPlace(there)} ${together(theirs, first)}`;
        const hint = "give the sync groups of all nodes the same members";
        say({ severity: "warning", place: here, message, hint });
      }
    }
  },
};

/** A group of which every node wins a part. */
export const clusterGroupApart: ClusterRule = {
  code: "cluster-group-apart",
  finds: "a sync group of which one node wins one member and another node wins another",
  check({ nodes, routers }, say): void {
    const routerOf = routersByInstance(routers);
    const [node] = nodes;
    for (const group of node?.subject.groups ?? []) {
      const wins = group.members.flatMap((name) => {
        const router = node && routerOf.get(node)?.get(name);
        const winner = router && winnerOf(router);
        return winner === undefined ? [] : [{ name, winner }];
      });
      const [first] = wins;
      const other = wins.find(({ winner }) => winner.node !== first?.winner.node);
      if (first === undefined || other === undefined) continue;
      const message =
        `vrrp_sync_group "${group.name}" is pulled apart: "${first.name}" is won by ` +
        `${nameOfPlace(placeOf(first.winner, "priority"))}, "${other.name}" by ` +
        nameOfPlace(placeOf(other.winner, "priority"));
      const hint = "let one node have the highest priority of all members";
      say({ severity: "warning", place: group.statement.place, message, hint });
    }
  },
};

/** The member of the highest priority; `undefined` where several have it, or nobody competes. */
function winnerOf({ members }: Router): Member | undefined {
  if (members.length < 2) return undefined;
  const top = Math.max(...members.map(({ plan }) => plan.basePriority));
  const [winner, second] = members.filter(({ plan }) => plan.basePriority === top);
  return second === undefined ? winner : undefined;
}

type RoutersByInstance = ReadonlyMap<ClusterNode, ReadonlyMap<string, Router>>;

function routersByInstance(routers: readonly Router[]): RoutersByInstance {
  const found = new Map<ClusterNode, Map<string, Router>>();
  for (const router of routers) {
    for (const { node, plan } of router.members) {
      const known = found.get(node) ?? new Map<string, Router>();
      found.set(node, known.set(plan.name, router));
    }
  }
  return found;
}

/** The routers in the same group, the member's own included. */
function partnersOf({ node, instance }: Member, routerOf: RoutersByInstance): Router[] {
  const group: GroupView | undefined = instance.group;
  return (group?.members ?? []).flatMap((name) => routerOf.get(node)?.get(name) ?? []);
}

function isSame(a: ReadonlySet<Router>, b: ReadonlySet<Router>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}

/** What an instance moves with, in the names of its own file. */
function together(partners: ReadonlySet<Router>, { node, plan }: Member): string {
  const names = [...partners].flatMap(({ members }) => {
    const member = members.find((one) => one.node === node);
    return member === undefined || member.plan.name === plan.name ? [] : [`"${member.plan.name}"`];
  });
  return names.length === 0 ? "in no sync group" : `grouped with ${names.join(", ")}`;
}
