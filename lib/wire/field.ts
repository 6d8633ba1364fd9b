/**
 * Reading and writing the fields that packets share: big-endian numbers, addresses, and the pseudo
 * header that transport checksums cover. Readers expect that the caller has checked the length; an
 * octet past the end reads as zero, so nothing here throws on what came from the network.
 */
import {
  addressLength,
  addToChecksum,
  assert,
  type Family,
  type IpAddress,
  type MacAddress,
  macFromBytes,
} from "../base/mod.ts";

/** The two addresses that a pseudo header is made of. */
export interface AddressPair {
  readonly source: IpAddress;
  readonly destination: IpAddress;
}

/** The 16-bit number at an offset. */
export function readU16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** Writes a 16-bit number at an offset. */
export function writeU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

/** A copy of the IP address at an offset; a loop, for it is half the cost of two views. */
export function readIp(bytes: Uint8Array, at: number, family: Family): IpAddress {
  const length = addressLength(family);
  const copy = new Uint8Array(length);
  for (let index = 0; index < length; index++) copy[index] = bytes[at + index] ?? 0;
  return { family, bytes: copy };
}

/** A copy of the Ethernet address at an offset; the caller has checked that it is there. */
export function readMac(bytes: Uint8Array, at: number): MacAddress {
  const mac = macFromBytes(bytes.subarray(at, at + 6));
  assert(mac !== undefined, "an Ethernet address lies within its packet");
  return mac;
}

/**
 * Adds a pseudo header to a running checksum without building it. The words of RFC 793 §3.1 (IPv4)
 * and RFC 8200 §8.1 (IPv6) differ in layout and not in sum: addresses, protocol, length.
 */
export function addPseudoHeader(
  sum: number,
  addresses: AddressPair,
  protocol: number,
  length: number,
): number {
  const afterSource = addToChecksum(sum, addresses.source.bytes);
  return addToChecksum(afterSource, addresses.destination.bytes) + protocol + length;
}

/** The 32-bit number at an offset. */
export function readU32(bytes: Uint8Array, at: number): number {
  return readU16(bytes, at) * 0x1_0000 + readU16(bytes, at + 2);
}

/** Writes a 32-bit number at an offset. */
export function writeU32(bytes: Uint8Array, at: number, value: number): void {
  writeU16(bytes, at, Math.floor(value / 0x1_0000));
  writeU16(bytes, at + 2, value % 0x1_0000);
}
