/**
 * The clerks of one node, and how they are found: by the name of an instance, and by what a packet
 * says of itself.
 */
import { anyInterface, type Family, type IfIndex, type Instant } from "../base/mod.ts";
import type { SimNode, Step } from "../host/sim/mod.ts";
import type { InstancePlan } from "../vrrp/mod.ts";
import { Clerk } from "./clerk.ts";

/** The clerks of one run of a daemon. */
export class Desk {
  readonly node: SimNode;
  /** Which run of the daemon it is about. */
  readonly run: number;
  readonly clerks: Map<string, Clerk> = new Map();
  readonly #byKey = new Map<number, Clerk[]>();

  constructor(node: SimNode) {
    this.node = node;
    this.run = node.starts;
  }

  /** Takes a configuration: new routers begin, those that go on may be another than before. */
  reopen({ node, event, now }: Step): void {
    if (event.kind !== "configure") return;
    const { instances, syncGroups, global } = event.model;
    const grouped = new Set(syncGroups.flatMap(({ members }) => members));
    const delayed = global.startupDelay > 0 || global.delayAfterBoot > 0;
    const known = new Map(this.clerks);
    this.clerks.clear();
    this.#byKey.clear();
    for (const plan of instances) {
      if (plan.virtualLink !== undefined) continue;
      const signed = plan.password ?? plan.ahKey ?? plan.hmac;
      const lax = grouped.has(plan.name) || delayed || signed !== undefined;
      const clerk = known.get(plan.name);
      const kept = clerk !== undefined && sameRouter(clerk.plan, plan);
      this.#add(kept ? adapt(clerk, plan, lax, now) : new Clerk(plan, lax));
      if (!kept) continue;
      const status = node.snapshot()?.instances.find(({ name }) => name === plan.name);
      clerk.priority = status?.effectivePriority ?? plan.basePriority;
      clerk.loosen(now);
    }
  }

  /** The clerk of the router that a packet is for; none when more than one may be meant. */
  find(family: Family, vrid: number, ifIndex: IfIndex): Clerk | undefined {
    const found = this.#byKey.get(keyOf(family, vrid)) ?? [];
    const name = ifIndex === anyInterface ? undefined : this.node.kernel.linkAt(ifIndex)?.name;
    const meant = name === undefined || found.length === 1 && found[0]?.plan.interfaceName === name
      ? found
      : found.filter(({ plan }) => plan.interfaceName === name);
    return meant.length === 1 ? meant[0] : undefined;
  }

  #add(clerk: Clerk): void {
    const { name, family, vrid } = clerk.plan;
    this.clerks.set(name, clerk);
    const key = keyOf(family, vrid);
    const there = this.#byKey.get(key);
    if (there === undefined) this.#byKey.set(key, [clerk]);
    else there.push(clerk);
  }
}

function adapt(clerk: Clerk, plan: InstancePlan, lax: boolean, now: Instant): Clerk {
  clerk.vague ||= clerk.plan.preempt !== plan.preempt ||
    clerk.plan.preemptDelay !== plan.preemptDelay;
  clerk.plan = plan;
  clerk.lax = lax;
  clerk.extend(now);
  return clerk;
}

function sameRouter(a: InstancePlan, b: InstancePlan): boolean {
  return a.vrid === b.vrid && a.family === b.family && a.version === b.version &&
    a.interfaceName === b.interfaceName;
}

function keyOf(family: Family, vrid: number): number {
  return family === "ipv4" ? vrid : 256 + vrid;
}
