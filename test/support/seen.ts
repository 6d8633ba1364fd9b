/**
 * What stands in the transcript of a run, read back from the octets that were on the wire.
 */
import { formatIp, type Instant, type IpAddress } from "../../lib/base/mod.ts";
import type { Entry } from "../../lib/host/sim/mod.ts";
import {
  type Advert,
  ahLength,
  authTrailerLength,
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
  readonly source: string;
  readonly destination: string;
  /** TTL or Hop Limit. */
  readonly ttl: number;
  /** The whole IP packet. */
  readonly packet: Uint8Array;
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
  return sentBy(entries, node).flatMap(({ at, type, payload: packet }) => {
    const found = type === etherType.ipv4
      ? over4(packet)
      : type === etherType.ipv6
      ? over6(packet)
      : undefined;
    if (found === undefined) return [];
    const { header, ttl, pdu } = found;
    const { family } = header.source;
    const plain = decodeAdvert(pdu, family);
    const advert = plain.ok ? plain : decodeAdvert(pdu.subarray(0, -authTrailerLength), family);
    const source = formatIp(header.source);
    const destination = formatIp(header.destination);
    return advert.ok ? [{ ...advert.value, at, source, destination, ttl, packet }] : [];
  });
}

interface Found {
  readonly header: { readonly source: IpAddress; readonly destination: IpAddress };
  readonly ttl: number;
  readonly pdu: Uint8Array;
}

function over4(packet: Uint8Array): Found | undefined {
  const decoded = decodeIpv4(packet);
  if (!decoded.ok) return undefined;
  const { header, payload } = decoded.value;
  const behindAh = header.protocol === ipProtocol.ah;
  if (!behindAh && header.protocol !== ipProtocol.vrrp) return undefined;
  return { header, ttl: header.ttl, pdu: payload.subarray(behindAh ? ahLength : 0) };
}

function over6(packet: Uint8Array): Found | undefined {
  const decoded = decodeIpv6(packet);
  if (!decoded.ok || decoded.value.header.protocol !== ipProtocol.vrrp) return undefined;
  const { header, payload } = decoded.value;
  return { header, ttl: header.hopLimit, pdu: payload };
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
