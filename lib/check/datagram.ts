/**
 * Checks of one question and one answer: a DNS query, a UDP datagram, an echo request. What arrives
 * and is no answer to the question is passed over, as anybody can send it.
 */
import { type IpAddress, ipFromBytes } from "../base/mod.ts";
import { decodeDnsAnswer, decodeEcho, encodeDnsQuery, encodeEcho } from "../wire/mod.ts";
import type { Outcome } from "./checker.ts";
import type { DnsPlan, MaskedOctets, PingPlan, UdpPlan } from "./plan.ts";

/** The checks that send datagrams. */
export type DatagramPlan = DnsPlan | UdpPlan | PingPlan;

/** What is sent when nobody says what: printable octets, as many as a ping has. */
const filler = new TextEncoder().encode("standin check ".repeat(5).slice(0, 64));

/** What is sent; `token` is a random number of 16 bits. */
export function questionOf(plan: DatagramPlan, token: number): Uint8Array {
  switch (plan.kind) {
    case "dns":
      return encodeDnsQuery(token, plan);
    case "udp":
      return plan.payload ?? filler;
    case "ping": {
      // The kernel fills in the checksum of ICMPv6, which covers the address that it chooses.
      const destination = plan.connection.address;
      const addresses = { source: unspecified(destination), destination };
      const echo = { kind: "request", identifier: token, sequence: 1, data: filler } as const;
      return encodeEcho(echo, addresses);
    }
  }
}

/** What an answer means; absent when it is none to our question. */
export function judgeAnswer(
  plan: DatagramPlan,
  token: number,
  bytes: Uint8Array,
): Outcome | undefined {
  switch (plan.kind) {
    case "dns": {
      const answer = decodeDnsAnswer(bytes);
      if (!answer.ok || answer.value.id !== token) return undefined;
      const { code } = answer.value;
      return code === "NOERROR" ? {} : { failure: `the answer is ${code}` };
    }
    case "udp":
      return judgeReply(plan, bytes);
    case "ping": {
      const echo = decodeEcho(bytes, plan.connection.address.family);
      if (!echo.ok || echo.value.kind !== "reply") return undefined;
      return echo.value.identifier === token ? {} : undefined;
    }
  }
}

function judgeReply({ reply }: UdpPlan, bytes: Uint8Array): Outcome {
  if (reply === undefined) return {};
  const { like, lengthMin, lengthMax } = reply;
  if (bytes.length < lengthMin || bytes.length > lengthMax) {
    return { failure: `the reply has ${bytes.length} octets, expected ${lengthMin}-${lengthMax}` };
  }
  const at = firstDifference(like, bytes);
  return at === undefined ? {} : { failure: `octet ${at} of the reply is not as expected` };
}

/** keepalived: as far as both go. */
function firstDifference({ value, mask }: MaskedOctets, bytes: Uint8Array): number | undefined {
  for (let at = 0; at < Math.min(value.length, bytes.length); at++) {
    const difference = (value[at] ?? 0) ^ (bytes[at] ?? 0);
    if ((difference & (mask[at] ?? 0)) !== 0) return at;
  }
  return undefined;
}

function unspecified({ bytes }: IpAddress): IpAddress {
  return ipFromBytes(new Uint8Array(bytes.length));
}
