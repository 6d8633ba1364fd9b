/**
 * What a captured frame says, read with a few offsets and nothing of lib/wire: the judge must not
 * share a mistake with the judged. Frames that are none of ours are `undefined`.
 */
import type { Frame } from "./capture.ts";

/** A VRRP advert on the wire. */
export interface Advert {
  readonly atMs: number;
  /** As `10.77.0.1`, or `fe80::1` in eight full groups. */
  readonly source: string;
  readonly destination: string;
  /** TTL or Hop Limit. */
  readonly ttl: number;
  readonly version: number;
  readonly vrid: number;
  readonly priority: number;
}

/** A gratuitous ARP or an unsolicited neighbour advertisement. */
export interface Announcement {
  readonly atMs: number;
  readonly kind: "arp" | "na";
  readonly address: string;
  readonly bytes: Uint8Array;
}

const ethernetHeader = 14;
const ipv6Header = 40;
const vrrpProtocol = 112;
const ahProtocol = 51;

/** The advert in a frame. */
export function advertOf({ atMs, bytes }: Frame): Advert | undefined {
  const found = vrrpOf(bytes);
  if (found === undefined) return undefined;
  const { pdu, ...header } = found;
  const [first = 0, vrid = 0, priority = 0] = pdu;
  return { atMs, ...header, version: first >> 4, vrid, priority };
}

/** The announcement in a frame. */
export function announcementOf({ atMs, bytes }: Frame): Announcement | undefined {
  const type = etherType(bytes);
  if (type === 0x0806) {
    const [sender, target] = [bytes.subarray(28, 32), bytes.subarray(38, 42)];
    if (sender.join() !== target.join()) return undefined;
    return { atMs, kind: "arp", address: sender.join("."), bytes };
  }
  const isAdvertisement = type === 0x86dd && bytes[20] === 58 && bytes[54] === 136;
  if (!isAdvertisement) return undefined;
  return { atMs, kind: "na", address: groups(bytes.subarray(62, 78)), bytes };
}

/** Octets of an address as text, in the same form for every frame. */
export function groups(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const words = Array.from({ length: 8 }, (_, at) => {
    return ((bytes[at * 2] ?? 0) << 8 | (bytes[at * 2 + 1] ?? 0)).toString(16);
  });
  return words.join(":");
}

/** A frame in hexadecimal, with the octets in `hidden` left out of account. */
export function showFrame(bytes: Uint8Array, hidden: readonly number[] = []): string {
  return Array.from(bytes, (octet, at) => {
    return hidden.includes(at) ? ".." : octet.toString(16).padStart(2, "0");
  }).join(" ");
}

type Found = Pick<Advert, "source" | "destination" | "ttl"> & { readonly pdu: Uint8Array };

function vrrpOf(bytes: Uint8Array): Found | undefined {
  const type = etherType(bytes);
  const behindAh = bytes[23] === ahProtocol && bytes[34] === vrrpProtocol;
  if (type === 0x0800 && (bytes[23] === vrrpProtocol || behindAh)) {
    const length = ((bytes[ethernetHeader] ?? 0) & 0x0f) * 4 + (behindAh ? 24 : 0);
    return {
      source: groups(bytes.subarray(26, 30)),
      destination: groups(bytes.subarray(30, 34)),
      ttl: bytes[22] ?? 0,
      pdu: bytes.subarray(ethernetHeader + length),
    };
  }
  if (type === 0x86dd && bytes[20] === vrrpProtocol) {
    return {
      source: groups(bytes.subarray(22, 38)),
      destination: groups(bytes.subarray(38, 54)),
      ttl: bytes[21] ?? 0,
      pdu: bytes.subarray(ethernetHeader + ipv6Header),
    };
  }
  return undefined;
}

function etherType(bytes: Uint8Array): number {
  return (bytes[12] ?? 0) << 8 | (bytes[13] ?? 0);
}
