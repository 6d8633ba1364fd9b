/**
 * What must always be true, checked after every step, apart from the scenarios:
 *
 * - the kernel of a node has exactly the addresses that the states of its routers want;
 * - the members of a sync group are in the same state;
 * - priorities are in range, and 255 only where it is configured;
 * - on a segment that works, a virtual router has one master at most, once there was time to agree.
 */
import {
  between,
  type Duration,
  equalIp,
  formatIp,
  formatMac,
  formatPrefix,
  type IfIndex,
  type Instant,
  type IpPrefix,
  isLinkLocal,
  microseconds,
} from "../../base/mod.ts";
import type { Model } from "../../config/mod.ts";
import type { Link, Snapshot } from "../../engine/mod.ts";
import type { InstancePlan as Plan, VirtualLinkPlan } from "../../vrrp/mod.ts";
import type { Segment } from "./segment.ts";
import type { SimNode } from "./sim_node.ts";

/** What is wrong with one node, in words; `due` when its clock is about to go off. */
export function checkNode(node: SimNode, due: boolean): string[] {
  const snapshot = node.snapshot();
  const { model } = node;
  if (snapshot === undefined || model === undefined) return [];
  return [
    // What the kernel dropped while the node was away is only known when all mail is read.
    ...(due ? [] : checkAddresses(node, model, snapshot)),
    ...checkGroups(snapshot),
    ...checkPriorities(snapshot),
  ];
}

/** Whether resources stand before the addresses of an instance, and are not there yet. */
function waits({ syncGroups }: Model, { resources }: Snapshot, instance: string): boolean {
  const group = syncGroups.find(({ members }) => members.includes(instance))?.name;
  return resources.some((set) =>
    set.name === (set.kind === "INSTANCE" ? instance : group) &&
    set.resources.some(({ kind, state }) => kind === "address" && state !== "active")
  );
}

function checkAddresses(node: SimNode, model: Model, snapshot: Snapshot): string[] {
  const wanted = model.instances
    .filter(({ name }) => stateOf(snapshot, name) === "MASTER" && !waits(model, snapshot, name))
    .flatMap((plan) => wantedAddresses(node, plan));
  const there = node.kernel.addresses();
  const missing = wanted.filter((want) => !there.some((known) => isSame(known, want)));
  const surplus = there.filter((known) =>
    known.byDaemon && !isSource(node, known) &&
    ![...wanted, ...lasting(node, model)].some((want) => isSame(known, want))
  );
  return [
    ...missing.map((want) => `${formatPrefix(want)} is wanted and not there`),
    ...surplus.map((known) => `${formatPrefix(known)} is there and not wanted`),
  ];
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
  return link?.virtual !== undefined && prefixLength === 64 && isLinkLocal(address) &&
    kernel.addresses(link.virtual.base).some((own) => equalIp(own.address, address));
}

function isSame(a: Placed, b: Placed): boolean {
  return a.ifIndex === b.ifIndex && a.prefixLength === b.prefixLength &&
    equalIp(a.address, b.address);
}

function checkGroups(snapshot: Snapshot): string[] {
  return snapshot.syncGroups.flatMap(({ name, members }) => {
    const states = members.map((member) => stateOf(snapshot, member));
    return states.every((state) => state === states[0])
      ? []
      : [`members of ${name} are ${states.join(" and ")}`];
  });
}

function checkPriorities(snapshot: Snapshot): string[] {
  return snapshot.instances
    .filter(({ basePriority: base, effectivePriority: used }) =>
      used < 1 || used > 255 || (used === 255 && base !== 255)
    )
    .map(({ name, effectivePriority }) => `${name} has priority ${effectivePriority}`);
}

function stateOf(snapshot: Snapshot, name: string): string | undefined {
  return snapshot.instances.find((instance) => instance.name === name)?.state;
}

/** How many intervals two masters may need to agree: one hears the other, or its answer. */
const intervalsToAgree = 2;

interface Masters {
  readonly plans: readonly Plan[];
  readonly nodes: readonly string[];
}

/** Watches for two masters of one virtual router. */
export class MasterWatch {
  readonly #since = new Map<string, Instant>();
  #disturbedAt: Instant | undefined;

  /** Starts the time to agree anew. */
  disturbed(now: Instant): void {
    this.#disturbedAt = now;
  }

  /** What is wrong now, in words. */
  look(
    nodes: ReadonlyMap<string, SimNode>,
    segments: ReadonlyMap<string, Segment>,
    now: Instant,
  ): string[] {
    const objections: string[] = [];
    for (const segment of segments.values()) {
      for (const [key, masters] of mastersOn(segment, nodes)) {
        const agreed = masters.nodes.length < 2 || !segment.healthy();
        const since = this.#since.get(key);
        if (agreed) this.#since.delete(key);
        else if (since === undefined) this.#since.set(key, now);
        else if (this.#overdue(since, now, timeToAgree(segment, masters.plans))) {
          objections.push(`${key} has masters ${masters.nodes.join(" and ")}`);
          this.#since.set(key, now);
        }
      }
    }
    return objections;
  }

  #overdue(since: Instant, now: Instant, allowed: Duration): boolean {
    const start = Math.max(since, this.#disturbedAt ?? since);
    return now - start > allowed && between(since, now) > allowed;
  }
}

function timeToAgree(segment: Segment, plans: readonly Plan[]): Duration {
  const slowest = Math.max(...plans.map(({ advertInterval }) => advertInterval));
  return microseconds(intervalsToAgree * slowest + 4 * segment.longestDelay());
}

/** Masters by virtual router, as it is told from others on the wire. */
function mastersOn(segment: Segment, nodes: ReadonlyMap<string, SimNode>): Map<string, Masters> {
  const found = new Map<string, Masters>();
  for (const { node: name, ifIndex } of segment.stations()) {
    const node = nodes.get(name);
    const link = node?.kernel.linkAt(ifIndex);
    const snapshot = node?.awake() === true ? node.snapshot() : undefined;
    if (link === undefined || !link.up || snapshot === undefined) continue;
    for (const plan of node?.model?.instances ?? []) {
      if (plan.interfaceName !== link.name || plan.ownerIgnoreAdverts) continue;
      const key = keyOf(segment, plan);
      const known = found.get(key) ?? { plans: [], nodes: [] };
      if (stateOf(snapshot, plan.name) !== "MASTER") found.set(key, known);
      else {
        found.set(key, { plans: [...known.plans, plan], nodes: [...known.nodes, name] });
      }
    }
  }
  return found;
}

/** Version 2 routers with different intervals do not hear each other. */
function keyOf({ name }: Segment, plan: Plan): string {
  const { family, version, vrid, advertInterval, multicastGroup, unicast, addresses } = plan;
  const interval = version === 2 ? ` every ${advertInterval}` : "";
  // Groups of unicast peers are told apart by what they share: their addresses.
  const group = unicast === undefined
    ? formatIp(multicastGroup)
    : `unicast for ${addresses.map(formatPrefix).join(" ")}`;
  return `${name} ${family} v${version} vrid ${vrid} ${group}${interval}`;
}
