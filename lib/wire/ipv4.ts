/**
 * The IPv4 header (RFC 791 §3.1), as raw sockets hand it over and as we write it for adverts.
 * Options are skipped, not read. Fragments are refused: the kernel puts datagrams together before a
 * raw socket sees them, so what arrives here in pieces was never whole. Decoding does not look at
 * the header checksum, which the kernel has verified by then; `verifyIpv4Checksum` is for packets
 * that come from a wire-level capture.
 */
import {
  addToChecksum,
  assert,
  finishChecksum,
  type IpAddress,
  ok,
  type Result,
} from "../base/mod.ts";
import { type DecodeError, malformed, truncated } from "./error.ts";
import { readIp, readU16, writeU16 } from "./field.ts";

/** Numbers of the protocols above IP that we meet (IANA "Protocol Numbers"). */
export const ipProtocol = { icmp: 1, udp: 17, ah: 51, icmpv6: 58, vrrp: 112 } as const;

/** Length of a header without options. */
export const ipv4HeaderLength = 20;

/*
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------+-------+---------------+-------------------------------+
 *  |Version|  IHL  |Type of Service|          Total Length         |
 *  +-------+-------+---------------+-----+-------------------------+
 *  |         Identification        |Flags|     Fragment Offset     |
 *  +---------------+---------------+-----+-------------------------+
 *  |  Time to Live |    Protocol   |        Header Checksum        |
 *  +---------------+---------------+-------------------------------+
 *  |                        Source Address                         |
 *  +---------------------------------------------------------------+
 *  |                      Destination Address                      |
 *  +---------------------------------------------------------------+
 *  |                Options, to a multiple of 4 octets             |
 *  +---------------------------------------------------------------+
 */
const field = {
  versionAndLength: 0,
  tos: 1,
  totalLength: 2,
  identification: 4,
  fragment: 6,
  ttl: 8,
  protocol: 9,
  checksum: 10,
  source: 12,
  destination: 16,
} as const;

/** More Fragments, and the Fragment Offset. */
const fragmentMask = 0x3fff;

/** What the sender of a datagram chooses. */
export interface Ipv4Fields {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly protocol: number;
  readonly ttl: number;
  readonly identification: number;
  readonly tos: number;
}

/** A header as it was received. */
export interface Ipv4Header extends Ipv4Fields {
  readonly totalLength: number;
  readonly headerLength: number;
}

/** Reads the header; the payload ends where Total Length says, so link padding is left out. */
export function decodeIpv4(
  bytes: Uint8Array,
): Result<{ header: Ipv4Header; payload: Uint8Array }, DecodeError> {
  if (bytes.length < ipv4HeaderLength) {
    return truncated("IPv4 header", ipv4HeaderLength, bytes.length);
  }
  const versionAndLength = bytes[field.versionAndLength] ?? 0;
  if (versionAndLength >> 4 !== 4) {
    return malformed(`IP version is ${versionAndLength >> 4}, not 4`);
  }
  const headerLength = (versionAndLength & 0xf) * 4;
  const totalLength = readU16(bytes, field.totalLength);
  if (headerLength < ipv4HeaderLength) return malformed(`IPv4 header length is ${headerLength}`);
  if (totalLength < headerLength) {
    return malformed(`IPv4 total length ${totalLength} is less than header ${headerLength}`);
  }
  if (totalLength > bytes.length) return truncated("IPv4 packet", totalLength, bytes.length);
  if ((readU16(bytes, field.fragment) & fragmentMask) !== 0) {
    return malformed("IPv4 packet is a fragment");
  }
  const header = {
    source: readIp(bytes, field.source, "ipv4"),
    destination: readIp(bytes, field.destination, "ipv4"),
    protocol: bytes[field.protocol] ?? 0,
    ttl: bytes[field.ttl] ?? 0,
    totalLength,
    headerLength,
    identification: readU16(bytes, field.identification),
    tos: bytes[field.tos] ?? 0,
  };
  return ok({ header, payload: bytes.subarray(headerLength, totalLength) });
}

/** Whether the header checksum of a packet that `decodeIpv4` accepted is right. */
export function verifyIpv4Checksum(bytes: Uint8Array): boolean {
  const headerLength = ((bytes[field.versionAndLength] ?? 0) & 0xf) * 4;
  return finishChecksum(addToChecksum(0, bytes.subarray(0, headerLength))) === 0;
}

/** A whole datagram: header without options, DF clear, checksum filled in, then the payload. */
export function encodeIpv4(header: Ipv4Fields, payload: Uint8Array): Uint8Array {
  const totalLength = ipv4HeaderLength + payload.length;
  assert(header.source.family === "ipv4", "an IPv4 packet has an IPv4 source");
  assert(header.destination.family === "ipv4", "an IPv4 packet has an IPv4 destination");
  assert(totalLength <= 0xffff, "an IPv4 packet has at most 65535 octets");
  const bytes = new Uint8Array(totalLength);
  bytes[field.versionAndLength] = (4 << 4) | (ipv4HeaderLength / 4);
  bytes[field.tos] = header.tos;
  writeU16(bytes, field.totalLength, totalLength);
  writeU16(bytes, field.identification, header.identification);
  bytes[field.ttl] = header.ttl;
  bytes[field.protocol] = header.protocol;
  bytes.set(header.source.bytes, field.source);
  bytes.set(header.destination.bytes, field.destination);
  const sum = addToChecksum(0, bytes.subarray(0, ipv4HeaderLength));
  writeU16(bytes, field.checksum, finishChecksum(sum));
  bytes.set(payload, ipv4HeaderLength);
  return bytes;
}
