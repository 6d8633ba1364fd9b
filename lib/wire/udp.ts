/**
 * The UDP header (RFC 768). The kernel writes and strips it for our sockets; we need it where whole
 * frames are built or read: the simulator, captures.
 */
import { addToChecksum, assert, finishChecksum, ok, type Result } from "../base/mod.ts";
import { type DecodeError, malformed, truncated } from "./error.ts";
import { addPseudoHeader, type AddressPair, readU16, writeU16 } from "./field.ts";
import { ipProtocol } from "./ipv4.ts";

/** Length of the header. */
export const udpHeaderLength = 8;

/*
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  |          Source Port          |       Destination Port        |
 *  +-------------------------------+-------------------------------+
 *  |            Length             |           Checksum            |
 *  +-------------------------------+-------------------------------+
 */
const field = { sourcePort: 0, destinationPort: 2, length: 4, checksum: 6 } as const;

/** What a header says. */
export interface UdpHeader {
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** Reads a header; the payload ends where Length says. */
export function decodeUdp(
  bytes: Uint8Array,
): Result<{ header: UdpHeader; payload: Uint8Array }, DecodeError> {
  if (bytes.length < udpHeaderLength) return truncated("UDP header", udpHeaderLength, bytes.length);
  const length = readU16(bytes, field.length);
  if (length < udpHeaderLength) return malformed(`UDP length is ${length}`);
  if (length > bytes.length) return truncated("UDP datagram", length, bytes.length);
  const header = {
    sourcePort: readU16(bytes, field.sourcePort),
    destinationPort: readU16(bytes, field.destinationPort),
  };
  return ok({ header, payload: bytes.subarray(udpHeaderLength, length) });
}

/** A datagram with its checksum, ready to follow an IP header. */
export function encodeUdp(header: UdpHeader, payload: Uint8Array, ends: AddressPair): Uint8Array {
  const length = udpHeaderLength + payload.length;
  assert(length <= 0xffff, "a UDP datagram has at most 65535 octets");
  const bytes = new Uint8Array(length);
  writeU16(bytes, field.sourcePort, header.sourcePort);
  writeU16(bytes, field.destinationPort, header.destinationPort);
  writeU16(bytes, field.length, length);
  bytes.set(payload, udpHeaderLength);
  const sum = addToChecksum(addPseudoHeader(0, ends, ipProtocol.udp, length), bytes);
  // RFC 768: a checksum of zero is sent as all ones, for zero means that there is none.
  writeU16(bytes, field.checksum, finishChecksum(sum) || 0xffff);
  return bytes;
}
