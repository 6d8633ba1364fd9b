/**
 * The question of a DNS query and the header of its answer (RFC 1035 §4.1): a check asks whether a
 * server answers, and not what.
 */
import { ok, type Result } from "../base/mod.ts";
import { type DecodeError, malformed, truncated } from "./error.ts";
import { readU16, writeU16 } from "./field.ts";

/*
 *   0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15
 *  +-----------------------------------------------+
 *  |                      ID                       |
 *  |QR|   Opcode  |AA|TC|RD|RA|   Z    |   RCODE   |
 *  |                    QDCOUNT                    |
 *  |                    ANCOUNT                    |
 *  |                    NSCOUNT                    |
 *  |                    ARCOUNT                    |
 *  +-----------------------------------------------+
 */
const headerLength = 12;
const [response, recursionDesired, responseCode] = [0x8000, 0x0100, 0x000f];
/** IN. */
const internet = 1;
/** RFC 1035 §2.3.4 */
const [labelMax, nameMax] = [63, 255];

/** Types of questions by their names. */
export const dnsType: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  RRSIG: 46,
  DNSKEY: 48,
};

/** Names of the response codes that servers give. */
const codes = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];

/** A name as labels with their lengths; `undefined` for a name that can not be. */
export function encodeDnsName(name: string): Uint8Array | undefined {
  const labels = name.split(".").map((label) => new TextEncoder().encode(label));
  // A name may end in the root or leave it out; the root alone is a dot or nothing.
  if (labels.at(-1)?.length === 0) labels.pop();
  if (name === ".") labels.length = 0;
  if (labels.some(({ length }) => length === 0 || length > labelMax)) return undefined;
  const octets = [...labels.flatMap((label) => [label.length, ...label]), 0];
  return octets.length > nameMax ? undefined : Uint8Array.from(octets);
}

/** A question with recursion desired. */
export function encodeDnsQuery(id: number, name: Uint8Array, type: number): Uint8Array {
  const bytes = new Uint8Array(headerLength + name.length + 4);
  writeU16(bytes, 0, id);
  writeU16(bytes, 2, recursionDesired);
  writeU16(bytes, 4, 1);
  bytes.set(name, headerLength);
  writeU16(bytes, headerLength + name.length, type);
  writeU16(bytes, headerLength + name.length + 2, internet);
  return bytes;
}

/** What an answer says before its records. */
export interface DnsAnswer {
  readonly id: number;
  /** Name of the response code, or its number. */
  readonly code: string;
}

/** Reads the header of an answer; a question is an error. */
export function decodeDnsAnswer(bytes: Uint8Array): Result<DnsAnswer, DecodeError> {
  if (bytes.length < headerLength) return truncated("DNS message", headerLength, bytes.length);
  const flags = readU16(bytes, 2);
  if ((flags & response) === 0) return malformed("DNS message is no answer");
  const code = flags & responseCode;
  return ok({ id: readU16(bytes, 0), code: codes[code] ?? `RCODE ${code}` });
}
