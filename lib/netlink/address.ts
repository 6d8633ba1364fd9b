/**
 * Addresses of interfaces (linux/if_addr.h, struct ifaddrmsg). On a point-to-point link the kernel
 * calls our end IFA_LOCAL and the other one IFA_ADDRESS; elsewhere both are the same, and IPv6 says
 * only IFA_ADDRESS. Here `local` is always ours, and `peer` is there when it differs. The requests
 * that add and remove addresses are in `address_request.ts`.
 */
import {
  addressLength,
  equalIp,
  type Family,
  type IfIndex,
  ifIndex,
  type IpAddress,
  ipFromBytes,
  ok,
  type Result,
  viewOf,
} from "../base/mod.ts";
import { AttributeReader, AttributeWriter } from "./attributes.ts";
import {
  addressAttribute,
  addressFamily,
  addressFlag,
  foreverSeconds,
  messageFlag,
  messageType,
} from "./constants.ts";
import { failure, type NetlinkError } from "./error.ts";
import { encodeRequest, type NetlinkMessage } from "./message.ts";

/*
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+---------------+---------------+
 *  |    Family     | Prefix Length | Flags, low 8  |     Scope     |
 *  +---------------+---------------+---------------+---------------+
 *  |                      Index of the interface                   |
 *  +---------------------------------------------------------------+
 */
const field = { family: 0, prefixLength: 1, flags: 2, scope: 3, index: 4 } as const;

/** Length of struct ifaddrmsg. */
const addressHeaderLength = 8;

/** Length of struct ifa_cacheinfo: preferred, valid, created, updated. */
export const cacheInfoLength = 16;

/** One address of one interface. */
export interface AddressMessage {
  readonly family: Family;
  readonly ifIndex: IfIndex;
  readonly local: IpAddress;
  /** The other end of a point-to-point link; the prefix length is then its. */
  readonly peer?: IpAddress;
  readonly prefixLength: number;
  readonly scope: number;
  /** All IFA_F_… flags. */
  readonly flags: number;
  readonly secondary: boolean;
  /** Not usable yet, or found to be a duplicate. */
  readonly tentative: boolean;
  readonly broadcast?: IpAddress;
  readonly label?: string;
  /** `foreverSeconds` without a limit. */
  readonly preferredLft: number;
  readonly validLft: number;
  /** RTPROT_… of who added it; absent before Linux 5.18. */
  readonly protocol?: number;
}

/** Reads an RTM_NEWADDR or RTM_DELADDR of IPv4 or IPv6. */
export function decodeAddress(message: NetlinkMessage): Result<AddressMessage, NetlinkError> {
  const { payload } = message;
  if (payload.length < addressHeaderLength) {
    return failure("truncated", `Address message is cut short: got ${payload.length} octets`);
  }
  const view = viewOf(payload);
  const family = familyOf(view.getUint8(field.family));
  if (family === undefined) {
    return failure("malformed", `Address message has family ${view.getUint8(field.family)}`);
  }
  const attributes = new AttributeReader(payload.subarray(addressHeaderLength));
  const address = readAddress(attributes, addressAttribute.address, family);
  const local = readAddress(attributes, addressAttribute.local, family) ?? address;
  const flags = attributes.u32(addressAttribute.flags) ?? view.getUint8(field.flags);
  const details = {
    ...readDetails(attributes, family),
    ...readLifetimes(attributes.bytes(addressAttribute.cacheInfo)),
  };
  if (attributes.error !== undefined) return { ok: false, error: attributes.error };
  if (local === undefined) return failure("malformed", "Address message has no address");
  return ok({
    family,
    ifIndex: ifIndex(view.getUint32(field.index, true)),
    local,
    ...(address === undefined || equalIp(address, local) ? {} : { peer: address }),
    prefixLength: view.getUint8(field.prefixLength),
    scope: view.getUint8(field.scope),
    flags,
    secondary: (flags & addressFlag.secondary) !== 0,
    tentative: (flags & (addressFlag.tentative | addressFlag.dadFailed)) !== 0,
    ...details,
  });
}

function familyOf(number: number): Family | undefined {
  if (number === addressFamily.ipv4) return "ipv4";
  return number === addressFamily.ipv6 ? "ipv6" : undefined;
}

function readAddress(
  attributes: AttributeReader,
  type: number,
  family: Family,
): IpAddress | undefined {
  const bytes = attributes.bytes(type);
  return bytes?.length === addressLength(family) ? ipFromBytes(bytes) : undefined;
}

function readDetails(
  attributes: AttributeReader,
  family: Family,
): { broadcast?: IpAddress; label?: string; protocol?: number } {
  const broadcast = readAddress(attributes, addressAttribute.broadcast, family);
  const label = attributes.text(addressAttribute.label);
  const proto = attributes.u8(addressAttribute.protocol);
  return {
    ...(broadcast === undefined ? {} : { broadcast }),
    ...(label === undefined ? {} : { label }),
    ...(proto === undefined ? {} : { protocol: proto }),
  };
}

function readLifetimes(bytes: Uint8Array | undefined): { preferredLft: number; validLft: number } {
  if (bytes === undefined || bytes.length < cacheInfoLength) {
    return { preferredLft: foreverSeconds, validLft: foreverSeconds };
  }
  const view = viewOf(bytes);
  return { preferredLft: view.getUint32(0, true), validLft: view.getUint32(4, true) };
}

/** What stands in struct ifaddrmsg of a request. */
export interface AddressHeader {
  readonly family: number;
  readonly prefixLength?: number;
  readonly flags?: number;
  readonly scope?: number;
  readonly ifIndex?: number;
}

/** Struct ifaddrmsg for a request. */
export function encodeAddressHeader(header: AddressHeader): Uint8Array {
  const bytes = new Uint8Array(addressHeaderLength);
  const view = viewOf(bytes);
  view.setUint8(field.family, header.family);
  view.setUint8(field.prefixLength, header.prefixLength ?? 0);
  view.setUint8(field.flags, (header.flags ?? 0) & 0xff);
  view.setUint8(field.scope, header.scope ?? 0);
  view.setUint32(field.index, header.ifIndex ?? 0, true);
  return bytes;
}

/** Asks for all addresses, of one family or of both. */
export function encodeDumpAddresses(sequence: number, family?: Family): Uint8Array {
  const number = family === undefined ? addressFamily.unspecified : addressFamily[family];
  const body = new AttributeWriter().raw(encodeAddressHeader({ family: number }));
  const flags = messageFlag.request | messageFlag.dump;
  return encodeRequest({ type: messageType.getAddress, flags, sequence }, body);
}
