/**
 * A slot is a virtual router in its place: which interface it has, which sync group it belongs to,
 * which addresses it holds. `flush` turns what the router asks for into effects.
 */
import type { IfIndex, Instant, IpAddress } from "../base/mod.ts";
import {
  type AddressDifference,
  type AddressPlan,
  type AdvertCache,
  advertPacket,
  type Announced,
  beginAdvert,
  type CounterName,
  type Instance,
  isOwner,
  newAdvertCache,
  type Output,
  signAdvert,
  type SyncGroup,
} from "../vrrp/mod.ts";
import {
  encodeGratuitousArp,
  encodeUnsolicitedNeighborAdvertisement as encodeNeighborAdvertisement,
} from "../wire/mod.ts";
import { type Duplicate, watchSoon } from "./duplicate_watch.ts";
import { settleFirewall } from "./firewall.ts";
import { type Holding, sameHolding } from "./holding.ts";
import { addVirtual } from "./lease.ts";
import { dropRouting, keyOf, type Routing, routingOf, takeRouting } from "./routing.ts";
import { type Announcement, forgetPaced, sendPaced, waiting } from "./pace.ts";
import type { Tell } from "./tell.ts";
import { announceSource } from "./unicast.ts";
import { homeOf, linkFor } from "./virtual_link.ts";
import { reasonsOf } from "./tracked.ts";
import type { World } from "./world.ts";

/** A virtual router in its place. */
export interface Slot {
  readonly instance: Instance;
  ifIndex: IfIndex | undefined;
  /** The kernel refused to let it listen: it must not take silence for the master's end. */
  deaf: boolean;
  /** Where adverts go: the group, or the unicast peers that are other nodes. */
  destinations: readonly IpAddress[];
  group: SyncGroup | undefined;
  /** What this router put on interfaces and will take off again. */
  held: Holding[];
  /** Those of them that a reload added and that are announced once more. */
  fresh: readonly Holding[];
  /** Routes and rules that it holds, in the order in which it took them. */
  routing: Routing[];
  /** The delays of the start are over for it then. */
  delayedUntil: Instant;
  /** What it may not take yet: resources stand before it. */
  withheld: { readonly addresses: boolean; readonly routing: boolean };
  readonly cache: AdvertCache;
  /** What the machine asked for and is not yet turned into effects. */
  readonly out: Output[];
  /** How the list of addresses in the last advert of another router differs from ours. */
  difference:
    | (AddressDifference & { readonly source: IpAddress; readonly since: Instant })
    | undefined;
  /** Others that use an address of this master, and those that are suspected to. */
  duplicates: Duplicate[];
  /** Kinds of bad packets that were told since the last change; told once, counted always. */
  readonly told: Set<CounterName | "clockSkew" | "lowerPriority">;
}

/** A slot around an instance that takes no part before. */
export function newSlot(instance: Instance, delayedUntil: Instant): Slot {
  return {
    instance,
    ifIndex: undefined,
    deaf: false,
    destinations: [],
    group: undefined,
    held: [],
    fresh: [],
    routing: [],
    delayedUntil,
    withheld: { addresses: false, routing: false },
    cache: newAdvertCache(),
    out: [],
    difference: undefined,
    duplicates: [],
    told: new Set(),
  };
}

/** Turns everything the router asked for into effects. */
export function flush(world: World, slot: Slot): void {
  for (const output of slot.out) {
    switch (output.kind) {
      case "advertise":
        advertise(world, slot, output.priority);
        break;
      case "acquire":
        acquire(world, slot);
        break;
      case "yield":
        yieldAddresses(world, slot);
        break;
      case "announce":
        announce(world, slot, announcedBy(world, slot, output.which), output.repeat);
        break;
      case "announce-source":
        announceSource(world, slot);
        break;
      case "wants-master":
        break;
      default:
        tellOutput(world, slot, output);
    }
  }
  slot.out.length = 0;
}

/** Takes hold of every address of the plan that is not held yet. */
export function acquire(world: World, slot: Slot): Holding[] {
  const { addresses, excludedAddresses } = slot.withheld.addresses
    ? { addresses: [], excludedAddresses: [] }
    : slot.instance.plan;
  const fresh: Holding[] = [];
  const before = world.effects.length;
  for (const plan of [...addresses, ...excludedAddresses]) {
    const holding = place(world, slot, plan);
    if (holding === undefined) {
      tellMissing(world, slot, plan);
      continue;
    }
    if (slot.held.some((known) => sameHolding(known, holding))) continue;
    slot.held.push(holding);
    fresh.push(holding);
    // What an owner finds on its interface is the interface's own address and must stay.
    const foreign = isOwner(slot.instance.plan) &&
      world.kernel.find(holding.ifIndex, plan.address) !== undefined;
    if (world.holdings.take(holding, foreign)) {
      addVirtual(world, holding);
    }
  }
  if (slot.instance.plan.dropsTraffic === true) settleFirewall(world, before);
  acquireRouting(world, slot);
  watchSoon(world);
  return fresh;
}

/** Routes may need the addresses, so they come after them. */
function acquireRouting(world: World, slot: Slot): void {
  if (slot.withheld.routing || slot.withheld.addresses) return;
  for (const routing of routingOf(slot.instance.plan)) {
    const key = keyOf(routing);
    if (slot.routing.some((known) => keyOf(known) === key)) continue;
    slot.routing.push(routing);
    takeRouting(world, routing);
  }
}

/** Where an address of the plan goes; nowhere when its interface is missing. */
export function place(world: World, slot: Slot, plan: AddressPlan): Holding | undefined {
  const { device, virtualLink } = plan;
  const ifIndex = virtualLink !== undefined
    ? linkFor(world, virtualLink)?.ifIndex
    : device !== undefined
    ? world.kernel.linkNamed(device)?.ifIndex
    : homeOf(world, slot);
  return ifIndex === undefined ? undefined : { ifIndex, plan };
}

function tellMissing(world: World, slot: Slot, { address, device }: AddressPlan): void {
  const interfaceName = device ?? slot.instance.plan.interfaceName;
  const refusal = { errno: "ENODEV", message: "no such interface" };
  const operation = "add-address";
  tell(world, { kind: "address-refused", operation, address, interfaceName, refusal });
}

/** Gives one held address up. */
export function dropHolding(world: World, holding: Holding): void {
  if (!world.holdings.drop(holding)) return;
  const known = world.kernel.find(holding.ifIndex, holding.plan.address);
  if (known !== undefined) world.kernel.removeAddress(known);
  world.effects.push({ kind: "delete-address", ...holding });
}

/**
 * Tells the segment where addresses are, each so many times. keepalived: every address once, then
 * all of them again, so that the last address of many is not announced last of all.
 */
export function announce(
  world: World,
  slot: Slot,
  holdings: readonly Holding[],
  repeat: number,
): void {
  const round: (Announcement & { readonly times: number })[] = [];
  for (const holding of holdings) {
    const { ifIndex, plan } = holding;
    const link = world.kernel.link(ifIndex);
    if (link?.mac === undefined) continue;
    const { mac, forwardsIpv6 } = link;
    const ipv4 = plan.address.family === "ipv4";
    const bytes = ipv4
      ? encodeGratuitousArp(mac, plan.address)
      : encodeNeighborAdvertisement(mac, plan.address, forwardsIpv6);
    // Two bursts may wait for a limit; a refresh that comes sooner has nothing to add.
    const times = Math.min(repeat, 2 * repeat - waiting(world, slot, holding));
    round.push({ slot, holding, bytes, times });
  }
  for (let count = 0; count < repeat; count++) {
    sendPaced(world, round.filter(({ times }) => count < times));
  }
}

/**
 * keepalived: on every interface that its adverts do not leave by one address is enough, for it is
 * about where the interface is; without `all` only on those that were made for virtual routers.
 */
function announcedBy(world: World, slot: Slot, which: Announced): readonly Holding[] {
  if (which !== "others") return which === "all" ? slot.held : slot.fresh;
  const own = new Set(Array.from(world.virtualLinks.values(), ({ name }) => name));
  const all = slot.instance.plan.announce.others?.all === true;
  const seen = new Set<IfIndex | undefined>([slot.ifIndex]);
  return slot.held.filter(({ ifIndex }) => {
    if (seen.has(ifIndex)) return false;
    seen.add(ifIndex);
    return all || own.has(world.kernel.link(ifIndex)?.name ?? "");
  });
}

/** Adds a sentence to the effects. */
export function tell(world: World, sentence: Tell): void {
  world.effects.push({ kind: "tell", tell: sentence });
}

/** Whether the address is one that some virtual router of this node moves. */
export function isVirtual(world: World, address: IpAddress): boolean {
  return world.virtualAddresses.has(address.bytes.join());
}

/** keepalived: rules go first, then routes, then the addresses that routes may need. */
export function yieldAddresses(world: World, slot: Slot): void {
  for (const routing of slot.routing.toReversed()) dropRouting(world, routing);
  slot.routing = [];
  for (const holding of slot.held) dropHolding(world, holding);
  forgetPaced(world, slot);
  slot.held = [];
  slot.fresh = [];
  slot.duplicates = [];
  watchSoon(world);
  if (slot.instance.plan.dropsTraffic === true) settleFirewall(world);
}

function advertise(
  world: World,
  slot: Slot,
  priority: Extract<Output, { kind: "advertise" }>["priority"],
): void {
  const { instance, ifIndex, cache, destinations } = slot;
  const { plan, source, oldChecksum, addressesMax } = instance;
  if (ifIndex === undefined || source === undefined) return;
  const { family, unicast } = plan;
  const ends = { source, destinations, oldChecksum, addressesMax };
  const hopLimit = family === "ipv6" && unicast?.ttl !== undefined ? { hopLimit: unicast.ttl } : {};
  beginAdvert(instance, world.wall);
  for (const [place, destination] of destinations.entries()) {
    const bytes = advertPacket(cache, plan, ends, { priority, place });
    signAdvert(instance, bytes, { source, destination });
    const sent = { ifIndex, family, source, destination, bytes, ...hopLimit };
    world.effects.push({ kind: "send-vrrp", ...sent });
  }
}

function tellOutput(
  world: World,
  slot: Slot,
  output: Exclude<
    Output,
    { kind: "advertise" | "acquire" | "yield" | "announce" | "announce-source" | "wants-master" }
  >,
): void {
  const instance = slot.instance.plan.name;
  switch (output.kind) {
    case "transition":
      slot.told.clear();
      slot.difference = undefined;
      return tell(world, { ...output, instance });
    case "master-changed": {
      const { address: source, priority } = output.master;
      slot.told.clear();
      return tell(world, { kind: "master-changed", instance, source, priority });
    }
    case "priority-changed": {
      const because = reasonsOf(world, instance);
      return tell(world, { ...output, instance, because });
    }
    case "witness-missed":
    case "preempt-delay-started":
      return tell(world, { ...output, instance });
    case "lower-priority-advert": {
      const { address: source, priority } = output.advert;
      const { answered } = output;
      // A master answers few of many; what a backup leaves out of account may be a flood.
      if (!answered && slot.told.has("lowerPriority")) return;
      if (!answered) slot.told.add("lowerPriority");
      return tell(world, { kind: "lower-priority-advert", instance, source, priority, answered });
    }
    case "two-masters": {
      const { contender: { address: source, priority }, adverts, cause } = output;
      return tell(world, { kind: "two-masters", instance, source, priority, adverts, cause });
    }
    case "two-masters-over": {
      const { contender: { address: source }, lasted } = output;
      return tell(world, { kind: "two-masters-over", instance, source, lasted });
    }
    case "near-failover": {
      const { master: { address: source }, silentFor, left, count } = output;
      return tell(world, { kind: "near-failover", instance, source, silentFor, left, count });
    }
    case "two-owners": {
      const { rival: { address: source }, priority } = output;
      return tell(world, { kind: "two-owners", instance, source, priority });
    }
  }
}
