/**
 * What an onlooker sees: every VRRP frame of a segment, read as a receiver would read it, with what
 * is wrong about it by itself and beside what others said of the same virtual router a moment ago.
 */
import {
  between,
  type Duration,
  equalIp,
  type Family,
  formatDuration,
  formatIp,
  type Instant,
  type IpAddress,
  isMulticast,
  microseconds,
} from "../base/mod.ts";
import {
  type Advert,
  advertAuthType,
  advertLength,
  advertType,
  ahLength,
  authTrailerLength,
  decodeAdvert,
  decodeEthernet,
  decodeIpv4,
  decodeIpv6,
  etherType,
  ipProtocol,
  printAdvert,
  verifyAdvertChecksum,
  vrrpMulticast4,
  vrrpMulticast6,
  vrrpTtl,
} from "../wire/mod.ts";

/** One frame as it was understood. */
export interface Observation {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly family: Family;
  /** Absent where it could not be read that far. */
  readonly vrid?: number;
  readonly version?: number;
  readonly priority?: number;
  readonly advertInterval?: Duration;
  readonly addresses?: readonly IpAddress[];
  readonly authentication: "none" | "PASS" | "AH" | "signed" | "unknown";
  /** The advert in one line. */
  readonly text: string;
  /** What is wrong about it, a sentence each. */
  readonly problems: readonly string[];
}

/** The last advert of one router. */
interface Heard {
  readonly at: Instant;
  readonly source: IpAddress;
  readonly advert: Advert;
}

/** Adverts that may be missed before a router counts as gone (RFC 9568 §6.1). */
const missedMax = 3;
/** Routers that are remembered; whoever makes up more is not worth a comparison. */
const routersMax = 4096;

/** Remembers who said what. */
export class AdvertObserver {
  readonly #routers = new Map<string, readonly Heard[]>();

  /** Reads an Ethernet frame; `undefined` when it carries no VRRP. */
  see(frame: Uint8Array, at: Instant): Observation | undefined {
    const packet = readPacket(frame);
    if (packet === undefined) return undefined;
    const { source, destination, family, problems } = packet;
    const decoded = decodeAdvert(packet.pdu, family);
    const authentication = authenticationOf(packet);
    if (!decoded.ok) {
      const text = "VRRP that can not be read";
      problems.push(decoded.error.detail);
      return { source, destination, family, authentication, text, problems };
    }
    const advert = decoded.value;
    problems.push(...ownProblems(advert, packet), ...this.#otherProblems(advert, source, at));
    const { vrid, version, priority, advertInterval, addresses } = advert;
    const said = { vrid, version, priority, advertInterval, addresses };
    const text = printAdvert(advert);
    return { source, destination, family, ...said, authentication, text, problems };
  }

  /** What others have said of the same virtual router lately. */
  #otherProblems(advert: Advert, source: IpAddress, at: Instant): string[] {
    const key = `${source.family} ${advert.vrid}`;
    const known = (this.#routers.get(key) ?? []).filter((one) => isFresh(one, at));
    const mine = known.find((one) => equalIp(one.source, source));
    const others = known.filter((one) => !equalIp(one.source, source));
    const heard = { at, source, advert };
    if (this.#routers.size < routersMax || this.#routers.has(key)) {
      this.#routers.set(key, advert.priority === 0 ? others : [...others, heard]);
    }
    return others.flatMap((other) => differences(advert, other, mine));
  }
}

function isFresh({ at, advert }: Heard, now: Instant): boolean {
  return between(at, now) <= microseconds(advert.advertInterval * missedMax);
}

interface Packet {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly family: Family;
  readonly ttl: number;
  readonly behindAh: boolean;
  readonly isSigned: boolean;
  /** What follows the IP header and an authentication header, without a signature. */
  readonly pdu: Uint8Array;
  /** The same with the signature: over IPv6 the checksum covers it, too. */
  readonly whole: Uint8Array;
  readonly problems: string[];
}

function readPacket(frame: Uint8Array): Packet | undefined {
  const decoded = decodeEthernet(frame);
  if (!decoded.ok) return undefined;
  const { header: { etherType: type }, payload } = decoded.value;
  if (type === etherType.ipv6) {
    const packet = decodeIpv6(payload);
    if (!packet.ok || packet.value.header.protocol !== ipProtocol.vrrp) return undefined;
    const { source, destination, hopLimit } = packet.value.header;
    const place = { source, destination, family: "ipv6", ttl: hopLimit } as const;
    return { ...place, behindAh: false, ...unsigned(packet.value.payload, "ipv6"), problems: [] };
  }
  const packet = type === etherType.ipv4 ? decodeIpv4(payload) : undefined;
  if (packet?.ok !== true) return undefined;
  const { header, payload: content } = packet.value;
  const behindAh = header.protocol === ipProtocol.ah && content[0] === ipProtocol.vrrp;
  if (header.protocol !== ipProtocol.vrrp && !behindAh) return undefined;
  const { source, destination, ttl } = header;
  const place = { source, destination, family: "ipv4", ttl, behindAh } as const;
  const inside = behindAh ? content.subarray(ahLength) : content;
  return { ...place, ...unsigned(inside, "ipv4"), problems: [] };
}

/** A signature is told by the length alone. */
function unsigned(
  whole: Uint8Array,
  family: Family,
): Pick<Packet, "pdu" | "whole" | "isSigned"> {
  const [first = 0, , , count = 0] = whole;
  const length = advertLength(first >> 4, family, count);
  const isSigned = whole.length === length + authTrailerLength;
  return { whole, isSigned, pdu: isSigned ? whole.subarray(0, length) : whole };
}

function authenticationOf(packet: Packet): Observation["authentication"] {
  if (packet.behindAh) return "AH";
  if (packet.isSigned) return "signed";
  const [first = 0, , , , type = 0] = packet.pdu;
  if (first >> 4 !== 2 || type === advertAuthType.none) return "none";
  return type === advertAuthType.password ? "PASS" : "unknown";
}

/** What is wrong whoever else is there. */
function ownProblems(advert: Advert, packet: Packet): string[] {
  const { source, destination, family, ttl } = packet;
  const multicast = isMulticast(destination);
  const usual = family === "ipv4" ? vrrpMulticast4 : vrrpMulticast6;
  const found: string[] = [];
  if (multicast && ttl !== vrrpTtl) {
    found.push(`TTL ${ttl}, not ${vrrpTtl}: it was forwarded or made up, nobody takes it`);
  }
  if (multicast && !equalIp(destination, usual)) {
    found.push(`to ${formatIp(destination)}, not the usual group: all nodes need mcast_dst_ip`);
  }
  if (advert.type !== advertType) found.push(`type ${advert.type} is unknown, nobody takes it`);
  if (advert.vrid === 0) found.push("VRID 0 is not allowed");
  if (advert.advertInterval === 0) found.push("an interval of 0");
  if (advert.addresses.length === 0) found.push("it protects no address");
  if (advert.priority === 255 && !advert.addresses.some((one) => equalIp(one, source))) {
    found.push("priority 255 is for the owner of the addresses, which does not send from one");
  }
  if (authenticationOf(packet) === "unknown") {
    found.push(`authentication type ${advert.authType} is unknown`);
  }
  return [...found, ...checksumProblem(advert, packet)];
}

function checksumProblem({ version }: Advert, packet: Packet): string[] {
  const { source, destination, family } = packet;
  const summed = family === "ipv6" ? packet.whole : packet.pdu;
  const how = { source, destination, family, version };
  if (verifyAdvertChecksum(summed, { ...how, checksumAsV2: false })) return [];
  if (verifyAdvertChecksum(summed, { ...how, checksumAsV2: true })) {
    return ["checksum without pseudo header: only routers with v3_checksum_as_v2 take it"];
  }
  return ["wrong checksum, nobody takes it"];
}

/** What two routers do not agree about. */
function differences(advert: Advert, other: Heard, mine: Heard | undefined): string[] {
  const theirs = other.advert;
  const name = formatIp(other.source);
  const found: string[] = [];
  // One that has just been replaced is no second master: it must have spoken since we did.
  const both = mine !== undefined && other.at > mine.at && advert.priority !== 0;
  if (both && theirs.priority !== 0) {
    found.push(`two masters: ${name} with priority ${theirs.priority} is one, too`);
  }
  if (theirs.version !== advert.version) {
    found.push(`version ${advert.version}, but ${name} speaks version ${theirs.version}`);
  }
  if (theirs.advertInterval !== advert.advertInterval) {
    const [own, their] = [advert, theirs].map((one) => formatDuration(one.advertInterval));
    found.push(`interval ${own}, but ${name} says ${their}`);
  }
  if (!sameList(advert.addresses, theirs.addresses)) {
    const list = theirs.addresses.map(formatIp).join(",") || "none";
    found.push(`other addresses than ${name}, which says ${list}`);
  }
  return found;
}

function sameList(a: readonly IpAddress[], b: readonly IpAddress[]): boolean {
  return a.length === b.length && a.every((one) => b.some((other) => equalIp(one, other)));
}
