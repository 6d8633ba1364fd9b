/**
 * Echo messages of ICMP (RFC 792) and ICMPv6 (RFC 4443 §4): what a ping is made of. Both share one
 * layout; they differ in the numbers of the types and in that the ICMPv6 checksum covers a pseudo
 * header. The family follows from the addresses.
 */
import {
  addToChecksum,
  assert,
  type Family,
  finishChecksum,
  ok,
  type Result,
} from "../base/mod.ts";
import { type DecodeError, malformed, truncated } from "./error.ts";
import { addPseudoHeader, type AddressPair, readU16, writeU16 } from "./field.ts";
import { ipProtocol } from "./ipv4.ts";

/** Types of echo messages, by family. */
export const echoType = {
  ipv4: { request: 8, reply: 0 },
  ipv6: { request: 128, reply: 129 },
} as const;

/** Length of the part before the data. */
const echoHeaderLength = 8;

/*
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+-------------------------------+
 *  |     Type      |   Code (0)    |           Checksum            |
 *  +---------------+---------------+-------------------------------+
 *  |          Identifier           |        Sequence Number        |
 *  +-------------------------------+-------------------------------+
 *  |     Data ...
 *  +-----------------
 */
const field = { type: 0, code: 1, checksum: 2, identifier: 4, sequence: 6, data: 8 } as const;

/** An echo request or its reply. */
export interface Echo {
  readonly kind: "request" | "reply";
  readonly identifier: number;
  readonly sequence: number;
  readonly data: Uint8Array;
}

/** Reads an echo message; any other type is an error. The data is a view, not a copy. */
export function decodeEcho(bytes: Uint8Array, family: Family): Result<Echo, DecodeError> {
  if (bytes.length < echoHeaderLength) {
    return truncated("Echo message", echoHeaderLength, bytes.length);
  }
  const type = bytes[field.type];
  const { request, reply } = echoType[family];
  if ((type !== request && type !== reply) || bytes[field.code] !== 0) {
    return malformed(`ICMP type ${type} code ${bytes[field.code]} is no echo message`);
  }
  return ok({
    kind: type === request ? "request" : "reply",
    identifier: readU16(bytes, field.identifier),
    sequence: readU16(bytes, field.sequence),
    data: bytes.subarray(field.data),
  });
}

/** An echo message with its checksum. */
export function encodeEcho(echo: Echo, addresses: AddressPair): Uint8Array {
  const bytes = new Uint8Array(echoHeaderLength + echo.data.length);
  bytes[field.type] = echoType[addresses.source.family][echo.kind];
  writeU16(bytes, field.identifier, echo.identifier);
  writeU16(bytes, field.sequence, echo.sequence);
  bytes.set(echo.data, field.data);
  fillIcmpChecksum(bytes, addresses);
  return bytes;
}

/** Whether the checksum of any ICMP or ICMPv6 message is right. */
export function verifyIcmpChecksum(bytes: Uint8Array, addresses: AddressPair): boolean {
  return icmpChecksum(bytes, addresses) === 0;
}

/** Writes the checksum of any ICMP or ICMPv6 message into its field. */
export function fillIcmpChecksum(bytes: Uint8Array, addresses: AddressPair): void {
  assert(addresses.source.family === addresses.destination.family, "addresses are of one family");
  writeU16(bytes, field.checksum, 0);
  writeU16(bytes, field.checksum, icmpChecksum(bytes, addresses));
}

function icmpChecksum(bytes: Uint8Array, addresses: AddressPair): number {
  const pseudo = addresses.source.family === "ipv4"
    ? 0
    : addPseudoHeader(0, addresses, ipProtocol.icmpv6, bytes.length);
  return finishChecksum(addToChecksum(pseudo, bytes));
}
