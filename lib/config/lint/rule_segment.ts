/**
 * Virtual routers that meet on one network. The VRID makes the link-layer address, so the same one
 * twice on a segment confuses every switch; and the two families of one router are two virtual
 * routers (RFC 9568 §1.3), which nothing but a sync group keeps on the same node.
 */
import { formatPrefix, inNetwork, type IpPrefix } from "../../base/mod.ts";
import { nameOf } from "../value.ts";
import { isHost } from "./machine.ts";
import type { Rule } from "./rule.ts";
import { find } from "./statement.ts";
import { type InstanceView, type Subject, titleOf } from "./view.ts";

/** The same VRID on two interfaces whose virtual addresses share a network. */
export const sameVridOnSegment: Rule = {
  code: "same-vrid-on-segment",
  finds: "one virtual_router_id on two interfaces that seem to be on the same network",
  check(subject, say): void {
    for (const [first, second] of pairsByVrid(subject)) {
      if (first.plan?.family !== second.plan?.family) continue;
      if (first.plan?.interfaceName === second.plan?.interfaceName) continue;
      const shared = networksOf(first).find((network) =>
        networksOf(second).some((other) => inNetwork(other.address, network))
      );
      const place = find(second.statement, "virtual_router_id")?.place;
      if (shared === undefined || place === undefined) continue;
      const message = `${titleOf(second)} has the same virtual_router_id as "${first.name}" and ` +
        `addresses in the same network, ${formatPrefix(shared)}: both use one link-layer address`;
      say(place, message, "give one of them another virtual_router_id");
    }
  },
};

/** Both families of one router, free to rise on different nodes. */
export const dualStackNotGrouped: Rule = {
  code: "dual-stack-not-grouped",
  finds: "IPv4 and IPv6 of one virtual router without a sync group that keeps them together",
  check(subject, say): void {
    for (const [first, second] of pairsByVrid(subject)) {
      if (first.plan?.family === second.plan?.family) continue;
      if (first.plan?.interfaceName !== second.plan?.interfaceName) continue;
      if (first.group !== undefined && first.group === second.group) continue;
      const families = [first, second].map(({ plan }) => nameOf(plan?.family ?? "ipv4"));
      const message =
        `"${first.name}" (${families[0]}) and "${second.name}" (${families[1]}) look ` +
        "like one router, but nothing keeps them on the same node";
      say(second.statement.place, message, "put both into one vrrp_sync_group");
    }
  },
};

/** Pairs of instances that can run and have the same VRID; with one VRID for all, neighbours. */
function* pairsByVrid({ instances }: Subject): Generator<readonly [InstanceView, InstanceView]> {
  const byVrid = new Map<number, InstanceView[]>();
  for (const instance of instances) {
    if (instance.plan === undefined) continue;
    const others = byVrid.get(instance.plan.vrid) ?? [];
    for (const other of others.slice(-COMPARED_MAX)) yield [other, instance];
    byVrid.set(instance.plan.vrid, [...others, instance]);
  }
}

/** A file with one VRID on thousands of VLANs is right, and no reason to compare millions. */
const COMPARED_MAX = 64;

/** The networks that an instance's addresses on its own interface tell of. */
function networksOf({ plan }: InstanceView): IpPrefix[] {
  if (plan === undefined) return [];
  return plan.addresses.filter((address) => address.device === undefined && !isHost(address));
}
