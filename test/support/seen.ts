/**
 * What stands in the transcript of a run, read back from the octets that were on the wire.
 */
import { formatIp, type Instant } from "../../lib/base/mod.ts";
import type { Entry } from "../../lib/host/sim/mod.ts";
import {
  type Advert,
  decodeAdvert,
  decodeArp,
  decodeEthernet,
  decodeIpv4,
  decodeIpv6,
  decodeNeighborAdvertisement,
  etherType,
  ipProtocol,
} from "../../lib/wire/mod.ts";

/** An advert that was sent. */
export interface SeenAdvert extends Advert {
  readonly at: Instant;
  readonly destination: string;
}

/** A gratuitous ARP or unsolicited neighbour advertisement that was sent. */
export interface SeenAnnouncement {
  readonly at: Instant;
  readonly address: string;
}

interface Sent {
  readonly at: Instant;
  readonly type: number;
  readonly payload: Uint8Array;
}

/** The adverts of a node. */
export function advertsIn(entries: readonly Entry[], node: string): SeenAdvert[] {
  return sentBy(entries, node).flatMap(({ at, type, payload }) => {
    const family = type === etherType.ipv4 ? "ipv4" : "ipv6";
    const decoded = type === etherType.ipv4
      ? decodeIpv4(payload)
      : type === etherType.ipv6
      ? decodeIpv6(payload)
      : undefined;
    if (decoded?.ok !== true || decoded.value.header.protocol !== ipProtocol.vrrp) return [];
    const advert = decodeAdvert(decoded.value.payload, family);
    const destination = formatIp(decoded.value.header.destination);
    return advert.ok ? [{ ...advert.value, at, destination }] : [];
  });
}

/** The announcements of a node. */
export function seenAnnouncements(entries: readonly Entry[], node: string): SeenAnnouncement[] {
  return sentBy(entries, node).flatMap(({ at, type, payload }) => {
    if (type === etherType.arp) {
      const arp = decodeArp(payload);
      return arp.ok ? [{ at, address: formatIp(arp.value.senderAddress) }] : [];
    }
    const packet = type === etherType.ipv6 ? decodeIpv6(payload) : undefined;
    if (packet?.ok !== true || packet.value.header.protocol !== ipProtocol.icmpv6) return [];
    const message = decodeNeighborAdvertisement(packet.value.payload);
    return message.ok ? [{ at, address: formatIp(message.value.target) }] : [];
  });
}

function sentBy(entries: readonly Entry[], node: string): Sent[] {
  return entries.flatMap((entry) => {
    if (entry.kind !== "sent" || entry.node !== node) return [];
    const decoded = decodeEthernet(entry.frame);
    if (!decoded.ok) return [];
    const { header: { etherType: type }, payload } = decoded.value;
    return [{ at: entry.at, type, payload }];
  });
}
