/**
 * VRRP adverts: version 3 for both families (RFC 9568 §5), version 2 for IPv4 (RFC 3768 §5), and
 * version 2 over IPv6 as keepalived speaks it. Decoding and checking are apart, because a receiver
 * drops packets in a fixed order and most of the 25,000 in a second on a large segment are for
 * others: `decodeAdvertHeader` finds out for whom, `verifyAdvertChecksum` sums in place, and only
 * then `decodeAdvert` builds the list of addresses. All lengths follow from version, family and
 * count, so every loop has an end. The trailer of an extension is not part of the advert: callers
 * cut it off at `advertLength`.
 */
import {
  addressLength,
  addToChecksum,
  assert,
  centiseconds,
  type Duration,
  type Family,
  finishChecksum,
  type IpAddress,
  ok,
  type Result,
  seconds,
} from "../base/mod.ts";
import { type DecodeError, malformed, truncated } from "./error.ts";
import { addPseudoHeader, type AddressPair, readIp, readU16, writeU16 } from "./field.ts";
import { ipProtocol } from "./ipv4.ts";

/** The only type there is (RFC 9568 §5.2.2). */
export const advertType = 1;

/** Length of the part before the addresses. */
export const advertHeaderLength = 8;

/** Most addresses that the count can say. */
export const maxAdvertAddresses = 255;

/** Values of the version 2 Auth Type (RFC 2338 §5.3.6). */
export const advertAuthType = { none: 0, password: 1, ah: 2 } as const;

/** Length of the version 2 Authentication Data. */
const authDataLength = 8;

/*
 *  Version 3 (RFC 9568 §5.1)
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------+-------+---------------+---------------+---------------+
 *  |Version| Type  | Virtual Rtr ID|   Priority    |IPvX Addr Count|
 *  +-------+-------+---------------+---------------+---------------+
 *  |Reserve| Max Advertise Interval|           Checksum            |
 *  +-------+-----------------------+-------------------------------+
 *  |           Addresses, Count times 4 or 16 octets               |
 *  +---------------------------------------------------------------+
 *
 *  Version 2 (RFC 3768 §5.1); over IPv6 it ends with the addresses
 *  +-------+-------+---------------+---------------+---------------+
 *  |Version| Type  | Virtual Rtr ID|   Priority    | Count IP Addrs|
 *  +-------+-------+---------------+---------------+---------------+
 *  |   Auth Type   |   Adver Int   |           Checksum            |
 *  +---------------+---------------+-------------------------------+
 *  |           Addresses, Count times 4 octets                     |
 *  +---------------------------------------------------------------+
 *  |                Authentication Data, 8 octets                  |
 *  +---------------------------------------------------------------+
 */
const field = {
  versionAndType: 0,
  vrid: 1,
  priority: 2,
  count: 3,
  authType: 4,
  interval: 4,
  checksum: 6,
  addresses: advertHeaderLength,
} as const;

/** What stands first in an advert, enough to find the instance that it is for. */
export interface AdvertHeader {
  readonly version: number;
  readonly type: number;
  readonly vrid: number;
  readonly priority: number;
  readonly count: number;
}

/** An advert as it was received. */
export interface Advert extends AdvertHeader {
  readonly version: 2 | 3;
  /** Version 2 only; 0 in version 3. */
  readonly authType: number;
  readonly advertInterval: Duration;
  readonly addresses: readonly IpAddress[];
  readonly checksum: number;
}

/** What a sender chooses. */
export interface AdvertFields {
  readonly version: 2 | 3;
  readonly family: Family;
  readonly vrid: number;
  readonly priority: number;
  /** Whole seconds up to 255 in version 2, whole centiseconds up to 4095 in version 3. */
  readonly advertInterval: Duration;
  readonly addresses: readonly IpAddress[];
  /** Version 2 over IPv4 only; at most 8 octets, the rest is zero. */
  readonly auth?: { readonly type: number; readonly data: Uint8Array };
}

/** What the checksum covers beside the advert itself. */
export interface AdvertPseudo extends AddressPair {
  /** Leaves the pseudo header out in version 3 over IPv4, as some routers do. */
  readonly checksumAsV2: boolean;
}

/** The longest interval that a version can express. */
export function maxAdvertInterval(version: 2 | 3): Duration {
  return version === 2 ? seconds(255) : centiseconds(4095);
}

/** The length of an advert with so many addresses. */
export function advertLength(version: number, family: Family, count: number): number {
  const auth = version === 2 && family === "ipv4" ? authDataLength : 0;
  return advertHeaderLength + count * addressLength(family) + auth;
}

/** Reads the first fields; the rest may be missing or wrong. */
export function decodeAdvertHeader(pdu: Uint8Array): Result<AdvertHeader, DecodeError> {
  if (pdu.length < advertHeaderLength) {
    return truncated("VRRP header", advertHeaderLength, pdu.length);
  }
  const versionAndType = pdu[field.versionAndType] ?? 0;
  return ok({
    version: versionAndType >> 4,
    type: versionAndType & 0xf,
    vrid: pdu[field.vrid] ?? 0,
    priority: pdu[field.priority] ?? 0,
    count: pdu[field.count] ?? 0,
  });
}

/** Reads a whole advert, which must be exactly as long as its count says. */
export function decodeAdvert(pdu: Uint8Array, family: Family): Result<Advert, DecodeError> {
  const start = decodeAdvertHeader(pdu);
  if (!start.ok) return start;
  const { version, type, vrid, priority, count } = start.value;
  if (version !== 2 && version !== 3) return malformed(`VRRP version is ${version}, not 2 or 3`);
  const length = advertLength(version, family, count);
  if (pdu.length < length) return truncated("VRRP advert", length, pdu.length);
  if (pdu.length > length) {
    return malformed(`VRRP advert with count ${count} has ${pdu.length} octets, not ${length}`);
  }
  const addresses: IpAddress[] = [];
  const step = addressLength(family);
  for (let index = 0; index < count; index++) {
    addresses.push(readIp(pdu, field.addresses + index * step, family));
  }
  const interval = readU16(pdu, field.interval);
  return ok({
    version,
    type,
    vrid,
    priority,
    count,
    authType: version === 2 ? interval >> 8 : 0,
    // RFC 9568 §5.2.6: the four reserved bits are ignored.
    advertInterval: version === 2 ? seconds(interval & 0xff) : centiseconds(interval & 0xfff),
    addresses,
    checksum: readU16(pdu, field.checksum),
  });
}

/** The Authentication Data of a version 2 advert over IPv4 that `decodeAdvert` accepted. */
export function advertAuthData(pdu: Uint8Array): Uint8Array {
  return pdu.subarray(pdu.length - authDataLength);
}

/**
 * Whether the checksum of an advert is right. `pdu` is the advert without any trailer. Over IPv6
 * and in version 3 the pseudo header is part of the sum (RFC 9568 §5.2.8); in version 2 over IPv4
 * it is not, and the authentication data is (RFC 3768 §5.3.8).
 */
export function verifyAdvertChecksum(
  pdu: Uint8Array,
  how: AdvertPseudo & { readonly family: Family; readonly version: number },
): boolean {
  const sum = pseudoSum(how.family, how.version, how, pdu.length);
  return finishChecksum(addToChecksum(sum, pdu)) === 0;
}

/**
 * An advert with its checksum, ready to follow an IP header.
 *
 * @example
 * const pseudo = { source, destination: vrrpMulticast4, checksumAsV2: false };
 * const pdu = encodeAdvert(fields, pseudo);
 * const fixed = { protocol: ipProtocol.vrrp, ttl: vrrpTtl, tos: vrrpTos };
 * const packet = encodeIpv4({ ...pseudo, ...fixed, identification }, pdu);
 */
export function encodeAdvert(advert: AdvertFields, pseudo: AdvertPseudo): Uint8Array {
  const { version, family, addresses, auth } = advert;
  assert(addresses.length <= maxAdvertAddresses, "an advert has at most 255 addresses");
  const pdu = new Uint8Array(advertLength(version, family, addresses.length));
  pdu[field.versionAndType] = (version << 4) | advertType;
  pdu[field.vrid] = advert.vrid;
  pdu[field.priority] = advert.priority;
  pdu[field.count] = addresses.length;
  const authType = version === 2 ? auth?.type ?? advertAuthType.none : 0;
  writeU16(pdu, field.interval, (authType << 8) | intervalUnits(version, advert.advertInterval));
  const step = addressLength(family);
  for (const [index, address] of addresses.entries()) {
    assert(address.family === family, "an advert has addresses of its own family");
    pdu.set(address.bytes, field.addresses + index * step);
  }
  if (auth !== undefined) {
    assert(version === 2 && family === "ipv4", "only version 2 over IPv4 has authentication");
    assert(auth.data.length <= authDataLength, "authentication data has at most 8 octets");
    pdu.set(auth.data, pdu.length - authDataLength);
  }
  const sum = pseudoSum(family, version, pseudo, pdu.length);
  writeU16(pdu, field.checksum, finishChecksum(addToChecksum(sum, pdu)));
  return pdu;
}

/** The interval in the unit of its version. */
function intervalUnits(version: 2 | 3, interval: Duration): number {
  assert(interval >= 0 && interval <= maxAdvertInterval(version), "the interval fits its field");
  return Math.round(interval / (version === 2 ? seconds(1) : centiseconds(1)));
}

/** Sums the pseudo header where there is one. */
function pseudoSum(family: Family, version: number, pseudo: AdvertPseudo, length: number): number {
  if (family === "ipv4" && (version === 2 || pseudo.checksumAsV2)) return 0;
  return addPseudoHeader(0, pseudo, ipProtocol.vrrp, length);
}
