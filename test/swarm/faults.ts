/**
 * Random faults: what is done to a cluster, and how it is taken back. Every fault is over at the
 * end; a node that was killed may stay away.
 */
import type { Random } from "../../lib/base/mod.ts";
import type { Act, TimedAct } from "../../lib/simulate/mod.ts";
import { among, decide, pick, weighted } from "./choice.ts";
import type { Cluster } from "./cluster.ts";
import { configOf, nodeName } from "./text.ts";

/** A fault and what ends it. */
interface Fault {
  readonly begins: readonly Act[];
  readonly ends: readonly Act[];
  /** Whether it need not end. */
  readonly lasts?: boolean;
}

type Make = (random: Random, cluster: Cluster) => Fault;

const kinds: readonly (readonly [Make, number])[] = [
  [crash, 14],
  [stopAndStart, 10],
  [stall, 9],
  [suspend, 4],
  [linkDown, 10],
  [flap, 5],
  [cutOneWay, 8],
  [split, 7],
  [lossy, 8],
  [disorder, 6],
  [reload, 10],
  [refusal, 3],
  [lateAnswers, 3],
  [tracked, 8],
  [externalDelete, 4],
  [sourceLost, 2],
  [drift, 3],
  [stepClock, 2],
  [handOver, 3],
  [maintenance, 3],
];

/** Faults between two times, in milliseconds, all of them over at the second. */
export function faultsOf(random: Random, cluster: Cluster, from: number, to: number): TimedAct[] {
  const acts: TimedAct[] = [];
  const count = 1 + random.below(4);
  for (let number = 0; number < count; number++) {
    const make = weighted(random, kinds);
    const { begins, ends, lasts = false } = make(random, cluster);
    const atMs = round(among(random, from, to));
    acts.push(...begins.map((act) => ({ ...act, atMs })));
    if (lasts && decide(random, 0.4)) continue;
    const endMs = decide(random, 0.5) ? to : round(among(random, atMs, to));
    acts.push(...ends.map((act) => ({ ...act, atMs: endMs })));
  }
  return acts;
}

/** Whole microseconds, most of them not whole milliseconds. */
function round(ms: number): number {
  return Math.floor(ms * 1000) / 1000;
}

function anyNode(random: Random, { nodes }: Cluster): string {
  return nodeName(random.below(nodes));
}

function anyLink(random: Random): "eth0" | "eth1" {
  return decide(random, 0.7) ? "eth0" : "eth1";
}

function crash(random: Random, cluster: Cluster): Fault {
  const node = anyNode(random, cluster);
  const guarded = decide(random, 0.7);
  return {
    begins: [{ kind: "crash", node, guarded }],
    ends: [{ kind: "start", node }],
    lasts: guarded,
  };
}

function stopAndStart(random: Random, cluster: Cluster): Fault {
  const node = anyNode(random, cluster);
  return { begins: [{ kind: "stop", node }], ends: [{ kind: "start", node }], lasts: true };
}

function stall(random: Random, cluster: Cluster): Fault {
  const node = anyNode(random, cluster);
  return { begins: [{ kind: "stall", node }], ends: [{ kind: "wake", node }] };
}

function suspend(random: Random, cluster: Cluster): Fault {
  const node = anyNode(random, cluster);
  return { begins: [{ kind: "suspend", node }], ends: [{ kind: "wake", node }] };
}

function linkDown(random: Random, cluster: Cluster): Fault {
  const node = anyNode(random, cluster);
  const link = anyLink(random);
  const by = decide(random, 0.3) ? "administrator" as const : "carrier" as const;
  return {
    begins: [{ kind: "link", node, link, up: false, by }],
    ends: [{ kind: "link", node, link, up: true }],
  };
}

function flap(random: Random, cluster: Cluster): Fault {
  const { begins, ends } = linkDown(random, cluster);
  return { begins: [...begins, ...ends, ...begins], ends };
}

function segmentOf(random: Random): string {
  return decide(random, 0.7) ? "lan" : "wan";
}

function cutOneWay(random: Random, cluster: Cluster): Fault {
  const segment = segmentOf(random);
  const [from, to] = [anyNode(random, cluster), anyNode(random, cluster)];
  return { begins: [{ kind: "cut", segment, from, to }], ends: [{ kind: "recover", segment }] };
}

function split(random: Random, { nodes }: Cluster): Fault {
  const segment = segmentOf(random);
  const border = 1 + random.below(nodes - 1);
  const begins: Act[] = [];
  for (let one = 0; one < border; one++) {
    for (let other = border; other < nodes; other++) {
      const [from, to] = [nodeName(one), nodeName(other)];
      begins.push({ kind: "cut", segment, from, to }, { kind: "cut", segment, from: to, to: from });
    }
  }
  return { begins, ends: [{ kind: "recover", segment }] };
}

function lossy(random: Random): Fault {
  const segment = segmentOf(random);
  const loss = pick(random, [0.1, 0.3, 0.6, 0.9]);
  return { begins: [{ kind: "disturb", segment, loss }], ends: [{ kind: "recover", segment }] };
}

/** Nothing is lost, but frames overtake each other, come twice, and come back. */
function disorder(random: Random): Fault {
  const segment = segmentOf(random);
  const jitterMs = pick(random, [0, 2, 30]);
  const duplication = pick(random, [0, 0.3]);
  const reflection = pick(random, [0, 0.5, 1]);
  return {
    begins: [{ kind: "disturb", segment, jitterMs, duplication, reflection }],
    ends: [{ kind: "recover", segment }],
  };
}

function reload(random: Random, cluster: Cluster): Fault {
  const place = random.below(cluster.nodes);
  const change = weighted(random, [
    [{ priority: among(random, -60, 60) | 0 }, 5],
    [{ without: random.below(cluster.routers.length) }, 3],
    [{ line: "garp_master_refresh 3" }, 1],
  ]);
  // A group that others have and this node has not never agrees.
  const emptied = "without" in change &&
    (cluster.routers.length < 2 || cluster.group.includes(change.without));
  const config = configOf(cluster, place, emptied ? {} : change);
  return {
    begins: [{ kind: "reload", node: nodeName(place), config }],
    ends: [{ kind: "reload", node: nodeName(place), config: configOf(cluster, place) }],
    lasts: true,
  };
}

function refusal(random: Random, cluster: Cluster): Fault {
  const node = anyNode(random, cluster);
  const operation = decide(random, 0.6) ? "add-address" as const : "delete-address" as const;
  return {
    begins: [{ kind: "refuse", node, operation, errno: "ENOBUFS" }],
    ends: [{ kind: "refuse", node, operation }],
  };
}

function lateAnswers(random: Random, cluster: Cluster): Fault {
  const node = anyNode(random, cluster);
  const byMs = pick(random, [1, 50, 2000]);
  return {
    begins: [{ kind: "answer-late", node, byMs }],
    ends: [{ kind: "answer-late", node, byMs: 0 }],
  };
}

function tracked(random: Random, cluster: Cluster): Fault {
  const node = anyNode(random, cluster);
  if (cluster.file && decide(random, 0.5)) {
    const file = { kind: "file" as const, node, path: "/mark" };
    const text = `${pick(random, [1, -1, 3, -300])}\n`;
    return { begins: [{ ...file, text }], ends: [{ ...file, text: "0\n" }] };
  }
  if (!cluster.script) return linkDown(random, cluster);
  const script = { kind: "script" as const, node, command: "/probe" };
  const hangs = decide(random, 0.3);
  const broken = hangs
    ? { ...script, exit: 0, stubborn: decide(random, 0.5) }
    : { ...script, exit: 1, takesMs: 20 };
  return { begins: [broken], ends: [{ ...script, exit: 0, takesMs: 1 }] };
}

function externalDelete(random: Random, cluster: Cluster): Fault {
  const node = anyNode(random, cluster);
  const { link, addresses: [first = ""], family } = pick(random, cluster.routers);
  const address = `${first}/${family === "ipv4" ? 32 : 128}`;
  return { begins: [{ kind: "address", node, link, address, present: false }], ends: [] };
}

function sourceLost(random: Random, cluster: Cluster): Fault {
  const number = random.below(cluster.nodes);
  const link = anyLink(random);
  const address = `10.${link === "eth0" ? 0 : 1}.0.${number + 1}/24`;
  const words = { kind: "address" as const, node: nodeName(number), link, address };
  return { begins: [{ ...words, present: false }], ends: [{ ...words, present: true }] };
}

function drift(random: Random, cluster: Cluster): Fault {
  const node = anyNode(random, cluster);
  return { begins: [{ kind: "drift", node, ppm: random.below(1000) - 500 }], ends: [] };
}

function stepClock(random: Random, cluster: Cluster): Fault {
  const node = anyNode(random, cluster);
  const byMs = pick(random, [-3_600_000, -500, 500, 86_400_000]);
  return { begins: [{ kind: "step-clock", node, byMs }], ends: [] };
}

function handOver(random: Random, cluster: Cluster): Fault {
  const node = anyNode(random, cluster);
  const names = cluster.group.length > 1 ? ["G"] : [pick(random, cluster.routers).name];
  return { begins: [{ kind: "hand-over", node, names }], ends: [] };
}

function maintenance(random: Random, cluster: Cluster): Fault {
  const node = anyNode(random, cluster);
  return {
    begins: [{ kind: "maintenance", node, on: true }],
    ends: [{ kind: "maintenance", node, on: false }],
  };
}
