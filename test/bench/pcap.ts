/**
 * Reading what tcpdump writes (pcap, draft-ietf-opsawg-pcap), piece by piece as it comes, and of
 * each frame only what the measurements ask for: when, who, an advert or an ARP. Truncated frames
 * are fine as long as the octets of interest are there; anything else is left out.
 */
import { viewOf } from "../../lib/base/mod.ts";
import { etherType, ipProtocol } from "../../lib/wire/mod.ts";

/** A frame of interest. */
export type Frame =
  | {
    readonly kind: "advert";
    /** The kernel's timestamp, in microseconds since 1970. */
    readonly at: number;
    /** The IPv4 source, as text. */
    readonly source: string;
    readonly vrid: number;
    readonly priority: number;
  }
  | { readonly kind: "arp"; readonly at: number };

const fileHeaderLength = 24;
const recordHeaderLength = 16;
/** Nanosecond timestamps, little-endian: the machines that standin runs on are. */
const magic = 0xa1b23c4d;

/** Takes octets of a capture and hands out frames. */
export class PcapReader {
  readonly #take: (frame: Frame) => void;
  #rest = new Uint8Array();
  #started = false;

  constructor(take: (frame: Frame) => void) {
    this.#take = take;
  }

  /** Takes the next piece. */
  push(piece: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const view = viewOf(bytes);
    let at = 0;
    if (!this.#started && bytes.length >= fileHeaderLength) {
      if (view.getUint32(0, true) !== magic) throw new Error("Cannot read the capture: not pcap");
      this.#started = true;
      at = fileHeaderLength;
    }
    while (this.#started && bytes.length - at >= recordHeaderLength) {
      const length = view.getUint32(at + 8, true);
      const next = at + recordHeaderLength + length;
      if (next > bytes.length) break;
      const time = view.getUint32(at, true) * 1e6 + view.getUint32(at + 4, true) / 1000;
      const frame = readFrame(bytes.subarray(at + recordHeaderLength, next), time);
      if (frame !== undefined) this.#take(frame);
      at = next;
    }
    this.#rest = bytes.slice(at);
  }
}

function readFrame(bytes: Uint8Array, at: number): Frame | undefined {
  const type = (bytes[12] ?? 0) << 8 | (bytes[13] ?? 0);
  if (type === etherType.arp) return { kind: "arp", at };
  if (type !== etherType.ipv4 || bytes[23] !== ipProtocol.vrrp) return undefined;
  const pdu = 14 + ((bytes[14] ?? 0) & 0xf) * 4;
  const [vrid, priority] = [bytes[pdu + 1], bytes[pdu + 2]];
  if (vrid === undefined || priority === undefined) return undefined;
  return { kind: "advert", at, source: bytes.subarray(26, 30).join("."), vrid, priority };
}
