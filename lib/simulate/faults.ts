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

/** All of them for these nodes; the first node is the one that they happen to. */
export function standardFaults({ nodes, segments }: Assembled, seed: number): StandardFault[] {
  const [first] = nodes;
  if (first === undefined) return [];
  const node = first.name;
  const others = nodes.slice(1).map(({ name }) => name);
  const all = nodes.map(({ name }) => name);
  const faults: (readonly [title: string, during: readonly Act[], after: readonly Act[]])[] = [
    [`${node} crashes and comes back`, [crash(node)], [{ kind: "start", node }]],
    [`${node} is stopped and started`, [{ kind: "stop", node }], [{ kind: "start", node }]],
    ...first.links.map(({ name: link }) =>
      [
        `${node} loses ${link}`,
        [{ kind: "link", node, link, up: false, by: "carrier" }],
        [{ kind: "link", node, link, up: true, by: "carrier" }],
      ] as const
    ),
    [`${node} stands still`, [{ kind: "stall", node }], [{ kind: "wake", node }]],
    [
      `${node} is in maintenance`,
      [{ kind: "maintenance", node, on: true }],
      [{ kind: "maintenance", node, on: false }],
    ],
    ["all are restarted at once", all.map(crash), all.map((one) => ({ kind: "start", node: one }))],
    ...segments.flatMap(({ name: segment }) => [
      [
        `${node} is not heard on ${segment}`,
        others.map((to): Act => ({ kind: "cut", segment, from: node, to })),
        [{ kind: "recover", segment }],
      ] as const,
      [
        `${segment} is split`,
        others.flatMap((to): Act[] => [
          { kind: "cut", segment, from: node, to },
          { kind: "cut", segment, from: to, to: node },
        ]),
        [{ kind: "recover", segment }],
      ] as const,
      [
        `${segment} loses every tenth frame`,
        [{ kind: "disturb", segment, loss: 0.1 }],
        [{ kind: "recover", segment }],
      ] as const,
    ]),
  ];
  const starts = all.map((one): TimedAct => ({ kind: "start", node: one, atMs: 0 }));
  return faults.map(([title, during, after]) => ({
    title,
    scenario: {
      seed,
      nodes,
      segments,
      acts: [
        ...starts,
        ...during.map((act) => ({ ...act, atMs: faultAtMs })),
        ...after.map((act) => ({ ...act, atMs: overAtMs })),
      ],
      lastsMs,
      calmFromMs: overAtMs,
    },
  }));
}

function crash(node: string): Act {
  return { kind: "crash", node, guarded: true };
}
