/**
 * The IP Authentication Header (RFC 2402) as VRRP version 2 carries it (RFC 2338 §5.3.6.3): between
 * the IPv4 header and the advert, with HMAC-MD5-96 (RFC 2403). The digest covers the whole packet;
 * fields that routers may change on the way count as zero. What the key is and which sequence
 * numbers are good is not decided here.
 */
import { assert, hmac, ok, type Result } from "../base/mod.ts";
import { type DecodeError, malformed, truncated } from "./error.ts";
import { readU16, readU32, writeU16, writeU32 } from "./field.ts";
import { ipProtocol, ipv4HeaderLength } from "./ipv4.ts";

/** Length of the header with a digest of 96 bits. */
export const ahLength = 24;

/** The octets of HMAC-MD5 that are sent (RFC 2403 §2). */
const icvLength = 12;

/*
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+-------------------------------+
 *  |  Next Header  | Payload Length|           Reserved            |
 *  +---------------+---------------+-------------------------------+
 *  |       Security Parameters Index: the IPv4 source (keepalived) |
 *  +---------------------------------------------------------------+
 *  |                        Sequence Number                        |
 *  +---------------------------------------------------------------+
 *  |             Integrity Check Value, 12 octets                  |
 *  +---------------------------------------------------------------+
 */
const field = {
  nextHeader: 0,
  payloadLength: 1,
  reserved: 2,
  spi: 4,
  sequence: 8,
  icv: 12,
} as const;

/** Length in words of 32 bits, less two (RFC 2402 §2.2). */
const payloadWords = ahLength / 4 - 2;

/** Offsets in the IPv4 header of what does not count (RFC 2402 §3.3.3.1.1.1). */
const mutable = { tos: 1, fragment: 6, ttl: 8, checksum: 10 } as const;
const sourceOffset = 12;

/** A header as it was received. */
export interface AhHeader {
  /** Security Parameters Index. */
  readonly spi: Uint8Array;
  readonly sequence: number;
  /** Integrity Check Value. */
  readonly icv: Uint8Array;
}

/** Reads the header at the start of an IP payload: one that VRRP follows. */
export function decodeAh(payload: Uint8Array): Result<AhHeader, DecodeError> {
  if (payload.length < ahLength) {
    return truncated("authentication header", ahLength, payload.length);
  }
  const next = payload[field.nextHeader];
  const words = payload[field.payloadLength];
  const reserved = readU16(payload, field.reserved);
  if (next !== ipProtocol.vrrp) return malformed(`next header ${next}, not ${ipProtocol.vrrp}`);
  if (words !== payloadWords) return malformed(`payload length ${words}, not ${payloadWords}`);
  if (reserved !== 0) return malformed(`reserved field ${reserved}, not 0`);
  return ok({
    spi: payload.subarray(field.spi, field.spi + 4),
    sequence: readU32(payload, field.sequence),
    icv: payload.subarray(field.icv, field.icv + icvLength),
  });
}

/**
 * Fills the header of a packet that has room for it behind an IPv4 header without options. In
 * unicast packets the time to live does not count, because routers lower it.
 */
export function writeAh(
  packet: Uint8Array,
  how: { readonly key: Uint8Array; readonly sequence: number; readonly unicast: boolean },
): void {
  assert(packet.length >= ipv4HeaderLength + ahLength, "the packet has room for the header");
  const header = packet.subarray(ipv4HeaderLength);
  header[field.nextHeader] = ipProtocol.vrrp;
  header[field.payloadLength] = payloadWords;
  writeU16(header, field.reserved, 0);
  header.set(packet.subarray(sourceOffset, sourceOffset + 4), field.spi);
  writeU32(header, field.sequence, how.sequence);
  header.set(ahDigest(packet, { ...how, headerLength: ipv4HeaderLength }), field.icv);
}

/** The Integrity Check Value that belongs to a whole IPv4 packet. */
export function ahDigest(
  packet: Uint8Array,
  how: { readonly key: Uint8Array; readonly unicast: boolean; readonly headerLength: number },
): Uint8Array {
  const covered = packet.slice();
  covered[mutable.tos] = 0;
  writeU16(covered, mutable.fragment, 0);
  writeU16(covered, mutable.checksum, 0);
  if (how.unicast) covered[mutable.ttl] = 0;
  const icv = how.headerLength + field.icv;
  covered.fill(0, icv, icv + icvLength);
  return hmac("md5", how.key, covered).subarray(0, icvLength);
}
