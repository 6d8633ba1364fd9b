/**
 * Unicast beside keepalived, in both roles and every protocol: who is master, takeover after a
 * crash and after priority 0, no flapping; senders that are no peers or too far away.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { type Duel, settle, staySettled } from "../support/lab/duel.ts";
import { poll } from "../support/lab/bell.ts";
import { groups } from "../support/lab/frame.ts";
import type { Lab, Node } from "../support/lab/lab.ts";
import { filesOf, keepalived, standin, whyNoLab } from "../support/lab/makes.ts";
import {
  type Protocol,
  protocols,
  renderConfiguration,
  type RouterPlan,
} from "../support/lab/plan.ts";
import { type Make, Router } from "../support/lab/router.ts";
import { statusOf } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";
import { ip } from "../support/plan.ts";

const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(6);

/** The addresses that nodes 1 and 2 send from. */
function sourceOf({ family }: Protocol, number: number): string {
  return family === "ipv4" ? `10.77.0.${number}` : `2001:db8:77::${number}`;
}

/** The lines of an instance of unicast; the same peers for both nodes, but for keepalived. */
function unicastLines(protocol: Protocol, own: number, peers: readonly string[]): string[] {
  return [
    `unicast_src_ip ${sourceOf(protocol, own)}`,
    "unicast_peer {",
    ...peers.map((peer) => `    ${peer}`),
    "}",
  ];
}

async function pairOf(
  lab: Lab,
  protocol: Protocol,
  makes: readonly [Make, Make],
): Promise<Duel> {
  const { segment, a, b } = await lab.pair();
  const router = (node: Node, make: Make, own: 1 | 2): Router => {
    const others = make === standin ? [1, 2] : [3 - own];
    const lines = unicastLines(protocol, own, others.map((other) => sourceOf(protocol, other)));
    const plan: RouterPlan = { protocol, priority: own === 1 ? 200 : 100, lines };
    return new Router(lab, node, make, plan);
  };
  const [better, lesser] = makes;
  return { lab, segment, a: router(a, better, 1), b: router(b, lesser, 2) };
}

async function tellAll(duel: Duel): Promise<void> {
  const { segment, a, b } = duel;
  const { protocol } = a.plan;
  await settle(duel);
  await staySettled(duel, 10);
  const [last] = segment.adverts(a.node).slice(-1);
  assert.equal(last?.destination, groups(ip(sourceOf(protocol, 2)).bytes));

  await a.terminate();
  await b.untilItRules();
  await a.untilItSaidGoodbye(segment);
  await a.start();
  await Promise.all([a.untilItRules(), b.untilItWaits()]);
  await a.crash();
  await b.untilItRules();
}

for (const makes of [[standin, keepalived], [keepalived, standin], [standin, standin]] as const) {
  for (const protocol of protocols) {
    const [better, lesser] = makes;
    stories.tell(
      `${better.name} before ${lesser.name}, unicast ${protocol.name}: election, crash, goodbye`,
      async (lab) => tellAll(await pairOf(lab, protocol, makes)),
      options,
    );
  }
}

/** keepalived on a sends with these lines; standin on b is given others, one after the other. */
async function hearsOrNot(
  lab: Lab,
  sends: readonly string[],
  steps: readonly (readonly [peer: string, lines: readonly string[], counter?: string])[],
): Promise<void> {
  const [, protocol] = protocols;
  // tshark does not know of the old sum.
  const { a, b } = await lab.pair({ mayBeMalformed: true });
  const planOf = (own: number, peer: string, lines: readonly string[]): RouterPlan => ({
    protocol,
    priority: own === 1 ? 200 : 100,
    lines: [...unicastLines(protocol, own, [peer]), ...lines],
  });
  const [first, ...others] = steps;
  assert.ok(first !== undefined);
  const sender = new Router(lab, a, keepalived, planOf(1, "10.77.0.2", sends));
  const listener = new Router(lab, b, standin, planOf(2, first[0], first[1]));
  await sender.start();
  await sender.untilItRules();
  await listener.start();
  for (const [peer, lines, counter] of [first, ...others]) {
    if (peer !== first[0] || lines !== first[1]) {
      writeFileSync(filesOf(b).config, renderConfiguration(planOf(2, peer, lines)));
      listener.program.signal("SIGHUP");
    }
    if (counter === undefined) {
      await listener.untilItWaits();
      continue;
    }
    await listener.untilItRules();
    // It may have become master in a pause of the sender.
    await poll(`${counter} of ${peer} ${lines.join(" ")}`, () => statusOf(b), (status) => {
      return (status.instances[0]?.counters[counter] ?? 0) > 0;
    });
  }
  assert.equal(sender.state, "MASTER");
}

stories.tell("min_ttl and max_ttl: a peer from another distance is not heard", (lab) => {
  return hearsOrNot(lab, ["unicast_ttl 64"], [
    ["10.77.0.1 min_ttl 65", [], "ipTtlErrors"],
    ["10.77.0.1 min_ttl 64 max_ttl 64", []],
    ["10.77.0.1 max_ttl 63", [], "ipTtlErrors"],
    ["10.77.0.1", []],
    ["10.77.0.3", ["check_unicast_src"], "unknownPeer"],
  ]);
}, options);

stories.tell("old_unicast_checksum: the old sum is found out, and refused where asked", (lab) => {
  return hearsOrNot(lab, ["old_unicast_checksum"], [
    ["10.77.0.1", ["old_unicast_checksum never"], "checksumErrors"],
    ["10.77.0.1", []],
  ]);
}, options);
