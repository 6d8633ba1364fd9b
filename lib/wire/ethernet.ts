/**
 * Ethernet II frames (RFC 894, RFC 2464): destination, source, type, payload, without the frame
 * check sequence, which the card adds. Frames shorter than the minimum are padded by the driver.
 */
import {
  assert,
  concatBytes,
  type IpAddress,
  isMulticast,
  type MacAddress,
  ok,
  type Result,
} from "../base/mod.ts";
import { type DecodeError, truncated } from "./error.ts";
import { readMac, readU16, writeU16 } from "./field.ts";

/** Types of what frames carry (IANA "IEEE 802 Numbers"). */
export const etherType = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100, ipv6: 0x86dd } as const;

/** Length of the header. */
export const ethernetHeaderLength = 14;

/*
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                 Destination Address, 6 octets                 |
 *  +                               +-------------------------------+
 *  |                               |                               |
 *  +-------------------------------+                               +
 *  |                   Source Address, 6 octets                    |
 *  +-------------------------------+-------------------------------+
 *  |             Type              |
 *  +-------------------------------+
 */
const field = { destination: 0, source: 6, type: 12 } as const;

/** The header of a frame. */
export interface EthernetHeader {
  readonly destination: MacAddress;
  readonly source: MacAddress;
  readonly etherType: number;
}

/** Reads the header; the payload is all the rest, padding included. */
export function decodeEthernet(
  frame: Uint8Array,
): Result<{ header: EthernetHeader; payload: Uint8Array }, DecodeError> {
  if (frame.length < ethernetHeaderLength) {
    return truncated("Ethernet header", ethernetHeaderLength, frame.length);
  }
  const header = {
    destination: readMac(frame, field.destination),
    source: readMac(frame, field.source),
    etherType: readU16(frame, field.type),
  };
  return ok({ header, payload: frame.subarray(ethernetHeaderLength) });
}

/** A frame around a payload. */
export function encodeEthernet(header: EthernetHeader, payload: Uint8Array): Uint8Array {
  const start = new Uint8Array(ethernetHeaderLength);
  start.set(header.destination, field.destination);
  start.set(header.source, field.source);
  writeU16(start, field.type, header.etherType);
  return concatBytes(start, payload);
}

/**
 * The Ethernet address of an IP multicast group: 01:00:5e and the low 23 bits (RFC 1112 §6.4), or
 * 33:33 and the low 32 bits (RFC 2464 §7).
 */
export function multicastMac(group: IpAddress): MacAddress {
  assert(isMulticast(group), "only a multicast group has a multicast Ethernet address");
  const [a = 0, b = 0, c = 0, d = 0] = group.bytes.subarray(-4);
  const octets = group.family === "ipv4"
    ? [0x01, 0x00, 0x5e, b & 0x7f, c, d]
    : [0x33, 0x33, a, b, c, d];
  return readMac(Uint8Array.from(octets), 0);
}
