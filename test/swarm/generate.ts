/**
 * From a seed to a scenario: a cluster, the faults that it goes through, and time to recover.
 */
import { Random } from "../../lib/base/mod.ts";
import type { Scenario, ScenarioNode, TimedAct } from "../../lib/simulate/mod.ts";
import { among, decide } from "./choice.ts";
import { type Cluster, newCluster } from "./cluster.ts";
import { faultsOf } from "./faults.ts";
import { newServers, serverFaults } from "./servers.ts";
import { configOf, nodeName } from "./text.ts";

/** How long servers need to be found well again, in milliseconds. */
const serversMs = 6000;

/** The scenario of a seed. */
export function scenarioOf(seed: number): Scenario {
  const random = new Random(seed);
  const apart = new Random(-seed);
  const servers = newServers(apart);
  const cluster = newCluster(random, servers);
  const downMs = cluster.down * 1000;
  const faultsFrom = decide(random, 0.2) ? 100 : downMs + 500;
  const calmFromMs = faultsFrom + Math.floor(downMs * among(random, 0.5, 1.5));
  const starts = Array.from({ length: cluster.nodes }, (_, node): TimedAct => {
    const atMs = Math.floor(random.next() * (decide(random, 0.1) ? calmFromMs : 1000));
    return { kind: "start", node: nodeName(node), atMs };
  });
  const nodes = Array.from({ length: cluster.nodes }, (_, node) => nodeOf(random, cluster, node));
  const names = nodes.map(({ name }) => name);
  const failing = serverFaults(apart, servers, { nodes: names, from: faultsFrom, to: calmFromMs });
  const recovery = Math.max(recoveryOf(cluster), servers.length > 0 ? serversMs : 0);
  return {
    seed,
    segments: [{ name: "lan", delayMs: 0.1 }, { name: "wan", delayMs: 0.1 }],
    nodes,
    acts: [
      ...absent(cluster),
      ...starts,
      ...faultsOf(random, cluster, faultsFrom, calmFromMs),
      ...failing,
    ],
    calmFromMs,
    lastsMs: Math.max(calmFromMs, 1000) + recovery,
  };
}

/** No resource is there before a daemon starts it. */
function absent({ nodes, routers }: Cluster): TimedAct[] {
  if (!routers.some(({ lines }) => lines.includes("resources {"))) return [];
  return Array.from(
    { length: nodes },
    (_, node) =>
      ["/first?", "/then?"].map((command): TimedAct => ({
        kind: "script",
        node: nodeName(node),
        command,
        exit: 3,
        takesMs: 1,
        atMs: 0,
      })),
  ).flat();
}

function nodeOf(random: Random, cluster: Cluster, node: number): ScenarioNode {
  const number = node + 1;
  return {
    name: nodeName(node),
    config: configOf(cluster, node),
    links: [
      {
        name: "eth0",
        segment: "lan",
        addresses: [`10.0.0.${number}/24`, `fe80::${number}/64`],
      },
      {
        name: "eth1",
        segment: "wan",
        addresses: [`10.1.0.${number}/24`, `fe80::1:${number}/64`],
      },
    ],
    upMs: Math.floor(random.next() * 1_000_000),
    ...(decide(random, 0.2) ? { driftPpm: random.below(400) - 200 } : {}),
  };
}

/** A little longer than the limit that the watchers allow. */
function recoveryOf({ down, delay, script }: Cluster): number {
  return Math.ceil(1000 * (delay + 3 * down + 1.2 + (script ? 10 : 0)));
}
