/**
 * `no_accept` and the reports of macvlans beside keepalived: the same sets and rules from the same
 * file; clients are not answered, others are; nothing is left, not even after a kill; and no report
 * leaves with the virtual router's Ethernet address.
 */
import assert from "node:assert/strict";
import { poll } from "../support/lab/bell.ts";
import type { Node } from "../support/lab/lab.ts";
import { keepalived, standin, whyNoLab } from "../support/lab/makes.ts";
import { protocols, type RouterPlan } from "../support/lab/plan.ts";
import { Router } from "../support/lab/router.ts";
import { Stories } from "../support/lab/story.ts";

const [, overIpv4, overIpv6] = protocols;
const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(4);

async function ruleset({ namespace }: Node): Promise<string> {
  const { stdout, stderr, code } = await namespace.run(["nft", "list", "ruleset"]);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

/** Sets, chains and rules in an order of their own; a set's elements on one line. */
function sorted(text: string): string[] {
  const flat = text.replaceAll(/,\s+/g, ", ").split(/\n(?=\ttable|\t?\S|\t\S)/);
  return flat.map((part) => part.replaceAll(/\s+/g, " ").trim()).filter((part) => part !== "")
    .sort();
}

/** What standin adds on purpose: docs/compatibility.md. */
function withoutOurOwn(text: string): string {
  const blocks = ["parent_link_local", "mld-report"].reduce(
    (rest, name) => rest.replace(new RegExp(`\\tset ${name} \\{[^}]*\\}?[^}]*\\}\\n\\n`), ""),
    text,
  );
  return blocks.replace(/.*@parent_link_local drop\n/, "")
    .replace("icmpv6 type @mld-report", "icmpv6 type mld2-listener-report");
}

const cases: readonly (readonly [name: string, plan: RouterPlan])[] = [
  ["no_accept over IPv4", { protocol: overIpv4, priority: 200, lines: ["no_accept"] }],
  ["no_accept over IPv6", { protocol: overIpv6, priority: 200, lines: ["no_accept"] }],
  ["use_vmac over IPv4", { protocol: overIpv4, priority: 200, lines: ["use_vmac"] }],
  ["use_vmac over IPv6", { protocol: overIpv6, priority: 200, lines: ["use_vmac"] }],
  ["both", { protocol: overIpv6, priority: 200, lines: ["use_vmac", "no_accept"] }],
];

for (const [name, plan] of cases) {
  stories.tell(`${name}: the rules are keepalived's`, async (lab) => {
    const { a } = await lab.pair();
    const seen: string[] = [];
    for (const make of [standin, keepalived]) {
      const router = new Router(lab, a, make, plan);
      await router.start();
      await router.untilItRules();
      seen.push(await ruleset(a));
      await router.terminate();
      assert.equal(await ruleset(a), "");
    }
    const [ours = "", theirs = ""] = seen;
    assert.deepEqual(sorted(withoutOurOwn(ours)), sorted(theirs));
  }, options);
}

for (
  const [protocol, target] of [
    [overIpv4, "10.77.0.100"],
    [overIpv6, "2001:db8:77::100"],
  ] as const
) {
  stories.tell(`${protocol.name}: no_accept drops, accept does not`, async (lab) => {
    const { a, b } = await lab.pair();
    const ping = ["ping", "-c", "1", "-W", "1", target];
    const router = new Router(lab, a, standin, { protocol, priority: 200, lines: ["no_accept"] });
    await router.start();
    await router.untilItRules();
    // The neighbour is found, the packet is not answered.
    assert.notEqual((await b.namespace.run(ping)).code, 0);
    await poll("the neighbour is known", () => b.namespace.ip(`neigh show ${target}`), (text) => {
      return text.includes("lladdr");
    });
    await router.terminate();
    await router.start({ protocol, priority: 200, lines: ["accept"] });
    await router.untilItRules();
    await poll("it answers", () => b.namespace.run(ping), ({ code }) => code === 0);
  }, options);
}

stories.tell("a killed daemon leaves no rules", async (lab) => {
  const { a } = await lab.pair();
  const lines = ["use_vmac", "no_accept"];
  const router = new Router(lab, a, standin, { protocol: overIpv4, priority: 200, lines });
  await router.start();
  await router.untilItRules();
  assert.match(await ruleset(a), /10\.77\.0\.100/);
  router.program.signal("SIGKILL");
  await poll("the rules are gone", () => ruleset(a), (text) => text === "");
}, options);

stories.tell("no report of a macvlan leaves with the virtual address", async (lab) => {
  const { segment, a } = await lab.pair();
  for (const protocol of [overIpv4, overIpv6]) {
    const router = new Router(lab, a, standin, { protocol, priority: 200, lines: ["use_vmac"] });
    await router.start();
    await router.untilItRules();
    await router.terminate();
  }
  const reports = segment.capture.frames.filter(({ bytes }) => {
    const igmp = bytes[12] === 8 && bytes[13] === 0 && bytes[23] === 2;
    const mld = bytes[12] === 0x86 && bytes[20] === 0 && bytes[62] === 143;
    return igmp || mld;
  });
  assert.ok(reports.length > 0);
  const virtual = reports.filter(({ bytes }) => bytes[6] === 0 && bytes[8] === 0x5e);
  assert.deepEqual(virtual, []);
}, options);
