/**
 * What of an instance is about unicast: its peers, and whether it can do without an interface, as
 * one can that has peers and a source address.
 */
import { equalIp, formatIp, isLinkLocal } from "../base/mod.ts";
import type { InstancePlan, PeerPlan } from "../vrrp/mod.ts";
import type { Building } from "./build_instance.ts";
import type { AddressDraft, InstanceDraft } from "./draft.ts";

/** keepalived: where addresses go that name no interface, in an instance that has none either. */
const usualInterface = "eth0";

/** Whether an instance speaks unicast; without peers only when it says that this is a fault. */
export function isUnicast({ unicast }: InstanceDraft): boolean {
  return unicast.peers.length > 0 || unicast.faultWithoutPeers === true;
}

/** The part of a plan that makes it one of unicast. */
export function unicastOf(building: Building): Pick<InstancePlan, "unicast"> {
  const { draft, global, report, owner } = building;
  if (!isUnicast(draft)) return {};
  const { ttl, checkSource, oldChecksum, vrf } = draft.unicast;
  const group = draft.multicastGroup;
  if (group !== undefined) {
    const message = `Cannot use mcast_dst_ip for ${owner}: its adverts go to unicast peers`;
    report.error("excluded-keyword", group.place, message);
  }
  return {
    unicast: {
      peers: peersOf(building),
      ...(ttl === undefined ? {} : { ttl }),
      checkSource: checkSource ?? global.checkUnicastSource ?? false,
      oldChecksum: oldChecksum ?? "detect",
      ...(vrf === undefined || draft.interfaceName !== undefined ? {} : { vrf: vrf.value }),
    },
  };
}

/** keepalived sends two copies to a peer that stands there twice. */
function peersOf({ draft, report, owner }: Building): PeerPlan[] {
  const peers: PeerPlan[] = [];
  for (const { value, place } of draft.unicast.peers) {
    const { address, minTtl, maxTtl } = value;
    if (peers.some((known) => equalIp(known.address, address))) {
      const message = `Unicast peer ${
        formatIp(address)
      } stands twice in ${owner}: the first counts`;
      report.warning("duplicate-peer", place, message);
      continue;
    }
    if (minTtl > maxTtl) {
      const message =
        `min_ttl ${minTtl} of unicast peer ${formatIp(address)} of ${owner} is more ` +
        `than max_ttl ${maxTtl}: none of its adverts is taken`;
      report.error("ttl-range", place, message);
    }
    peers.push(value);
  }
  return peers;
}

/** keepalived: peers and a source address are enough to send to and from. */
function standsAlone({ unicast, sourceAddress }: InstanceDraft): boolean {
  return unicast.peers.length > 0 && sourceAddress !== undefined;
}

/** Whether an instance can run without an interface; what stands in the way is told. */
export function canDoWithout({ draft, report, owner }: Building): boolean {
  const { sourceAddress, unicast: { peers } } = draft;
  if (sourceAddress === undefined || !standsAlone(draft)) return false;
  const addresses = [sourceAddress.value, ...peers.map(({ value }) => value.address)];
  const local = addresses.find(isLinkLocal);
  if (local === undefined) return true;
  const message = `Cannot use ${formatIp(local)} for ${owner}: a link-local address needs an ` +
    "interface";
  report.error("link-local-unicast", draft.place, message);
  return false;
}

/** The addresses of an instance without an interface: each has one of its own. */
export function withDevices(
  building: Building,
  addresses: readonly AddressDraft[],
): readonly AddressDraft[] {
  const { draft, global, report, owner } = building;
  const defaultInterface = global.defaultInterface ?? usualInterface;
  if (draft.interfaceName !== undefined || !standsAlone(draft)) return addresses;
  return addresses.map((address) => {
    const { plan, place } = address;
    if (plan.device !== undefined) return address;
    const message = `${formatIp(plan.address)} of ${owner} says no dev, and the instance has no ` +
      `interface: it goes to ${defaultInterface}`;
    report.warning("no-device", place, message);
    return { plan: { ...plan, device: defaultInterface }, place };
  });
}
