/**
 * Whether a match of nft holds for a kind of packet (libnftables-json(5), "match").
 */
import { type IpPrefix, parseIp } from "../../base/mod.ts";
import { fieldOf } from "./json.ts";
import { anyOf, type FirewallPacket, type Holds, not, within } from "./packet.ts";

/** The elements of named sets and maps. */
export type NftSets = ReadonlyMap<string, readonly unknown[]>;

/** What is known of a field: one of these words, or one of these addresses. */
type Known = { readonly words: readonly string[] } | { readonly prefix: IpPrefix };

/** `yes` for what is no match at all, such as a counter. */
export function matchExpression(
  expression: unknown,
  packet: FirewallPacket,
  sets: NftSets,
): Holds {
  const kinds = typeof expression === "object" && expression !== null
    ? Object.keys(expression)
    : [];
  // A limit lets some through, and what iptables had no words for may be anything.
  if (kinds.some((kind) => ["limit", "xt", "quota", "socket", "connlimit"].includes(kind))) {
    return "some";
  }
  const match = fieldOf(expression, "match");
  if (match === undefined) return "yes";
  const known = knownOf(fieldOf(match, "left"), packet);
  if (known === undefined) return "some";
  const equal = equals(known, fieldOf(match, "right"), sets);
  switch (fieldOf(match, "op")) {
    case "==":
    case "in":
      return equal;
    case "!=":
      return not(equal);
    default:
      return "some";
  }
}

function knownOf(left: unknown, packet: FirewallPacket): Known | undefined {
  const meta = fieldOf(fieldOf(left, "meta"), "key");
  if (typeof meta === "string") return metaOf(meta, packet);
  const payload = fieldOf(left, "payload");
  if (payload !== undefined) {
    return payloadOf(
      String(fieldOf(payload, "protocol")),
      String(fieldOf(payload, "field")),
      packet,
    );
  }
  const tracked = fieldOf(fieldOf(left, "ct"), "key");
  if (tracked === "state" && packet.multicast) return { words: ["new", "8"] };
  return undefined;
}

function metaOf(key: string, packet: FirewallPacket): Known | undefined {
  const { direction, interfaceName, protocol, family, multicast } = packet;
  const comes = direction === "in";
  switch (key) {
    case "l4proto":
      return { words: protocolWords(protocol) };
    case "nfproto":
      return { words: [family, family === "ipv4" ? "2" : "10"] };
    case "protocol":
      return { words: family === "ipv4" ? ["ip"] : ["ip6"] };
    case "iifname":
    case "iif":
      return { words: comes ? [interfaceName] : [] };
    case "oifname":
    case "oif":
      return { words: comes ? [] : [interfaceName] };
    case "pkttype":
      return comes ? { words: [multicast ? "multicast" : "host"] } : undefined;
    default:
      return undefined;
  }
}

function payloadOf(header: string, field: string, packet: FirewallPacket): Known | undefined {
  const own = packet.family === "ipv4" ? "ip" : "ip6";
  // TCP's and UDP's fields are in no packet of another protocol.
  if (header !== own) return ["ether", "icmpx"].includes(header) ? undefined : { words: [] };
  if (field === "saddr") return { prefix: packet.source };
  if (field === "daddr") return { prefix: packet.destination };
  if (field === "protocol" || field === "nexthdr") return { words: protocolWords(packet.protocol) };
  return undefined;
}

/** As nft prints it with /etc/protocols and without. */
function protocolWords(protocol: number): string[] {
  return [protocol === 112 ? "vrrp" : "ah", String(protocol)];
}

function equals(known: Known, right: unknown, sets: NftSets): Holds {
  if (typeof right === "string" && right.startsWith("@")) {
    return anyOf((sets.get(right.slice(1)) ?? []).map((one) => equals(known, one, sets)));
  }
  const set = Array.isArray(right) ? right : fieldOf(right, "set");
  if (Array.isArray(set)) return anyOf(set.map((one) => equals(known, one, sets)));
  const element = fieldOf(right, "elem");
  if (element !== undefined) return equals(known, fieldOf(element, "val"), sets);
  if ("prefix" in known) {
    const prefix = prefixOf(right);
    if (prefix !== undefined) return within(known.prefix, prefix);
    return fieldOf(right, "range") === undefined ? "no" : "some";
  }
  if (typeof right === "string" && right.endsWith("*")) {
    return anyOf(known.words.map((word) => word.startsWith(right.slice(0, -1)) ? "yes" : "no"));
  }
  if (typeof right === "object" && right !== null) return "some";
  return known.words.includes(String(right)) ? "yes" : "no";
}

function prefixOf(right: unknown): IpPrefix | undefined {
  const prefix = fieldOf(right, "prefix");
  const text = prefix === undefined ? right : fieldOf(prefix, "addr");
  const address = typeof text === "string" ? parseIp(text) : undefined;
  if (address === undefined) return undefined;
  const length = prefix === undefined ? address.bytes.length * 8 : Number(fieldOf(prefix, "len"));
  return { address, prefixLength: length };
}
