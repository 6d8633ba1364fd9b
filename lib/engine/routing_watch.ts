/**
 * What the kernel says of routes and rules: those of ours that somebody else deleted, and those
 * that it would not take.
 */
import type { Instant, RuleWords } from "../base/mod.ts";
import type { RouteMessage } from "../netlink/mod.ts";
import { ruleLine } from "../vrrp/mod.ts";
import type { EngineEvent } from "./event.ts";
import { answerLoss, putRoutingBack } from "./external_delete.ts";
import { isRoute, lineOf, type Routing } from "./routing.ts";
import { settle } from "./settle.ts";
import { tell } from "./slot.ts";
import { putStaticBack, staticRoutingRefused } from "./static.ts";
import type { World } from "./world.ts";

/** Somebody else deleted a route. */
export function routeGone(world: World, route: RouteMessage, now: Instant): void {
  const device = route.ifIndex === undefined ? undefined : world.kernel.link(route.ifIndex)?.name;
  lost(world, ({ kind, plan }) => kind === "route" && isRoute(plan, route, device), now);
}

/** Somebody else deleted a rule. */
export function ruleGone(world: World, rule: RuleWords, now: Instant): void {
  const line = ruleLine(rule);
  lost(world, (one) => {
    return one.kind === "rule" && one.plan.family === rule.family && ruleLine(one.plan) === line;
  }, now);
}

/** The tables were read anew: what is not in them was deleted while nobody listened. */
export function compareRouting(
  world: World,
  tables: { readonly routes: readonly RouteMessage[]; readonly rules: readonly RuleWords[] },
  now: Instant,
): void {
  const lines = new Set(tables.rules.map((rule) => `${rule.family} ${ruleLine(rule)}`));
  lost(world, (one) => {
    if (one.kind === "rule") return !lines.has(`${one.plan.family} ${ruleLine(one.plan)}`);
    return !tables.routes.some((route) => isRoute(one.plan, route));
  }, now);
}

function lost(world: World, isLost: (routing: Routing) => boolean, now: Instant): void {
  putStaticBack(world, (thing) => thing.kind !== "address" && isLost(thing));
  // They went with addresses whose lease was over, and come back with them.
  if (world.lease.lapsedAt !== undefined) return;
  for (const slot of world.slots.values()) {
    const { instance } = slot;
    // A copy: the first loss that makes the router step down empties the list.
    for (const routing of [...slot.routing]) {
      if (!routing.plan.tracked || instance.state.kind !== "MASTER" || !isLost(routing)) continue;
      const { kind: what } = routing;
      const reason = { kind: "routing-deleted" as const, what, line: lineOf(routing) };
      if (answerLoss(slot, reason, now)) putRoutingBack(world, slot, routing);
      settle(world, slot, now);
    }
  }
}

/** The kernel did not take a route or rule. */
export function routingRefused(
  world: World,
  { effect, refusal }: Extract<EngineEvent, { kind: "routing-refused" }>,
  now: Instant,
): void {
  const routing: Routing = "route" in effect
    ? { kind: "route", plan: effect.route }
    : { kind: "rule", plan: effect.rule };
  const operation = effect.kind.startsWith("add") ? "add" : "delete";
  const line = lineOf(routing);
  tell(world, { kind: "routing-refused", operation, what: routing.kind, line, refusal });
  if (operation === "add") staticRoutingRefused(world, routing, now);
}
