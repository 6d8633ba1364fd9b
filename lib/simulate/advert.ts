/**
 * An advert as the referee reads it: from the octets, without the codecs of the daemon, so that
 * both are not wrong in the same way.
 */
import { type Duration, microseconds } from "../base/mod.ts";
import type { ReceivedPacket } from "../engine/mod.ts";

/** What decides about an election. */
export interface SeenAdvert {
  readonly version: number;
  readonly vrid: number;
  readonly priority: number;
  readonly interval: Duration;
  /** Octets of the sender's address. */
  readonly source: Uint8Array;
}

const authenticationHeader = 51;

/** Reads an advert from what a raw socket gives. */
export function seeAdvert(packet: ReceivedPacket): SeenAdvert | undefined {
  const { bytes, family } = packet;
  if (family === "ipv6") {
    return packet.source === undefined ? undefined : readAdvert(bytes, 0, packet.source.bytes);
  }
  const header = ((bytes[0] ?? 0) & 0x0f) * 4;
  const behind = bytes[9] === authenticationHeader ? 24 : 0;
  return readAdvert(bytes, header + behind, bytes.subarray(12, 16));
}

/** Reads an advert that begins there. */
export function readAdvert(
  bytes: Uint8Array,
  start: number,
  source: Uint8Array,
): SeenAdvert | undefined {
  if (bytes.length < start + 8) return undefined;
  const version = (bytes[start] ?? 0) >> 4;
  const [fourth = 0, fifth = 0] = [bytes[start + 4], bytes[start + 5]];
  const interval = version === 2
    ? microseconds(fifth * 1_000_000)
    : microseconds(((fourth & 0x0f) * 256 + fifth) * 10_000);
  return {
    version,
    vrid: bytes[start + 1] ?? 0,
    priority: bytes[start + 2] ?? 0,
    interval,
    source,
  };
}

/** Compares addresses of the same family as numbers. */
export function compareOctets(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < a.length; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
