/**
 * Authenticated adverts between standin and keepalived, in both roles: who has the key is heard, by
 * the same octets on the wire; who has another key is not, and both are master.
 */
import assert from "node:assert/strict";
import { showFrame } from "../support/lab/frame.ts";
import type { Lab } from "../support/lab/lab.ts";
import { keepalived, standin, whyNoLab } from "../support/lab/makes.ts";
import { protocols, type RouterPlan } from "../support/lab/plan.ts";
import { type Make, Router } from "../support/lab/router.ts";
import type { Segment } from "../support/lab/segment.ts";
import { Stories } from "../support/lab/story.ts";

const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(6);
const [v2] = protocols;

const pairings: readonly (readonly [a: Make, b: Make])[] = [
  [standin, keepalived],
  [keepalived, standin],
  [standin, standin],
];

function withAh(priority: number, key: string, more: readonly string[] = []): RouterPlan {
  const lines = ["authentication {", "    auth_type AH", `    auth_pass ${key}`, "}", ...more];
  return { protocol: v2, priority, lines };
}

/** Neither hears the other: both are master, and stay it. */
async function bothRule(lab: Lab, segment: Segment, a: Router, b: Router): Promise<void> {
  await Promise.all([a.start(), b.start()]);
  await Promise.all([a.untilItRules(), b.untilItRules()]);
  const from = segment.passed;
  await lab.bell.until("both go on", () => {
    return [a, b].every(({ node }) => segment.adverts(node, from).length >= 2);
  });
  for (const router of [a, b]) {
    assert.deepEqual(router.states.filter((state) => state === "MASTER").length, 1, `${router}`);
    assert.ok(router.rules, `${router} has its addresses`);
  }
}

for (const [better, lesser] of pairings) {
  stories.tell(`AH, ${better.name} before ${lesser.name}: one master at a time`, async (lab) => {
    const { segment, a: first, b: second } = await lab.pair();
    const a = new Router(lab, first, better, withAh(200, "secret12"));
    const b = new Router(lab, second, lesser, withAh(100, "secret12"));
    await Promise.all([a.start(), b.start()]);
    await lab.bell.until("a rules and b waits", () => {
      const [own, all] = [segment.adverts(first).slice(-3), segment.adverts().slice(-3)];
      return own.length === 3 && own[0]?.atMs === all[0]?.atMs && a.rules && b.waits;
    });
    await a.crash();
    await b.untilItRules();
    await lab.bell.until("b sends", () => segment.adverts(second).length >= 3);
    await a.start();
    await a.untilItRules();
    await b.untilItWaits();
    await a.terminate();
    await b.untilItRules();
  }, options);
}

for (const [better, lesser] of pairings) {
  stories.tell(`AH, ${better.name} and ${lesser.name}: another key is not heard`, async (lab) => {
    const { segment, a: first, b: second } = await lab.pair();
    const a = new Router(lab, first, better, withAh(200, "secret12"));
    const b = new Router(lab, second, lesser, withAh(100, "secret13"));
    await bothRule(lab, segment, a, b);
  }, options);
}

for (const [better, lesser] of pairings.slice(0, 2)) {
  stories.tell(`AH in unicast, ${better.name} before ${lesser.name}`, async (lab) => {
    const { a: first, b: second } = await lab.pair();
    const to = (own: number): string[] => [
      `unicast_src_ip 10.77.0.${own}`,
      `unicast_peer { 10.77.0.${3 - own} }`,
    ];
    const a = new Router(lab, first, better, withAh(200, "secret12", to(1)));
    const b = new Router(lab, second, lesser, withAh(100, "secret12", to(2)));
    await b.start();
    await b.untilItRules();
    await a.start();
    await Promise.all([a.untilItRules(), b.untilItWaits()]);
    await a.terminate();
    await b.untilItRules();
  }, options);
}

/** IPv4 identification and header checksum, and the digest, which covers the identification. */
const hidden = [18, 19, 24, 25, ...Array.from({ length: 12 }, (_, at) => 46 + at)];

async function advertsOf(lab: Lab, make: Make): Promise<string[]> {
  const short = make.name.slice(0, 4);
  const segment = await lab.segment(short, { number: 0 });
  const node = await lab.node(short, 1);
  segment.join(node);
  const router = new Router(lab, node, make, withAh(150, "secret12"));
  await router.start();
  await lab.bell.until("three adverts", () => segment.adverts(node).length >= 3);
  await router.terminate();
  await lab.bell.until("priority 0", () => segment.adverts(node).at(-1)?.priority === 0);
  const times = new Set(segment.adverts(node).map(({ atMs }) => atMs));
  const frames = segment.capture.frames.filter(({ atMs }) => times.has(atMs));
  return frames.slice(0, 3).map(({ bytes }) => showFrame(bytes, hidden));
}

stories.tell("AH: adverts are keepalived's", async (lab) => {
  const theirs = await advertsOf(lab, keepalived);
  assert.deepEqual(await advertsOf(lab, standin), theirs);
}, options);

const secret = "0123456789abcdef0123456789abcdef";

function signed(protocol: RouterPlan["protocol"], priority: number, key = secret): RouterPlan {
  const lines = ["auth_hmac {", `    key 3 ${key}`, "    active_key 3", "}"];
  return { protocol, priority, lines };
}

async function oneMaster(lab: Lab, a: Router, b: Router): Promise<void> {
  await Promise.all([a.start(), b.start()]);
  await lab.bell.until("a rules and b waits", () => a.rules && b.waits);
  // keepalived would not start again at once after a crash.
  await (a.make === keepalived ? a.terminate() : a.crash());
  await b.untilItRules();
  await a.start();
  await a.untilItRules();
  await b.untilItWaits();
}

for (const protocol of protocols) {
  stories.tell(`auth_hmac, ${protocol.name}: one master at a time`, async (lab) => {
    const { a: first, b: second } = await lab.pair({ mayBeMalformed: true });
    const a = new Router(lab, first, standin, signed(protocol, 200));
    const b = new Router(lab, second, standin, signed(protocol, 100));
    await oneMaster(lab, a, b);
  }, options);
  stories.tell(`auth_hmac, ${protocol.name}: another key is not heard`, async (lab) => {
    const { segment, a: first, b: second } = await lab.pair({ mayBeMalformed: true });
    const a = new Router(lab, first, standin, signed(protocol, 200));
    const b = new Router(lab, second, standin, signed(protocol, 100, secret.toUpperCase()));
    await bothRule(lab, segment, a, b);
  }, options);
}

for (const protocol of protocols) {
  for (const [better, lesser] of [[standin, keepalived], [keepalived, standin]] as const) {
    const name = `${better.name} before ${lesser.name}, ${protocol.name}`;
    stories.tell(`auth_hmac in receive-only: ${name}: one master at a time`, async (lab) => {
      const { a: first, b: second } = await lab.pair();
      const planOf = (make: Make, priority: number): RouterPlan => {
        if (make === keepalived) return { protocol, priority };
        const { lines = [], ...rest } = signed(protocol, priority);
        return { ...rest, lines: [...lines.slice(0, -1), "    mode receive-only", "}"] };
      };
      const a = new Router(lab, first, better, planOf(better, 200));
      const b = new Router(lab, second, lesser, planOf(lesser, 100));
      await oneMaster(lab, a, b);
    }, options);
  }
}

stories.tell("auth_hmac: a keepalived without a key is heard in permissive only", async (lab) => {
  const [, protocol] = protocols;
  const { segment, a: first, b: second } = await lab.pair({ mayBeMalformed: true });
  const inMode = (mode: string): RouterPlan => {
    const { lines = [], ...rest } = signed(protocol, 100);
    return { ...rest, lines: [...lines.slice(0, -1), `    mode ${mode}`, "}"] };
  };
  const a = new Router(lab, first, keepalived, { protocol, priority: 200 });
  const b = new Router(lab, second, standin, inMode("enforce"));
  await bothRule(lab, segment, a, b);
  await b.terminate();
  await b.start(inMode("permissive"));
  await lab.bell.until("it has heard its master", () => {
    return b.program.lines.some((line) => line.includes('"master-changed"'));
  });
  await b.untilItWaits();
  await a.terminate();
  await b.untilItRules();
}, options);
