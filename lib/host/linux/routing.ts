/**
 * Routes and rules in the kernel: the names of a plan become the numbers that the kernel has today,
 * and the first tracked one of a family makes the host listen for what others do to them.
 */
import type { IfIndex } from "../../base/mod.ts";
import type { KernelRefusal, RoutingEffect } from "../../engine/mod.ts";
import {
  decodeLink,
  decodeVrfTable,
  encodeAddRoute,
  encodeAddRule,
  encodeDeleteRoute,
  encodeDeleteRule,
  encodeDumpLinks,
  type RouteRequest,
  type WeightedHopRequest,
} from "../../netlink/mod.ts";
import type { HopPlan, RoutePlan } from "../../vrrp/mod.ts";
import type { KernelWatch } from "./kernel_watch.ts";
import type { RouteNetlink } from "./route_netlink.ts";

/** What is as it was wanted in spite of the refusal. */
const harmless: Readonly<Record<RoutingEffect["kind"], readonly string[]>> = {
  "add-route": ["EEXIST"],
  "add-rule": ["EEXIST"],
  "delete-route": ["ESRCH", "ENODEV", "ENETDOWN", "ENETUNREACH"],
  "delete-rule": ["ENOENT", "ESRCH", "ENODEV"],
};

/** Index of an interface that the machine does not have; the kernel has none with this number. */
const absent = { errno: "ENODEV", message: "no such interface" } as const;

/** Carries out effects on routes and rules. */
export class Routing {
  readonly #requests: RouteNetlink;
  readonly #watch: KernelWatch;
  readonly #indexOf: (name: string) => IfIndex | undefined;

  constructor(
    requests: RouteNetlink,
    watch: KernelWatch,
    indexOf: (name: string) => IfIndex | undefined,
  ) {
    this.#requests = requests;
    this.#watch = watch;
    this.#indexOf = indexOf;
  }

  /** Does it; answers the kernel's refusal, if it matters. */
  perform(effect: RoutingEffect): KernelRefusal | undefined {
    const refusal = "route" in effect ? this.#changeRoute(effect) : this.#changeRule(effect);
    if (refusal === undefined) return undefined;
    // Whoever writes `add` wants to know that there was one.
    if (effect.kind === "add-route" && effect.route.insertion === "add") return refusal;
    return harmless[effect.kind].includes(refusal.errno) ? undefined : refusal;
  }

  /** The number of a route's table; that of a VRF is the kernel's to tell. */
  tableOf(plan: RoutePlan): number {
    const { vrf } = plan;
    if (vrf === undefined) return plan.table;
    const links = this.#requests.dump(encodeDumpLinks);
    const index = this.#indexOf(vrf);
    const found = (links.ok ? links.value : []).find((message) => {
      const link = decodeLink(message);
      return link.ok && link.value.ifIndex === index;
    });
    return (found && decodeVrfTable(found)) ?? plan.table;
  }

  #changeRoute(
    { kind, route }: Extract<RoutingEffect, { kind: "add-route" | "delete-route" }>,
  ): KernelRefusal | undefined {
    const { tracked, insertion, family } = route;
    if (kind === "add-route" && tracked) this.#watch.watch("Route", family);
    const request = this.#toRequest(route);
    if (request === undefined) return absent;
    const done = this.#requests.request((sequence) =>
      kind === "add-route"
        ? encodeAddRoute(request, sequence, insertion)
        : encodeDeleteRoute(request, sequence)
    );
    return done.ok ? undefined : done.error;
  }

  #changeRule(
    { kind, rule }: Extract<RoutingEffect, { kind: "add-rule" | "delete-rule" }>,
  ): KernelRefusal | undefined {
    if (kind === "add-rule" && rule.tracked) this.#watch.watch("Rule", rule.family);
    const encode = kind === "add-rule" ? encodeAddRule : encodeDeleteRule;
    const done = this.#requests.request((sequence) => encode(rule, sequence));
    return done.ok ? undefined : done.error;
  }

  #toRequest(plan: RoutePlan): RouteRequest | undefined {
    const { device: _, vrf: _vrf, hops, ...rest } = plan;
    const own = this.#toHop(plan);
    const others = hops.flatMap((hop) => this.#toHop(hop) ?? []);
    if (own === undefined || others.length < hops.length) return undefined;
    return { ...rest, ...own, hops: others, table: this.tableOf(plan) };
  }

  #toHop({ device, ...rest }: HopPlan): WeightedHopRequest | undefined {
    if (device === undefined) return rest;
    const ifIndex = this.#indexOf(device);
    return ifIndex === undefined ? undefined : { ...rest, ifIndex };
  }
}
