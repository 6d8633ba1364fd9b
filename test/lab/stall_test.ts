/**
 * A master whose process is stopped for seconds, and goes on: the other router has taken over
 * meanwhile. What it wakes to is old, so it reads its mail first; then there is one master again
 * at once, and nobody is told more than is true.
 */
import assert from "node:assert/strict";
import type { Lab } from "../support/lab/lab.ts";
import {
  keepalived,
  logEntry,
  recordedStandin,
  recordingOf,
  standin,
  standinCommand,
  whyNoLab,
} from "../support/lab/makes.ts";
import { type Protocol, protocols } from "../support/lab/plan.ts";
import { type Make, Router } from "../support/lab/router.ts";
import { run } from "../support/lab/program.ts";
import { statusOf } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";

const [, overIpv4, overIpv6] = protocols;
const skip = whyNoLab();
const options = skip === undefined ? {} : { skip };
const stories = new Stories(3);
/** Ten seconds without the one router are so much time of the other, and its takeover. */
const meanwhileMs = 9000;

interface Scene {
  readonly master: Router;
  readonly backup: Router;
  /** The frames that had passed when the master was woken. */
  readonly woken: number;
}

async function wakeAfterTenSeconds(
  lab: Lab,
  other: Make,
  plan: { protocol: Protocol; nopreempt?: boolean },
): Promise<Scene & { segment: Awaited<ReturnType<Lab["pair"]>>["segment"] }> {
  const { segment, a, b } = await lab.pair();
  const own = other === recordedStandin ? recordedStandin : standin;
  const master = new Router(lab, a, own, { ...plan, priority: 200 });
  const backup = new Router(lab, b, other, { ...plan, priority: 100 });
  await master.start();
  await master.untilItRules();
  await backup.start();
  await backup.untilItWaits();
  const stopped = segment.passed;
  master.program.signal("SIGSTOP");
  const advertsMeanwhile = meanwhileMs / plan.protocol.intervalMs;
  await lab.bell.until("the other one is master for ten seconds", () => {
    return segment.adverts(b, stopped).length >= advertsMeanwhile;
  });
  const woken = segment.passed;
  master.program.signal("SIGCONT");
  return { segment, master, backup, woken };
}

function isFrom(mac: string, frame: Uint8Array): boolean {
  const source = Array.from(frame.subarray(6, 12), (octet) => octet.toString(16).padStart(2, "0"));
  return source.join(":") === mac;
}

/** The recording of a daemon holds its whole life: played, it tells what its log has, in order. */
async function assertReplays(router: Router): Promise<void> {
  await router.terminate();
  const { node, program } = router;
  const words = [...standinCommand, "replay", recordingOf(node), "--json"];
  const { code, stdout } = await run(words);
  assert.equal(code, 0, stdout.slice(-2000));
  const told = stdout.trimEnd().split("\n").flatMap((line) => JSON.parse(line).effects ?? [])
    .flatMap(({ tell, words }) => tell?.kind === "transition" ? [words] : []);
  const logged = program.lines.map(logEntry)
    .flatMap(({ event, message }) => event === "transition" ? [message] : []);
  assert.deepEqual(told, logged);
  assert.ok(told.length >= 3, told.join());
}

for (const other of [recordedStandin, keepalived]) {
  for (const protocol of [overIpv4, overIpv6]) {
    stories.tell(`a standin that was stopped and ${other.name}, ${protocol.name}`, async (lab) => {
      const scene = await wakeAfterTenSeconds(lab, other, { protocol });
      const { segment, master, backup, woken } = scene;
      const { node: a } = master;
      const { node: b } = backup;
      await backup.untilItWaits();
      await lab.bell.until("it beats on", () => segment.adverts(a, woken).length >= 5);
      const own = segment.adverts(a, woken).map(({ atMs }) => atMs);
      const [first, ...more] = own;
      assert.ok(first !== undefined);
      // A busy machine may make it pause once more, and then there is one more takeover.
      const pause = own.find((at, index) => (own[index + 1] ?? at) - at >= 3 * protocol.intervalMs);
      const calmUntil = (pause ?? Infinity) + 3 * protocol.intervalMs;
      // Forty adverts were waiting: neither an answer to each nor beats that were missed.
      const atOnce = more.filter((at) => at - first < protocol.intervalMs / 2);
      assert.ok(atOnce.length <= 2, `${atOnce.length} more adverts at once`);
      const late = segment.adverts(b, woken).filter(({ atMs }) => {
        return atMs > first && atMs < calmUntil;
      });
      assert.ok(late.length <= 1, `${late.length} adverts of the other one after the first word`);
      const told = (): number =>
        segment.announcements(woken).filter(({ atMs, bytes }) =>
          atMs < calmUntil && isFrom(segment.addressesOf(a).mac, bytes)
        ).length;
      await lab.bell.until("it announces both addresses", () => told() >= 2);
      // At most the two bursts of a new master and one for an advert that crossed its first word,
      // not one for each advert that was waiting.
      assert.ok(told() <= 20 + 10 * late.length, `${told()} announcements`);
      await master.untilItRules();
      await backup.untilItWaits();
      const { stalls } = await statusOf(a);
      assert.ok(stalls.count > 0);
      assert.ok(stalls.longestMs > 8000, `${stalls.longestMs} ms`);
      if (other === keepalived) return;
      await assertReplays(backup);
      await assertReplays(master);
    }, options);
  }
}

/** Interval, seconds of the lease (more than a busy machine pauses), and who survives. */
const leases = [
  [{ ...overIpv4, intervalMs: 1000 }, 6, standin],
  [overIpv6, 5, keepalived],
] as const;

for (const [protocol, lease, survivor] of leases) {
  stories.tell(`a master that hangs loses what it leased, ${protocol.name}`, async (lab) => {
    const { segment, a, b } = await lab.pair();
    const roots = [`@standin address_lease ${lease}`];
    // With nopreempt, so that it stays what it wakes to.
    const plan = { protocol, roots, priority: 200, nopreempt: true };
    const master = new Router(lab, a, standin, plan);
    const backup = new Router(lab, b, survivor, { protocol, priority: 100 });
    await master.start();
    await master.untilItRules();
    await backup.start();
    await backup.untilItWaits();
    // A lease later the addresses are there only because they were renewed.
    const enough = 1000 * lease / protocol.intervalMs + 2;
    await lab.bell.until("a lease is over", () => segment.adverts(a).length >= enough);
    assert.equal(master.held, 2);
    const stoppedAt = performance.now();
    master.program.signal("SIGSTOP");
    await master.untilItHoldsNothing();
    const ms = Math.round(performance.now() - stoppedAt);
    console.log(`lease of ${lease} s, ${protocol.name}: gone ${ms} ms after SIGSTOP`);
    await backup.untilItRules();
    assert.equal(master.state, "MASTER", "it still hangs");
    const woken = segment.passed;
    master.program.signal("SIGCONT");
    await master.becomes("BACKUP");
    assert.equal(master.held, 0);
    assert.deepEqual(segment.adverts(a, woken), []);
  }, options);
}

stories.tell(
  "with nopreempt a standin that was stopped says nothing and steps back",
  async (lab) => {
    // So slow that a busy machine is no reason to take over once more.
    const protocol = { ...overIpv4, intervalMs: 1000 };
    const scene = await wakeAfterTenSeconds(lab, standin, { protocol, nopreempt: true });
    const { segment, master, backup, woken } = scene;
    await master.untilItWaits();
    await lab.bell.until("the other one beats on", () => {
      return segment.adverts(backup.node, woken).length >= 5;
    });
    assert.deepEqual(segment.adverts(master.node, woken), []);
    const { mac } = segment.addressesOf(master.node);
    assert.deepEqual(segment.announcements(woken).filter(({ bytes }) => isFrom(mac, bytes)), []);
    assert.ok(backup.rules);
  },
  options,
);
