/**
 * The addresses of a virtual router: the next master has to take what the last one gave up, and
 * nobody else on the network may use the same VRID or the same address.
 */
import { formatIp, formatPrefix, inNetwork } from "../base/mod.ts";
import type { AddressPlan } from "../vrrp/mod.ts";
import {
  type ClusterRule,
  type ClusterSay,
  nameOfPlace,
  type Pair,
  pairsOf,
  placeOf,
} from "./cluster_rule.ts";
import type { Member, Router } from "./cluster_router.ts";
import { isHost } from "./lint/machine.ts";
import { titleOf } from "./lint/view.ts";

const lists = [
  ["virtual_ipaddress", "addresses"],
  ["virtual_ipaddress_excluded", "excludedAddresses"],
] as const;

/** The same addresses on all nodes, in the same order. */
export const clusterAddresses: ClusterRule = {
  code: "cluster-addresses",
  finds: "different address lists: an address that only one node has is lost at a failover",
  check({ routers }, say): void {
    for (const router of routers) {
      for (const pair of pairsOf(router)) {
        for (const [keyword, field] of lists) compareLists(pair, keyword, field, say);
      }
    }
  },
};

function compareLists(
  { first, other }: Pair,
  keyword: string,
  field: "addresses" | "excludedAddresses",
  say: ClusterSay,
): void {
  const theirs = first.plan[field].map(formatAddress);
  const ours = other.plan[field].map(formatAddress);
  const place = placeOf(other, keyword);
  const there = nameOfPlace(placeOf(first, keyword));
  const missing = theirs.filter((one) => !ours.includes(one));
  const extra = ours.filter((one) => !theirs.includes(one));
  const owner = `${keyword} of ${titleOf(other.instance)}`;
  if (missing.length + extra.length > 0) {
    const parts = [
      ...(missing.length === 0 ? [] : [`lacks ${some(missing)} of ${there}`]),
      ...(extra.length === 0 ? [] : [`has ${some(extra)}, which ${there} lacks`]),
    ];
    const message = `${owner} ${parts.join(" and ")}`;
    const hint = "give all nodes the same addresses, with the same prefix lengths";
    say({ severity: "error", place, message, hint });
  } else if (field === "addresses" && theirs.join() !== ours.join()) {
    const message = `${owner} has another order than ${there}: each node counts the other's ` +
      "adverts as errors of the address list";
    say({ severity: "warning", place, message, hint: "use the same order on all nodes" });
  }
}

const shownMax = 4;

function some(addresses: readonly string[]): string {
  const more = addresses.length - shownMax;
  const shown = addresses.slice(0, shownMax).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function formatAddress(plan: AddressPlan): string {
  return plan.peer === undefined
    ? formatPrefix(plan)
    : `${formatIp(plan.address)} peer ${formatIp(plan.peer)}/${plan.prefixLength}`;
}

/** One VRID for two virtual routers of one network. */
export const clusterVridTaken: ClusterRule = {
  code: "cluster-vrid-taken",
  finds: "one virtual_router_id for different virtual routers of the same network",
  check({ routers }, say): void {
    for (const [first, other] of pairs(routers, ({ plan }) => [`${plan.family} ${plan.vrid}`])) {
      const shared = networksOf(first).find((network) =>
        networksOf(other).some(({ address }) => inNetwork(address, network))
      );
      if (shared === undefined || first.node === other.node) continue;
      const place = placeOf(other, "virtual_router_id");
      const there = nameOfPlace(placeOf(first, "virtual_router_id"));
      const message = `${titleOf(other.instance)} has the virtual_router_id of ` +
        `"${first.plan.name}" (${there}), another router in the network ${formatPrefix(shared)}`;
      const hint = "choose a virtual_router_id that is free on the network";
      say({ severity: "error", place, message, hint });
    }
  },
};

/** One address in two virtual routers. */
export const clusterAddressTaken: ClusterRule = {
  code: "cluster-address-taken",
  finds: "one address in different virtual routers: two masters answer for it",
  check({ routers }, say): void {
    const keysOf = ({ plan }: Member): string[] => {
      return [...plan.addresses, ...plan.excludedAddresses].map(({ address }) => formatIp(address));
    };
    for (const [first, other] of pairs(routers, keysOf)) {
      if (first.node === other.node) continue;
      const address = keysOf(other).find((key) => keysOf(first).includes(key)) ?? "";
      const place = placeOf(other, "virtual_ipaddress");
      const there = nameOfPlace(placeOf(first, "virtual_ipaddress"));
      const message = `${address} of ${titleOf(other.instance)} belongs to "${first.plan.name}", ` +
        `too (${there}), which is another virtual router`;
      const hint = "give the address to one virtual router";
      say({ severity: "error", place, message, hint });
    }
  },
};

/** Pairs of members of different routers that have a key in common, each pair of routers once. */
function* pairs(
  routers: readonly Router[],
  keysOf: (member: Member) => readonly string[],
): Generator<readonly [Member, Member]> {
  const known = new Map<string, { readonly router: Router; readonly member: Member }[]>();
  const told = new Map<Router, Set<Router>>();
  for (const router of routers) {
    for (const member of router.members) {
      for (const key of keysOf(member)) {
        const others = known.get(key) ?? [];
        known.set(key, others);
        for (const other of others.slice(0, comparedMax)) {
          const seen = told.get(router) ?? new Set();
          if (other.router === router || seen.has(other.router)) continue;
          if (other.member.node === member.node) continue;
          told.set(router, seen.add(other.router));
          yield [other.member, member];
        }
        others.push({ router, member });
      }
    }
  }
}

/** One VRID on thousands of VLANs is right, and no reason to compare millions. */
const comparedMax = 64;

function networksOf({ plan }: Member): AddressPlan[] {
  return plan.addresses.filter((address) => address.device === undefined && !isHost(address));
}
