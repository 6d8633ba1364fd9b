/**
 * What the kernel does to VRRP packets on their way between a raw socket and the wire: it fills in
 * the IPv4 header checksum or writes the whole IPv6 header, puts Ethernet around it, and takes all
 * of it off again at the other end. Octets are copied here: those of an effect are only valid while
 * it is carried out.
 */
import {
  equalIp,
  type IfIndex,
  internetChecksum,
  type IpAddress,
  isMulticast,
  type MacAddress,
} from "../../base/mod.ts";
import type { Effect, ReceivedPacket } from "../../engine/mod.ts";
import {
  ahLength,
  decodeEthernet,
  decodeIpv4,
  decodeIpv6,
  encodeEthernet,
  encodeIpv6,
  etherType,
  ipProtocol,
  ipv4HeaderLength,
  multicastMac,
  verifyIpv4Checksum,
  vrrpTos,
  vrrpTtl,
} from "../../wire/mod.ts";

/** The kernel's own Hop Limit. */
const usualHopLimit = 64;

/** The Ethernet frame of a VRRP packet; `resolve` finds the station of a unicast address. */
export function toFrame(
  effect: Extract<Effect, { kind: "send-vrrp" }>,
  source: MacAddress,
  resolve: (address: IpAddress) => MacAddress | undefined,
): Uint8Array | undefined {
  const multicast = isMulticast(effect.destination);
  const destination = multicast ? multicastMac(effect.destination) : resolve(effect.destination);
  if (destination === undefined) return undefined;
  if (effect.family === "ipv4") {
    const packet = effect.bytes.slice();
    fillHeaderChecksum(packet);
    return encodeEthernet({ destination, source, etherType: etherType.ipv4 }, packet);
  }
  const header = {
    source: effect.source,
    destination: effect.destination,
    protocol: ipProtocol.vrrp,
    hopLimit: effect.hopLimit ?? (multicast ? vrrpTtl : usualHopLimit),
    trafficClass: vrrpTos,
  };
  const packet = encodeIpv6(header, effect.bytes);
  return encodeEthernet({ destination, source, etherType: etherType.ipv6 }, packet);
}

type Opened = Omit<ReceivedPacket, "ifIndex">;

/** Frames that were opened: a segment brings the same one to many. */
const opened = new WeakMap<Uint8Array, Opened | "other">();

/** What a raw socket makes of a frame; nothing when it is not VRRP or the kernel drops it. */
export function toPacket(frame: Uint8Array, ifIndex: IfIndex): ReceivedPacket | undefined {
  let found = opened.get(frame);
  if (found === undefined) opened.set(frame, found = open(frame) ?? "other");
  return found === "other" ? undefined : { ifIndex, ...found };
}

function open(frame: Uint8Array): Opened | undefined {
  const ethernet = decodeEthernet(frame);
  if (!ethernet.ok) return undefined;
  const bytes = ethernet.value.payload;
  if (ethernet.value.header.etherType === etherType.ipv4) {
    const decoded = decodeIpv4(bytes);
    if (!decoded.ok || !verifyIpv4Checksum(bytes)) return undefined;
    const { protocol, destination } = decoded.value.header;
    if (protocol !== ipProtocol.vrrp && protocol !== ipProtocol.ah) return undefined;
    return { family: "ipv4", bytes, destination };
  }
  if (ethernet.value.header.etherType !== etherType.ipv6) return undefined;
  const decoded = decodeIpv6(bytes);
  if (!decoded.ok || decoded.value.header.protocol !== ipProtocol.vrrp) return undefined;
  const { source, destination, hopLimit } = decoded.value.header;
  return { family: "ipv6", bytes: decoded.value.payload, source, destination, hopLimit };
}

/** What the raw sockets of one interface and family are open for. */
export interface Ears {
  readonly groups: readonly IpAddress[];
  /** Whether there is one for authentication headers, too. */
  readonly ah: boolean;
}

/** Whether such sockets, on a node with these addresses, get the packet. */
export function isReceived(
  { family, bytes, destination }: ReceivedPacket,
  { groups, ah }: Ears,
  own: readonly { readonly address: IpAddress }[],
): boolean {
  if (destination === undefined) return false;
  if (family === "ipv4" && bytes[9] === ipProtocol.ah && !ah) return false;
  if (isMulticast(destination)) return groups.some((group) => equalIp(group, destination));
  return own.some(({ address }) => equalIp(address, destination));
}

/** Whether a socket with the filter for these virtual routers gets it; none admits all. */
export function isAdmitted(
  { family, bytes, ifIndex }: ReceivedPacket,
  admitted: ReadonlyMap<string, readonly number[] | undefined>,
): boolean {
  const vrids = admitted.get(`${ifIndex} ${family}`);
  if (vrids === undefined) return true;
  const header = family === "ipv4" ? ((bytes[0] ?? 0) & 0x0f) * 4 : 0;
  const behindAh = family === "ipv4" && bytes[9] === ipProtocol.ah ? ahLength : 0;
  const vrid = bytes[header + behindAh + 1];
  return vrid === undefined || vrids.includes(vrid);
}

function fillHeaderChecksum(packet: Uint8Array): void {
  const header = packet.subarray(0, ipv4HeaderLength);
  header.fill(0, 10, 12);
  const checksum = internetChecksum(header);
  header[10] = checksum >> 8;
  header[11] = checksum & 0xff;
}
