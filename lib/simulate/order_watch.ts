/**
 * After the last fault order has to come back: within the limit of its routers every virtual router
 * has one master on its segment, nobody is in FAULT, and where everybody preempts the master is the
 * best one there is.
 */
import { type Duration, type Instant, microseconds } from "../base/mod.ts";
import type { InstanceStatus } from "../engine/mod.ts";
import { type Masters, type Network, type SimNode, type Watcher } from "../host/sim/mod.ts";
import type { InstancePlan } from "../vrrp/mod.ts";
import { skewOf } from "./clerk.ts";

/** Watches for order from some time on. */
export class OrderWatch implements Watcher {
  readonly #calmFrom: Instant;
  #limit: Duration | undefined;
  #told = false;

  constructor(calmFrom: Instant) {
    this.#calmFrom = calmFrom;
  }

  /** Order is not a matter of one step. */
  stepped(): readonly string[] {
    return [];
  }

  /** Looks once it is time. */
  looked({ nodes, routers, now }: Network): readonly string[] {
    if (now < this.#calmFrom || this.#told) return [];
    this.#limit ??= limitOf([...nodes.values()]);
    if (now < this.#calmFrom + this.#limit) return [];
    const objections: string[] = [];
    for (const [segment, found] of routers) {
      if (!segment.healthy()) continue;
      for (const [key, masters] of found) {
        objections.push(...judge(key, masters));
      }
    }
    this.#told = objections.length > 0;
    return objections;
  }
}

/** How long the routers of these nodes may need from the last fault on. */
export function limitOf(nodes: readonly SimNode[]): Duration {
  const limits = nodes.flatMap(({ model }) =>
    (model?.instances ?? []).map(limitOfRouter).map((limit) => {
      const slowest = Math.max(0, ...(model?.trackers ?? []).map(slownessOf));
      return limit + slowest + (model?.global.startupDelay ?? 0);
    })
  );
  return microseconds(Math.max(0, ...limits) + 1_000_000);
}

function limitOfRouter(plan: InstancePlan): number {
  const { version, downTimerAdverts, advertInterval, preemptDelay } = plan;
  const down = downTimerAdverts * advertInterval + skewOf(version, 1, advertInterval);
  return preemptDelay + 3 * down;
}

function slownessOf(tracker: NonNullable<SimNode["model"]>["trackers"][number]): number {
  if (tracker.kind !== "script") return 0;
  const { interval, rise, fall, timeout } = tracker;
  return (Math.max(rise, fall) + 1) * interval + timeout + 5_000_000;
}

function judge(key: string, { nodes, all }: Masters): string[] {
  const able = all.filter(({ node }) => node.snapshot()?.maintenance === null);
  if (able.length === 0) return [];
  const [first, second] = nodes;
  if (first === undefined) return [`${key} has no master`];
  if (second !== undefined) return [`${key} has masters ${nodes.join(" and ")}`];
  const faulty = able.find(({ node, plan }) => statusOf(node, plan)?.state === "FAULT");
  if (faulty !== undefined) return [`${key} is in FAULT on ${faulty.node.name}`];
  const ranked = able.map(({ node, plan }) => ({ node, plan, status: statusOf(node, plan) }));
  const free = ranked.every(({ plan, status }) =>
    plan.preempt && status?.handedOver === false && status.syncGroup === null
  );
  const leader = ranked.find(({ node }) => node.name === first)?.status?.effectivePriority ?? 0;
  const best = Math.max(...ranked.map(({ status }) => status?.effectivePriority ?? 0));
  return !free || leader === best
    ? []
    : [`${key} has master ${first} with ${leader}, though there is one with ${best}`];
}

function statusOf(node: SimNode, { name }: InstancePlan): InstanceStatus | undefined {
  return node.snapshot()?.instances.find((one) => one.name === name);
}
