/**
 * Routes and rules that virtual routers and the static lines of the file hold. Two may hold the
 * same one, for a moment when a reload moves it or for ever when a file says it twice: it is added
 * by the first and deleted by the last.
 */
import { formatPrefix } from "../base/mod.ts";
import type { RouteMessage } from "../netlink/mod.ts";
import { routeLine, type RoutePlan, ruleLine, type RulePlan } from "../vrrp/mod.ts";
import type { World } from "./world.ts";

/** A route or a rule. */
export type Routing =
  | { readonly kind: "route"; readonly plan: RoutePlan }
  | { readonly kind: "rule"; readonly plan: RulePlan };

/** How often each route and rule is held. */
export type RoutingCounts = Map<string, number>;

/** A route or a rule in the words of `ip`; two with the same words are the same to the kernel. */
export function lineOf(routing: Routing): string {
  if (routing.kind === "rule") return ruleLine(routing.plan);
  const { trackGroup: _, ...plan } = routing.plan;
  return routeLine({ ...plan, tracked: true });
}

/** What tells a route or rule from all others. */
export function keyOf(routing: Routing): string {
  return `${routing.kind} ${routing.plan.family} ${lineOf(routing)}`;
}

/** Routes and rules in the order in which a master takes them. */
export function routingOf(
  plans: { readonly routes: readonly RoutePlan[]; readonly rules: readonly RulePlan[] },
): Routing[] {
  return [
    ...plans.routes.map((plan) => ({ kind: "route", plan } as const)),
    ...plans.rules.map((plan) => ({ kind: "rule", plan } as const)),
  ];
}

/** Holds once more; the first one adds it. */
export function takeRouting(world: World, routing: Routing): void {
  const key = keyOf(routing);
  const count = world.routing.get(key) ?? 0;
  world.routing.set(key, count + 1);
  if (count === 0) addRouting(world, routing);
}

/** Holds once less; the last one deletes it. */
export function dropRouting(world: World, routing: Routing): void {
  const key = keyOf(routing);
  const count = world.routing.get(key) ?? 0;
  if (count > 1) world.routing.set(key, count - 1);
  else if (world.routing.delete(key)) deleteRouting(world, routing);
}

/** Asks for a route or rule, whoever holds it. */
export function addRouting(world: World, routing: Routing): void {
  world.effects.push(
    routing.kind === "route"
      ? { kind: "add-route", route: routing.plan }
      : { kind: "add-rule", rule: routing.plan },
  );
}

/** Asks for its removal. */
export function deleteRouting(world: World, routing: Routing): void {
  world.effects.push(
    routing.kind === "route"
      ? { kind: "delete-route", route: routing.plan }
      : { kind: "delete-rule", rule: routing.plan },
  );
}

/**
 * Whether two routes take the same place: the kernel has one there, or makes one of two. A route in
 * the place of another can not be added before that one is gone.
 */
export function samePlace(a: Routing, b: Routing): boolean {
  return a.kind === "route" && b.kind === "route" && placeOf(a.plan) === placeOf(b.plan);
}

function placeOf({ family, destination, from, tos, table, metric, vrf }: RoutePlan): string {
  const source = from === undefined ? "" : formatPrefix(from);
  return [family, formatPrefix(destination), source, tos, vrf ?? table, metric].join(" ");
}

/** The metric of an IPv6 route that names none (linux/ipv6_route.h, IP6_RT_PRIO_USER). */
const usualMetric6 = 1024;

/** Whether a route of the kernel is the one that was asked for. */
export function isRoute(plan: RoutePlan, route: RouteMessage, deviceName?: string): boolean {
  const { family, from, metric = family === "ipv6" ? usualMetric6 : 0 } = plan;
  if (family !== route.family || plan.kind !== route.kind || plan.tos !== route.tos) return false;
  if (formatPrefix(plan.destination) !== formatPrefix(route.destination)) return false;
  if ((from && formatPrefix(from)) !== (route.from && formatPrefix(route.from))) return false;
  if (metric !== route.metric || (plan.vrf === undefined && plan.table !== route.table)) {
    return false;
  }
  const sends = plan.kind === "unicast" && plan.device !== undefined && deviceName !== undefined;
  return !sends || plan.device === deviceName;
}
