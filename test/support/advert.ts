/**
 * Adverts for tests, built octet by octet and without lib/wire, with every field open to mistakes;
 * and an oracle that judges octets by the rules of RFC 9568 §7.1 and RFC 3768 §7.1, its checksum
 * worked out in its own way.
 */
import type { Family } from "../../lib/base/mod.ts";
import { ip } from "./plan.ts";

/** What an advert says, and what may be wrong with it. */
export interface AdvertWords {
  readonly family?: Family;
  readonly version?: number;
  readonly type?: number;
  readonly id?: number;
  readonly priority?: number;
  readonly authType?: number;
  /** Seconds in version 2, hundredths of a second in version 3. */
  readonly interval?: number;
  readonly addresses?: readonly string[];
  readonly source?: string;
  readonly destination?: string;
  /** Added to the right checksum. */
  readonly checksumOff?: number;
}

/** Where packets of a family come from and go to, unless a test says otherwise. */
export const ends: Readonly<Record<Family, { source: string; destination: string }>> = {
  ipv4: { source: "10.0.0.2", destination: "224.0.0.18" },
  ipv6: { source: "fe80::2", destination: "ff02::12" },
};

/** The part of an advert that follows the IP header. */
export function advertPdu(words: AdvertWords = {}): Uint8Array {
  const { family = "ipv4", version = 3, type = 1, id = 51, priority = 150, authType = 0 } = words;
  const { interval = version === 2 ? 1 : 100, checksumOff = 0 } = words;
  const addresses = words.addresses ?? [family === "ipv4" ? "10.0.0.100" : "fe80::100"];
  const { source, destination } = { ...ends[family], ...words };
  const timing = version === 2 ? [authType, interval] : [interval >> 8, interval & 0xff];
  const octets = [(version << 4) | type, id, priority, addresses.length, ...timing, 0, 0];
  for (const address of addresses) octets.push(...ip(address).bytes);
  if (version === 2 && family === "ipv4") octets.push(0, 0, 0, 0, 0, 0, 0, 0);
  const covered = [...pseudoHeader(family, version, source, destination, octets.length), ...octets];
  const sum = (0xffff - onesComplementSum(covered) + checksumOff) & 0xffff;
  octets[6] = sum >> 8;
  octets[7] = sum & 0xff;
  return Uint8Array.from(octets);
}

/** What the IPv4 header of a packet can say. */
export interface PacketWords {
  readonly source?: string;
  readonly destination?: string;
  readonly ttl?: number;
  readonly protocol?: number;
}

/** A whole IPv4 packet; the header checksum is left at 0, for the kernel has checked it. */
export function ipv4Packet(pdu: Uint8Array, words: PacketWords = {}): Uint8Array {
  const { source, destination } = { ...ends.ipv4, ...words };
  const { ttl = 255, protocol = 112 } = words;
  const length = 20 + pdu.length;
  const header = [0x45, 0xc0, length >> 8, length & 0xff, 0, 1, 0, 0, ttl, protocol, 0, 0];
  return Uint8Array.from([...header, ...ip(source).bytes, ...ip(destination).bytes, ...pdu]);
}

/** Whether octets are an advert that a router of this kind has to take. */
export function isValidAdvert(
  pdu: Uint8Array,
  router: {
    readonly family: Family;
    readonly version: 2 | 3;
    readonly id: number;
    /** Version 2: seconds. */
    readonly interval: number;
    readonly own: string;
    readonly group: string;
  },
  from: { readonly source: string; readonly destination: string; readonly ttl: number },
): boolean {
  const { family, version } = router;
  const step = family === "ipv4" ? 4 : 16;
  const [first = 0, id, , count = 0, fourth, fifth] = pdu;
  const auth = version === 2 && family === "ipv4" ? 8 : 0;
  const octets = [...pdu];
  const covered = pseudoHeader(family, version, from.source, from.destination, octets.length);
  return first === version * 16 + 1 && id === router.id && from.ttl === 255 &&
    from.source !== router.own && from.destination === router.group &&
    pdu.length === 8 + count * step + auth &&
    (version === 3 || (fourth === 0 && fifth === router.interval)) &&
    onesComplementSum([...covered, ...octets]) === 0xffff;
}

function pseudoHeader(
  family: Family,
  version: number,
  source: string,
  destination: string,
  length: number,
): number[] {
  if (family === "ipv4" && version === 2) return [];
  const middle = family === "ipv4"
    ? [0, 112, length >> 8, length & 0xff]
    : [0, 0, length >> 8, length & 0xff, 0, 0, 0, 112];
  return [...ip(source).bytes, ...ip(destination).bytes, ...middle];
}

/** The one's complement sum, word by word with the carry taken around each time. */
function onesComplementSum(octets: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < octets.length; at += 2) {
    sum += (octets[at] ?? 0) * 256 + (octets[at + 1] ?? 0);
    if (sum > 0xffff) sum -= 0xffff;
  }
  return sum;
}
