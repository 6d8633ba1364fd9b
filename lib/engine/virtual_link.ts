/**
 * The interfaces that standin makes for its virtual routers: which of them the configuration wants,
 * what they are called on this machine, and what it takes to get there from what the kernel has.
 * One that is deleted by somebody else, or with the interface below, is made again.
 */
import {
  compareBytes,
  equalIp,
  formatIp,
  formatMac,
  type IfIndex,
  type IpAddress,
  type IpPrefix,
  linkLocalOf,
} from "../base/mod.ts";
import type { Model } from "../config/mod.ts";
import type { AddressPlan, InstancePlan, VirtualLinkPlan } from "../vrrp/mod.ts";
import type { InterfaceAddress, Link } from "./event.ts";
import { isVirtual, type Slot, tell } from "./slot.ts";
import { settleSysctls } from "./sysctl.ts";
import type { World } from "./world.ts";

/** One interface of ours. */
export interface VirtualLink {
  readonly plan: VirtualLinkPlan;
  readonly name: string;
  /** It was asked for since it was last gone: once is enough until something changes. */
  asked: boolean;
  /** The address that it was given to send from. */
  given: AddressPlan | undefined;
}

/** The interfaces of ours by what they are for. */
export type VirtualLinks = Map<string, VirtualLink>;

/** The interface that carries the adverts of an instance; absent while it is not there. */
export function carrierOf(world: World, plan: InstancePlan): Link | undefined {
  const own = plan.virtualLink;
  if (own === undefined || own.transmitOnBase) return world.kernel.linkNamed(plan.interfaceName);
  return linkFor(world, own.link);
}

/**
 * The interface that an instance's addresses go to when they name none. keepalived: an ipvlan has
 * its own address only, those of the virtual router are on the interface below.
 */
export function homeOf(world: World, { instance, ifIndex }: Slot): IfIndex | undefined {
  const own = instance.plan.virtualLink;
  if (own === undefined) return ifIndex;
  const link = own.link.kind === "ipvlan"
    ? world.kernel.linkNamed(own.link.base)
    : linkFor(world, own.link);
  return link?.ifIndex;
}

/** The interface of ours for a plan; absent while the kernel has none that is as it must be. */
export function linkFor(world: World, plan: VirtualLinkPlan): Link | undefined {
  const name = nameFor(world, plan);
  const link = name === undefined ? undefined : world.kernel.linkNamed(name);
  return link !== undefined && matches(world, plan, link) ? link : undefined;
}

/** What an interface of ours is called on this machine, once that is known. */
export function nameFor(world: World, plan: VirtualLinkPlan): string | undefined {
  return world.virtualLinks.get(keyOf(plan))?.name;
}

/** Asks for every interface that a model wants and that is not there. */
export function wantLinks(world: World, model: Model | undefined): void {
  if (model === undefined || world.stopping) return;
  for (const plan of plansOf(model)) wantLink(world, plan);
  settleSysctls(world);
}

/** Removes the interfaces that the model in effect has no use for; at the end all of them. */
export function dropLinks(world: World): void {
  const wanted = world.stopping || world.model === undefined ? [] : plansOf(world.model);
  const keys = new Set(wanted.map(keyOf));
  for (const [key, known] of world.virtualLinks) {
    if (keys.has(key)) continue;
    world.virtualLinks.delete(key);
    const link = world.kernel.linkNamed(known.name);
    if (link === undefined) continue;
    world.kernel.removeLink(link.ifIndex);
    world.effects.push({ kind: "delete-link", ifIndex: link.ifIndex, name: known.name });
    tell(world, { kind: "link-deleted", interfaceName: known.name });
  }
  settleSysctls(world);
}

/** What a virtual link stands on changed: one that could not be made may be made now. */
export function virtualLinkChanged(world: World, link: Link): void {
  let wanting = false;
  for (const known of world.virtualLinks.values()) {
    if (known.plan.base !== link.name || linkFor(world, known.plan) !== undefined) continue;
    known.asked = false;
    wanting = true;
  }
  if (wanting) wantLinks(world, world.model);
}

/** The virtual link of an instance, when it is not there or of no use. */
export function missingLink(world: World, plan: InstancePlan): string | undefined {
  const own = plan.virtualLink;
  if (own === undefined) return undefined;
  const link = linkFor(world, own.link);
  if (link === undefined) return nameFor(world, own.link) ?? own.link.names[0];
  return undefined;
}

/** An interface is gone: if it is one of ours it may be asked for again. */
export function virtualLinkGone(world: World, name: string): void {
  for (const known of world.virtualLinks.values()) {
    if (known.name === name || known.plan.base === name) {
      known.asked = false;
      known.given = undefined;
    }
  }
  wantLinks(world, world.model);
}

/** Gives the interface of a router the address to send from, if it was not given that before. */
export function giveSource(world: World, plan: InstancePlan): void {
  const own = plan.virtualLink;
  if (own === undefined || own.transmitOnBase) return;
  const known = world.virtualLinks.get(keyOf(own.link));
  const link = linkFor(world, own.link);
  if (known === undefined || link === undefined) return;
  const wanted = sourceOf(world, own.link);
  if (wanted === undefined) return;
  const { given } = known;
  if (given !== undefined && equalIp(given.address, wanted.address)) return;
  const { ifIndex } = link;
  if (given !== undefined) {
    world.effects.push({ kind: "delete-address", ifIndex, plan: given });
  }
  known.given = wanted;
  if (world.kernel.find(ifIndex, wanted.address) !== undefined) return;
  world.effects.push({ kind: "add-address", ifIndex, plan: wanted });
}

/** Somebody deleted an address of an interface of ours: it is to be given once more. */
export function givenAddressGone(world: World, { ifIndex, address }: InterfaceAddress): void {
  for (const known of world.virtualLinks.values()) {
    if (known.given === undefined || !equalIp(known.given.address, address)) continue;
    if (linkFor(world, known.plan)?.ifIndex === ifIndex) known.given = undefined;
  }
}

/** Where an ipvlan sends from: the address that it was given, or the one the kernel made (IPv6). */
export function ipvlanSource(world: World, plan: VirtualLinkPlan): IpAddress | undefined {
  const given = world.virtualLinks.get(keyOf(plan))?.given;
  const link = linkFor(world, plan);
  if (link === undefined || given !== undefined) return given?.address;
  return plan.family === "ipv4" || (plan.kind === "ipvlan" && plan.address !== undefined)
    ? undefined
    : world.kernel.primaryAddress(link.ifIndex, plan.family, (one) => !isVirtual(world, one));
}

/**
 * A macvlan for IPv6 has the link-local address of the interface below, because the kernel lets
 * nobody send from an address that the interface does not have; an ipvlan has the one of the file.
 */
function sourceOf(world: World, plan: VirtualLinkPlan): AddressPlan | undefined {
  if (plan.kind === "ipvlan") return plan.address && ownAddress(plan.address);
  const base = world.kernel.linkNamed(plan.base);
  if (base === undefined || plan.family === "ipv4") return undefined;
  const address = linkLocalFor(world, base);
  return address && ownAddress({ address, prefixLength: 64 });
}

/** The interface below has a link-local address, or one is made from its Ethernet address. */
export function linkLocalFor(world: World, base: Link): IpAddress | undefined {
  const own = world.kernel.primaryAddress(base.ifIndex, "ipv6", (one) => !isVirtual(world, one));
  return own ?? (base.mac === undefined ? undefined : linkLocalOf(base.mac));
}

/** keepalived: no duplicate address detection, and not to be chosen as a source by others. */
function ownAddress({ address, prefixLength }: IpPrefix): AddressPlan {
  return {
    address,
    prefixLength,
    scope: 0,
    ...(address.family === "ipv6" ? { preferredLifetimeSeconds: 0 } : {}),
    duplicateDetection: false,
    home: false,
    manageTemporary: false,
    noPrefixRoute: false,
    autoJoin: false,
    tracked: false,
  };
}

function wantLink(world: World, plan: VirtualLinkPlan): void {
  const base = world.kernel.linkNamed(plan.base);
  if (base === undefined) return;
  if (base.mac === undefined) {
    const key = `not-ethernet ${plan.base}`;
    if (world.toldRefusals.has(key)) return;
    world.toldRefusals.add(key);
    return tell(world, { kind: "not-ethernet", interfaceName: plan.base, link: plan.kind });
  }
  const key = keyOf(plan);
  const known = world.virtualLinks.get(key) ?? choose(world, plan);
  if (known === undefined) return;
  world.virtualLinks.set(key, known);
  if (known.asked) return;
  known.asked = true;
  const there = world.kernel.linkNamed(known.name);
  const usable = there !== undefined && matches(world, plan, there);
  const { name } = known;
  if (there !== undefined && !usable) {
    world.kernel.removeLink(there.ifIndex);
    world.effects.push({ kind: "delete-link", ifIndex: there.ifIndex, name });
  }
  const present = usable ? { present: there.ifIndex } : {};
  world.effects.push({ kind: "add-link", name, base: base.ifIndex, plan, ...present });
  if (!usable) tell(world, { kind: "link-added", interfaceName: name, base: plan.base });
}

/** Finds a name: that of an interface which is as it must be, else the first that is free. */
function choose(world: World, plan: VirtualLinkPlan): VirtualLink | undefined {
  const taken = new Set(Array.from(world.virtualLinks.values(), ({ name }) => name));
  const fresh = (name: string): VirtualLink => ({ plan, name, asked: false, given: undefined });
  const [first, ...others] = plan.names;
  if (first === undefined) return undefined;
  if (others.length === 0) return taken.has(first) ? undefined : named(world, fresh(first));
  for (const link of world.kernel.links()) {
    if (matches(world, plan, link) && !taken.has(link.name)) return fresh(link.name);
  }
  const free = plan.names.find((name) =>
    !taken.has(name) && world.kernel.linkNamed(name) === undefined
  );
  return free === undefined ? undefined : fresh(free);
}

/** A name that a person gave is used, unless an interface of another kind has it. */
function named(world: World, link: VirtualLink): VirtualLink | undefined {
  const { name } = link;
  const there = world.kernel.linkNamed(name);
  if (there === undefined || there.virtual !== undefined) return link;
  const key = `name-taken ${name}`;
  if (!world.toldRefusals.has(key)) {
    world.toldRefusals.add(key);
    const refusal = { errno: "EEXIST", message: "another interface has this name" };
    const interfaceName = name;
    tell(world, { kind: "link-refused", operation: "add-link", interfaceName, refusal });
  }
  return undefined;
}

function matches(world: World, plan: VirtualLinkPlan, { virtual, mac }: Link): boolean {
  const base = world.kernel.linkNamed(plan.base)?.ifIndex;
  if (virtual === undefined || virtual.kind !== plan.kind || virtual.base !== base) return false;
  if (plan.kind === "ipvlan") return virtual.kind === "ipvlan" && virtual.flag === plan.flag;
  return virtual.kind === "macvlan" && virtual.private && mac !== undefined &&
    compareBytes(mac, plan.mac) === 0;
}

function plansOf(model: Model): VirtualLinkPlan[] {
  return model.instances.flatMap(({ virtualLink, addresses, excludedAddresses }) => [
    ...(virtualLink === undefined ? [] : [virtualLink.link]),
    ...[...addresses, ...excludedAddresses].flatMap((plan) => plan.virtualLink ?? []),
  ]);
}

/** Two plans with one key are the same interface. */
function keyOf(plan: VirtualLinkPlan): string {
  const own = plan.kind === "macvlan"
    ? formatMac(plan.mac)
    : plan.address === undefined
    ? ""
    : formatIp(plan.address.address);
  return `${plan.kind} ${plan.base} ${own} ${plan.names[0]}`;
}
