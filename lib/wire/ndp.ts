/**
 * Neighbor Discovery for IPv6 (RFC 4861), as far as virtual addresses need it: the unsolicited
 * neighbor advertisement that tells a segment where an address lives now (§7.2.6), as gratuitous
 * ARP does for IPv4.
 */
import {
  assert,
  type IpAddress,
  ipFromBytes,
  type MacAddress,
  ok,
  type Result,
} from "../base/mod.ts";
import { type DecodeError, malformed, truncated } from "./error.ts";
import { encodeEthernet, etherType, multicastMac } from "./ethernet.ts";
import { readIp, readMac } from "./field.ts";
import { fillIcmpChecksum } from "./icmp.ts";
import { ipProtocol } from "./ipv4.ts";
import { encodeIpv6 } from "./ipv6.ts";

/** ICMPv6 types of Neighbor Discovery (RFC 4861 §4). */
export const ndpType = {
  routerSolicitation: 133,
  routerAdvertisement: 134,
  neighborSolicitation: 135,
  neighborAdvertisement: 136,
} as const;

/** ff02::1, all nodes on the link (RFC 4291 §2.7.1). */
export const allNodesMulticast: IpAddress = ipFromBytes(
  Uint8Array.of(0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01),
);

/** Option "Target Link-Layer Address" (RFC 4861 §4.6.1). */
const targetLinkLayerOption = 2;

/** Length of an advertisement before its options. */
const advertisementLength = 24;

/** Hop limit that every receiver demands (RFC 4861 §7.1.2). */
const ndpHopLimit = 255;

/*
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+-------------------------------+
 *  |  Type (136)   |    Code (0)   |           Checksum            |
 *  +-+-+-+---------+---------------+-------------------------------+
 *  |R|S|O|                       Reserved                          |
 *  +-+-+-+---------------------------------------------------------+
 *  |                   Target Address, 16 octets                   |
 *  +---------------+---------------+-------------------------------+
 *  | Option Type 2 |   Length (1)  | Link-Layer Address, 6 octets  |
 *  +---------------+---------------+-------------------------------+
 */
const field = { type: 0, code: 1, flags: 4, target: 8, options: advertisementLength } as const;

const flag = { router: 0x80, solicited: 0x40, override: 0x20 } as const;

/** A neighbor advertisement. */
export interface NeighborAdvertisement {
  readonly router: boolean;
  readonly solicited: boolean;
  readonly override: boolean;
  readonly target: IpAddress;
  /** The target's Ethernet address, when the option is there. */
  readonly targetMac?: MacAddress;
}

/** Reads an ICMPv6 message that is a neighbor advertisement; the checksum is not looked at. */
export function decodeNeighborAdvertisement(
  bytes: Uint8Array,
): Result<NeighborAdvertisement, DecodeError> {
  if (bytes.length < advertisementLength) {
    return truncated("Neighbor advertisement", advertisementLength, bytes.length);
  }
  if (bytes[field.type] !== ndpType.neighborAdvertisement || bytes[field.code] !== 0) {
    return malformed(`ICMPv6 type ${bytes[field.type]} is no neighbor advertisement`);
  }
  const options = decodeTargetMac(bytes.subarray(field.options));
  if (!options.ok) return options;
  const flags = bytes[field.flags] ?? 0;
  return ok({
    router: (flags & flag.router) !== 0,
    solicited: (flags & flag.solicited) !== 0,
    override: (flags & flag.override) !== 0,
    target: readIp(bytes, field.target, "ipv6"),
    ...(options.value === undefined ? {} : { targetMac: options.value }),
  });
}

/** Walks the options; their length is in units of 8 octets and never 0 (RFC 4861 §4.6). */
function decodeTargetMac(options: Uint8Array): Result<MacAddress | undefined, DecodeError> {
  let mac: MacAddress | undefined;
  let at = 0;
  while (at < options.length) {
    const length = (options[at + 1] ?? 0) * 8;
    if (length === 0) return malformed("Neighbor discovery option has length 0");
    if (at + length > options.length) {
      return truncated("Neighbor discovery option", length, options.length - at);
    }
    if (options[at] === targetLinkLayerOption && length === 8) mac = readMac(options, at + 2);
    at += length;
  }
  return ok(mac);
}

/** The ICMPv6 message with its checksum. */
export function encodeNeighborAdvertisement(
  advertisement: NeighborAdvertisement,
  addresses: { readonly source: IpAddress; readonly destination: IpAddress },
): Uint8Array {
  const { targetMac } = advertisement;
  assert(advertisement.target.family === "ipv6", "neighbor discovery is for IPv6");
  const bytes = new Uint8Array(advertisementLength + (targetMac === undefined ? 0 : 8));
  bytes[field.type] = ndpType.neighborAdvertisement;
  bytes[field.flags] = (advertisement.router ? flag.router : 0) |
    (advertisement.solicited ? flag.solicited : 0) | (advertisement.override ? flag.override : 0);
  bytes.set(advertisement.target.bytes, field.target);
  if (targetMac !== undefined) {
    bytes.set([targetLinkLayerOption, 1], field.options);
    bytes.set(targetMac, field.options + 2);
  }
  fillIcmpChecksum(bytes, addresses);
  return bytes;
}

/**
 * The whole frame that tells every node on the link where an address lives now: from the address
 * itself to all nodes, with the override flag. `router` says whether this node forwards.
 */
export function encodeUnsolicitedNeighborAdvertisement(
  mac: MacAddress,
  address: IpAddress,
  router: boolean,
): Uint8Array {
  const addresses = { source: address, destination: allNodesMulticast };
  const message = encodeNeighborAdvertisement(
    { router, solicited: false, override: true, target: address, targetMac: mac },
    addresses,
  );
  const packet = encodeIpv6(
    { ...addresses, protocol: ipProtocol.icmpv6, hopLimit: ndpHopLimit, trafficClass: 0 },
    message,
  );
  const destination = multicastMac(allNodesMulticast);
  return encodeEthernet({ destination, source: mac, etherType: etherType.ipv6 }, packet);
}
