/**
 * What the nodes of a segment have to agree upon: who is the master of a virtual router, and what
 * only the master has. Where the segment works, a disagreement is over once there was time to hear
 * from each other.
 */
import {
  type Duration,
  earlier,
  formatIp,
  formatPrefix,
  type Instant,
  instant,
  microseconds,
  never,
  seconds,
} from "../../base/mod.ts";
import type { InstancePlan as Plan } from "../../vrrp/mod.ts";
import type { Segment } from "./segment.ts";
import type { SimNode } from "./sim_node.ts";
import type { Network, Watcher } from "./watcher.ts";

/** What is said of one virtual router on one segment. */
export interface Masters {
  /** Of those that are masters. */
  readonly plans: Plan[];
  readonly nodes: string[];
  /** All nodes that take part, whatever their state. */
  readonly all: { readonly node: SimNode; readonly plan: Plan }[];
}

/** Masters by virtual router, as it is told from others on the wire. */
export function mastersOn(
  segment: Segment,
  nodes: ReadonlyMap<string, SimNode>,
): Map<string, Masters> {
  const found = new Map<string, Masters>();
  for (const { node: name, ifIndex } of segment.stations()) {
    const node = nodes.get(name);
    const link = node?.kernel.linkAt(ifIndex);
    if (node === undefined || link?.up !== true || !node.awake()) continue;
    const routers = node.routers();
    for (const plan of node.model?.instances ?? []) {
      if (plan.interfaceName !== link.name || plan.ownerIgnoreAdverts) continue;
      const key = keyOf(segment, plan);
      let known = found.get(key);
      if (known === undefined) found.set(key, known = { plans: [], nodes: [], all: [] });
      known.all.push({ node, plan });
      if (routers.get(plan.name)?.state !== "MASTER") continue;
      known.plans.push(plan);
      known.nodes.push(name);
    }
  }
  return found;
}

/** Whoever has the same key hears each other: version 2 routers with different intervals do not. */
function keyOf({ name }: Segment, plan: Plan): string {
  const known = keys.get(plan);
  const key = known ?? keyOfPlan(plan);
  if (known === undefined) keys.set(plan, key);
  return `${name} ${key}`;
}

const keys = new WeakMap<Plan, string>();

function keyOfPlan(plan: Plan): string {
  const { family, version, vrid, advertInterval, multicastGroup, unicast, addresses } = plan;
  const interval = version === 2 ? ` every ${advertInterval}` : "";
  // Groups of unicast peers are told apart by what they share: their addresses.
  const group = unicast === undefined
    ? formatIp(multicastGroup)
    : `unicast for ${addresses.map(formatPrefix).join(" ")}`;
  return `${family} v${version} vrid ${vrid} ${group}${interval}`;
}

/** How many intervals two masters may need to agree: one hears the other, or its answer. */
const intervalsToAgree = 2;

/** Two nodes at odds about a virtual router. */
export interface Disagreement {
  readonly words: string;
  /** Of those who have to hear from each other. */
  readonly plans: readonly Plan[];
}

/** Finds how nodes disagree about the virtual router of a name on the wire, if they do. */
export type FindDisagreement = (key: string, masters: Masters) => Disagreement | undefined;

/** Watches for one kind of disagreement that lasts too long. */
export class AgreementWatch implements Watcher {
  readonly #find: FindDisagreement;
  readonly #margin: Duration;
  readonly #since = new Map<string, Instant>();
  #disturbedAt: Instant = instant(0);
  /** When somebody has had enough time to agree; nothing is found out by looking earlier. */
  due: Instant = never;

  /** The margin is what it may last beyond the time in which masters agree. */
  constructor(find: FindDisagreement, margin: Duration = seconds(0)) {
    this.#find = find;
    this.#margin = margin;
  }

  /** One step says nothing about two nodes. */
  stepped(): readonly string[] {
    return [];
  }

  /** Starts the time to agree anew. */
  disturbed(now: Instant): void {
    this.#disturbedAt = now;
  }

  /** What is wrong now, in words. */
  looked({ routers, now }: Network): string[] {
    const objections: string[] = [];
    this.due = never;
    for (const [segment, found] of routers) {
      for (const [key, masters] of found) {
        const odds = segment.healthy() ? this.#find(key, masters) : undefined;
        if (odds === undefined) {
          this.#since.delete(key);
          continue;
        }
        const since = this.#since.get(key) ?? now;
        const allowed = timeToAgree(segment, odds.plans) + this.#margin;
        const late = Math.max(since, this.#disturbedAt) + allowed < now;
        if (late) objections.push(odds.words);
        const from = late ? now : since;
        this.#since.set(key, from);
        this.due = earlier(this.due, instant(Math.max(from, this.#disturbedAt) + allowed + 1));
      }
    }
    return objections;
  }
}

/** Two masters of one virtual router. */
export function twoMasters(key: string, { nodes, plans }: Masters): Disagreement | undefined {
  return nodes.length < 2
    ? undefined
    : { words: `${key} has masters ${nodes.join(" and ")}`, plans };
}

/** How long two masters on a segment may need to find out about each other. */
function timeToAgree(segment: Segment, plans: readonly Plan[]): Duration {
  const slowest = Math.max(...plans.map(({ advertInterval }) => advertInterval));
  return microseconds(intervalsToAgree * slowest + 4 * segment.longestDelay());
}
