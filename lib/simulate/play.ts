/**
 * Plays a scenario: builds the virtual network, does what the scenario says when it says so, and
 * has every history watched. What the watchers object to stands in `violations` of the host.
 */
import {
  type IfIndex,
  type Instant,
  instant,
  type IpPrefix,
  milliseconds,
  parseMac,
  parsePrefix,
} from "../base/mod.ts";
import type { Model } from "../config/mod.ts";
import type { Decider } from "../engine/mod.ts";
import {
  perfect,
  readConfiguration,
  SimHost,
  type SimNode,
  type Watcher,
} from "../host/sim/mod.ts";
import { perform } from "./act.ts";
import type { Tick } from "./referee.ts";
import type { Scenario, ScenarioNode } from "./scenario.ts";
import { watchersFor } from "./watchers.ts";

/** What playing a scenario may be given. */
export interface PlayOptions {
  /** Watchers besides the usual ones. */
  readonly watchers?: readonly Watcher[];
  /** Hears which rules of the protocol were followed. */
  readonly tick?: Tick;
  /** Stops at the first objection. */
  readonly stopsEarly?: boolean;
  /** Makes who decides at each start of a daemon; its engine when absent. */
  readonly decides?: (node: SimNode, now: Instant) => Decider;
}

/** A network that a scenario is being played on. */
export interface Stage {
  readonly host: SimHost;
  /** The configuration that the file of a node holds now; throws a sentence when it has none. */
  configure(node: SimNode, text: string): Model;
  modelOf(node: SimNode): Model;
}

/** Plays a scenario from its beginning to its end; throws a sentence when it can not be played. */
export function play(scenario: Scenario, options: PlayOptions = {}): SimHost {
  const { acts, lastsMs, calmFromMs } = scenario;
  const usual = watchersFor(scenario, options.tick);
  const stage = build(scenario, [...usual, ...options.watchers ?? []]);
  const { host } = stage;
  const { decides } = options;
  if (decides !== undefined) {
    for (const node of host.nodes.values()) node.decides = (now) => decides(node, now);
  }
  const inOrder = acts.toSorted((a, b) => a.atMs - b.atMs);
  for (const act of inOrder) {
    if (act.atMs > lastsMs) break;
    host.runUntil(instantOf(act.atMs));
    if (options.stopsEarly === true && host.violations.length > 0) return host;
    perform(stage, act);
  }
  if (calmFromMs !== undefined) host.runUntil(instantOf(Math.max(calmFromMs, host.now() / 1000)));
  host.runUntil(instantOf(lastsMs));
  return host;
}

function instantOf(ms: number): ReturnType<typeof instant> {
  return instant(Math.round(ms * 1000));
}

/** The network of a scenario at its beginning. */
export function build(scenario: Scenario, watchers: readonly Watcher[] = []): Stage {
  const host = new SimHost(scenario.seed, watchers);
  for (const { name, delayMs, jitterMs, ...faults } of scenario.segments) {
    host.addSegment(name, {
      ...perfect,
      ...faults,
      ...(delayMs === undefined ? {} : { delay: milliseconds(delayMs) }),
      ...(jitterMs === undefined ? {} : { jitter: milliseconds(jitterMs) }),
    });
  }
  const models = new Map<string, Model>();
  const read = new Map<string, Model>();
  for (const [index, plan] of scenario.nodes.entries()) {
    const model = modelFrom(plan, plan.config);
    models.set(plan.name, model);
    read.set(`${plan.name} ${plan.config}`, model);
    addNode(host, plan, index + 1);
  }
  return {
    host,
    configure(node, text): Model {
      const plan = scenario.nodes.find(({ name }) => name === node.name);
      if (plan === undefined) throw new Error(`There is no node ${node.name}`);
      const key = `${plan.name} ${text}`;
      const model = read.get(key) ?? modelFrom(plan, text);
      read.set(key, model);
      models.set(node.name, model);
      return model;
    },
    modelOf(node): Model {
      const model = models.get(node.name);
      if (model === undefined) throw new Error(`${node.name} has no configuration`);
      return model;
    },
  };
}

function modelFrom({ name, links }: ScenarioNode, text: string): Model {
  const interfaces = ["lo", ...links.map((link) => link.name)];
  const { model, diagnostics } = readConfiguration(text, { hostName: name, interfaces });
  const [wrong] = diagnostics.filter(({ severity }) => severity !== "warning");
  if (model === undefined || wrong !== undefined) {
    throw new Error(`The configuration of ${name}: ${wrong?.message ?? "nothing in it"}`);
  }
  return model;
}

function addNode(host: SimHost, plan: ScenarioNode, number: number): void {
  const node = host.addNode(plan.name);
  node.clock.set(instant((plan.upMs ?? 0) * 1000), instant(0));
  if (plan.driftPpm !== undefined) node.clock.drift(plan.driftPpm, instant(0));
  // Some day in 2026, for those who look at the time of day.
  node.clock.wall = 1_790_000_000_000_000 - (plan.upMs ?? 0) * 1000;
  for (const [place, { name, segment, addresses }] of plan.links.entries()) {
    const on = host.segments.get(segment);
    const mac = parseMac(`02:00:00:00:${hex(place)}:${hex(number)}`);
    if (on === undefined || mac === undefined) throw new Error(`There is no segment ${segment}`);
    const { ifIndex } = host.plug(node, name, on, mac);
    for (const text of addresses) node.kernel.add(ifIndex, prefixOf(text), false);
  }
}

function hex(number: number): string {
  return number.toString(16).padStart(2, "0");
}

/** An address with its prefix; throws a sentence when it is none. */
export function prefixOf(text: string): IpPrefix {
  const prefix = parsePrefix(text);
  if (prefix === undefined) throw new Error(`"${text}" is no address with a prefix`);
  return prefix;
}

/** The index of a link; throws a sentence when there is none. */
export function linkOf(node: SimNode, name: string): IfIndex {
  const link = node.kernel.link(name);
  if (link === undefined) throw new Error(`${node.name} has no ${name}`);
  return link.ifIndex;
}
