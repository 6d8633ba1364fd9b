/**
 * Settings of the kernel that virtual links need (keepalived's): a macvlan answers ARP only for its
 * own addresses, and the interface below must not answer in its place; a packet with one of our own
 * addresses as its source is not refused. `promote_secondaries` asks for one, too. What is changed
 * on interfaces that are not ours is told, and put back when nobody needs it any more.
 */
import type { EngineEvent } from "./event.ts";
import type { InstancePlan } from "../vrrp/mod.ts";
import { type Slot, tell } from "./slot.ts";
import { nameFor } from "./virtual_link.ts";
import type { World } from "./world.ts";

/**
 * A setting: the directory of net/ipv4/conf that it stands in, empty for net/ipv4 itself, and its
 * name.
 */
interface Setting {
  readonly scope: string;
  readonly name: string;
}

/** What was asked of the kernel, and what was there before. */
export interface Sysctls {
  /** Settings that are asked for, by key. */
  readonly asked: Map<string, Setting & { readonly value: number }>;
  /** What has to be put back, by key, in the order of the changes. */
  readonly saved: Map<string, Setting & { readonly value: number }>;
  /** Whether the filter of all interfaces was looked at. */
  filterAsked: boolean;
}

/** Nothing asked, nothing saved. */
export function newSysctls(): Sysctls {
  return { asked: new Map(), saved: new Map(), filterAsked: false };
}

/** Settings of a macvlan, and those that only one for IPv4 needs. */
const ofMacvlan = { arp_ignore: 1 };
const ofMacvlan4 = { accept_local: 1, rp_filter: 0, promote_secondaries: 1 };
/** Settings of the interface below one for IPv4. */
const ofBase = { arp_ignore: 1, arp_filter: 1 };
/** `disable_local_igmp`: memberships of link-local groups need no reports (RFC 4541 §2.1.2). */
const ofAll = { igmp_link_local_mcast_reports: 0 };
/** What a router may ask of the interface of its addresses. */
const ofRouter = { promote_secondaries: 1 };

/** Asks for what links and routers need, and puts back what nobody needs any more. */
export function settleSysctls(world: World): void {
  const { sysctls } = world;
  const wanted = wantedSettings(world);
  for (const [key, setting] of wanted) {
    if (sysctls.asked.has(key)) continue;
    sysctls.asked.set(key, setting);
    const { scope, name, value } = setting;
    const restore = !isOurs(world, scope);
    world.effects.push({ kind: "set-sysctl", scope, name, value, restore });
  }
  for (const [key] of sysctls.asked) if (!wanted.has(key)) sysctls.asked.delete(key);
  const filterMatters = hasMacvlans(world);
  if (filterMatters && !sysctls.filterAsked) {
    sysctls.filterAsked = true;
    world.effects.push({ kind: "read-sysctl", scope: "all", name: "rp_filter" });
  }
  putBack(world, (key, { name }) => name === "rp_filter" ? !filterMatters : !wanted.has(key));
}

/** An interface is gone and its settings with it: another one of that name is asked anew. */
export function forgetSettings({ sysctls }: World, scope: string): void {
  for (const settings of [sysctls.asked, sysctls.saved]) {
    for (const [key, setting] of settings) if (setting.scope === scope) settings.delete(key);
  }
}

/** An interface came: routers may want something of it. */
export function settleNewLink(world: World, name: string): void {
  for (const slot of world.slots.values()) {
    if (promotes(slot) && homeName(world, slot.instance.plan) === name) return settleSysctls(world);
  }
}

/** The kernel's answer: what a setting was, and what it is now if it was to be changed. */
export function sysctlAnswered(
  world: World,
  { scope, name, before, after, restore }: Extract<EngineEvent, { kind: "sysctl" }>,
): void {
  if (after === undefined) return liftFilter(world, before);
  if (before === after) return;
  const { saved } = world.sysctls;
  const key = keyOf({ scope, name });
  if (restore && !saved.has(key)) saved.set(key, { scope, name, value: before });
  const restored = !restore && !isOurs(world, scope);
  tell(world, { kind: "sysctl-changed", scope, name, before, after, restored });
}

/**
 * The stricter of the filters of "all" and of the interface counts, so a macvlan is only free of
 * it when "all" is: what "all" said is said to every other interface instead.
 */
function liftFilter(world: World, value: number): void {
  if (value === 0 || world.virtualLinks.size === 0) return;
  const own = new Set(Array.from(world.virtualLinks.values(), (link) => link.name));
  const names = Array.from(world.kernel.links(), (link) => link.name);
  const scopes = ["default", ...names.filter((name) => !own.has(name))];
  const rest = { kind: "set-sysctl", name: "rp_filter", restore: true } as const;
  for (const scope of scopes) world.effects.push({ ...rest, scope, value, onlyRaise: true });
  world.effects.push({ ...rest, scope: "all", value: 0 });
}

function putBack(
  world: World,
  which: (key: string, setting: Setting) => boolean,
): void {
  const { saved } = world.sysctls;
  for (const [key, { scope, name, value }] of [...saved].reverse()) {
    if (!which(key, { scope, name })) continue;
    saved.delete(key);
    if (name === "rp_filter") world.sysctls.filterAsked = false;
    world.effects.push({ kind: "set-sysctl", scope, name, value, restore: false });
  }
}

function wantedSettings(world: World): Map<string, Setting & { readonly value: number }> {
  const wanted = new Map<string, Setting & { readonly value: number }>();
  const want = (scope: string, values: Readonly<Record<string, number>>): void => {
    for (const [name, value] of Object.entries(values)) {
      wanted.set(keyOf({ scope, name }), { scope, name, value });
    }
  };
  const isThere = (name: string): boolean => world.kernel.linkNamed(name) !== undefined;
  if (world.stopping) return wanted;
  if (world.model?.global.disableLocalIgmp === true) want("", ofAll);
  for (const { plan, name } of world.virtualLinks.values()) {
    if (plan.kind !== "macvlan") continue;
    want(name, plan.family === "ipv6" ? ofMacvlan : { ...ofMacvlan, ...ofMacvlan4 });
    if (plan.family === "ipv4" && isThere(plan.base)) want(plan.base, ofBase);
  }
  for (const slot of world.slots.values()) {
    if (!promotes(slot)) continue;
    const scope = homeName(world, slot.instance.plan);
    if (scope !== undefined && isThere(scope)) want(scope, ofRouter);
  }
  return wanted;
}

function hasMacvlans({ virtualLinks, stopping }: World): boolean {
  return !stopping && [...virtualLinks.values()].some(({ plan }) => plan.kind === "macvlan");
}

function promotes({ instance: { plan } }: Slot): boolean {
  return plan.promoteSecondaries === true;
}

/** The interface that gets the addresses of a router which name none. */
function homeName(world: World, { interfaceName, virtualLink }: InstancePlan): string | undefined {
  if (virtualLink === undefined) return interfaceName;
  const { link } = virtualLink;
  return link.kind === "ipvlan" ? link.base : nameFor(world, link);
}

function isOurs(world: World, scope: string): boolean {
  for (const { name } of world.virtualLinks.values()) if (name === scope) return true;
  return false;
}

function keyOf({ scope, name }: Setting): string {
  return `${scope}/${name}`;
}
