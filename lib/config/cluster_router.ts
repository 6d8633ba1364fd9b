/**
 * Which instances of several files are one virtual router. Names are free and VRIDs are only unique
 * on a network, so neither decides alone. Two instances of the same family belong together when
 *
 *   1. they have the VRID and a virtual address in common, else
 *   2. they have the VRID and the name in common, else
 *   3. they have a virtual address in common,
 *
 * tried in this order, each instance with at most one of every other file. The second finds a
 * mistyped address, the third a mistyped VRID.
 */
import { formatIp } from "../base/mod.ts";
import type { InstancePlan } from "../vrrp/mod.ts";
import type { InstanceView, Subject } from "./lint/view.ts";

/** One file of a cluster. */
export interface ClusterNode {
  /** As the person named it. */
  readonly file: string;
  readonly subject: Subject;
}

/** One node's part of a virtual router. */
export interface Member {
  readonly node: ClusterNode;
  readonly instance: InstanceView;
  readonly plan: InstancePlan;
}

/** One virtual router; a member for each file that has it, in the order of the files. */
export interface Router {
  readonly members: Member[];
}

/** The ways in which instances are recognised, as keys that both have; the surest first. */
const ways: readonly ((plan: InstancePlan) => readonly string[])[] = [
  ({ family, vrid, addresses }) => {
    return addresses.map(({ address }) => `${family} ${vrid} ${formatIp(address)}`);
  },
  ({ family, vrid, name }) => [`${family} ${vrid} ${name}`],
  ({ addresses }) => addresses.map(({ address }) => formatIp(address)),
];

/** All virtual routers of the files, those that only one file has included. */
export function routersOf(nodes: readonly ClusterNode[]): Router[] {
  const routers: Router[] = [];
  const known = ways.map(() => new Map<string, Router>());
  for (const node of nodes) {
    const members = node.subject.instances.flatMap((instance): Member[] => {
      return instance.plan === undefined ? [] : [{ node, instance, plan: instance.plan }];
    });
    const homeless = new Set(members);
    for (const [way, keysOf] of ways.entries()) {
      for (const member of homeless) {
        const router = keysOf(member.plan).map((key) => known[way]?.get(key))
          .find((one) => one !== undefined && !one.members.some((other) => other.node === node));
        if (router === undefined) continue;
        router.members.push(member);
        homeless.delete(member);
      }
    }
    for (const member of homeless) routers.push({ members: [member] });
    for (const router of routers) learn(known, router);
  }
  return routers;
}

function learn(known: readonly Map<string, Router>[], router: Router): void {
  const { plan } = router.members.at(-1) ?? {};
  if (plan === undefined) return;
  for (const [way, keysOf] of ways.entries()) {
    for (const key of keysOf(plan)) if (!known[way]?.has(key)) known[way]?.set(key, router);
  }
}
