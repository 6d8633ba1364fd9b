/**
 * What must always be true of a node, checked after every step, apart from the scenarios:
 *
 * - the kernel of a node has exactly the addresses that the states of its routers want;
 * - the members of a sync group are in the same state;
 * - priorities are in range, and 255 only where it is configured.
 */
import {
  equalIp,
  formatMac,
  formatPrefix,
  type IfIndex,
  type IpPrefix,
  isLinkLocal,
} from "../../base/mod.ts";
import type { Model } from "../../config/mod.ts";
import type { Link, RouterState } from "../../engine/mod.ts";
import type { InstancePlan as Plan, VirtualLinkPlan } from "../../vrrp/mod.ts";
import type { SimNode } from "./sim_node.ts";

type Routers = ReadonlyMap<string, RouterState>;

/** What is wrong with one node, in words; `due` when its clock is about to go off. */
export function checkNode(node: SimNode, due: boolean): string[] {
  const { model } = node;
  if (!node.running() || model === undefined || isReloadedLater(node)) return [];
  const routers = node.routers();
  return [
    // What the kernel dropped while the node was away is only known when all mail is read.
    ...(due ? [] : checkAddresses(node, model, routers)),
    ...checkGroups(model, routers),
    ...checkPriorities(routers),
  ];
}

/** Whether the configuration is not in effect yet: it takes masters away whose resources stop. */
function isReloadedLater(node: SimNode): boolean {
  return node.resources().some(({ leaving }) => leaving === "reload");
}

/** Whether resources stand before the addresses of an instance, and are not there yet. */
function waits(node: SimNode, { syncGroups, resources }: Model, instance: string): boolean {
  if (resources.length === 0) return false;
  const group = syncGroups.find(({ members }) => members.includes(instance))?.name;
  return node.resources().some((set) =>
    set.name === (set.kind === "INSTANCE" ? instance : group) &&
    set.resources.some(({ kind, state }) => kind === "address" && state !== "active")
  );
}

function checkAddresses(node: SimNode, model: Model, routers: Routers): string[] {
  const wanted = model.instances
    .filter(({ name }) => routers.get(name)?.state === "MASTER" && !waits(node, model, name))
    .flatMap((plan) => wantedAddresses(node, plan));
  const there = node.kernel.addresses();
  const missing = wanted.filter((want) =>
    !there.some((known) => isSame(known, want)) && !isRefused(node, want)
  );
  const surplus = there.filter((known) =>
    known.byDaemon && !isRefused(node, known) && !isSource(node, known) &&
    ![...wanted, ...lasting(node, model)].some((want) => isSame(known, want))
  );
  return [
    ...missing.map((want) => `${formatPrefix(want)} is wanted and not there`),
    ...surplus.map((known) => `${formatPrefix(known)} is there and not wanted`),
  ];
}

/** The kernel did not do what the daemon asked: it is not to blame. */
function isRefused({ faults: { refusedAddresses } }: SimNode, placed: Placed): boolean {
  return refusedAddresses.size > 0 &&
    refusedAddresses.has(`${placed.ifIndex} ${formatPrefix(placed)}`);
}

type Placed = IpPrefix & { readonly ifIndex: IfIndex };

/** What is there as long as the daemon: static addresses, and those of ipvlans. */
function lasting(node: SimNode, { instances, statics }: Model): Placed[] {
  const { kernel } = node;
  const placed = [
    ...statics.addresses.map((plan) => ({ ...plan, link: kernel.link(plan.device ?? "") })),
    ...instances.flatMap(({ virtualLink }) => {
      const own = virtualLink?.link;
      const base = own === undefined ? undefined : kernel.link(own.base);
      if (own?.kind !== "ipvlan" || own.address === undefined || base === undefined) return [];
      return [{ ...own.address, link: virtualLinkOf(node, own, base) }];
    }),
  ];
  return placed.flatMap(({ address, prefixLength, link }) =>
    link === undefined ? [] : [{ address, prefixLength, ifIndex: link.ifIndex }]
  );
}

function wantedAddresses(node: SimNode, plan: Plan): Placed[] {
  return [...plan.addresses, ...plan.excludedAddresses].flatMap((address) => {
    const whole = address.device === undefined ? plan.virtualLink?.link : undefined;
    // Beside an ipvlan the addresses are on the interface below.
    const own = address.virtualLink ?? (whole?.kind === "macvlan" ? whole : undefined);
    const base = node.kernel.link(own?.base ?? address.device ?? plan.interfaceName);
    const link = own === undefined || base === undefined ? base : virtualLinkOf(node, own, base);
    return link === undefined ? [] : [{ ...address, ifIndex: link.ifIndex }];
  });
}

function virtualLinkOf(
  { kernel }: SimNode,
  plan: VirtualLinkPlan,
  base: Link,
): Link | undefined {
  return kernel.virtualLinksOn(base.ifIndex).find(({ mac, virtual }) =>
    virtual?.kind === plan.kind &&
    (plan.kind === "ipvlan" || (mac !== undefined && formatMac(mac) === formatMac(plan.mac)))
  );
}

/** The link-local address that a virtual link sends from: it stays with the link. */
function isSource({ kernel }: SimNode, { ifIndex, address, prefixLength }: Placed): boolean {
  const link = kernel.linkAt(ifIndex);
  return link?.virtual !== undefined && prefixLength === 64 && isLinkLocal(address);
}

function isSame(a: Placed, b: Placed): boolean {
  return a.ifIndex === b.ifIndex && a.prefixLength === b.prefixLength &&
    equalIp(a.address, b.address);
}

function checkGroups({ syncGroups }: Model, routers: Routers): string[] {
  return syncGroups.flatMap(({ name, members }) => {
    const states = members.map((member) => routers.get(member)?.state);
    return states.every((state) => state === states[0])
      ? []
      : [`members of ${name} are ${states.join(" and ")}`];
  });
}

function checkPriorities(routers: Routers): string[] {
  return [...routers.values()]
    .filter(({ basePriority: base, effectivePriority: used }) =>
      used < 1 || used > 255 || (used === 255 && base !== 255)
    )
    .map(({ name, effectivePriority }) => `${name} has priority ${effectivePriority}`);
}
