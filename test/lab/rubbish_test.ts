/**
 * Rubbish on the wire, to a standin that is master and to one that is backup, with keepalived in
 * the other role: nothing changes, and every single frame is counted. That they arrive at all is
 * shown at the end: the one that all were made from is believed at once. How late adverts are
 * meanwhile is measured by the benchmark `hostile`. Rubbish on the status endpoint is cut off.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { poll } from "../support/lab/bell.ts";
import type { Lab, Node } from "../support/lab/lab.ts";
import type { Fate } from "../support/lab/greedy.ts";
import { filesOf, keepalived, standin, standinWords, whyNoLab } from "../support/lab/makes.ts";
import { type Protocol, protocols, vrid } from "../support/lab/plan.ts";
import { type Make, Router } from "../support/lab/router.ts";
import { Stranger } from "../support/lab/rubbish.ts";
import { fetchInside, scriptWords, statusOf } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";

const [, overIpv4, overIpv6] = protocols;
/**
 * keepalived 2.2.7: a master starts its advert timer anew with every packet that it refuses, so
 * rubbish at less than its interval silences it. Our rubbish waits for its adverts.
 */
const intervalMs = 1000;
/** Otherwise the kernel drops what is for another router, and nobody counts it. */
const globals = ["log_unknown_vrids"];
const skip = whyNoLab();
const stories = new Stories(5);

/** What is counted for good adverts, or beside them. */
const harmless = [
  "advertReceived",
  "advertSent",
  "becomeMaster",
  "releaseMaster",
  "advertIntervalErrors",
  "addressListErrors",
  "priorityZeroReceived",
  "priorityZeroSent",
  "gratuitousArpSent",
  "neighborAdvertisementSent",
];

/** All counters of refused packets by name. */
async function refusedBy(node: Node): Promise<Readonly<Record<string, number>>> {
  const { instances: [instance], unmatchedPackets } = await statusOf(node);
  const counters = { ...instance?.counters, ...unmatchedPackets };
  return Object.fromEntries(Object.entries(counters).filter(([name]) => !harmless.includes(name)));
}

function sum(counters: Readonly<Record<string, number>>): number {
  return Object.values(counters).reduce((total, count) => total + count, 0);
}

async function inject(node: Node, frames: readonly string[]): Promise<void> {
  const index = /^(\d+):/.exec(node.namespace.ip("-o link show dev eth0"))?.[1] ?? "";
  const words = [...scriptWords("inject.ts"), index];
  const { code, stderr } = await node.namespace.run(words, frames.join("\n"));
  assert.equal(code, 0, stderr);
}

/** Whether a frame of IPv4 is for the router of the stories, or too short to say for whom. */
function isForOurs(frame: string): boolean {
  const octet = 14 + 20 + 1;
  const id = frame.slice(2 * octet, 2 * octet + 2);
  return id === "" || Number.parseInt(id, 16) === vrid;
}

interface Scene {
  readonly lab: Lab;
  readonly protocol: Protocol;
  readonly better: Make;
  readonly lesser: Make;
}

async function tellOf({ lab, protocol, better, lesser }: Scene): Promise<void> {
  const { segment, a, b } = await lab.pair({ mayBeMalformed: true });
  const c = await lab.node("c", 3);
  segment.join(c);
  const master = new Router(lab, a, better, { protocol, priority: 200, globals });
  const backup = new Router(lab, b, lesser, { protocol, priority: 100, globals });
  await master.start();
  await master.untilItRules();
  await backup.start();
  await backup.untilItWaits();
  const tested = better === standin ? a : b;
  const own = segment.addressesOf(c);
  const stranger = new Stranger(protocol, protocol.family === "ipv4" ? own.ipv4 : own.linkLocal);
  const states = [master.states.length, backup.states.length];
  const from = segment.passed;

  for (const { what, counter, frames } of stranger.rubbish) {
    const before = await refusedBy(tested);
    const passed = segment.passed;
    await lab.bell.until("the master speaks", () => segment.adverts(a, passed).length > 0);
    await inject(c, frames);
    const counted = async (): Promise<number> => sum(await refusedBy(tested)) - sum(before);
    await poll(`${frames.length} frames ${what} are counted`, counted, (count) => {
      return count >= frames.length;
    });
    const after = await refusedBy(tested);
    assert.equal(sum(after) - sum(before), frames.length, `${what}: each is counted once`);
    assert.ok((after[counter] ?? 0) > (before[counter] ?? 0), `${what}: ${counter} grows`);
  }

  const passed = segment.passed;
  await lab.bell.until("the master goes on", () => segment.adverts(a, passed).length >= 2);
  assert.deepEqual([master.states.length, backup.states.length], states, "nobody changes state");
  assert.deepEqual(segment.adverts(b, from), [], "the backup is silent");

  await inject(c, [stranger.valid]);
  await master.becomes("BACKUP");
}

stories.tell("slow and greedy clients of the status endpoint are cut off", async (lab) => {
  const { segment, a } = await lab.pair();
  const instance = `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id ${vrid}
    priority 200
    version 3
    virtual_ipaddress {
      10.77.0.200
    }
  }`;
  writeFileSync(filesOf(a).config, instance);
  const daemon = lab.start(a, standinWords(a));
  await daemon.line(/MASTER/);
  const clients = lab.start(a, [...scriptWords("greedy.ts"), "9568"]);
  await clients.line(/^open$/);
  const from = segment.passed;
  const answer = await fetchInside(a, "http://127.0.0.1:9568/status");
  assert.equal(answer.status, 200, "others are answered meanwhile");
  const fate: Fate = JSON.parse(await clients.line(/^\{/));
  assert.equal(fate.slow, 50);
  // Who sends on after the answer may lose it.
  for (const line of fate.answers) assert.match(line, /^(HTTP\/1\.1 431 .*)?$/);
  await lab.bell.until("the master goes on", () => segment.adverts(a, from).length >= 3);
  assert.equal((await fetchInside(a, "http://127.0.0.1:9568/healthz")).status, 200);
}, skip === undefined ? {} : { skip });

for (const paced of [overIpv4, overIpv6]) {
  const protocol = { ...paced, intervalMs };
  for (const [better, lesser] of [[standin, keepalived], [keepalived, standin]] as const) {
    const pairing = `${better.name} before ${lesser.name}, ${protocol.name}`;
    stories.tell(
      `${pairing}: rubbish changes nothing and is counted`,
      (lab) => tellOf({ lab, protocol, better, lesser }),
      skip === undefined ? {} : { skip },
    );
  }
}

stories.tell("a flood of rubbish is counted, and the master goes on", async (lab) => {
  const { segment, a } = await lab.pair({ mayBeMalformed: true });
  const c = await lab.node("c", 3);
  segment.join(c);
  const master = new Router(lab, a, standin, { protocol: overIpv4, priority: 200 });
  await master.start();
  await master.untilItRules();
  const { rubbish, valid } = new Stranger(overIpv4, segment.addressesOf(c).ipv4);
  const all = rubbish.flatMap(({ frames }) => frames);
  const flood = Array.from({ length: 10_000 }, (_, at) => all[at % all.length] ?? "");
  // The others are for routers that it does not have, and do not even reach it.
  const ours = flood.filter(isForOurs).length;
  const before = sum(await refusedBy(a));
  const from = segment.passed;
  await inject(c, flood);
  const counted = async (): Promise<number> => {
    // What does not fit into the buffer of the socket is lost, and counted by the kernel.
    return sum(await refusedBy(a)) - before + (await statusOf(a)).lostPackets;
  };
  await poll("the flood is counted", counted, (count) => count >= ours);
  await lab.bell.until("the master goes on", () => segment.adverts(a, from).length >= 3);
  assert.equal(master.state, "MASTER");
  const { lines } = master.program;
  assert.ok(lines.length < 40, `the log has ${lines.length} lines after ${flood.length} frames`);
  await inject(c, [valid]);
  await master.becomes("BACKUP");
}, skip === undefined ? {} : { skip });
