/**
 * The fixed IPv6 header (RFC 8200 §3). For adverts the kernel writes and strips it; we need it
 * where whole frames are built or read: neighbour advertisements, captures, the simulator.
 * Extension headers are not followed: the payload then begins with one, and `protocol` says which.
 */
import { assert, type IpAddress, ok, type Result } from "../base/mod.ts";
import { type DecodeError, malformed, truncated } from "./error.ts";
import { readIp, readU16, writeU16 } from "./field.ts";

/** Length of the fixed header. */
export const ipv6HeaderLength = 40;

/*
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------+---------------+---------------------------------------+
 *  |Version| Traffic Class |              Flow Label               |
 *  +-------+---------------+-------+---------------+---------------+
 *  |         Payload Length        |  Next Header  |   Hop Limit   |
 *  +-------------------------------+---------------+---------------+
 *  |                   Source Address, 16 octets                   |
 *  +---------------------------------------------------------------+
 *  |                Destination Address, 16 octets                 |
 *  +---------------------------------------------------------------+
 */
const field = {
  version: 0,
  payloadLength: 4,
  nextHeader: 6,
  hopLimit: 7,
  source: 8,
  destination: 24,
} as const;

/** What we read and write of a header; the flow label is always zero in what we send. */
export interface Ipv6Header {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** Next Header: the protocol above, or the first extension header. */
  readonly protocol: number;
  readonly hopLimit: number;
  readonly trafficClass: number;
}

/** Reads the header; the payload ends where Payload Length says. */
export function decodeIpv6(
  bytes: Uint8Array,
): Result<{ header: Ipv6Header; payload: Uint8Array }, DecodeError> {
  if (bytes.length < ipv6HeaderLength) {
    return truncated("IPv6 header", ipv6HeaderLength, bytes.length);
  }
  const start = readU16(bytes, field.version);
  if (start >> 12 !== 6) return malformed(`IP version is ${start >> 12}, not 6`);
  const end = ipv6HeaderLength + readU16(bytes, field.payloadLength);
  if (end > bytes.length) return truncated("IPv6 packet", end, bytes.length);
  const header = {
    source: readIp(bytes, field.source, "ipv6"),
    destination: readIp(bytes, field.destination, "ipv6"),
    protocol: bytes[field.nextHeader] ?? 0,
    hopLimit: bytes[field.hopLimit] ?? 0,
    trafficClass: (start >> 4) & 0xff,
  };
  return ok({ header, payload: bytes.subarray(ipv6HeaderLength, end) });
}

/** A whole packet: the fixed header, then the payload. */
export function encodeIpv6(header: Ipv6Header, payload: Uint8Array): Uint8Array {
  assert(header.source.family === "ipv6", "an IPv6 packet has an IPv6 source");
  assert(header.destination.family === "ipv6", "an IPv6 packet has an IPv6 destination");
  assert(payload.length <= 0xffff, "an IPv6 payload has at most 65535 octets");
  const bytes = new Uint8Array(ipv6HeaderLength + payload.length);
  writeU16(bytes, field.version, (6 << 12) | (header.trafficClass << 4));
  writeU16(bytes, field.payloadLength, payload.length);
  bytes[field.nextHeader] = header.protocol;
  bytes[field.hopLimit] = header.hopLimit;
  bytes.set(header.source.bytes, field.source);
  bytes.set(header.destination.bytes, field.destination);
  bytes.set(payload, ipv6HeaderLength);
  return bytes;
}
