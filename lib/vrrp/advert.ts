/**
 * The packets that an instance sends. A master sends the same octets for hours, so they are built
 * once for each priority and source and then only get a new IPv4 identification.
 */
import { assert, equalIp, type IpAddress, type Priority } from "../base/mod.ts";
import {
  advertAuthType,
  type AdvertFields,
  ahLength,
  authTrailerLength,
  encodeAdvert,
  encodeIpv4,
  ipProtocol,
} from "../wire/mod.ts";
import type { InstancePlan } from "./plan.ts";

/** RFC 9568 §5.1.1.3, and keepalived's type of service: internetwork control. */
const advertTtl = 255;
const advertTypeOfService = 0xc0;

/** Where an advert comes from and goes to. */
export interface AdvertEnds {
  readonly source: IpAddress;
  /** The multicast group, or each of the unicast peers. */
  readonly destinations: readonly IpAddress[];
  /** Version 3 over IPv4: the checksum takes the group for the destination. */
  readonly oldChecksum: boolean;
  /** So many addresses have room in it; all of them when absent. */
  readonly addressesMax?: number;
}

/** Which advert: its priority, and the place of its destination in the list. */
export interface AdvertKey {
  readonly priority: Priority;
  readonly place: number;
}

/** Adverts of one instance that were already built. */
export interface AdvertCache {
  plan: InstancePlan | undefined;
  ends: AdvertEnds | undefined;
  /** By priority, and by the place of the destination in the list. */
  readonly packets: Map<number, Uint8Array>;
  identification: number;
}

/** A cache with nothing in it. */
export function newAdvertCache(): AdvertCache {
  return { plan: undefined, ends: undefined, packets: new Map(), identification: 0 };
}

/**
 * The packet for this priority and the destination at this place of the list: with IP header for
 * IPv4, without for IPv6. The octets belong to the cache and change with the next call.
 */
export function advertPacket(
  cache: AdvertCache,
  plan: InstancePlan,
  ends: AdvertEnds,
  { priority, place }: AdvertKey,
): Uint8Array {
  if (cache.plan !== plan || !sameEnds(cache.ends, ends)) {
    cache.packets.clear();
    cache.plan = plan;
    cache.ends = ends;
  }
  const key = place * 256 + priority;
  let packet = cache.packets.get(key);
  if (packet === undefined) {
    packet = buildPacket(plan, ends, { priority, place });
    cache.packets.set(key, packet);
  }
  if (plan.family === "ipv4") {
    // keepalived counts adverts, not their copies, and leaves 0 out: the kernel would replace it.
    if (place === 0) cache.identification = cache.identification % 0xffff + 1;
    packet[4] = cache.identification >> 8;
    packet[5] = cache.identification & 0xff;
  }
  return packet;
}

function sameEnds(a: AdvertEnds | undefined, b: AdvertEnds): boolean {
  return a !== undefined && a.destinations === b.destinations && a.oldChecksum === b.oldChecksum &&
    a.addressesMax === b.addressesMax && equalIp(a.source, b.source);
}

function buildPacket(
  plan: InstancePlan,
  { source, destinations, oldChecksum, addressesMax }: AdvertEnds,
  { priority, place }: AdvertKey,
): Uint8Array {
  const { version, family, vrid, advertInterval, checksumAsV2, multicastGroup, unicast } = plan;
  const destination = destinations[place];
  assert(destination !== undefined, "an advert has a destination");
  const summed = oldChecksum && family === "ipv4" ? multicastGroup : destination;
  const addresses = plan.addresses.slice(0, addressesMax).map(({ address }) => address);
  const pdu = encodeAdvert(
    { version, family, vrid, priority, advertInterval, addresses, ...authOf(plan) },
    { source, destination: summed, checksumAsV2 },
  );
  if (family === "ipv6") return withRoom(plan, pdu);
  return encodeIpv4({
    source,
    destination,
    protocol: plan.ahKey === undefined ? ipProtocol.vrrp : ipProtocol.ah,
    ttl: unicast?.ttl ?? advertTtl,
    tos: advertTypeOfService,
    identification: 0,
  }, withRoom(plan, pdu));
}

/** The fields of version 2 that name the authentication. */
function authOf({ password, ahKey }: InstancePlan): Pick<AdvertFields, "auth"> {
  if (ahKey !== undefined) return { auth: { type: advertAuthType.ah, data: new Uint8Array(8) } };
  return password === undefined ? {} : { auth: { type: advertAuthType.password, data: password } };
}

/** An advert with room for what `sign` fills in. */
function withRoom({ ahKey, hmac }: InstancePlan, pdu: Uint8Array): Uint8Array {
  const before = ahKey === undefined ? 0 : ahLength;
  const behind = hmac === undefined || hmac.mode === "receive-only" ? 0 : authTrailerLength;
  if (before + behind === 0) return pdu;
  const roomy = new Uint8Array(before + pdu.length + behind);
  roomy.set(pdu, before);
  return roomy;
}
