/**
 * Virtual servers in nftables: real connections through a balancer whose kernel has no IPVS. Turns
 * are counted by the kernel, so shares are exact where 3 % would do; who has a connection keeps it
 * through everything that happens to the table; rules of others are not touched.
 */
import assert from "node:assert/strict";
import { renderMarkMap, renderMarkRemoval } from "../../lib/balance/mod.ts";
import { BalanceLab } from "../support/lab/balance.ts";
import { whyNoLab } from "../support/lab/makes.ts";
import { markConfiguration, markTables } from "../support/lab/marks.ts";
import { ask } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";
import type { Harvest } from "../support/lab/traffic.ts";
import { modelOf } from "../support/model.ts";

const skip = whyNoLab();
const stories = new Stories(1);
const check = "TCP_CHECK { retry 0 \n warmup 0 \n connect_timeout 2 }";

/** Three servers, with these weights. */
function servers(weights: readonly number[], family: "ipv4" | "ipv6", checks = check): string {
  return weights.map((weight, index) => {
    const net = 81 + index;
    const address = family === "ipv4" ? `10.${net}.0.1` : `fd00:${net}::1`;
    return `real_server ${address} 80 {\nweight ${weight}\n${checks}\n}\n`;
  }).join("");
}

function service(head: string, lines: string, inside: string): string {
  return `virtual_server ${head} {\ndelay_loop 0.2\nlvs_method NAT\n${lines}\n${inside}}\n`;
}

/** Everything at once; the weights of the first one change. */
function configuration(weights: readonly number[]): string {
  const equal = [1, 1, 1];
  return [
    "balancer nftables\n",
    service("10.80.0.100 80", "protocol TCP\nlvs_sched wrr", servers(weights, "ipv4")),
    service("10.80.0.100 80", "protocol UDP\nlvs_sched rr", servers(equal, "ipv4")),
    service("fd00:90::100 80", "protocol TCP\nlvs_sched wrr", servers([3, 2, 1], "ipv6")),
    service(
      "10.80.0.100 82",
      "protocol TCP\nlvs_sched rr\npersistence_timeout 600",
      servers(equal, "ipv4"),
    ),
    service("10.80.0.100 84", "protocol TCP\nlvs_sched sh", servers(equal, "ipv4")),
    service(
      "10.80.0.100 86",
      "protocol TCP\nlvs_sched rr\nquorum 3\nsorry_server 10.83.0.1 81",
      servers(equal, "ipv4"),
    ),
    service("fwmark 7", "lvs_sched rr", servers(equal, "ipv4", "")),
    service(
      "10.80.0.102",
      "protocol TCP\nlvs_sched rr",
      servers(equal, "ipv4", "").replaceAll("1 80 {", "1 {"),
    ),
  ].join("");
}

/** What somebody else has in nftables. */
const others = "table ip others {\n" +
  "chain marks { type filter hook prerouting priority mangle;\n" +
  "ip daddr 10.80.0.101 meta mark set 7; }\n}";

const http = { host: "10.80.0.100", port: 80 };

/** Each server has its part of all, give or take 3 % of them. */
function isShared({ by, failed }: Harvest, parts: Readonly<Record<string, number>>): void {
  const all = Object.values(by).reduce((sum, count) => sum + count, 0);
  const whole = Object.values(parts).reduce((sum, part) => sum + part, 0);
  assert.equal(failed, 0);
  assert.deepEqual(Object.keys(by).sort(), Object.keys(parts).sort());
  for (const [name, part] of Object.entries(parts)) {
    const difference = Math.abs((by[name] ?? 0) / all - part / whole);
    assert.ok(difference < 0.03, `${name} has ${by[name]} of ${all}`);
  }
}

async function sharesAreRight(lab: BalanceLab): Promise<void> {
  const shares = await lab.client({ verb: "tcp", ...http, count: 2000 });
  isShared(shares, { 1: 1, 2: 2, 3: 3 });
  await countsAreShown(lab, shares);
  const counter = "tcp/10.80.0.100/80/10.83.0.1/80";
  const counted = await lab.ruleset("list", "counter", "inet", "standin_balance", counter);
  assert.match(counted, new RegExp(`packets ${shares.by["3"]} `));
  isShared(await lab.client({ verb: "udp", ...http, count: 300 }), { 1: 1, 2: 1, 3: 1 });
  const over6 = { host: "fd00:90::100", port: 80 };
  isShared(await lab.client({ verb: "tcp", ...over6, count: 600 }), { 1: 3, 2: 2, 3: 1 });
  const marked = { host: "10.80.0.101", port: 80 };
  isShared(await lab.client({ verb: "tcp", ...marked, count: 90 }), { 1: 1, 2: 1, 3: 1 });
  // All ports are one service, and a client stays with its server over all of them.
  const first = await lab.client({ verb: "tcp", host: "10.80.0.102", port: 80 });
  const second = await lab.client({ verb: "tcp", host: "10.80.0.102", port: 81, count: 5 });
  const [name = ""] = Object.keys(first.by);
  assert.deepEqual(second.by, { [`${name}:81`]: 5 });
}

async function clientsStay(lab: BalanceLab): Promise<void> {
  const sticky = { host: "10.80.0.100", port: 82 };
  const mine = await lab.client({ verb: "tcp", ...sticky, count: 50 });
  const yours = await lab.client({ verb: "tcp", ...sticky, count: 50, from: "10.80.0.3" });
  const hashed = await lab.client({ verb: "tcp", host: "10.80.0.100", port: 84, count: 50 });
  for (const { by, failed } of [mine, yours, hashed]) {
    assert.deepEqual([Object.values(by), failed], [[50], 0]);
  }
  // Turns go on: the second client is not where the first one is.
  assert.notDeepEqual(mine.by, yours.by);
  const [name = ""] = Object.keys(mine.by);
  const set = `tcp/10.80.0.100/82/10.8${name}.0.1/80`;
  assert.match(await lab.ruleset("list", "set", "inet", "standin_balance", set), /10\.80\.0\.1 /);
}

/** Who has a connection to a server keeps it when the server gets no more. */
async function drains(lab: BalanceLab): Promise<void> {
  for (const name of ["a", "b", "c", "d", "e", "f"]) {
    await lab.client({ verb: "hold", name, ...http });
  }
  const before = await askAll(lab);
  assert.deepEqual([...new Set(before)].sort(), ["1", "2", "3"]);
  const first = ["--of", "10.80.0.100:80 TCP"];
  const said = await lab.server("drain", "10.83.0.1", ...first, "--persist");
  assert.equal(said.trim(), "10.83.0.1:80 of 10.80.0.100:80 TCP: drained, persistent");
  isShared(await lab.client({ verb: "tcp", ...http, count: 300 }), { 1: 1, 2: 2 });
  assert.deepEqual(await askAll(lab), before);
  await lab.reload(configuration([1, 1, 1]));
  assert.match(await lab.server("list"), /10\.83\.0\.1:80 +drained \(persistent\) +0$/m);
  isShared(await lab.client({ verb: "tcp", ...http, count: 60 }), { 1: 1, 2: 1 });
  await lab.server("reset", "10.83.0.1:80");
  assert.deepEqual(await askAll(lab), before);
}

async function askAll(lab: BalanceLab): Promise<string[]> {
  const answers: string[] = [];
  for (const name of ["a", "b", "c", "d", "e", "f"]) {
    answers.push(...Object.keys((await lab.client({ verb: "echo", name })).by));
  }
  return answers;
}

const lasting = [7001, 7002, 7003] as const;

/** Who answers clients that always send from the same port. */
async function askFromPorts(lab: BalanceLab): Promise<string[]> {
  const answers: string[] = [];
  for (const fromPort of lasting) {
    const { by } = await lab.client({ verb: "udp", ...http, fromPort });
    answers.push(...Object.keys(by));
  }
  return answers;
}

/** What the status says of a server, and what nft says. */
async function countsAreShown(lab: BalanceLab, shares: Harvest): Promise<void> {
  const { virtualServers } = JSON.parse((await ask(lab.box, "/status")).body);
  const all = virtualServers[0].realServers.map((
    { statistics }: { statistics: Record<string, number> },
  ) => statistics);
  assert.deepEqual(
    all.map(({ connections }: { connections: number }) => connections),
    ["1", "2", "3"].map((name) => shares.by[name]),
  );
  for (const { connections, inPackets, outPackets, inBytes, outBytes } of all) {
    // A greeting and its acknowledgement, and what begins and ends a connection.
    assert.ok(inPackets >= 3 * connections && outPackets >= 2 * connections, JSON.stringify(all));
    assert.ok(inBytes >= 40 * inPackets && outBytes >= 40 * outPackets, JSON.stringify(all));
  }
}

/** Only those that were under way fail, those of other servers go on, and healing is noticed. */
async function survivesFailures(lab: BalanceLab): Promise<void> {
  const held = await askAll(lab);
  const asked = await askFromPorts(lab);
  assert.deepEqual([...asked].sort(), ["1", "2", "3"]);
  await lab.client({ verb: "flow", ...http });
  lab.killServer(2);
  for (const chain of ["tcp/10.80.0.100/80", "udp/10.80.0.100/80", "tcp/fd00_90__100/80"]) {
    await lab.leads(chain, chain.includes("_") ? "fd00_82__1/80" : "10.82.0.1/80", false);
  }
  await lab.client({ verb: "mark" });
  const { failedLate, answeredLate } = await lab.client({ verb: "stop", count: 300 });
  assert.ok(answeredLate >= 300);
  assert.equal(failedLate, 0);
  assert.deepEqual(await askAll(lab), held.map((name) => name === "2" ? "nobody" : name));
  // Who sends on from the same port is led to another server, and the others stay.
  const moved = await askFromPorts(lab);
  assert.deepEqual(moved.length, lasting.length);
  assert.ok(moved.every((name, at) => name === asked[at] || asked[at] === "2"), `${moved}`);
  assert.ok(!moved.includes("2"), `${moved}`);
  isShared(await lab.client({ verb: "tcp", ...http, count: 200 }), { 1: 1, 3: 1 });
  isShared(await lab.client({ verb: "udp", ...http, count: 100 }), { 1: 1, 3: 1 });
  const over6 = { host: "fd00:90::100", port: 80 };
  isShared(await lab.client({ verb: "tcp", ...over6, count: 200 }), { 1: 3, 3: 1 });
  // Where two servers are too few, the sorry server has everything.
  const picky = { host: "10.80.0.100", port: 86 };
  await lab.leads("tcp/10.80.0.100/86", "10.83.0.1/81", true);
  isShared(await lab.client({ verb: "tcp", ...picky, count: 50 }), { "3:81": 1 });
  lab.startServer(2);
  await lab.leads("tcp/10.80.0.100/86", "10.82.0.1/80", true);
  isShared(await lab.client({ verb: "tcp", ...picky, count: 90 }), { 1: 1, 2: 1, 3: 1 });
}

/** A killed daemon leaves the table at work, until the next one knows better. */
async function outlivesTheDaemon(lab: BalanceLab, before: string): Promise<void> {
  const daemon = await lab.start(configuration([1, 2, 3]));
  await lab.leads("tcp/10.80.0.100/80", "10.83.0.1/80", true);
  daemon.signal("SIGKILL");
  await daemon.ended();
  isShared(await lab.client({ verb: "tcp", ...http, count: 120 }), { 1: 1, 2: 2, 3: 3 });
  const next = await lab.start("global_defs {\n}\n");
  assert.equal(await lab.ruleset(), before);
  next.signal("SIGTERM");
  await next.ended();
}

/** `nftables_ipvs`: what nft shows of our tables is what it shows of keepalived's. */
async function givesMarksAsKeepalivedDoes({ box }: BalanceLab): Promise<void> {
  const { global: { balance }, virtualServers } = modelOf(markConfiguration);
  const plan = balance?.marks;
  assert.ok(plan !== undefined);
  for (const text of [renderMarkMap(plan, virtualServers), renderMarkMap(plan, virtualServers)]) {
    const { stderr } = await box.namespace.run(["nft", "-f", "-"], text);
    assert.equal(stderr, "");
  }
  const { stdout } = await box.namespace.run(["nft", "list", "ruleset"]);
  assert.ok(stdout.includes(markTables), stdout);
  await box.namespace.run(["nft", "-f", "-"], renderMarkRemoval(plan));
}

stories.tell("clients, a balancer and three servers", async (within) => {
  const lab = await BalanceLab.open(within);
  assert.equal((await lab.box.namespace.run(["nft", "-f", "-"], others)).code, 0);
  await givesMarksAsKeepalivedDoes(lab);
  const before = await lab.ruleset();
  const daemon = await lab.start(configuration([1, 2, 3]));
  await lab.leads("tcp/10.80.0.100/80", "10.83.0.1/80", true);
  await sharesAreRight(lab);
  await clientsStay(lab);
  await drains(lab);
  await survivesFailures(lab);
  const ours = /^table inet standin_balance \{\n[^]*?^\}\n/m;
  assert.equal((await lab.ruleset()).replace(ours, ""), before);
  daemon.signal("SIGTERM");
  await daemon.ended();
  assert.equal(await lab.ruleset(), before);
  await outlivesTheDaemon(lab, before);
}, skip === undefined ? {} : { skip });
