/**
 * IP addresses as bytes in network order with their family beside them. Text forms are read and
 * written strictly: IPv4 as four decimal numbers without leading zeros, IPv6 as RFC 4291 §2.2 reads
 * and RFC 5952 writes it.
 */
import { compareBytes } from "./bytes.ts";

/** The two versions of the Internet Protocol. */
export type Family = "ipv4" | "ipv6";

/** One address; `bytes` has 4 or 16 octets in network order and is never written to. */
export interface IpAddress {
  readonly family: Family;
  readonly bytes: Uint8Array;
}

/** An address with the length of its prefix. */
export interface IpPrefix {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

/** How many octets an address of the family has. */
export function addressLength(family: Family): 4 | 16 {
  return family === "ipv4" ? 4 : 16;
}

/** Copies 4 or 16 octets into an address. */
export function ipFromBytes(bytes: Uint8Array): IpAddress {
  return { family: bytes.length === 4 ? "ipv4" : "ipv6", bytes: bytes.slice() };
}

/** Reads an address from text; `undefined` when it is none. */
export function parseIp(text: string): IpAddress | undefined {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

/** Reads `ADDRESS` or `ADDRESS/LENGTH`; without a length it is that of a host (32 or 128). */
export function parsePrefix(text: string): IpPrefix | undefined {
  const found = ipv4.exec(text);
  if (found !== null) {
    const prefixLength = Number(found[5] ?? 32);
    return prefixLength > 32 ? undefined : { address: ipv4Of(found), prefixLength };
  }
  const slash = text.indexOf("/");
  const address = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const longest = address.bytes.length * 8;
  if (slash < 0) return { address, prefixLength: longest };
  const length = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(length) || Number(length) > longest) return undefined;
  return { address, prefixLength: Number(length) };
}

/** The canonical text of an address. */
export function formatIp(address: IpAddress): string {
  const { family, bytes } = address;
  return family === "ipv4" ? `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}` : formatIpv6(bytes);
}

/** The canonical text `ADDRESS/LENGTH`. */
export function formatPrefix(prefix: IpPrefix): string {
  return `${formatIp(prefix.address)}/${prefix.prefixLength}`;
}

/** The link-local address that an Ethernet address makes (RFC 4291 appendix A). */
export function linkLocalOf(mac: Uint8Array): IpAddress {
  const [first = 0, ...rest] = mac;
  const own = [first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)];
  return ipFromBytes(Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, ...own));
}

/** Whether two addresses are the same. */
export function equalIp(a: IpAddress, b: IpAddress): boolean {
  return a.family === b.family && compareBytes(a.bytes, b.bytes) === 0;
}

/** Whether an address lies in the network of a prefix. */
export function inNetwork(address: IpAddress, network: IpPrefix): boolean {
  if (address.family !== network.address.family) return false;
  for (let bit = 0; bit < network.prefixLength; bit += 8) {
    const left = network.prefixLength - bit;
    const mask = left >= 8 ? 0xff : 0xff << (8 - left) & 0xff;
    const at = bit >> 3;
    const mine = address.bytes[at] ?? 0;
    const theirs = network.address.bytes[at] ?? 0;
    if ((mine & mask) !== (theirs & mask)) return false;
  }
  return true;
}

/** Orders addresses of one family as unsigned numbers: the tie-break of RFC 9568 §6.4.3. */
export function compareIp(a: IpAddress, b: IpAddress): number {
  return compareBytes(a.bytes, b.bytes);
}

/** Whether an IPv6 address is link-local (fe80::/10). */
export function isLinkLocal(address: IpAddress): boolean {
  const [first = 0, second = 0] = address.bytes;
  return address.family === "ipv6" && first === 0xfe && (second & 0xc0) === 0x80;
}

/** Whether the address is a multicast group of its family. */
export function isMulticast(address: IpAddress): boolean {
  const first = address.bytes[0] ?? 0;
  return address.family === "ipv4" ? (first & 0xf0) === 0xe0 : first === 0xff;
}

/** An octet; with zeros before it, it would be octal to some readers. */
const octet = String.raw`(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const ipv4 = new RegExp(`^${octet}\\.${octet}\\.${octet}\\.${octet}(?:/(\\d{1,3}))?$`);

/** By a pattern, which is quick from the first address on: a large configuration has many. */
function parseIpv4(text: string): IpAddress | undefined {
  const found = ipv4.exec(text);
  return found === null || found[5] !== undefined ? undefined : ipv4Of(found);
}

function ipv4Of(found: RegExpExecArray): IpAddress {
  // Cheaper than `of`.
  const bytes = new Uint8Array(4);
  for (let at = 0; at < 4; at++) bytes[at] = Number(found[at + 1]);
  return { family: "ipv4", bytes };
}

function parseIpv6(text: string): IpAddress | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? "");
  const tail = parseGroups(halves[1] ?? "");
  if (head === undefined || tail === undefined) return undefined;
  const given = head.length + tail.length;
  if (halves.length === 1 ? given !== 16 : given > 14) return undefined;
  const bytes = new Uint8Array(16);
  bytes.set(head, 0);
  bytes.set(tail, 16 - tail.length);
  return { family: "ipv6", bytes };
}

/** The octets of colon-separated groups; the last group may be an IPv4 address. */
function parseGroups(text: string): number[] | undefined {
  if (text === "") return [];
  const octets: number[] = [];
  const groups = text.split(":");
  for (const [index, group] of groups.entries()) {
    if (group.includes(".") && index === groups.length - 1) {
      const embedded = parseIpv4(group);
      if (embedded === undefined) return undefined;
      octets.push(...embedded.bytes);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = parseInt(group, 16);
      octets.push(value >> 8, value & 0xff);
    } else return undefined;
  }
  return octets;
}

function formatIpv6(bytes: Uint8Array): string {
  const groups: number[] = [];
  for (let at = 0; at < 16; at += 2) groups.push(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
  const run = longestZeroRun(groups);
  const text = groups.map((group) => group.toString(16));
  if (run.length < 2) return text.join(":");
  const head = text.slice(0, run.start).join(":");
  const tail = text.slice(run.start + run.length).join(":");
  return `${head}::${tail}`;
}

/** RFC 5952 §4.2.3: the first of the longest runs of zero groups is the one to shorten. */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > best.length) best = { start: index - length + 1, length };
  }
  return best;
}
