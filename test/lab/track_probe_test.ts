/**
 * Built-in probes against real things: a gateway that is cut off from one of two nodes moves the
 * addresses to the other one, and a node that is cut off from everybody has no master, because it
 * does not reach its witness.
 */
import assert from "node:assert/strict";
import { poll } from "../support/lab/bell.ts";
import type { Lab, Node } from "../support/lab/lab.ts";
import { standin, whyNoLab } from "../support/lab/makes.ts";
import { protocols } from "../support/lab/plan.ts";
import { Router } from "../support/lab/router.ts";
import type { Segment } from "../support/lab/segment.ts";
import { statusOf } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";

const [, overIpv4] = protocols;
const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(2);

/** Two routers and their gateway. */
interface Scene {
  readonly segment: Segment;
  readonly gateway: Node;
  readonly better: Router;
  readonly lesser: Router;
}

async function withGateway(
  lab: Lab,
  { roots, lines, intervalMs = 500 }: {
    readonly roots: readonly string[];
    readonly lines: readonly string[];
    readonly intervalMs?: number;
  },
): Promise<Scene> {
  const { segment, a, b } = await lab.pair();
  const gateway = await lab.node("g", 9);
  segment.join(gateway);
  for (const { namespace } of [a, b]) {
    namespace.ip("route add default via 10.77.0.9");
    namespace.ip("-6 route add default via fe80::9 dev eth0");
  }
  const plan = { protocol: { ...overIpv4, intervalMs }, roots, lines };
  const better = new Router(lab, a, standin, { ...plan, priority: 200 });
  const lesser = new Router(lab, b, standin, { ...plan, priority: 100 });
  await Promise.all([better.start(), lesser.start()]);
  await better.untilItRules();
  await lesser.untilItWaits();
  return { segment, gateway, better, lesser };
}

function probe(name: string, ...lines: readonly string[]): string[] {
  return [`track_probe ${name} {`, ...lines, "fall 2", "interval 0.2", "}"]
    .map((line) => `@standin ${line}`);
}

/** How each probe of a node is, such as `ping good`. */
async function probesOf({ node }: Router): Promise<string[]> {
  const { trackers } = await statusOf(node);
  return trackers.map(({ name, state, detail }) =>
    `${name} ${state}${state === "good" || detail === null ? "" : `: ${detail}`}`.replace(
      /[\d.]+ % are free/,
      "… are free",
    )
  );
}

/** Waits until those of these names are as wanted: each finds out in its own time. */
async function haveProbes(
  router: Router,
  names: RegExp,
  wanted: readonly string[],
): Promise<void> {
  const look = async (): Promise<string> =>
    (await probesOf(router)).filter((line) => names.test(line)).join("\n");
  await poll("the probes are as wanted", look, (found) => found === wanted.join("\n"));
}

/** A port of the daemon itself, which answers HTTP and takes connections on its loopback. */
const status = "@standin status_listen 127.0.0.1:9568";
const each = [
  ["ping", "ping gateway"],
  ["ping6", "ping gateway6"],
  ["arp", "arp gateway"],
  ["route", "route default"],
  ["connected", "route 10.77.0.0/24"],
  ["away", "route 192.0.2.0/24"],
  ["tcp", "tcp 127.0.0.1 9568"],
  ["closed", "tcp 127.0.0.1 9569"],
  ["http", "http http://127.0.0.1:9568/healthz"],
  ["wrong", "http http://127.0.0.1:9568/nothing"],
  ["disk", "disk / 1K"],
  ["full", "disk / 99.99%"],
] as const;

stories.tell("a gateway that is cut off from one node moves the addresses", async (lab) => {
  const roots = [
    ...each.flatMap(([name, line]) => probe(name, line)),
    ...probe("network", "at_least 3 ping ping6 arp route"),
    status,
  ];
  const names = each.map(([name]) => `@standin ${name} weight 1`);
  const lines = ["@standin track_probe {", "@standin network", ...names, "@standin }"];
  const { segment, gateway, better, lesser } = await withGateway(lab, { roots, lines });
  await haveProbes(better, /./, [
    "ping good",
    "ping6 good",
    "arp good",
    "route good",
    "connected good",
    "away bad: there is no such route",
    "tcp good",
    "closed bad: connect: connection refused",
    "http good",
    "wrong bad: status 404, expected 200-299",
    "disk good",
    "full bad: … are free",
    "network good",
  ]);
  const cutAt = performance.now();
  segment.setSplit([better.node, gateway], true);
  await lesser.untilItRules();
  console.log(`gateway cut: the other one rules ${Math.round(performance.now() - cutAt)} ms later`);
  await better.becomes("FAULT");
  await haveProbes(better, /^(ping6?|arp|route|net)/, [
    "ping bad: timeout",
    "ping6 bad: timeout",
    "arp bad: timeout",
    "route good",
    "network bad: 1 of 4 are good, 3 must be",
  ]);
  segment.setSplit([better.node, gateway], false);
  await better.untilItRules();
  await lesser.untilItWaits();
  better.node.namespace.ip("route delete default");
  await better.becomes("FAULT");
  await haveProbes(better, /^(ping|route) /, [
    "ping bad: there is no default route",
    "route bad: there is no such route",
  ]);
}, options);

stories.tell("who reaches neither a peer nor its witness is not master", async (lab) => {
  const roots = probe("gw", "ping gateway", "timeout 0.15");
  // So slow that a busy machine still finds out in time that the witness does not answer.
  const lines = ["@standin witness gw"];
  const scene = await withGateway(lab, { roots, lines, intervalMs: 1000 });
  const { segment, better, lesser } = scene;
  const waits = (line: string): boolean => line.includes("waits for its witness gw");
  // It may have been master for a moment, if it was the first to start.
  const states = lesser.states.length;
  segment.setAlone(lesser.node, true);
  await lab.bell.until("the lone backup waits", () => lesser.program.lines.some(waits));
  assert.deepEqual([lesser.states.slice(states), lesser.held], [[], 0]);
  const [alone] = (await statusOf(lesser.node)).instances;
  assert.deepEqual(alone?.witness, { probe: "gw", state: "bad", awaited: true });
  segment.setAlone(lesser.node, false);
  await lab.bell.until("its witness is back", () => {
    return lesser.program.lines.some((line) => line.includes("probe gw is good"));
  });
  segment.setAlone(better.node, true);
  await better.untilItWaits();
  await lesser.untilItRules();
  assert.ok(better.waits, "a node that is alone is not master");
  segment.setAlone(better.node, false);
  await better.untilItRules();
  await lesser.untilItWaits();
}, options);
