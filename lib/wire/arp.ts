/**
 * ARP for IPv4 over Ethernet (RFC 826). A new master announces its addresses with gratuitous ARP,
 * so that hosts and switches send to its port from then on (RFC 9568 §6.4.1, RFC 5227 §3).
 */
import {
  assert,
  broadcastMac,
  type IpAddress,
  type MacAddress,
  ok,
  type Result,
} from "../base/mod.ts";
import { type DecodeError, malformed, truncated } from "./error.ts";
import { encodeEthernet, etherType } from "./ethernet.ts";
import { readIp, readMac, readU16, writeU16 } from "./field.ts";

/** The two operations we know (IANA "ARP Parameters"). */
export const arpOperation = { request: 1, reply: 2 } as const;

/** Hardware type of Ethernet. */
const hardwareEthernet = 1;

/** Length of a packet for IPv4 over Ethernet. */
const arpLength = 28;

/*
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  |    Hardware Type (1)          |    Protocol Type (0x0800)     |
 *  +---------------+---------------+-------------------------------+
 *  | HW Length (6) | Pr Length (4) |           Operation           |
 *  +---------------+---------------+-------------------------------+
 *  |                Sender Hardware Address, 6 octets              |
 *  +                               +-------------------------------+
 *  |                               |    Sender Protocol Address    |
 *  +-------------------------------+-------------------------------+
 *  |   Sender Protocol Address     |                               |
 *  +-------------------------------+                               +
 *  |                Target Hardware Address, 6 octets              |
 *  +---------------------------------------------------------------+
 *  |                    Target Protocol Address                    |
 *  +---------------------------------------------------------------+
 */
const field = {
  hardwareType: 0,
  protocolType: 2,
  hardwareLength: 4,
  protocolLength: 5,
  operation: 6,
  senderMac: 8,
  senderAddress: 14,
  targetMac: 18,
  targetAddress: 24,
} as const;

/** An ARP packet for IPv4 over Ethernet. */
export interface ArpPacket {
  readonly operation: number;
  readonly senderMac: MacAddress;
  readonly senderAddress: IpAddress;
  readonly targetMac: MacAddress;
  readonly targetAddress: IpAddress;
}

/** Reads what follows the Ethernet header; padding behind the packet is allowed. */
export function decodeArp(bytes: Uint8Array): Result<ArpPacket, DecodeError> {
  if (bytes.length < arpLength) return truncated("ARP packet", arpLength, bytes.length);
  const hardware = readU16(bytes, field.hardwareType);
  const protocol = readU16(bytes, field.protocolType);
  const lengths = readU16(bytes, field.hardwareLength);
  if (hardware !== hardwareEthernet || protocol !== etherType.ipv4 || lengths !== 0x0604) {
    return malformed("ARP packet is not for IPv4 over Ethernet");
  }
  return ok({
    operation: readU16(bytes, field.operation),
    senderMac: readMac(bytes, field.senderMac),
    senderAddress: readIp(bytes, field.senderAddress, "ipv4"),
    targetMac: readMac(bytes, field.targetMac),
    targetAddress: readIp(bytes, field.targetAddress, "ipv4"),
  });
}

/** The 28 octets that follow the Ethernet header. */
export function encodeArp(packet: ArpPacket): Uint8Array {
  assert(packet.senderAddress.family === "ipv4", "ARP is for IPv4");
  assert(packet.targetAddress.family === "ipv4", "ARP is for IPv4");
  const bytes = new Uint8Array(arpLength);
  writeU16(bytes, field.hardwareType, hardwareEthernet);
  writeU16(bytes, field.protocolType, etherType.ipv4);
  bytes[field.hardwareLength] = 6;
  bytes[field.protocolLength] = 4;
  writeU16(bytes, field.operation, packet.operation);
  bytes.set(packet.senderMac, field.senderMac);
  bytes.set(packet.senderAddress.bytes, field.senderAddress);
  bytes.set(packet.targetMac, field.targetMac);
  bytes.set(packet.targetAddress.bytes, field.targetAddress);
  return bytes;
}

/**
 * The whole frame that tells a segment where an address lives now: a broadcast request in which
 * sender and target are that address.
 *
 * keepalived: the target hardware address is broadcast too, where RFC 5227 §3 leaves it open.
 */
export function encodeGratuitousArp(mac: MacAddress, address: IpAddress): Uint8Array {
  const packet = encodeArp({
    operation: arpOperation.request,
    senderMac: mac,
    senderAddress: address,
    targetMac: broadcastMac,
    targetAddress: address,
  });
  return encodeEthernet(
    { destination: broadcastMac, source: mac, etherType: etherType.arp },
    packet,
  );
}
