/**
 * The question of a DNS query and the header of its answer (RFC 1035 §4.1), by a library. A check
 * asks whether a server answers, and not what: records are left unread, so that one which nobody
 * understands takes no server down.
 */
import dns, { type RecordType } from "dns-packet";
import { ok, type Result } from "../base/mod.ts";
import { type DecodeError, malformed, truncated } from "./error.ts";

const headerLength = 12;
/** Where the numbers of questions and records stand. */
const countsAt = 4;

/** What is asked for. */
export interface DnsQuestion {
  /** `.` is the root; a dot at the end changes nothing. */
  readonly name: string;
  /** Name of the type, such as `SOA`. */
  readonly type: string;
}

/** A query with recursion desired; `id` has 16 bits. */
export function encodeDnsQuery(id: number, { name, type }: DnsQuestion): Uint8Array {
  const question = { name, type: type as RecordType, class: "IN" } as const;
  const flags = dns.RECURSION_DESIRED;
  return new Uint8Array(dns.encode({ type: "query", id, flags, questions: [question] }));
}

/** What an answer says before its records. */
export interface DnsAnswer {
  readonly id: number;
  /** Name of the response code, such as `NOERROR`. */
  readonly code: string;
}

/** Reads the header of an answer; a question is an error. */
export function decodeDnsAnswer(bytes: Uint8Array): Result<DnsAnswer, DecodeError> {
  if (bytes.length < headerLength) return truncated("DNS message", headerLength, bytes.length);
  const header = Buffer.alloc(headerLength);
  header.set(bytes.subarray(0, countsAt));
  // The types of the package do not know `rcode`.
  const { id = 0, type, rcode } = dns.decode(header) as dns.DecodedPacket & { rcode: string };
  return type === "response" ? ok({ id, code: rcode }) : malformed("DNS message is no answer");
}
