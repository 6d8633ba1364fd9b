/**
 * The trailer that signs an advert (`auth_hmac` of keepalived 2.4.2): it follows the whole advert,
 * in either version and family, and carries a time stamp and half of an HMAC-SHA-256. The digest
 * covers the advert, the stamp and the sender's address, and leaves the IP header out, which
 * routers change. Which key and which stamps are good is not decided here.
 */
import { addToChecksum, type Family, finishChecksum, hmac, type IpAddress } from "../base/mod.ts";
import {
  addPseudoHeader,
  type AddressPair,
  readU16,
  readU32,
  writeU16,
  writeU32,
} from "./field.ts";
import { ipProtocol } from "./ipv4.ts";

/** Length of the trailer. */
export const authTrailerLength = 28;

/** The only type there is. */
export const authTrailerType = 1;

/** The octets of HMAC-SHA-256 that are sent. */
const digestLength = 16;

/*
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+-------------------------------+
 *  |     Type      |    Key ID     |           Reserved            |
 *  +---------------+---------------+-------------------------------+
 *  |                    Seconds since 1970                         |
 *  +-------------------------------+-------------------------------+
 *  |       1/65536 seconds         |            Counter            |
 *  +-------------------------------+-------------------------------+
 *  |                       Digest, 16 octets                       |
 *  +---------------------------------------------------------------+
 */
const field = {
  type: 0,
  keyId: 1,
  reserved: 2,
  seconds: 4,
  subseconds: 8,
  counter: 10,
  digest: 12,
} as const;

/** Where the checksum of an advert is; it counts as zero, because it is written last. */
const advertChecksum = { start: 6, end: 8 } as const;

/** A trailer as it was received. */
export interface AuthTrailer {
  readonly type: number;
  readonly keyId: number;
  readonly reserved: number;
  readonly seconds: number;
  /** Seconds, fraction and counter as one number of 64 bits: later ones are greater. */
  readonly stamp: bigint;
  readonly digest: Uint8Array;
}

/** The trailer at the end of a signed advert, which the caller has found long enough. */
export function readAuthTrailer(signed: Uint8Array): AuthTrailer {
  const trailer = signed.subarray(signed.length - authTrailerLength);
  const seconds = readU32(trailer, field.seconds);
  const fraction = readU32(trailer, field.subseconds);
  return {
    type: trailer[field.type] ?? 0,
    keyId: trailer[field.keyId] ?? 0,
    reserved: readU16(trailer, field.reserved),
    seconds,
    stamp: BigInt(seconds) << 32n | BigInt(fraction),
    digest: trailer.subarray(field.digest),
  };
}

/** What a sender signs with. */
export interface AuthTrailerFields {
  readonly keyId: number;
  readonly key: Uint8Array;
  readonly stamp: bigint;
}

/**
 * Fills the trailer of an advert that has room for it. Over IPv6 the advert's checksum covers the
 * trailer, too, for there the kernel sums all that follows the header; over IPv4 it does not.
 */
export function writeAuthTrailer(
  signed: Uint8Array,
  { keyId, key, stamp }: AuthTrailerFields,
  addresses: AddressPair,
): void {
  const trailer = signed.subarray(signed.length - authTrailerLength);
  trailer[field.type] = authTrailerType;
  trailer[field.keyId] = keyId;
  writeU16(trailer, field.reserved, 0);
  writeU32(trailer, field.seconds, Number(stamp >> 32n));
  writeU32(trailer, field.subseconds, Number(stamp & 0xffff_ffffn));
  trailer.set(authTrailerDigest(signed, key, addresses.source), field.digest);
  if (addresses.source.family === "ipv4") return;
  writeU16(signed, advertChecksum.start, 0);
  const sum = addPseudoHeader(0, addresses, ipProtocol.vrrp, signed.length);
  writeU16(signed, advertChecksum.start, finishChecksum(addToChecksum(sum, signed)));
}

/** The digest that belongs to a signed advert of a sender. */
export function authTrailerDigest(
  signed: Uint8Array,
  key: Uint8Array,
  source: IpAddress,
): Uint8Array {
  const covered = signed.slice();
  covered.fill(0, advertChecksum.start, advertChecksum.end);
  covered.fill(0, covered.length - digestLength);
  return hmac("sha256", key, pseudoHeader(signed, source), covered).subarray(0, digestLength);
}

const familyNumber: Readonly<Record<Family, number>> = { ipv4: 4, ipv6: 6 };

/** Family, version, VRID, zero, then the source, which is 16 octets long in any family. */
function pseudoHeader(advert: Uint8Array, { family, bytes }: IpAddress): Uint8Array {
  const header = new Uint8Array(20);
  header[0] = familyNumber[family];
  header[1] = (advert[0] ?? 0) >> 4;
  header[2] = advert[1] ?? 0;
  header.set(bytes, 4);
  return header;
}
