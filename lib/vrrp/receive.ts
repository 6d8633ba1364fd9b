/**
 * What a received packet must be before it counts as an advert: the checks of RFC 9568 §7.1 in
 * keepalived's order, each with its counter. A packet that fails one changes nothing else.
 */
import {
  addressLength,
  assert,
  equalIp,
  equalSecret,
  type Family,
  formatDuration,
  formatIp,
  inSeconds,
  type IpAddress,
  isMulticast,
} from "../base/mod.ts";
import {
  advertAuthData,
  advertAuthType,
  advertLength,
  ahLength,
  authTrailerLength,
  decodeAdvert,
  ipProtocol,
  verifyAdvertChecksum,
} from "../wire/mod.ts";
import { judgeAh } from "./authentication/ah.ts";
import { groupMarksMax, type HmacVerdict, judgeHmac } from "./authentication/hmac.ts";
import { type AddressDifference, describeDifference, differenceOf } from "./address_list.ts";
import type { HeardAdvert, Instance } from "./instance_state.ts";
import type { InstancePlan } from "./plan.ts";
import type { CounterName } from "./state.ts";
import { isOwner } from "./timing.ts";
import { peerWith, refuseSender } from "./unicast.ts";

/** A VRRP packet without its IP header. */
export interface Datagram {
  readonly family: Family;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** Time To Live or Hop Limit. */
  readonly ttl: number;
  /** 112, or 51 when an authentication header comes first. */
  readonly protocol: number;
  /** What follows the IP header, as long as the IP header says. */
  readonly payload: Uint8Array;
  /** IPv4 only: the octets that `payload` is a view of, from the IP header on. */
  readonly packet?: Uint8Array;
  /** When it came, in microseconds since 1970; only signed adverts are held against it. */
  readonly wall?: number;
}

/** What became of a packet. */
export type Verdict =
  | {
    readonly kind: "advert";
    readonly advert: HeardAdvert;
    /** Things that are wrong but do not make the advert invalid. */
    readonly remarks: readonly Remark[];
    /** How far the clock of a sender is ahead, when that is worth a warning. */
    readonly skewSeconds?: number;
    /** Its checksum is only right as keepalived made it before 1.3.6. */
    readonly oldChecksum: boolean;
    /** Its list of addresses is not ours. */
    readonly difference?: AddressDifference;
  }
  | { readonly kind: "dropped"; readonly counter: CounterName; readonly detail: string };

/** Something that is counted and told, but not held against the advert. */
export interface Remark {
  readonly counter: CounterName;
  readonly detail: string;
}

const unsigned: Extract<HmacVerdict, { kind: "good" }> = { kind: "good" };

/** RFC 9568 §5.1.1.3: a packet that was forwarded by a router is not valid. */
const requiredTtl = 255;
/** Shortest Ethernet payload: short packets may arrive padded to it. */
const minimumEthernetPayload = 46;

/** Checks a packet for an instance and counts the outcome. */
export function receiveAdvert(instance: Instance, datagram: Datagram): Verdict {
  const verdict = judge(instance, datagram);
  if (verdict.kind === "dropped") instance.counters[verdict.counter]++;
  else {
    instance.counters.advertReceived++;
    for (const remark of verdict.remarks) instance.counters[remark.counter]++;
  }
  return verdict;
}

function judge(instance: Instance, datagram: Datagram): Verdict {
  const { plan } = instance;
  const withAh = datagram.protocol !== ipProtocol.vrrp;
  const whole = withAh ? datagram.payload.subarray(ahLength) : trimPadding(datagram);
  const [first = 0, , , count = 0, fourth = 0, fifth = 0] = whole;
  const version = first >> 4;
  if (instance.source !== undefined && equalIp(instance.source, datagram.source)) {
    return drop("ownAdvertReceived", `it comes from our own address`);
  }
  if (withAh !== (plan.ahKey !== undefined)) {
    return drop("authTypeMismatch", `it carries ${withAh ? "an" : "no"} authentication header`);
  }
  const expected = advertLength(version, datagram.family, count);
  const isSigned = plan.hmac !== undefined && whole.length === expected + authTrailerLength;
  const pdu = isSigned ? whole.subarray(0, expected) : whole;
  if (pdu.length < 8 || pdu.length !== expected) {
    return drop("packetLengthErrors", `${pdu.length} octets, expected ${expected} for ${count}`);
  }
  if (datagram.ttl !== requiredTtl && plan.unicast === undefined) {
    return drop("ipTtlErrors", `TTL ${datagram.ttl}, expected ${requiredTtl}`);
  }
  if (version !== plan.version) {
    return drop("versionErrors", `version ${version}, expected ${plan.version}`);
  }
  const signature = judgeSignature(instance, datagram, isSigned ? whole : undefined);
  if (signature.kind === "bad") return drop(signature.counter, signature.detail);
  if (plan.version === 2) {
    const refused = judgeAuthentication(instance, datagram, fourth, pdu) ??
      judgeInterval(plan, fifth);
    if (refused !== undefined) return refused;
  }
  if ((first & 0x0f) !== 1) return drop("invalidTypeReceived", `type ${first & 0x0f}, expected 1`);
  // Over IPv6 the checksum covers the trailer, too.
  const summed = datagram.family === "ipv6" ? whole : pdu;
  const verdict = judgeContent(instance, datagram, pdu, summed);
  const { skewSeconds } = signature;
  return verdict.kind === "dropped" || skewSeconds === undefined
    ? verdict
    : { ...verdict, skewSeconds };
}

/**
 * The signature of an advert where signatures are looked at; one that is there must be right, and
 * with unicast a peer's, because only peers have a place to remember their stamps in.
 */
function judgeSignature(
  { plan: { hmac, unicast }, authentication }: Instance,
  { source, wall = 0 }: Datagram,
  signed: Uint8Array | undefined,
): HmacVerdict {
  if (hmac === undefined) return unsigned;
  if (signed !== undefined) {
    if (unicast !== undefined && peerWith(unicast, source) === undefined) {
      return { kind: "bad", counter: "unknownPeer", detail: "the sender is no unicast peer" };
    }
    const marksMax = unicast?.peers.length ?? groupMarksMax;
    return judgeHmac(authentication, hmac, signed, { source, wall, marksMax });
  }
  return hmac.mode === "enforce"
    ? { kind: "bad", counter: "authExtMissing", detail: "it is not signed" }
    : unsigned;
}

/** Authentication of version 2: RFC 3768 §7.1; the password is RFC 2338's, as keepalived has it. */
function judgeAuthentication(
  { plan, authentication }: Instance,
  datagram: Datagram,
  type: number,
  pdu: Uint8Array,
): Verdict | undefined {
  const { none, password, ah } = advertAuthType;
  const expected = plan.ahKey !== undefined ? ah : plan.password === undefined ? none : password;
  if (type > ah) return drop("invalidAuthType", `authentication type ${type}`);
  if (type !== expected) {
    return drop("authTypeMismatch", `authentication type ${type}, expected ${expected}`);
  }
  if (plan.ahKey !== undefined) {
    const detail = judgeAh(authentication, datagram, plan.ahKey);
    return detail === undefined ? undefined : drop("authFailure", detail);
  }
  if (plan.password === undefined || equalSecret(advertAuthData(pdu), plan.password)) {
    return undefined;
  }
  return drop("authFailure", "wrong password");
}

/** RFC 3768 §7.1: in version 2 all routers must have the same interval. */
function judgeInterval(plan: InstancePlan, interval: number): Verdict | undefined {
  const own = inSeconds(plan.advertInterval);
  if (interval === own) return undefined;
  return drop("advertIntervalErrors", `advert interval ${interval} s, expected ${own} s`);
}

function judgeContent(
  instance: Instance,
  datagram: Datagram,
  pdu: Uint8Array,
  summed: Uint8Array,
): Verdict {
  const { plan } = instance;
  const { family, source, destination } = datagram;
  const sum = judgeChecksum(instance, datagram, summed);
  if (sum === "wrong") return drop("checksumErrors", "wrong checksum");
  const { unicast } = plan;
  if (isMulticast(destination) !== (unicast === undefined)) {
    const expected = unicast === undefined ? "multicast" : "unicast";
    return drop("packetLengthErrors", `sent to ${formatIp(destination)}, expected ${expected}`);
  }
  const refused = unicast === undefined ? undefined : refuseSender(unicast, datagram);
  if (refused !== undefined) return { kind: "dropped", ...refused };
  if (isOwner(plan) && plan.ownerIgnoreAdverts) {
    return drop("ownerAdvertIgnored", "the address owner ignores adverts");
  }
  const decoded = decodeAdvert(pdu, family);
  assert(decoded.ok, "a packet of exact length decodes");
  const { priority, advertInterval, addresses } = decoded.value;
  const remarks: Remark[] = [];
  if (advertInterval !== plan.advertInterval) {
    const detail = `advert interval ${formatDuration(advertInterval)}, ours is ` +
      formatDuration(plan.advertInterval);
    remarks.push({ counter: "advertIntervalErrors", detail });
  }
  let difference: AddressDifference | undefined;
  if (!skipsAddresses(instance, source) && !sameAddresses(instance, addresses)) {
    const ours = plan.addresses.slice(0, instance.addressesMax).map(({ address }) => address);
    difference = differenceOf(addresses, ours);
    remarks.push({ counter: "addressListErrors", detail: describeDifference(difference, ours) });
  }
  const advert = { address: source, priority, advertInterval };
  const foreign = remarks.length > 0 && isForeign(plan, addresses);
  return {
    kind: "advert",
    advert: foreign ? { ...advert, foreign } : advert,
    remarks,
    oldChecksum: sum === "old",
    ...(difference === undefined ? {} : { difference }),
  };
}

/** Whether a list of addresses has none of ours: it is another virtual router's. */
function isForeign(plan: InstancePlan, addresses: readonly IpAddress[]): boolean {
  return addresses.length > 0 && plan.addresses.length > 0 &&
    !plan.addresses.some(({ address }) => addresses.some((other) => equalIp(address, other)));
}

/**
 * A unicast packet over IPv4 may have its version 3 checksum as keepalived made it before 1.3.6.
 * Whoever hears one that is only right in that way makes its own so as well, for its peer takes no
 * others.
 */
function judgeChecksum(
  { plan }: Instance,
  { family, source, destination }: Datagram,
  pdu: Uint8Array,
): "right" | "old" | "wrong" {
  const { version, checksumAsV2, unicast, multicastGroup } = plan;
  const how = { family, version, source, destination, checksumAsV2 };
  if (verifyAdvertChecksum(pdu, how)) return "right";
  const mayBeOld = unicast !== undefined && unicast.oldChecksum !== "never" && family === "ipv4";
  if (!mayBeOld || version !== 3 || checksumAsV2) return "wrong";
  return verifyAdvertChecksum(pdu, { ...how, destination: multicastGroup }) ? "old" : "wrong";
}

/** keepalived: `skip_check_adv_addr` only holds while the master stays the same. */
export function skipsAddresses({ plan, state }: Instance, source: IpAddress): boolean {
  return plan.skipCheckAdvertAddresses && state.kind === "BACKUP" && state.master !== undefined &&
    equalIp(state.master.address, source);
}

function sameAddresses(
  { plan, addressesMax }: Instance,
  addresses: readonly IpAddress[],
): boolean {
  return addresses.length === Math.min(plan.addresses.length, addressesMax) &&
    plan.addresses.every(({ address }, at) =>
      at >= addressesMax || addresses.some((other) => equalIp(address, other))
    );
}

/** keepalived: what Ethernet pads a short packet with is left out of account. */
function trimPadding(datagram: Datagram): Uint8Array {
  const { payload, family } = datagram;
  if (payload.length < 8 || payload.length > minimumEthernetPayload) return payload;
  const [first = 0, , , count = 0] = payload;
  const expected = advertLength(first >> 4, family, count);
  const padding = payload.length - expected;
  const padded = padding > 0 && padding % addressLength("ipv4") === 0 &&
    payload.subarray(expected).every((octet) => octet === 0);
  return padded ? payload.subarray(0, expected) : payload;
}

function drop(counter: CounterName, detail: string): Verdict {
  return { kind: "dropped", counter, detail };
}
