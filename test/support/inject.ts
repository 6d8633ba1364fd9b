/**
 * Frames for the simulator's wire around adverts that a test made, and a second opinion about the
 * checksum of those that a node sent.
 */
import { internetChecksum } from "../../lib/base/mod.ts";
import { encodeEthernet, etherType, ipv4HeaderLength } from "../../lib/wire/mod.ts";
import { ipv4Packet, type PacketWords } from "./advert.ts";
import { ip, mac } from "./plan.ts";

const ends = {
  destination: mac("02:00:00:00:00:01"),
  source: mac("02:00:00:00:00:fe"),
  etherType: etherType.ipv4,
};

/** The frame of an advert over IPv4. */
export function packetFrame(pdu: Uint8Array, words: PacketWords = {}): Uint8Array {
  return frameOf(ipv4Packet(pdu, words));
}

/** The frame of an IPv4 packet, its header checksum filled in. */
export function frameOf(packet: Uint8Array): Uint8Array {
  const filled = packet.slice();
  filled.fill(0, 10, 12);
  const sum = internetChecksum(filled.subarray(0, ipv4HeaderLength));
  filled.set([sum >> 8, sum & 0xff], 10);
  return encodeEthernet(ends, filled);
}

/** Whether the version 3 checksum in an IPv4 packet is right if it was sent to an address. */
export function checksumIs(packet: Uint8Array, destination: string): boolean {
  const pdu = packet.subarray(ipv4HeaderLength);
  const pseudo = [...packet.subarray(12, 16), ...ip(destination).bytes, 0, 112, 0, pdu.length];
  return internetChecksum(Uint8Array.from([...pseudo, ...pdu])) === 0;
}
