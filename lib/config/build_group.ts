/**
 * The services of a virtual server: one for an address or a mark, many for a
 * `virtual_server_group`, whose lines are addresses, ranges, networks and marks.
 */
import { type Family, type IpAddress, ipFromBytes, parseIp, parsePrefix } from "../base/mod.ts";
import { destinationName, type IpvsServiceId } from "../balance/mod.ts";
import { lastIn, portAfter } from "./block_value.ts";
import { describe, type Statement } from "./parse.ts";
import { Report } from "./report.ts";

const protocols: Readonly<Record<string, number>> = { TCP: 6, UDP: 17, SCTP: 132 };

/** More services than this are a mistake: each of them is asked for by itself. */
const servicesMax = 65_536;

/** What a virtual server is called, and the services that it stands for. */
export interface Served {
  readonly name: string;
  readonly ids: readonly IpvsServiceId[];
}

/** The services of a block; `undefined` when it has none. */
export function servedBy(
  block: Statement,
  groups: readonly Statement[],
  report: Report,
): Served | undefined {
  const [first, second] = block.words;
  if (first === "group") return servedByGroup(block, groups, report);
  if (first === "fwmark") {
    const mark = markIn(second);
    if (mark === undefined) return undefined;
    const id = { kind: "mark", mark, family: familyOf(block) } as const;
    return { name: serviceName(id), ids: [id] };
  }
  const address = parseIp(first ?? "");
  if (address === undefined) return undefined;
  const id = idOf(block, address, portAfter(block));
  return { name: serviceName(id), ids: [id] };
}

/** The names of all virtual servers; what is wrong with them is told elsewhere. */
export function namesServed(
  blocks: readonly Statement[],
  groups: readonly Statement[],
): string[] {
  const unheard = new Report();
  const names = new Set<string>();
  for (const block of blocks) {
    const served = servedBy(block, groups, unheard);
    if (served !== undefined) names.add(distinctName(served, names));
  }
  return [...names];
}

/** A group may be that of several virtual servers, each with a protocol of its own. */
export function distinctName({ name, ids }: Served, taken: ReadonlySet<string>): string {
  const [id] = ids;
  if (!taken.has(name) || id?.kind !== "address" || !name.startsWith("group ")) return name;
  const protocol = Object.keys(protocols).find((word) => protocols[word] === id.protocol);
  return `${name} ${protocol}`;
}

/** A service in words. */
function serviceName(id: IpvsServiceId): string {
  if (id.kind === "mark") return `fwmark ${id.mark}${id.family === "ipv6" ? " inet6" : ""}`;
  const protocol = Object.keys(protocols).find((word) => protocols[word] === id.protocol);
  return `${destinationName(id)} ${protocol}`;
}

function servedByGroup(
  block: Statement,
  groups: readonly Statement[],
  report: Report,
): Served | undefined {
  const wanted = block.words[1];
  const group = groups.find(({ words: [name] }) => name === wanted);
  if (wanted === undefined || group === undefined) return undefined;
  const lines = (group.children ?? []).map(({ name, words }) => [name, ...words]);
  const address = lines.map(([word]) => addressesOf(word)[0]).find((one) => one !== undefined);
  const usual = address?.family ?? familyOf(block);
  const ids: IpvsServiceId[] = [];
  for (const words of lines) {
    for (const id of idsOf(block, words, usual)) {
      if (ids.length === servicesMax) {
        const message = `Cannot use more than ${servicesMax} services of ${describe(group)}`;
        report.error("too-large", group.place, message);
        return undefined;
      }
      ids.push(id);
    }
  }
  return ids.length === 0 ? undefined : { name: `group ${wanted}`, ids };
}

/** One line: addresses with their port, or a mark with its family. */
function idsOf(block: Statement, words: readonly string[], usual: Family): IpvsServiceId[] {
  const [first, second, third] = words;
  if (first === "fwmark") {
    const mark = markIn(second);
    const family = third === "inet6" ? "ipv6" : third === "inet" ? "ipv4" : usual;
    return mark === undefined ? [] : [{ kind: "mark", mark, family }];
  }
  const port = Number(second ?? "0");
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return [];
  return addressesOf(first).map((address) => idOf(block, address, port));
}

function idOf(block: Statement, address: IpAddress, port: number): IpvsServiceId {
  const word = lastIn(block, "protocol")?.words[0]?.toUpperCase() ?? "UDP";
  return { kind: "address", protocol: protocols[word] ?? 17, address, port };
}

function markIn(word: string | undefined): number | undefined {
  const mark = Number(word);
  return Number.isInteger(mark) && mark > 0 && mark <= 0xffff_ffff ? mark : undefined;
}

/** The family of a mark is written, or is that of its servers, unless these are in tunnels. */
function familyOf(block: Statement): Family {
  const written = lastIn(block, "ip_family")?.words[0];
  if (written !== undefined) return written === "inet6" ? "ipv6" : "ipv4";
  const server = lastIn(block, "real_server");
  return parseIp(server?.words[0] ?? "")?.family ?? "ipv4";
}

/** `10.0.0.1`, `10.0.0.1-9`, `10.0.0.1-10.0.1.9`, `10.0.0.0/24`, and the same of IPv6. */
function addressesOf(word = ""): IpAddress[] {
  const [start = "", end] = word.split("-");
  const prefix = parsePrefix(start);
  if (prefix === undefined) return [];
  const { address, prefixLength } = prefix;
  const first = numberOf(address);
  const free = address.bytes.length * 8 -
    (start.includes("/") ? prefixLength : address.bytes.length * 8);
  const last = end === undefined ? first | (1n << BigInt(free)) - 1n : lastOf(address, end);
  if (last === undefined) return [];
  const found: IpAddress[] = [];
  // One more than can be used tells that there are too many.
  for (let at = first; at <= last && found.length <= servicesMax; at++) {
    found.push(addressAt(at, address.bytes.length));
  }
  return found;
}

/** The end of a range is an address, or what stands for the last part of one. */
function lastOf(first: IpAddress, text: string): bigint | undefined {
  const whole = parseIp(text);
  if (whole !== undefined) return numberOf(whole);
  const isIpv4 = first.family === "ipv4";
  if (!(isIpv4 ? /^\d{1,3}$/ : /^[\da-f]{1,4}$/i).test(text)) return undefined;
  const part = isIpv4 ? BigInt(text) : BigInt(`0x${text}`);
  const bits = isIpv4 ? 8n : 16n;
  return (numberOf(first) >> bits << bits) | part;
}

function numberOf({ bytes }: IpAddress): bigint {
  return bytes.reduce((sum, octet) => sum << 8n | BigInt(octet), 0n);
}

function addressAt(number: bigint, length: number): IpAddress {
  const bytes = new Uint8Array(length);
  let rest = number;
  for (let at = length - 1; at >= 0; at--, rest >>= 8n) bytes[at] = Number(rest & 0xffn);
  return ipFromBytes(bytes);
}
