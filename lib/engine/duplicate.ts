/**
 * A duplicate of a virtual address: while this node is master somebody else on the segment says in
 * ARP (RFC 5227) or neighbour discovery (RFC 4861 §7.2) that the address is its. Most often that is
 * a second master. A suspicion is told when the router is still master a while later, so a role
 * that changes hands in order says nothing; then once a minute as long as it goes on.
 */
import {
  after,
  between,
  compareBytes,
  equalIp,
  formatMac,
  type Instant,
  type IpAddress,
  type MacAddress,
  never,
  seconds,
} from "../base/mod.ts";
import { arpOperation, decodeArp, decodeNeighborAdvertisement } from "../wire/mod.ts";
import {
  type Duplicate,
  type DuplicateCause,
  type DuplicateWatch,
  lookAgain,
  settleWatches,
  settlingTime,
} from "./duplicate_watch.ts";
import type { EngineEvent, ReceivedClaim } from "./event.ts";
import { type Slot, tell } from "./slot.ts";
import type { World } from "./world.ts";

/** Claims of one interface that are looked at in a second; anybody can forge them. */
const claimsPerPause = 32;
const pause = seconds(1);
/** Others that are remembered for one router. */
const duplicatesMax = 16;
const tellPause = seconds(60);

interface Claim {
  readonly address: IpAddress;
  readonly mac: MacAddress | undefined;
  readonly announced: boolean;
}

/** Takes a packet in which somebody says that a watched address is its. */
export function claimHeard(
  world: World,
  { claim: received }: Extract<EngineEvent, { kind: "claim" }>,
  now: Instant,
): void {
  const { ifIndex } = received;
  const watch = world.duplicates.watches.get(ifIndex);
  if (watch === undefined || watch.mutedUntil > now) return;
  limit(world, watch, received, now);
  const claim = readClaim(received);
  if (claim === undefined || isOurs(world, claim.mac)) return;
  for (const slot of world.slots.values()) {
    const { instance: { state }, held } = slot;
    const holds = held.some((one) =>
      one.ifIndex === ifIndex && equalIp(one.plan.address, claim.address)
    );
    if (holds && state.kind === "MASTER") note(world, slot, { ...claim, ifIndex }, now);
  }
}

/** Tells suspicions that have proved true, and brings in line what is watched. */
export function passDuplicates(world: World, now: Instant): void {
  const { duplicates } = world;
  if (duplicates.lookAt > now) return;
  duplicates.lookAt = never;
  if (world.stopping) return;
  for (const slot of world.slots.values()) {
    for (const duplicate of slot.duplicates) {
      if (duplicate.told) continue;
      if (duplicate.tellAt > now) lookAgain(world, duplicate.tellAt);
      else {
        slot.instance.counters.duplicateClaims += duplicate.claims;
        tellDuplicate(world, slot, duplicate, now);
      }
    }
  }
  settleWatches(world, now);
}

/** Under a flood the kernel drops the rest until the pause is over. */
function limit(
  world: World,
  watch: DuplicateWatch,
  { ifIndex }: ReceivedClaim,
  now: Instant,
): void {
  if (between(watch.since, now) >= pause) Object.assign(watch, { since: now, heard: 0 });
  if (++watch.heard < claimsPerPause) return;
  watch.mutedUntil = after(now, pause);
  watch.addresses = [];
  world.effects.push({ kind: "watch-claims", ifIndex, addresses: [] });
  lookAgain(world, watch.mutedUntil);
}

function readClaim({ family, bytes }: ReceivedClaim): Claim | undefined {
  if (family === "ipv4") {
    const packet = decodeArp(bytes);
    if (!packet.ok) return undefined;
    const { senderAddress: address, senderMac: mac, targetAddress, operation } = packet.value;
    if (operation !== arpOperation.request && operation !== arpOperation.reply) return undefined;
    return { address, mac, announced: equalIp(address, targetAddress) };
  }
  const packet = decodeNeighborAdvertisement(bytes);
  if (!packet.ok) return undefined;
  const { target: address, targetMac: mac, solicited } = packet.value;
  return { address, mac, announced: !solicited };
}

/** What we say ourselves may come back to us, on another interface or through a loop. */
function isOurs(world: World, mac: MacAddress | undefined): boolean {
  if (mac === undefined) return false;
  for (const link of world.kernel.links()) {
    if (link.mac !== undefined && compareBytes(link.mac, mac) === 0) return true;
  }
  return false;
}

function note(
  world: World,
  slot: Slot,
  { address, mac, announced, ifIndex }: Claim & Pick<ReceivedClaim, "ifIndex">,
  now: Instant,
): void {
  const { duplicates, instance } = slot;
  const known = duplicates.find((one) =>
    equalIp(one.address, address) && one.ifIndex === ifIndex && sameMac(one.mac, mac)
  );
  if (known === undefined) {
    if (duplicates.length >= duplicatesMax) return void instance.counters.duplicateClaims++;
    const tellAt = after(now, settlingTime(instance.plan));
    const cause = { kind: "host" } as const;
    const fresh = { address, ifIndex, mac, since: now, heardAt: now, claims: 1, announced, cause };
    duplicates.push({ ...fresh, told: false, tellAt });
    return lookAgain(world, tellAt);
  }
  known.claims++;
  known.heardAt = now;
  known.announced ||= announced;
  if (!known.told) return;
  instance.counters.duplicateClaims++;
  if (known.tellAt <= now) tellDuplicate(world, slot, known, now);
}

function sameMac(a: MacAddress | undefined, b: MacAddress | undefined): boolean {
  return a === undefined || b === undefined ? a === b : compareBytes(a, b) === 0;
}

function tellDuplicate(world: World, slot: Slot, duplicate: Duplicate, now: Instant): void {
  const { address, ifIndex, mac, claims } = duplicate;
  duplicate.told = true;
  duplicate.tellAt = after(now, tellPause);
  duplicate.cause = causeOf(slot, duplicate);
  tell(world, {
    kind: "duplicate-address",
    instance: slot.instance.plan.name,
    address,
    interfaceName: world.kernel.link(ifIndex)?.name ?? `#${ifIndex}`,
    ...(mac === undefined ? {} : { hardwareAddress: formatMac(mac) }),
    claims,
    cause: duplicate.cause,
  });
}

function causeOf({ instance: { state } }: Slot, { mac, announced }: Duplicate): DuplicateCause {
  const contender = state.kind === "MASTER" ? state.contender : undefined;
  if (contender !== undefined) return { kind: "second-master", source: contender.peer.address };
  const vrid = mac === undefined ? undefined : vridOf(mac);
  if (vrid !== undefined) return { kind: "virtual-router", vrid };
  return announced ? { kind: "announced" } : { kind: "host" };
}

/** RFC 9568 §7.3: 00-00-5E-00-01-VRID, with 02 for IPv6. */
function vridOf(mac: MacAddress): number | undefined {
  const [a, b, c, d, family, vrid] = mac;
  const virtual = a === 0 && b === 0 && c === 0x5e && d === 0 && (family === 1 || family === 2);
  return virtual ? vrid : undefined;
}
