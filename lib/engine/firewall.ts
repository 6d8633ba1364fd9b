/**
 * What the firewall has to know: the addresses whose packets are dropped because their holder does
 * not accept them (`no_accept`, strict mode; RFC 9568 §6.1 Accept_Mode), and the macvlans whose
 * multicast reports must leave by the interface below, because a switch would otherwise learn the
 * virtual router's Ethernet address at every node. It is the whole state each time; the host finds
 * the difference.
 */
import {
  equalPlain,
  type Family,
  formatIp,
  type IfIndex,
  type IpAddress,
  isLinkLocal,
} from "../base/mod.ts";
import { defaultFirewall, type FirewallPlan } from "../config/mod.ts";
import type { Slot } from "./slot.ts";
import { linkFor, linkLocalFor } from "./virtual_link.ts";
import type { World } from "./world.ts";

/** An interface by its index, or by its name. */
export interface OnInterface {
  readonly address: string;
  readonly interface: IfIndex | string;
}

/** One family's part. */
export interface FirewallTable {
  /** Whether packets of any address may have to be dropped. */
  readonly drops: boolean;
  /** Addresses whose packets are dropped. */
  readonly addresses: readonly string[];
  /** The same of link-local addresses, which are one address on each interface. */
  readonly byIndex: readonly OnInterface[];
  readonly byName: readonly OnInterface[];
  /** Macvlans and what they stand on. */
  readonly macvlans: readonly (readonly [own: IfIndex, base: IfIndex])[];
  /** Link-local addresses of the interfaces below, which their macvlans have, too (IPv6). */
  readonly baseAddresses: readonly string[];
}

/** The whole firewall. */
export type FirewallState = FirewallPlan & Readonly<Record<Family, FirewallTable | undefined>>;

/**
 * Tells the host when the firewall has to change, at a place in the effects: before addresses are
 * added, after they are deleted.
 */
export function settleFirewall(world: World, at: number = world.effects.length): void {
  const next = stateOf(world);
  if (equalPlain(next, world.firewall)) return;
  world.firewall = next;
  const effect = next === undefined
    ? { kind: "firewall" as const }
    : { kind: "firewall" as const, state: next };
  world.effects.splice(at, 0, effect);
}

function stateOf(world: World): FirewallState | undefined {
  // At the end it stays until the macvlans are gone: they send a last report.
  if (world.stopping && world.virtualLinks.size === 0) return undefined;
  const plan = world.model?.global.firewall ?? defaultFirewall;
  const [ipv4, ipv6] = (["ipv4", "ipv6"] as const).map((family) => tableOf(world, family));
  return ipv4 === undefined && ipv6 === undefined ? undefined : { ...plan, ipv4, ipv6 };
}

function tableOf(world: World, family: Family): FirewallTable | undefined {
  const dropping = [...world.slots.values()].filter((slot) => dropsFor(slot, family));
  const links = [...world.virtualLinks.values()].filter(({ plan }) =>
    plan.kind === "macvlan" && plan.family === family
  );
  if (dropping.length === 0 && links.length === 0) return undefined;
  const [addresses, byIndex, byName] = [new Set<string>(), [], []] as [
    Set<string>,
    OnInterface[],
    OnInterface[],
  ];
  for (const { held, instance } of dropping) {
    const named = world.model?.global.firewall?.byIndex !== true && !instance.plan.trackPrimary;
    for (const { ifIndex, plan: { address } } of held) {
      if (address.family !== family) continue;
      const text = formatIp(address);
      if (!isScoped(address)) addresses.add(text);
      else if (!named) byIndex.push({ address: text, interface: ifIndex });
      else {
        const name = world.kernel.link(ifIndex)?.name;
        if (name !== undefined) byName.push({ address: text, interface: name });
      }
    }
  }
  const macvlans: [IfIndex, IfIndex][] = [];
  const bases = new Set<string>();
  for (const { plan } of links) {
    const own = linkFor(world, plan);
    const base = world.kernel.linkNamed(plan.base);
    if (own === undefined || base === undefined) continue;
    macvlans.push([own.ifIndex, base.ifIndex]);
    const local = family === "ipv6" ? linkLocalFor(world, base) : undefined;
    if (local !== undefined) bases.add(formatIp(local));
  }
  return {
    drops: dropping.length > 0,
    addresses: [...addresses],
    byIndex,
    byName,
    macvlans,
    baseAddresses: [...bases],
  };
}

function dropsFor({ instance: { plan } }: Slot, family: Family): boolean {
  return plan.dropsTraffic === true &&
    [...plan.addresses, ...plan.excludedAddresses].some(({ address }) => address.family === family);
}

function isScoped(address: IpAddress): boolean {
  return address.family === "ipv6" && isLinkLocal(address);
}
