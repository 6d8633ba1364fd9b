/**
 * Virtual servers of a cluster, and what befalls the servers behind them. They are drawn from a
 * sequence of their own, so that clusters without them stay what they are.
 */
import type { Random } from "../../lib/base/mod.ts";
import type { TimedAct } from "../../lib/simulate/mod.ts";
import { among, decide, pick, weighted } from "./choice.ts";

/** How many real servers each virtual server has. */
export type ServerCounts = readonly number[];

/** Virtual servers; mostly none. */
export function newServers(random: Random): ServerCounts {
  if (!decide(random, 0.05)) return [];
  const count = weighted(random, [[1, 70], [2, 20], [5, 10]]);
  return Array.from({ length: count }, () => 1 + random.below(4));
}

/** The lines of each block. */
export function serverBlocks(counts: ServerCounts): [head: string, lines: string[]][] {
  return counts.map((count, place) => [
    `virtual_server ${addressOf(place)} 80`,
    [
      ...["delay_loop 1", "lb_algo rr", "lb_kind NAT", "protocol TCP"],
      ...Array.from({ length: count }, (_, server) => [
        `real_server ${addressOf(place, server)} 80 {`,
        "  TCP_CHECK {",
        ...["connect_timeout 1", "retry 1", "delay_before_retry 1"].map((line) => `    ${line}`),
        "  }",
        "}",
      ]).flat(),
    ],
  ]);
}

/** Servers that fail between two times, as some nodes see it; all are well at the second. */
export function serverFaults(
  random: Random,
  counts: ServerCounts,
  { nodes, from, to }: { nodes: readonly string[]; from: number; to: number },
): TimedAct[] {
  return counts.flatMap((count, place) => {
    const server = `${addressOf(place, random.below(count))}:80`;
    const [begin, end] = [
      Math.floor(among(random, from, to)),
      decide(random, 0.5) ? to : undefined,
    ];
    const over = end ?? Math.floor(among(random, begin, to));
    const answers = pick(random, ["refused", "silent"] as const);
    return nodes.filter(() => decide(random, 0.8)).flatMap((node): TimedAct[] => [
      { kind: "server", node, server, answers, atMs: begin },
      { kind: "server", node, server, answers: "open", atMs: over },
    ]);
  });
}

function addressOf(place: number, server?: number): string {
  return server === undefined ? `10.8.${place}.100` : `10.8.${place}.${server + 1}`;
}
