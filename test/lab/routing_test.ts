/**
 * Routes, rules and static lines: one file with as many options as the kernel takes is given to
 * keepalived and to standin, and `ip` says what each of them made of it. Then what is standin's
 * own: many next hops, a reload, a crash, somebody who deletes things.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { poll } from "../support/lab/bell.ts";
import type { Lab, Node } from "../support/lab/lab.ts";
import { filesOf, keepalived, standin, whyNoLab } from "../support/lab/makes.ts";
import { protocols, renderConfiguration, type RouterPlan } from "../support/lab/plan.ts";
import { type Make, Router } from "../support/lab/router.ts";
import { Stories } from "../support/lab/story.ts";

const [overIpv4] = protocols;
const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(2);

const via = "via 10.77.0.254 dev eth0";
const via6 = "via fe80::fe dev eth0";

const routes = [
  `10.60.0.0/24 ${via}`,
  "10.60.1.0/24 dev eth0",
  `10.60.2.0/24 ${via} table 100 metric 5 src 10.77.0.100`,
  `10.60.3.0/24 ${via} tos 0x10`,
  `10.60.4.0/24 ${via} dsfield 0x08 priority 7`,
  `10.60.5.0/24 ${via} preference 9 scope global protocol 18`,
  `10.60.6.0/24 ${via} mtu lock 1400 advmss lock 1300 hoplimit 60`,
  `10.60.7.0/24 ${via} rtt 400ms rttvar 500ms rto_min 1s reordering lock 5`,
  `10.60.8.0/24 ${via} window 5000 cwnd lock 20 ssthresh lock 30 initcwnd 11 initrwnd 12`,
  `10.60.9.0/24 ${via} features ecn quickack 1 congctl reno fastopen_no_cookie 1`,
  `10.60.10.0/24 ${via} realms 10/20`,
  "10.60.11.0/24 via 10.88.0.1 dev eth0 onlink",
  "blackhole 10.60.12.0/24 no_track",
  "unreachable 10.60.13.0/24 no_track",
  "prohibit 10.60.14.0/24 no_track metric 3",
  "throw 10.60.15.0/24 table 100 no_track",
  "10.60.16.0/24 no_track nexthop via 10.77.0.253 dev eth0 weight 2 " +
  "nexthop via 10.77.0.252 dev eth0 realms 3/4 nexthop via 10.88.0.2 dev eth0 onlink",
  `10.60.17.0/24 ${via} append`,
  `10.60.18.0/24 ${via} add`,
  `10.60.19.0/24 ${via} prepend`,
  `default ${via} table 101`,
  "2001:db8:61::/64 dev eth0 metric 77",
  `2001:db8:62::/64 ${via6} pref high`,
  `2001:db8:63::/64 ${via6} expires 500 mtu 1300`,
  "unreachable 2001:db8:64::/64 no_track",
  `2001:db8:65::/64 from 2001:db8:66::/64 ${via6}`,
];

const rules = [
  "from 10.61.0.0/24 table 100 preference 100",
  "to 10.61.0.0/24 lookup 100 order 101",
  "from 10.61.1.0/24 to 10.61.2.0/24 iif eth0 blackhole priority 102",
  "oif eth0 unreachable preference 103",
  "dev eth0 prohibit preference 104",
  "not from 10.61.0.0/24 table 100 suppress_prefixlength 8 preference 105",
  "from 10.61.3.0/24 table 100 sup_pl 9 sup_group 5 preference 106",
  "fwmark 5 table 100 preference 107",
  "from 10.61.4.0/24 tos 0x10 table 102 preference 109",
  "from 10.61.5.0/24 ipproto tcp sport 10-20 dport 30-40 table 100 preference 110",
  "uidrange 5-10 table 100 preference 111",
  "from 10.61.6.0/24 tunnel-id 55 table 100 preference 112",
  "l3mdev preference 113",
  "from 10.61.7.0/24 goto 32000 preference 114",
  "from 10.61.8.0/24 nop preference 115",
  "from 10.61.9.0/24 realms 1/2 table 100 preference 116",
  "from 10.61.10.0/24 table 100 protocol 18 preference 117",
  "from 10.61.11.0/24 table 100 preference 118 protocol 18 no_track",
  "to 2001:db8:61::/64 table 100 preference 119",
];

/** What keepalived takes and calls an error: a reload of such a file is refused. */
const loose = ["from 10.61.12.0/24 table 100", "to 2001:db8:62::/64 table 100"];

const statics = `
static_ipaddress {
    10.99.0.1/24 dev eth0 scope link label eth0:s
    2001:db8:99::1/64 dev eth0 preferred_lft 400
}
static_routes {
    10.62.0.0/24 via 10.99.0.254 dev eth0
    2001:db8:68::/64 dev eth0 metric 5
}
static_rules {
    from 10.62.0.0/24 table 100 preference 130
}
`;

function block(name: string, lines: readonly string[]): string {
  return `${name} {\n${lines.map((line) => `        ${line}\n`).join("")}    }`;
}

/** Rules that leave the kernel its way to the gateways, so that routes can be added later on. */
const open = rules.filter((line) => !/unreachable|prohibit/.test(line));

const plan: RouterPlan = {
  protocol: overIpv4 ?? protocols[0],
  priority: 200,
  lines: [block("virtual_routes", routes), block("virtual_rules", open)],
};

const loosePlan: RouterPlan = {
  ...plan,
  lines: [block("virtual_routes", routes), block("virtual_rules", [...rules, ...loose])],
};

/** What `ip` shows of ours, in an order of its own. */
async function shown(node: Node): Promise<unknown[]> {
  const questions = [
    ["route", "show", "table", "all", "proto", "18"],
    ["-6", "route", "show", "table", "all", "proto", "18"],
    ["rule", "show"],
    ["-6", "rule", "show"],
    ["address", "show", "dev", "eth0"],
  ];
  // At the same time, so that a slow machine does not make it a picture of two states.
  const told = await Promise.all(questions.map(async (words) => {
    return { words, ...await node.namespace.run(["ip", "-j", "-d", "-N", ...words]) };
  }));
  const answers: string[] = [];
  for (const { words, stdout } of told) {
    const items: unknown = JSON.parse(stdout === "" ? "[]" : stdout);
    if (!Array.isArray(items)) continue;
    for (const item of items) {
      const texts = words[0] === "address"
        ? addressesIn(item)
        : [JSON.stringify(withoutTime(item))];
      answers.push(...texts.map((text) => `${words[0]} ${text}`));
    }
  }
  return [...new Set(answers)].sort();
}

function withoutTime(item: Readonly<Record<string, unknown>>): unknown {
  const { expires: _, ...rest } = item;
  return rest;
}

function addressesIn(item: { addr_info?: readonly Readonly<Record<string, unknown>>[] }): string[] {
  return (item.addr_info ?? [])
    .filter(({ local }) => /^(10\.99|10\.77\.0\.1\d\d|2001:db8:99)/.test(String(local)))
    .map(({ preferred_life_time: _p, valid_life_time: _v, protocol: _o, ...rest }) =>
      JSON.stringify(rest)
    );
}

/** The kernel's tables of a node at each step of one life. */
async function live(lab: Lab, node: Node, make: Make): Promise<Record<string, unknown>> {
  const own = { ...make, prepare: prepareWith(make) };
  const router = new Router(lab, node, own, loosePlan);
  const before = await shown(node);
  await router.start();
  const backup = await shown(node);
  await router.untilItRules();
  const master = await shownOnce(node, (lines) => lines.length > 38);
  await router.terminate();
  const after = await shown(node);
  assert.deepEqual(after, before, `${make.name} leaves nothing`);
  return { backup, master };
}

/** What `ip` shows once it is as wanted. */
async function shownOnce(
  node: Node,
  isWanted: (lines: readonly unknown[]) => boolean,
): Promise<unknown[]> {
  return await poll("routes, rules and addresses are as wanted", () => shown(node), isWanted);
}

function prepareWith(make: Make): Make["prepare"] {
  return async (lab, node, plan) => {
    const words = await make.prepare(lab, node, plan);
    writeFileSync(filesOf(node).config, `${renderConfiguration(plan)}${statics}`);
    return words;
  };
}

stories.tell(
  "keepalived and standin make the same of routes, rules and static lines",
  async (lab) => {
    const { a, b } = await lab.pair();
    const first = await live(lab, a, keepalived);
    const second = await live(lab, b, standin);
    assert.deepEqual(second, first);
  },
  options,
);

/** A master with everything. */
async function masterOf(lab: Lab): Promise<{ node: Node; router: Router }> {
  const { a: node } = await lab.pair();
  const router = new Router(lab, node, { ...standin, prepare: prepareWith(standin) }, plan);
  await router.start();
  await router.untilItRules();
  await shownOnce(node, (lines) => lines.length > 38);
  return { node, router };
}

stories.tell("a route has more next hops than keepalived takes", async (lab) => {
  const { a: node } = await lab.pair();
  const hops = Array.from({ length: 20 }, (_, at) => `nexthop via 10.77.0.${200 + at} dev eth0`);
  const line = `10.60.30.0/24 no_track ${hops.join(" ")}`;
  const router = new Router(lab, node, standin, {
    ...plan,
    lines: [block("virtual_routes", [line])],
  });
  await router.start();
  await router.untilItRules();
  const isRoute = (line: unknown): boolean => String(line).includes("10.60.30.0");
  const lines = await shownOnce(node, (lines) => lines.some(isRoute));
  const gateways = String(lines.find(isRoute)).match(/"gateway":"10\.77\.0\.2\d\d"/g);
  assert.equal(gateways?.length, hops.length);
}, options);

stories.tell("a crash leaves no route and no rule", async (lab) => {
  const { node, router } = await masterOf(lab);
  router.program.signal("SIGKILL");
  await router.program.ended();
  await shownOnce(node, (lines) => !JSON.stringify(lines).includes("10.6"));
}, options);

stories.tell("what somebody deletes: a step down, or put back", async (lab) => {
  const { node, router } = await masterOf(lab);
  const { namespace } = node;
  await namespace.run(["ip", "route", "del", "10.60.0.0/24"]);
  await router.becomes("BACKUP");
  await router.untilItRules();
  await namespace.run(["ip", "rule", "del", "pref", "100"]);
  await router.becomes("BACKUP");
  await router.untilItRules();
  await namespace.run(["ip", "route", "del", "10.62.0.0/24"]);
  await shownOnce(node, (lines) => JSON.stringify(lines).includes("10.62.0.0/24"));
  await namespace.run(["ip", "addr", "del", "10.99.0.1/24", "dev", "eth0"]);
  await shownOnce(node, (lines) => JSON.stringify(lines).includes("10.99.0.1"));
  const config = renderConfiguration({
    ...plan,
    lines: [...plan.lines ?? [], "on_external_delete restore"],
  });
  writeFileSync(filesOf(node).config, `${config}${statics}`);
  router.program.signal("SIGHUP");
  await lab.bell.until("reloaded", () => {
    return router.program.lines.some((line) => line.includes("on_external_delete"));
  });
  const before = await shown(node);
  await namespace.run(["ip", "route", "del", "10.60.0.0/24"]);
  await namespace.run(["ip", "rule", "del", "pref", "100"]);
  await namespace.run(["ip", "addr", "del", "10.77.0.100/24", "dev", "eth0"]);
  await shownOnce(node, (lines) => JSON.stringify(lines) === JSON.stringify(before));
  assert.equal(router.state, "MASTER");
}, options);

stories.tell("a reload touches only what is different", async (lab) => {
  const { node, router } = await masterOf(lab);
  const changed = routes.map((line) =>
    line.replace("metric 5", "metric 6").replace("mtu 1300", "mtu 1290")
  );
  const lines = [block("virtual_routes", changed), block("virtual_rules", open.slice(1))];
  const monitor = lab.start(node, ["ip", "monitor", "route", "rule"]);
  writeFileSync(filesOf(node).config, `${renderConfiguration({ ...plan, lines })}${statics}`);
  router.program.signal("SIGHUP");
  await lab.bell.until("the new route", () => monitor.lines.some((line) => /metric 6/.test(line)));
  const after = await shownOnce(node, (lines) => {
    return !lines.some((line) => String(line).includes('"priority":100'));
  });
  const text = JSON.stringify(after);
  assert.ok(text.includes('\\"metric\\":6') && text.includes('\\"mtu\\":1290'));
  assert.ok(!text.includes('\\"metric\\":5,\\"table\\"'));
  const touched = monitor.lines.filter((line) => /10\.60\.|2001:db8:6|10\.61/.test(line));
  assert.ok(
    touched.every((line) => /10\.60\.2\.|2001:db8:63|10\.61\.0/.test(line)),
    touched.join("\n"),
  );
  assert.equal(router.state, "MASTER");
}, options);
