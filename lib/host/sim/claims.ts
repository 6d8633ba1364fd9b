/**
 * What a socket that watches addresses makes of a frame: ARP packets and neighbour advertisements
 * in which a watched address is that of the sender.
 */
import { equalIp, type IfIndex, type IpAddress } from "../../base/mod.ts";
import type { ReceivedClaim } from "../../engine/mod.ts";
import {
  decodeArp,
  decodeEthernet,
  decodeIpv6,
  decodeNeighborAdvertisement,
  etherType,
  ipProtocol,
} from "../../wire/mod.ts";

/** The claim in a frame that comes to an interface with these watched addresses. */
export function toClaim(
  frame: Uint8Array,
  ifIndex: IfIndex,
  watched: readonly IpAddress[],
): ReceivedClaim | undefined {
  const found = claimed(frame);
  if (found === undefined) return undefined;
  const { address, bytes } = found;
  if (!watched.some((one) => equalIp(one, address))) return undefined;
  return { ifIndex, family: address.family, bytes };
}

function claimed(frame: Uint8Array): { address: IpAddress; bytes: Uint8Array } | undefined {
  // Most frames are adverts: EtherType and protocol are looked at before anything is taken apart.
  const type = (frame[12] ?? 0) * 256 + (frame[13] ?? 0);
  if (type !== etherType.arp && (type !== etherType.ipv6 || frame[20] !== ipProtocol.icmpv6)) {
    return undefined;
  }
  const ethernet = decodeEthernet(frame);
  if (!ethernet.ok) return undefined;
  const { header, payload } = ethernet.value;
  if (header.etherType === etherType.arp) {
    const arp = decodeArp(payload);
    return arp.ok ? { address: arp.value.senderAddress, bytes: payload } : undefined;
  }
  const packet = header.etherType === etherType.ipv6 ? decodeIpv6(payload) : undefined;
  if (packet?.ok !== true || packet.value.header.protocol !== ipProtocol.icmpv6) return undefined;
  const { payload: bytes } = packet.value;
  const advertisement = decodeNeighborAdvertisement(bytes);
  return advertisement.ok ? { address: advertisement.value.target, bytes } : undefined;
}
