/**
 * What the members of a virtual router must have in common to understand each other on the wire.
 * Where they do not, each takes the other's adverts for nothing, and both are master.
 */
import { equalIp, formatDuration, formatIp } from "../base/mod.ts";
import { type ClusterRule, differences, nameOfPlace, pairsOf, placeOf } from "./cluster_rule.ts";
import type { Member } from "./cluster_router.ts";
import { peersOf, titleOf } from "./lint/view.ts";

/** The VRID is the number of the router on its network. */
export const clusterVrid: ClusterRule = {
  code: "cluster-vrid",
  finds: "one virtual router with different virtual_router_ids",
  check({ routers }, say): void {
    for (const router of routers) {
      for (const { first, other } of differences(router, (a, b) => a.vrid === b.vrid)) {
        const place = placeOf(first, "virtual_router_id");
        const message = `${titleOf(other.instance)} has virtual_router_id ${other.plan.vrid}, ` +
          `"${first.plan.name}" with the same address has ${first.plan.vrid} ` +
          `(${nameOfPlace(place)}): both will be master`;
        const hint = "give all nodes the same virtual_router_id";
        say({ severity: "error", place: placeOf(other, "virtual_router_id"), message, hint });
      }
    }
  },
};

/** Version 2 and 3 do not read each other's adverts. */
export const clusterVersion: ClusterRule = {
  code: "cluster-version",
  finds: "different protocol versions: each drops what the other sends",
  check({ routers }, say): void {
    for (const router of routers) {
      for (const { first, other } of differences(router, (a, b) => a.version === b.version)) {
        const place = placeOf(first, "version");
        const message =
          `${titleOf(other.instance)} speaks version ${other.plan.version}, version ` +
          `${first.plan.version} in ${nameOfPlace(place)}: both will be master`;
        const hint = "set version, or vrrp_version in global_defs, on all nodes the same";
        say({ severity: "error", place: placeOf(other, "version"), message, hint });
      }
    }
  },
};

/** Version 2 drops adverts of another interval; version 3 learns it from the master. */
export const clusterInterval: ClusterRule = {
  code: "cluster-interval",
  finds: "different advert_int: fatal in version 2, a failover time that depends in version 3",
  check({ routers }, say): void {
    for (const router of routers) {
      const found = differences(router, (a, b) => a.advertInterval === b.advertInterval);
      for (const { first, other } of found) {
        if (first.plan.version !== other.plan.version) continue;
        const two = other.plan.version === 2;
        const theirs = placeOf(first, "advert_int");
        const consequence = two
          ? "version 2 drops adverts of another interval, so both will be master"
          : "how soon a failure is noticed depends on who is master";
        const message = `${titleOf(other.instance)} has advert_int ` +
          `${formatDuration(other.plan.advertInterval)}, ` +
          `${formatDuration(first.plan.advertInterval)} in ${nameOfPlace(theirs)}: ${consequence}`;
        const place = placeOf(other, "advert_int");
        const hint = "set advert_int on all nodes the same";
        say({ severity: two ? "error" : "warning", place, message, hint });
      }
    }
  },
};

/** Over what the version 3 checksum is made. */
export const clusterChecksum: ClusterRule = {
  code: "cluster-checksum",
  finds: "v3_checksum_as_v2 on some nodes only: each takes the other's checksums for wrong",
  check({ routers }, say): void {
    for (const router of routers) {
      for (
        const { first, other } of differences(router, (a, b) => a.checksumAsV2 === b.checksumAsV2)
      ) {
        if (other.plan.family !== "ipv4" || other.plan.version !== 3) continue;
        const place = placeOf(first, "v3_checksum_as_v2");
        const message = `${titleOf(other.instance)} makes its checksums ` +
          `${other.plan.checksumAsV2 ? "without" : "with"} the pseudo header, unlike ` +
          `${nameOfPlace(place)}: both will be master`;
        const hint = "set v3_checksum_as_v2 on all nodes the same";
        say({ severity: "error", place: placeOf(other, "v3_checksum_as_v2"), message, hint });
      }
    }
  },
};

/** Adverts that go elsewhere are not heard. */
export const clusterDestination: ClusterRule = {
  code: "cluster-destination",
  finds: "adverts to different groups, or multicast on one node and unicast on the other",
  check({ routers }, say): void {
    for (const router of routers) {
      for (const { first, other } of pairsOf(router)) {
        const [theirs, ours] = [destinationOf(first), destinationOf(other)];
        if (theirs.text === ours.text) continue;
        const place = placeOf(other, ...ours.keywords);
        const there = nameOfPlace(placeOf(first, ...theirs.keywords));
        const message = `${titleOf(other.instance)} sends its adverts ${ours.text}, those of ` +
          `${there} go ${theirs.text}: both will be master`;
        say({ severity: "error", place, message, hint: "send them the same way on all nodes" });
      }
    }
  },
};

interface Destination {
  readonly text: string;
  readonly keywords: readonly string[];
}

function destinationOf(member: Member): Destination {
  if (peersOf(member.instance).length > 0) {
    return { text: "to unicast peers", keywords: ["unicast_peer"] };
  }
  const text = `to the group ${formatIp(member.plan.multicastGroup)}`;
  return { text, keywords: ["mcast_dst_ip"] };
}

/** Each node must be among the peers of every other. */
export const clusterPeers: ClusterRule = {
  code: "cluster-peers",
  finds: "a unicast node that is not among the peers of another",
  check({ routers }, say): void {
    for (const { members } of routers) {
      for (const sender of members) {
        for (const receiver of members) {
          const peers = peersOf(sender.instance);
          const source = receiver.plan.sourceAddress;
          if (sender === receiver || peers.length === 0 || source === undefined) continue;
          if (peersOf(receiver.instance).length === 0) continue;
          if (peers.some(({ address }) => equalIp(address, source))) continue;
          const place = placeOf(sender, "unicast_peer");
          const there = nameOfPlace(placeOf(receiver, "unicast_src_ip", "mcast_src_ip"));
          const message = `unicast_peer of ${titleOf(sender.instance)} lacks ` +
            `${formatIp(source)}, the source address in ${there}: that node never hears this one`;
          say({ severity: "error", place, message, hint: `add ${formatIp(source)}` });
        }
      }
    }
  },
};

/** An address that two nodes claim for themselves. */
export const clusterSource: ClusterRule = {
  code: "cluster-source",
  finds: "two nodes that send from the same address",
  check({ routers }, say): void {
    for (const { members } of routers) {
      for (const [index, other] of members.entries()) {
        const { sourceAddress } = other.plan;
        const first = members.slice(0, index).find(({ plan }) =>
          plan.sourceAddress !== undefined && sourceAddress !== undefined &&
          equalIp(plan.sourceAddress, sourceAddress)
        );
        if (first === undefined || sourceAddress === undefined) continue;
        const keywords = ["unicast_src_ip", "mcast_src_ip"];
        const message =
          `${titleOf(other.instance)} sends from ${formatIp(sourceAddress)}, and so ` +
          `does ${nameOfPlace(placeOf(first, ...keywords))}`;
        const hint = "give each node an address of its own";
        say({ severity: "error", place: placeOf(other, ...keywords), message, hint });
      }
    }
  },
};
