/**
 * What the kernel reports about interfaces and addresses, and what that means for the virtual
 * routers there: a missing or dead interface and a missing source address are faults that end by
 * themselves; an address of ours that somebody else deleted makes a master step down.
 */
import {
  equalIp,
  type Family,
  type IfIndex,
  type Instant,
  type IpAddress,
  linkLocalOf,
} from "../base/mod.ts";
import { clearFault, type Fault, isOwner, setFault } from "../vrrp/mod.ts";
import { admitAnew } from "./admission.ts";
import { measureAdverts } from "./advert_room.ts";
import { deviceFaults, devicesOf } from "./device.ts";
import type { InterfaceAddress, Link } from "./event.ts";
import { answerLoss, putAddressBack, reinstate } from "./external_delete.ts";
import { settleFirewall } from "./firewall.ts";
import { believedUp, observeLink } from "./links.ts";
import { settle } from "./settle.ts";
import { forgetSettings, settleNewLink } from "./sysctl.ts";
import { isVirtual, type Slot } from "./slot.ts";
import { linkWith, refreshDestinations, type Stand, standName, standOf } from "./unicast.ts";
import {
  carrierOf,
  givenAddressGone,
  giveSource,
  ipvlanSource,
  missingLink,
  nameFor,
  virtualLinkChanged,
  virtualLinkGone,
} from "./virtual_link.ts";
import { isWatching, putStaticBack, staticFaults } from "./static.ts";
import { routerKey, type World } from "./world.ts";

/** An interface appeared or changed. */
export function linkChanged(world: World, link: Link, now: Instant): void {
  const before = world.kernel.link(link.ifIndex);
  world.kernel.putLink(link);
  if (before !== undefined && before.name !== link.name) {
    for (const slot of slotsNamed(world, before.name)) examine(world, slot, now);
  }
  observeLink(world, link.name, now);
  if (before !== undefined && before.name !== link.name) observeLink(world, before.name, now);
  world.toldRefusals.clear();
  if (world.virtualLinks.size > 0) {
    virtualLinkChanged(world, link);
    settleFirewall(world);
  }
  if (before?.name !== link.name) settleNewLink(world, link.name);
  if (link.up && before?.up !== true) reinstate(world, link);
  for (const slot of slotsNamed(world, link.name)) {
    if (slot.deaf) listen(world, slot);
    examine(world, slot, now);
  }
}

/** An interface is gone. */
export function linkGone(world: World, ifIndex: IfIndex, now: Instant): void {
  const link = world.kernel.link(ifIndex);
  world.kernel.removeLink(ifIndex);
  if (link === undefined) return;
  observeLink(world, link.name, now);
  forgetSettings(world, link.name);
  for (const slot of slotsNamed(world, link.name)) examine(world, slot, now);
  if (world.virtualLinks.size > 0) {
    virtualLinkGone(world, link.name);
    settleFirewall(world);
  }
}

/** An address appeared or changed. */
export function addressChanged(world: World, address: InterfaceAddress, now: Instant): void {
  // A new lifetime of an address of IPv6 is told as the address itself.
  if (!world.kernel.putAddress(address)) return;
  for (const slot of world.slots.values()) {
    if (concerns(world, slot, address.ifIndex)) examine(world, slot, now);
  }
}

/** An address was deleted by somebody else, or with its interface. */
export function addressGone(world: World, gone: InterfaceAddress, now: Instant): void {
  world.kernel.removeAddress(gone);
  if (world.virtualLinks.size > 0) givenAddressGone(world, gone);
  putStaticBack(
    world,
    ({ kind, plan }) =>
      kind === "address" && equalIp(plan.address, gone.address) &&
      world.kernel.linkNamed(plan.device ?? "")?.ifIndex === gone.ifIndex,
  );
  for (const slot of world.slots.values()) {
    const { instance } = slot;
    const lost = slot.held.find(({ ifIndex, plan }) =>
      ifIndex === gone.ifIndex && plan.tracked && equalIp(plan.address, gone.address)
    );
    // What the kernel dropped because its lease was over was deleted by nobody.
    const lapsed = world.lease.lapsedAt !== undefined;
    if (lost !== undefined && instance.state.kind === "MASTER" && !lapsed) {
      const reason = { kind: "address-deleted" as const, address: gone.address };
      if (answerLoss(slot, reason, now)) putAddressBack(world, slot, lost);
      settle(world, slot, now);
    }
    if (concerns(world, slot, gone.ifIndex)) examine(world, slot, now);
  }
}

/** The faults that this file notes and takes back. */
const networkFaults = [
  "interface-missing",
  "interface-down",
  "no-source-address",
  "cannot-listen",
  "no-peers",
  "device-down",
  "static-lost",
] as const;

/** Holds a router against the kernel's tables and notes or takes back its faults. */
export function examine(world: World, slot: Slot, now: Instant): void {
  if (world.stopping) return;
  const { instance, out } = slot;
  const { plan } = instance;
  const stand = standOf(world, plan);
  const alone = plan.interfaceName === "";
  bind(world, slot, alone ? stand?.ifIndex : carrierOf(world, plan)?.ifIndex);
  if (plan.virtualLink !== undefined) giveSource(world, plan);
  const { faults: { length }, state } = instance;
  const source = stand === undefined ? undefined : findSource(world, slot, stand);
  // An address that was just lost still serves to say goodbye from.
  if (source !== undefined) instance.source = source;
  refreshDestinations(world, slot);
  measureAdverts(world, slot, stand);
  const present = [
    ...findFaults(world, slot, stand, source),
    ...deviceFaults(world, instance.plan),
    ...staticFaults(world, instance.plan.name),
  ];
  // What is wrong comes before what no longer is, so that no state is entered in between.
  for (const fault of present) setFault(instance, fault, now, out);
  for (const kind of networkFaults) {
    if (!present.some((fault) => fault.kind === kind)) clearFault(instance, kind, now, out);
  }
  if (instance.faults.length !== length || instance.state !== state) settle(world, slot, now, true);
  instance.source = source;
}

function findFaults(
  world: World,
  { instance: { plan }, deaf }: Slot,
  stand: Stand | undefined,
  source: IpAddress | undefined,
): Fault[] {
  const { trackPrimary, unicast } = plan;
  const interfaceName = standName(plan);
  const faults: Fault[] = [];
  if (unicast?.peers.length === 0) faults.push({ kind: "no-peers" });
  if (stand === undefined) return [...faults, { kind: "interface-missing", interfaceName }];
  if (stand.link !== undefined && !believedUp(world, stand.link) && trackPrimary) {
    faults.push({ kind: "interface-down", interfaceName });
  }
  const missing = missingLink(world, plan);
  if (missing !== undefined) faults.push({ kind: "interface-missing", interfaceName: missing });
  if (source === undefined) faults.push({ kind: "no-source-address", interfaceName });
  if (deaf) faults.push({ kind: "cannot-listen", interfaceName });
  return faults;
}

/** Connects a router with its interface, or takes it off a vanished one. */
function bind(world: World, slot: Slot, ifIndex: IfIndex | undefined): void {
  if (slot.ifIndex === ifIndex) return;
  if (slot.ifIndex !== undefined) unbind(world, slot);
  slot.ifIndex = ifIndex;
  if (ifIndex === undefined) return;
  const { family, vrid } = slot.instance.plan;
  const key = routerKey(ifIndex, family, vrid);
  world.routers.set(key, [...world.routers.get(key) ?? [], slot]);
  listen(world, slot);
}

/** Asks for the packets of the segment; a router of unicast joins no group. */
export function listen(world: World, slot: Slot): void {
  const { ifIndex } = slot;
  const { family, multicastGroup: group, ahKey, unicast } = slot.instance.plan;
  slot.deaf = false;
  if (ifIndex === undefined) return;
  admitAnew(world, { ifIndex, family });
  const ah = ahKey === undefined ? {} : { ah: true };
  const joined = unicast === undefined ? { group } : {};
  world.effects.push({ kind: "listen", ifIndex, family, ...joined, ...ah });
}

/** The kernel does not let us listen: a fault until the interface changes, then a new attempt. */
export function listenRefused(
  world: World,
  ifIndex: IfIndex,
  family: Family | undefined,
  now: Instant,
): void {
  for (const slot of slotsOn(world, ifIndex)) {
    if (family !== undefined && slot.instance.plan.family !== family) continue;
    slot.deaf = true;
    examine(world, slot, now);
  }
}

/** Takes a router off its interface; the last one there ends the listening. */
export function unbind(world: World, slot: Slot): void {
  const { ifIndex } = slot;
  const { family, vrid } = slot.instance.plan;
  if (ifIndex === undefined) return;
  const key = routerKey(ifIndex, family, vrid);
  const rest = (world.routers.get(key) ?? []).filter((other) => other !== slot);
  if (rest.length === 0) world.routers.delete(key);
  else world.routers.set(key, rest);
  admitAnew(world, { ifIndex, family });
  slot.ifIndex = undefined;
  const others = [...world.slots.values()].some((other) =>
    other !== slot && other.ifIndex === ifIndex && other.instance.plan.family === family
  );
  if (!others) world.effects.push({ kind: "unlisten", ifIndex, family });
}

/** The address to send from; none while there is none. A virtual link has that of the one below. */
function findSource(
  world: World,
  slot: Slot,
  { ifIndex, link }: Stand,
): IpAddress | undefined {
  const { instance } = slot;
  const mac = link?.mac;
  const { kernel } = world;
  const { sourceAddress, trackSourceAddress, family, virtualLink } = instance.plan;
  if (sourceAddress !== undefined) {
    const present = !trackSourceAddress ||
      linkWith(world, slot, sourceAddress, ifIndex) !== undefined;
    return present ? sourceAddress : undefined;
  }
  if (virtualLink?.link.kind === "ipvlan") return ipvlanSource(world, virtualLink.link);
  const own = kernel.primaryAddress(ifIndex, family, (address) => !isVirtual(world, address));
  if (own === undefined && family === "ipv6" && virtualLink !== undefined) {
    return mac === undefined || virtualLink.transmitOnBase ? undefined : linkLocalOf(mac);
  }
  if (own !== undefined || !isOwner(instance.plan)) return own;
  // The owner's virtual address is the interface's own: there may be no other to send from.
  return kernel.primaryAddress(ifIndex, family, () => true);
}

/** Whether an address on an interface may matter to a router. */
function concerns(world: World, slot: Slot, changed: IfIndex): boolean {
  return slot.instance.plan.unicast !== undefined || stands(world, slot, changed);
}

function slotsNamed(world: World, name: string): Slot[] {
  return [...world.slots.values()].filter(({ instance: { plan } }) =>
    standName(plan) === name || devicesOf(plan).includes(name) ||
    (plan.virtualLink !== undefined && nameFor(world, plan.virtualLink.link) === name) ||
    isWatching(world, plan.name, name)
  );
}

function slotsOn(world: World, ifIndex: IfIndex): Slot[] {
  return [...world.slots.values()].filter((slot) => stands(world, slot, ifIndex));
}

/** Whether a router runs on an interface, or on a virtual link of it. */
function stands(
  world: World,
  { ifIndex: own, instance: { plan } }: Slot,
  ifIndex: IfIndex,
): boolean {
  if (own === ifIndex) return true;
  return plan.virtualLink !== undefined &&
    world.kernel.linkNamed(plan.interfaceName)?.ifIndex === ifIndex;
}
