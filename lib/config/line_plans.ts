/**
 * Blocks of lines that become plans: routes and rules of instances, and everything static. Lines
 * are read where they stand, because names and preferences depend on it; what came of them is kept
 * here until their block asks for it.
 */
import type { AddressPlan, RoutePlan, RulePlan } from "../vrrp/mod.ts";
import type { StaticPlan } from "./model.ts";
import type { Statement } from "./parse.ts";

/** Plans by the statement of their line. */
export class LinePlans {
  readonly addresses: Map<Statement, AddressPlan> = new Map();
  readonly routes: Map<Statement, RoutePlan> = new Map();
  readonly rules: Map<Statement, RulePlan> = new Map();
}

/** The plans of the lines of blocks with a keyword, in order. */
export function plansIn<Plan>(
  blocks: readonly Statement[],
  keyword: string,
  plans: ReadonlyMap<Statement, Plan>,
): Plan[] {
  return blocks.filter((block) => block.name === keyword)
    .flatMap(({ children = [] }) => children)
    .flatMap((line) => plans.get(line) ?? []);
}

/** keepalived: where a static address goes that names no interface. */
const usualInterface = "eth0";

const staticBlocks: ReadonlySet<string> = new Set([
  "track_group",
  "static_ipaddress",
  "static_routes",
  "static_rules",
]);

/** Everything static of a file. */
export function staticsIn(
  statements: readonly Statement[],
  lines: LinePlans,
  defaultInterface: string = usualInterface,
): StaticPlan {
  // Of thousands of blocks few are such.
  const blocks = statements.filter(({ name }) => staticBlocks.has(name));
  const groups = blocks.filter(({ name }) => name === "track_group");
  return {
    addresses: plansIn(blocks, "static_ipaddress", lines.addresses)
      .map((plan) => ({ ...plan, device: plan.device ?? defaultInterface })),
    routes: plansIn(blocks, "static_routes", lines.routes),
    rules: plansIn(blocks, "static_rules", lines.rules),
    groups: groups.map(({ words: [name = ""], children }) => ({
      name,
      members: membersIn(children ?? []),
    })),
  };
}

function membersIn(children: readonly Statement[]): string[] {
  return children.filter(({ name }) => name === "group")
    .flatMap(({ children: lines = [] }) => lines)
    .flatMap(({ name, words }) => [name, ...words]);
}
