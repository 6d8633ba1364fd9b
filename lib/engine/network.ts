/**
 * What the kernel reports about interfaces and addresses, and what that means for the virtual
 * routers there: a missing or dead interface and a missing source address are faults that end by
 * themselves; an address of ours that somebody else deleted makes a master step down.
 */
import { equalIp, type IfIndex, type Instant } from "../base/mod.ts";
import { becomeBackup, clearFault, type Fault, isOwner, setFault } from "../vrrp/mod.ts";
import type { InterfaceAddress, Link } from "./event.ts";
import { settle } from "./settle.ts";
import { isVirtual, type Slot } from "./slot.ts";
import { routerKey, type World } from "./world.ts";

/** An interface appeared or changed. */
export function linkChanged(world: World, link: Link, now: Instant): void {
  const before = world.kernel.link(link.ifIndex);
  if (before !== undefined && before.name !== link.name) linkGone(world, link.ifIndex, now);
  world.kernel.putLink(link);
  for (const slot of slotsNamed(world, link.name)) examine(world, slot, now);
}

/** An interface is gone. */
export function linkGone(world: World, ifIndex: IfIndex, now: Instant): void {
  const link = world.kernel.link(ifIndex);
  world.kernel.removeLink(ifIndex);
  if (link === undefined) return;
  for (const slot of slotsNamed(world, link.name)) examine(world, slot, now);
}

/** An address appeared or changed. */
export function addressChanged(world: World, address: InterfaceAddress, now: Instant): void {
  world.kernel.putAddress(address);
  for (const slot of slotsOn(world, address.ifIndex)) examine(world, slot, now);
}

/** An address was deleted by somebody else, or with its interface. */
export function addressGone(world: World, gone: InterfaceAddress, now: Instant): void {
  world.kernel.removeAddress(gone);
  for (const slot of world.slots.values()) {
    const { instance } = slot;
    const lost = slot.held.find(({ ifIndex, plan }) =>
      ifIndex === gone.ifIndex && plan.tracked && equalIp(plan.address, gone.address)
    );
    if (lost !== undefined && instance.state.kind === "MASTER") {
      const reason = { kind: "address-deleted" as const, address: gone.address };
      becomeBackup(instance, reason, now, slot.out);
      settle(world, slot, now);
    }
    if (slot.ifIndex === gone.ifIndex) examine(world, slot, now);
  }
}

/** Holds a router against the kernel's tables and notes or takes back its faults. */
export function examine(world: World, slot: Slot, now: Instant): void {
  const { instance } = slot;
  const { interfaceName, trackPrimary } = instance.plan;
  const link = world.kernel.linkNamed(interfaceName);
  bind(world, slot, link?.ifIndex);
  const faults = instance.faults.length;
  const state = instance.state;
  judge(world, slot, { kind: "interface-missing", interfaceName }, link === undefined, now);
  const down = link !== undefined && !link.up && trackPrimary;
  judge(world, slot, { kind: "interface-down", interfaceName }, down, now);
  refreshSource(world, slot);
  const sourceless = link !== undefined && instance.source === undefined;
  judge(world, slot, { kind: "no-source-address", interfaceName }, sourceless, now);
  if (instance.faults.length !== faults || instance.state !== state) settle(world, slot, now, true);
}

function judge(world: World, slot: Slot, fault: Fault, present: boolean, now: Instant): void {
  const { instance, out } = slot;
  if (world.stopping) return;
  if (present) setFault(instance, fault, now, out);
  else clearFault(instance, fault.kind, now, out);
}

/** Connects a router with its interface, or takes it off a vanished one. */
function bind(world: World, slot: Slot, ifIndex: IfIndex | undefined): void {
  if (slot.ifIndex === ifIndex) return;
  if (slot.ifIndex !== undefined) unbind(world, slot);
  slot.ifIndex = ifIndex;
  if (ifIndex === undefined) return;
  const { family, vrid, multicastGroup: group } = slot.instance.plan;
  world.routers.set(routerKey(ifIndex, family, vrid), slot);
  world.effects.push({ kind: "listen", ifIndex, family, group });
}

/** Takes a router off its interface; the last one there ends the listening. */
export function unbind(world: World, slot: Slot): void {
  const { ifIndex } = slot;
  const { family, vrid } = slot.instance.plan;
  if (ifIndex === undefined) return;
  if (world.routers.get(routerKey(ifIndex, family, vrid)) === slot) {
    world.routers.delete(routerKey(ifIndex, family, vrid));
  }
  slot.ifIndex = undefined;
  const others = [...world.slots.values()].some((other) =>
    other !== slot && other.ifIndex === ifIndex && other.instance.plan.family === family
  );
  if (!others) world.effects.push({ kind: "unlisten", ifIndex, family });
}

function refreshSource(world: World, slot: Slot): void {
  const { instance, ifIndex } = slot;
  const { sourceAddress, trackSourceAddress, family } = instance.plan;
  if (ifIndex === undefined) {
    instance.source = undefined;
  } else if (sourceAddress !== undefined) {
    const present = !trackSourceAddress || world.kernel.find(ifIndex, sourceAddress) !== undefined;
    instance.source = present ? sourceAddress : undefined;
  } else {
    const { kernel } = world;
    const own = kernel.primaryAddress(ifIndex, family, (address) => !isVirtual(world, address));
    // The owner's virtual address is the interface's own: there may be no other to send from.
    instance.source = own ??
      (isOwner(instance.plan) ? kernel.primaryAddress(ifIndex, family, () => true) : undefined);
  }
}

function slotsNamed(world: World, name: string): Slot[] {
  return [...world.slots.values()].filter(({ instance }) => instance.plan.interfaceName === name);
}

function slotsOn(world: World, ifIndex: IfIndex): Slot[] {
  return [...world.slots.values()].filter((slot) => slot.ifIndex === ifIndex);
}
