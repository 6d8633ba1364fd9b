/**
 * The way of a received packet: IP header, virtual router, checks, state machine. Whatever is wrong
 * with it is counted, told once for each kind until something changes, and changes nothing else.
 */
import {
  anyInterface,
  equalIp,
  err,
  type IfIndex,
  type Instant,
  ok,
  type Result,
} from "../base/mod.ts";
import {
  type CounterName,
  type Datagram,
  hearAdvert,
  type Instance,
  receiveAdvert,
  skipsAddresses,
  type Verdict,
} from "../vrrp/mod.ts";
import { decodeIpv4 } from "../wire/mod.ts";
import type { ReceivedPacket } from "./event.ts";
import { settle } from "./settle.ts";
import { type Slot, tell } from "./slot.ts";
import { routerFor } from "./unicast.ts";
import { routerKey, type World } from "./world.ts";

/** Takes one packet from the wire. */
export function packetReceived(world: World, packet: ReceivedPacket, now: Instant): void {
  const datagram = toDatagram(packet);
  const vrid = datagram.ok ? vridOf(datagram.value) : undefined;
  if (!datagram.ok || vrid === undefined) {
    world.unmatched.malformed++;
    return;
  }
  const key = routerKey(packet.ifIndex, packet.family, vrid);
  const slot = routerFor(world.routers.get(key), datagram.value);
  if (slot === undefined) return unknownVrid(world, packet.ifIndex, key, vrid);
  const { instance } = slot;
  if (!listens(instance)) return;
  const verdict = receiveAdvert(instance, withTime(world, instance, datagram.value));
  if (verdict.kind === "dropped") return tellDropped(world, slot, datagram.value, verdict);
  for (const remark of verdict.remarks) tellDropped(world, slot, datagram.value, remark);
  if (verdict.skewSeconds !== undefined) tellSkew(world, slot, verdict);
  if (verdict.oldChecksum && !instance.oldChecksum) {
    instance.oldChecksum = true;
    const { name } = instance.plan;
    tell(world, { kind: "old-checksum", instance: name, source: datagram.value.source });
  }
  const skipped = slot.difference !== undefined && skipsAddresses(instance, datagram.value.source);
  hearAdvert(instance, verdict.advert, now, slot.out);
  settle(world, slot, now);
  if (verdict.difference !== undefined || (slot.difference !== undefined && !skipped)) {
    noteDifference(slot, verdict, now);
  }
}

/** Remembers how the list of the other router differs, until it sends one that does not. */
function noteDifference(
  slot: Slot,
  { difference, advert: { address: source } }: Extract<Verdict, { kind: "advert" }>,
  now: Instant,
): void {
  const { difference: known } = slot;
  const same = known !== undefined && equalIp(known.source, source);
  if (difference !== undefined) {
    slot.difference = { ...difference, source, since: same ? known.since : now };
  } else if (same) slot.difference = undefined;
}

/** Only signatures are held against the time, so most packets go on as they are. */
function withTime(world: World, { plan }: Instance, datagram: Datagram): Datagram {
  return plan.hmac === undefined ? datagram : { ...datagram, wall: world.wall };
}

function tellSkew(
  world: World,
  slot: Slot,
  { advert, skewSeconds = 0 }: Extract<Verdict, { kind: "advert" }>,
): void {
  if (slot.told.has("clockSkew")) return;
  slot.told.add("clockSkew");
  const instance = slot.instance.plan.name;
  tell(world, { kind: "clock-skew", instance, source: advert.address, skewSeconds });
}

function listens(instance: Instance): boolean {
  return instance.state.kind === "BACKUP" || instance.state.kind === "MASTER";
}

function toDatagram(packet: ReceivedPacket): Result<Datagram, "malformed"> {
  const { family, bytes, source, destination, hopLimit } = packet;
  if (family === "ipv6") {
    if (source === undefined || destination === undefined || hopLimit === undefined) {
      return err("malformed");
    }
    return ok({ family, source, destination, ttl: hopLimit, protocol: 112, payload: bytes });
  }
  const decoded = decodeIpv4(bytes);
  if (!decoded.ok) return err("malformed");
  const { header, payload } = decoded.value;
  return ok({ family, ...header, payload, packet: bytes });
}

/** The VRID is the second octet of VRRP; behind an authentication header of 24 octets if any. */
function vridOf(datagram: Datagram): number | undefined {
  return datagram.payload[datagram.protocol === 51 ? 25 : 1];
}

function unknownVrid(world: World, ifIndex: IfIndex, key: number, vrid: number): void {
  // A socket that is bound to no interface gets what is for the others, too.
  if (ifIndex === anyInterface) return;
  world.unmatched.unknownVrid++;
  if (world.model?.global.logUnknownVrids !== true || world.toldVrids.has(key)) return;
  world.toldVrids.add(key);
  const interfaceName = world.kernel.link(ifIndex)?.name ?? `#${ifIndex}`;
  tell(world, { kind: "unknown-vrid", interfaceName, vrid });
}

function tellDropped(
  world: World,
  slot: Slot,
  { source }: Datagram,
  { counter, detail }: { counter: CounterName; detail: string },
): void {
  if (slot.told.has(counter)) return;
  slot.told.add(counter);
  const instance = slot.instance.plan.name;
  tell(world, { kind: "advert-dropped", instance, source, counter, detail });
}
