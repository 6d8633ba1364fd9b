/**
 * BFD over the virtual network: two nodes come up slowly and then negotiate, one-way loss and
 * silence are noticed within the detection time, reloads and stops are told, and the same seed
 * tells the same story.
 */
import assert from "node:assert/strict";
import { between, milliseconds, seconds } from "../../lib/base/mod.ts";
import type { BfdPlan } from "../../lib/bfd/mod.ts";
import type { BfdSessionStatus } from "../../lib/engine/mod.ts";
import { configuration, ip } from "../support/plan.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

function session(neighbor: string, change: Partial<BfdPlan> = {}): BfdPlan {
  return {
    name: "peer",
    neighbor: ip(neighbor),
    minRx: milliseconds(10),
    minTx: milliseconds(10),
    idleTx: milliseconds(1000),
    multiplier: 5,
    passive: false,
    ttl: 255,
    maxHops: 0,
    multihop: false,
    ...change,
  };
}

function pair(mine: Partial<BfdPlan> = {}, theirs: Partial<BfdPlan> = {}): Story {
  const story = new Story("a b");
  story.startWith("a", { ...configuration([]), bfdSessions: [session("10.0.0.2", mine)] });
  story.startWith("b", { ...configuration([]), bfdSessions: [session("10.0.0.1", theirs)] });
  return story;
}

function status(story: Story, name: string): BfdSessionStatus {
  const found = story.node(name).snapshot()?.bfdSessions[0];
  assert.ok(found !== undefined);
  return found;
}

/** When a session last said a transition, and how long after an instant that was. */
function leftUp(story: Story, name: string, since: number): number {
  for (const entry of story.host.entries) {
    if (entry.kind !== "told" || entry.node !== name || entry.at < since) continue;
    if (entry.tell.kind === "bfd-transition" && entry.tell.from === "Up") return entry.at - since;
  }
  assert.fail(`${name} never left Up`);
}

test("two sessions come up and agree on the slower interval of each direction", () => {
  const story = pair({ minTx: milliseconds(20), minRx: milliseconds(50) }, {
    minTx: milliseconds(30),
    minRx: milliseconds(40),
    multiplier: 3,
  });
  story.run(seconds(3));
  const [a, b] = [status(story, "a"), status(story, "b")];
  assert.deepEqual([a.state, b.state, a.remoteState], ["Up", "Up", "Up"]);
  assert.equal(a.transmitIntervalMs, 40);
  assert.equal(b.transmitIntervalMs, 50);
  assert.equal(a.detectionTimeMs, 150);
  assert.equal(b.detectionTimeMs, 200);
});

test("a session sends at idle_tx until it is up", () => {
  const story = new Story("a b");
  const plan = session("10.0.0.2", { idleTx: milliseconds(2000) });
  story.startWith("a", { ...configuration([]), bfdSessions: [plan] });
  story.run(seconds(20));
  const { sent } = status(story, "a").counters;
  assert.ok(sent >= 10 && sent <= 15, `${sent} packets in 20 s`);
});

test("a passive session says nothing until it was spoken to", () => {
  const story = new Story("a b");
  const plan = session("10.0.0.2", { passive: true });
  story.startWith("a", { ...configuration([]), bfdSessions: [plan] });
  story.run(seconds(10));
  assert.equal(status(story, "a").counters.sent, 0);
  story.startWith("b", { ...configuration([]), bfdSessions: [session("10.0.0.1")] });
  story.run(seconds(3));
  assert.equal(status(story, "a").state, "Up");
});

test("silence is noticed within the detection time, and the session returns", () => {
  const story = pair();
  story.run(seconds(3));
  const old = status(story, "a").discriminator;
  const since = story.now();
  story.part("a", "b");
  story.run(seconds(1));
  for (const name of ["a", "b"]) {
    const took = leftUp(story, name, since);
    assert.ok(took > 35_000 && took <= 50_000, `${name} took ${took} µs`);
    assert.equal(status(story, name).diagnostic, "control detection time expired");
  }
  assert.notEqual(status(story, "a").discriminator, old);
  story.heal();
  story.run(seconds(4));
  assert.deepEqual([status(story, "a").state, status(story, "b").state], ["Up", "Up"]);
});

test("when only one direction is lost the other side is told", () => {
  const story = pair();
  story.run(seconds(3));
  story.cut("a", "b");
  story.run(seconds(1));
  assert.equal(status(story, "b").diagnostic, "control detection time expired");
  assert.equal(status(story, "a").diagnostic, "neighbor signaled session down");
});

test("a crashed neighbour is noticed, one that stops says so", () => {
  const story = pair();
  story.run(seconds(3));
  const since = story.now();
  story.stop("b");
  story.run(milliseconds(1));
  assert.ok(between(since, story.now()) < 10_000);
  const { state, remoteState, remoteDiagnostic } = status(story, "a");
  assert.deepEqual([state, remoteState], ["Down", "AdminDown"]);
  assert.equal(remoteDiagnostic, "administratively down");
});

test("a reload changes the intervals of a session that stays up", () => {
  const story = pair();
  story.run(seconds(3));
  const discriminator = status(story, "a").discriminator;
  const plan = session("10.0.0.2", { minTx: milliseconds(100), minRx: milliseconds(200) });
  story.reload("a", { ...configuration([]), bfdSessions: [plan] });
  story.run(seconds(1));
  assert.equal(status(story, "a").discriminator, discriminator);
  assert.equal(status(story, "a").counters.wentDown, 0);
  assert.equal(status(story, "a").transmitIntervalMs, 100);
  assert.equal(status(story, "b").transmitIntervalMs, 200);
  assert.equal(status(story, "b").detectionTimeMs, 500);
});

test("a TTL that is too low is discarded, unless max_hops says otherwise", () => {
  const story = pair({ ttl: 64 }, { ttl: 64, maxHops: 0 });
  story.run(seconds(3));
  assert.equal(status(story, "a").state, "Up");
  const lower = pair({ ttl: 60 }, { ttl: 64 });
  lower.run(seconds(5));
  assert.equal(status(lower, "b").state, "Down");
  assert.ok(status(lower, "b").counters.dropped > 0);
  assert.equal(lower.tells("b", "bfd-dropped").length, 1);
  const far = pair({ ttl: 60 }, { ttl: 64, maxHops: 4 });
  far.run(seconds(3));
  assert.equal(status(far, "b").state, "Up");
});

test("multihop sessions and those of one hop do not hear each other", () => {
  const story = pair({ multihop: true }, {});
  story.run(seconds(3));
  assert.deepEqual([status(story, "a").state, status(story, "b").state], ["Down", "Down"]);
  const both = pair({ multihop: true }, { multihop: true });
  both.run(seconds(3));
  assert.equal(status(both, "a").state, "Up");
});

test("a source address that is not there is waited for", () => {
  const story = pair({ source: ip("10.0.0.7") });
  story.run(seconds(3));
  assert.equal(status(story, "a").state, "AdminDown");
  assert.equal(story.tells("a", "bfd-refused").length, 1);
  story.address("a", "10.0.0.7/24");
  story.reload("b", { ...configuration([]), bfdSessions: [session("10.0.0.7")] });
  story.run(seconds(4));
  assert.equal(status(story, "a").state, "Up");
});

test("a session lives through loss below its multiplier", () => {
  const story = pair();
  story.run(seconds(3));
  story.lan.disturb({ loss: 0.02, jitter: milliseconds(2) });
  story.run(seconds(60));
  assert.ok(status(story, "a").counters.wentDown <= 1);
  assert.equal(story.host.transcript().includes("BFD ["), false);
});
