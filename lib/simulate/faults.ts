/**
 * The standard faults: what every cluster has to survive, each in a scenario of its own, made from
 * the cluster's files alone.
 */
import type { Assembled } from "./assemble.ts";
import type { Act, Scenario, TimedAct } from "./scenario.ts";

/** A fault and the scenario that has it. */
export interface StandardFault {
  readonly title: string;
  readonly scenario: Scenario;
}

/** The first moments are for finding the first master, the last ones for finding back. */
const [faultAtMs, overAtMs, lastsMs] = [30_000, 60_000, 100_000];

/** How long each of them lasts. */
export const faultLastsMs: number = overAtMs - faultAtMs;

type Fault = readonly [title: string, during: readonly Act[], after: readonly Act[]];

/** All of them for these nodes; the first node is the one that they happen to. */
export function standardFaults({ nodes, segments }: Assembled, seed: number): StandardFault[] {
  const [first, ...others] = nodes;
  if (first === undefined) return [];
  const all = nodes.map(({ name }) => name);
  const faults: Fault[] = [
    ...faultsOfNode(first),
    ["all are restarted at once", all.map(crash), all.map(start)],
    ...segments.flatMap(({ name }) =>
      faultsOfSegment(name, first.name, others.map((other) => other.name))
    ),
  ];
  const at = (atMs: number) => (act: Act): TimedAct => ({ ...act, atMs });
  return faults.map(([title, during, after]) => {
    const acts = [
      ...all.map(start).map(at(0)),
      ...during.map(at(faultAtMs)),
      ...after.map(at(overAtMs)),
    ];
    return { title, scenario: { seed, nodes, segments, acts, lastsMs, calmFromMs: overAtMs } };
  });
}

function faultsOfNode({ name: node, links }: Assembled["nodes"][number]): Fault[] {
  return [
    [`${node} crashes and comes back`, [crash(node)], [start(node)]],
    [`${node} is stopped and started`, [{ kind: "stop", node }], [start(node)]],
    ...links.map(({ name: link }): Fault => [
      `${node} loses ${link}`,
      [{ kind: "link", node, link, up: false, by: "carrier" }],
      [{ kind: "link", node, link, up: true, by: "carrier" }],
    ]),
    [`${node} stands still`, [{ kind: "stall", node }], [{ kind: "wake", node }]],
    [
      `${node} is in maintenance`,
      [{ kind: "maintenance", node, on: true }],
      [{ kind: "maintenance", node, on: false }],
    ],
  ];
}

function faultsOfSegment(segment: string, node: string, others: readonly string[]): Fault[] {
  const after: Act[] = [{ kind: "recover", segment }];
  const unheard = others.map((to): Act => ({ kind: "cut", segment, from: node, to }));
  const deaf = others.map((from): Act => ({ kind: "cut", segment, from, to: node }));
  return [
    [`${node} is not heard on ${segment}`, unheard, after],
    [`${segment} is split`, [...unheard, ...deaf], after],
    [`${segment} loses every tenth frame`, [{ kind: "disturb", segment, loss: 0.1 }], after],
  ];
}

function start(node: string): Act {
  return { kind: "start", node };
}

function crash(node: string): Act {
  return { kind: "crash", node, guarded: true };
}
