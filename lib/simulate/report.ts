/**
 * What a history was like, router by router: who was master when, how long nobody was, and how long
 * there were two. Times are milliseconds from the beginning.
 */
import type { Entry, SimHost } from "../host/sim/mod.ts";
import { renderReason, type StateName } from "../vrrp/mod.ts";
import { describeAct, type Scenario } from "./scenario.ts";

/** A node in one state; `DOWN` while no daemon runs there. */
export interface Stretch {
  readonly state: StateName | "DOWN";
  readonly fromMs: number;
  readonly toMs: number;
  /** Why it began. */
  readonly why: string;
}

/** A time in which something held. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One virtual router, by the name of its instances. */
export interface RouterReport {
  readonly name: string;
  /** The states of every node that has it, in their order. */
  readonly nodes: readonly { readonly node: string; readonly stretches: readonly Stretch[] }[];
  /** Times without a master, from the first one on. */
  readonly outages: readonly Gap[];
  /** Times with more than one. */
  readonly doubles: readonly Gap[];
}

/** A whole history. */
export interface HistoryReport {
  readonly lastsMs: number;
  readonly acts: readonly { readonly atMs: number; readonly text: string }[];
  readonly routers: readonly RouterReport[];
  /** What each node sent, and what it told scripts and FIFOs of. */
  readonly nodes: readonly {
    readonly node: string;
    readonly sent: number;
    readonly told: number;
  }[];
  /** What the watchers of the protocol object to. */
  readonly objections: readonly string[];
}

/** The report of a history that was played to its end. */
export function reportOf(host: SimHost, scenario: Scenario): HistoryReport {
  const { lastsMs, acts } = scenario;
  const states = new Map<string, Map<string, Stretch[]>>();
  for (const { at, node, to, name, why } of changesIn(host.entries, scenario)) {
    for (const [router, nodes] of states) {
      if (name !== undefined && router !== name) continue;
      const stretches = nodes.get(node);
      const last = stretches?.at(-1);
      if (stretches === undefined || last === undefined || last.state === to) continue;
      stretches[stretches.length - 1] = { ...last, toMs: at };
      stretches.push({ state: to, fromMs: at, toMs: lastsMs, why });
    }
    if (name === undefined || states.get(name)?.has(node) === true) continue;
    const nodes = states.get(name) ?? new Map<string, Stretch[]>();
    const before: Stretch = { state: "DOWN", fromMs: 0, toMs: at, why: "" };
    nodes.set(node, [before, { state: to, fromMs: at, toMs: lastsMs, why }]);
    states.set(name, nodes);
  }
  return {
    lastsMs,
    acts: acts.toSorted((a, b) => a.atMs - b.atMs).map((act) => ({
      atMs: act.atMs,
      // How is what people wrote anyway.
      text: describeAct(act).replace(/ (guarded=true|by=carrier)/g, ""),
    })),
    routers: Array.from(states, ([name, nodes]) => routerReport(name, nodes, scenario)),
    nodes: scenario.nodes.map(({ name: node }) => countsOf(host.entries, node)),
    objections: host.violations.map(readable),
  };
}

interface StateChange {
  readonly at: number;
  readonly node: string;
  readonly to: Stretch["state"];
  /** Absent: every router of the node. */
  readonly name?: string;
  readonly why: string;
}

function changesIn(entries: readonly Entry[], { acts }: Scenario): StateChange[] {
  const told = entries.flatMap((entry): StateChange[] => {
    if (entry.kind !== "told" || entry.tell.kind !== "transition") return [];
    const { instance: name, to, reason } = entry.tell;
    return [{ at: entry.at / 1000, node: entry.node, to, name, why: renderReason(reason) }];
  });
  const crashes = acts.flatMap((act): StateChange[] =>
    act.kind === "crash" ? [{ at: act.atMs, node: act.node, to: "DOWN", why: "crash" }] : []
  );
  return [...told, ...crashes].toSorted((a, b) => a.at - b.at);
}

function routerReport(
  name: string,
  nodes: ReadonlyMap<string, readonly Stretch[]>,
  scenario: Scenario,
): RouterReport {
  const all = [...nodes.values()].flat();
  const masters = all.filter(({ state }) => state === "MASTER");
  const first = Math.min(...masters.map(({ fromMs }) => fromMs));
  const edges = [...new Set([...all.flatMap((one) => [one.fromMs, one.toMs]), scenario.lastsMs])]
    .filter((edge) => edge >= first).toSorted((a, b) => a - b);
  const gaps = (wanted: (count: number) => boolean): Gap[] => {
    const found: Gap[] = [];
    for (const [index, fromMs] of edges.entries()) {
      const toMs = edges[index + 1];
      if (toMs === undefined) break;
      const count = masters.filter((one) => one.fromMs <= fromMs && one.toMs >= toMs).length;
      if (!wanted(count)) continue;
      const last = found.at(-1);
      if (last?.toMs === fromMs) found[found.length - 1] = { fromMs: last.fromMs, toMs };
      else found.push({ fromMs, toMs });
    }
    return found;
  };
  const order = scenario.nodes.map((one) => one.name).filter((node) => nodes.has(node));
  return {
    name,
    nodes: order.map((node) => ({ node, stretches: nodes.get(node) ?? [] })),
    outages: gaps((count) => count === 0),
    doubles: gaps((count) => count > 1),
  };
}

function countsOf(
  entries: readonly Entry[],
  node: string,
): { node: string; sent: number; told: number } {
  let [sent, told] = [0, 0];
  for (const entry of entries) {
    if (!("node" in entry) || entry.node !== node) continue;
    if (entry.kind === "sent") sent++;
    else if (entry.kind === "told" && entry.tell.kind === "transition") told++;
  }
  return { node, sent, told };
}

/** How long gaps are together, and the longest of them. */
export function lengthsOf(
  gaps: readonly Gap[],
): { readonly sumMs: number; readonly mostMs: number } {
  const lengths = gaps.map(({ fromMs, toMs }) => toMs - fromMs);
  return { sumMs: lengths.reduce((sum, one) => sum + one, 0), mostMs: Math.max(0, ...lengths) };
}

/** Who is master of a router at a time. */
export function mastersAt({ nodes }: RouterReport, atMs: number): string[] {
  return nodes.flatMap(({ node, stretches }) =>
    stretches.some((one) => one.state === "MASTER" && one.fromMs <= atMs && atMs < one.toMs)
      ? [node]
      : []
  );
}

/** Microseconds at the beginning are no time that people read. */
function readable(objection: string): string {
  return objection.replace(/^(\d+) /, (_, at: string) => `${(Number(at) / 1e6).toFixed(3)} s: `);
}
