/**
 * Where a virtual router stands on the network, and to whom it speaks: its interface, or the whole
 * node for an instance of unicast that has none; a multicast group, or the unicast peers without
 * this node itself, so that one file can name all nodes.
 */
import {
  anyInterface,
  equalIp,
  type IfIndex,
  type IpAddress,
  isLinkLocal,
  isMulticast,
} from "../base/mod.ts";
import { type InstancePlan, peerWith } from "../vrrp/mod.ts";
import { encodeGratuitousArp, encodeUnsolicitedNeighborAdvertisement } from "../wire/mod.ts";
import type { Link } from "./event.ts";
import type { Slot } from "./slot.ts";
import type { World } from "./world.ts";

/** The interface that a router needs, or its VRF; empty when it needs none. */
export function standName({ interfaceName, unicast }: InstancePlan): string {
  return interfaceName === "" ? unicast?.vrf ?? "" : interfaceName;
}

/** Where a router stands. */
export interface Stand {
  readonly ifIndex: IfIndex;
  readonly link: Link | undefined;
}

/** Where a router stands; `undefined` while its interface is missing. */
export function standOf(world: World, plan: InstancePlan): Stand | undefined {
  const name = standName(plan);
  if (name === "") return { ifIndex: anyInterface, link: undefined };
  const link = world.kernel.linkNamed(name);
  return link === undefined ? undefined : { ifIndex: link.ifIndex, link };
}

/**
 * The interface that has an address: the one that is named, or any of this node. A link-local
 * address counts on the router's own interface only.
 */
export function linkWith(
  { kernel }: World,
  { instance: { plan } }: Slot,
  address: IpAddress,
  ifIndex: IfIndex = anyInterface,
): Link | undefined {
  const own = isLinkLocal(address) ? kernel.linkNamed(standName(plan))?.ifIndex : undefined;
  const only = plan.interfaceName === "" || ifIndex === anyInterface ? own : ifIndex;
  for (const link of kernel.links()) {
    if (only !== undefined && link.ifIndex !== only) continue;
    if (kernel.find(link.ifIndex, address) !== undefined) return link;
  }
  return undefined;
}

/** Brings the list of destinations up to date; it stays the same array when nothing changed. */
export function refreshDestinations(world: World, slot: Slot): void {
  const { plan, source } = slot.instance;
  const destinations = plan.unicast === undefined
    ? [plan.multicastGroup]
    : plan.unicast.peers.map(({ address }) => address).filter((address) =>
      !(source !== undefined && equalIp(source, address)) &&
      linkWith(world, slot, address) === undefined
    );
  const same = destinations.length === slot.destinations.length &&
    destinations.every((address, at) => equalIp(address, slot.destinations[at] ?? address));
  if (!same) slot.destinations = destinations;
}

/**
 * Routers of one VRID are told apart by their groups, or by their peers. What fits to none goes to
 * one of its kind, which knows why it does not want it.
 */
export function routerFor(
  slots: readonly Slot[] | undefined,
  { source, destination }: { readonly source: IpAddress; readonly destination: IpAddress },
): Slot | undefined {
  if (slots === undefined) return undefined;
  const multicast = isMulticast(destination);
  const found = slots.find(({ instance: { plan } }) =>
    plan.unicast === undefined
      ? equalIp(plan.multicastGroup, destination)
      : !multicast && peerWith(plan.unicast, source) !== undefined
  );
  if (found !== undefined) return found;
  const [first] = slots;
  const unicast = slots.find(({ instance: { plan } }) => plan.unicast !== undefined);
  return unicast ?? (multicast ? undefined : first);
}

/** Tells the segment once where the address is that adverts are sent from. */
export function announceSource(world: World, slot: Slot): void {
  const { source, counters } = slot.instance;
  const link = source === undefined ? undefined : linkWith(world, slot, source);
  if (source === undefined || link?.mac === undefined) return;
  const { mac, ifIndex, forwardsIpv6 } = link;
  const ipv4 = source.family === "ipv4";
  const bytes = ipv4
    ? encodeGratuitousArp(mac, source)
    : encodeUnsolicitedNeighborAdvertisement(mac, source, forwardsIpv6);
  counters[ipv4 ? "gratuitousArpSent" : "neighborAdvertisementSent"]++;
  world.effects.push({ kind: "send-frame", ifIndex, bytes });
}
