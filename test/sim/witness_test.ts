/**
 * The witness rule: who reaches neither a peer nor its witness does not become master. It waits in
 * BACKUP, by name, and a master that loses its witness steps down.
 */
import assert from "node:assert/strict";
import { seconds } from "../../lib/base/mod.ts";
import type { InstanceStatus } from "../../lib/engine/mod.ts";
import { instance, modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const gateway = "track_probe gw {\n ping gateway\n fall 2\n}\n";

/** Two nodes whose probes say what the story says. */
function pair(lines = "witness gw", text = instance(`PRIORITY\n${lines}`)): Story {
  const story = new Story("a b");
  story.startWith("a", modelOf(gateway + text.replaceAll("PRIORITY", "priority 200")));
  story.startWith("b", modelOf(gateway + text.replaceAll("PRIORITY", "priority 100")));
  story.run(seconds(20));
  return story;
}

function lose(story: Story, ...names: string[]): void {
  for (const name of names) story.node(name).probes.failures.set("ping gateway", "silence");
}

function find(story: Story, ...names: string[]): void {
  for (const name of names) story.node(name).probes.failures.delete("ping gateway");
}

function witness(story: Story, name: string): InstanceStatus["witness"] | undefined {
  return story.node(name).snapshot()?.instances[0]?.witness;
}

test("a backup that is cut off from its peer and its witness waits instead of rising", () => {
  const story = pair();
  story.expect("a MASTER", "b BACKUP");
  assert.deepEqual(witness(story, "b"), { probe: "gw", state: "good", awaited: false });
  const cut = story.now();
  lose(story, "b");
  story.part("a", "b");
  story.run(seconds(60));
  story.expect("a MASTER", "b BACKUP");
  assert.deepEqual(witness(story, "b"), { probe: "gw", state: "bad", awaited: true });
  assert.deepEqual(story.tells("b", "witness-missed", cut), [
    { kind: "witness-missed", instance: "VI_1", probe: "gw" },
  ]);
  assert.deepEqual(story.adverts("b", cut), []);
  // The cable is back: the master is heard before anybody rises.
  story.heal();
  find(story, "b");
  story.run(seconds(20));
  story.expect("a MASTER", "b BACKUP");
  assert.equal(story.transitions("b", cut).length, 0);
  assert.deepEqual(witness(story, "b"), { probe: "gw", state: "good", awaited: false });
});

test("without a witness both would be master, and with one that is there it takes over", () => {
  const split = pair("");
  lose(split, "b");
  split.part("a", "b");
  split.run(seconds(20));
  split.expect("a MASTER", "b MASTER");
  const story = pair();
  story.crash("a");
  story.run(seconds(5));
  story.expect("b MASTER");
});

test("a waiting backup rises a Master_Down_Interval after its witness is back", () => {
  const story = pair();
  lose(story, "b");
  story.run(seconds(4));
  story.crash("a");
  story.run(seconds(20));
  story.expect("b BACKUP");
  find(story, "b");
  story.run(seconds(3));
  story.expect("b BACKUP");
  assert.equal(witness(story, "b")?.awaited, false);
  story.run(seconds(2));
  story.expect("b MASTER");
});

test("a master that loses its witness steps down for the one that has it", () => {
  const story = pair();
  const lost = story.now();
  lose(story, "a");
  story.run(seconds(5));
  story.expect("a BACKUP", "b MASTER");
  assert.deepEqual(story.transitions("a", lost).map(({ reason }) => reason), [
    { kind: "witness-lost", probe: "gw" },
  ]);
  assert.equal(story.counter("a", "priorityZeroSent"), 1);
  assert.deepEqual(story.held("a"), []);
  // It is the better one, but does not preempt what reaches more than itself.
  story.run(seconds(30));
  story.expect("a BACKUP", "b MASTER");
  find(story, "a");
  story.run(seconds(10));
  story.expect("a MASTER", "b BACKUP");
});

test("when the gateway itself is gone one of them stays master", () => {
  const story = pair();
  lose(story, "a", "b");
  story.run(seconds(60));
  const states = [story.state("a"), story.state("b")].sort();
  assert.deepEqual(states, ["BACKUP", "MASTER"]);
  // No more than a change for each node.
  const changes = story.transitions("a", 20_000_000).length +
    story.transitions("b", 20_000_000).length;
  assert.ok(changes <= 4, `${changes} changes`);
  story.heal();
  find(story, "a", "b");
  story.run(seconds(20));
  story.expect("a MASTER", "b BACKUP");
});

test("a node that is all alone has no master, and the other side has one", () => {
  const story = pair();
  const cut = story.now();
  lose(story, "a");
  story.part("a", "b");
  story.run(seconds(30));
  story.expect("a BACKUP", "b MASTER");
  assert.equal(witness(story, "a")?.awaited, true);
  assert.equal(story.transitions("a", cut).length, 1);
});

test("with keep a master goes on without its witness, and still none rises without one", () => {
  const story = pair("witness gw keep");
  lose(story, "a", "b");
  story.run(seconds(30));
  story.expect("a MASTER", "b BACKUP");
  story.crash("a");
  story.run(seconds(30));
  story.expect("b BACKUP");
});

test("an owner waits for its witness, and a router that starts waits for its first word", () => {
  const story = new Story("a b");
  lose(story, "a");
  story.startWith("a", modelOf(gateway + instance("priority 255\nwitness gw")));
  story.run(seconds(20));
  story.expect("a BACKUP");
  find(story, "a");
  story.run(seconds(6));
  story.expect("a MASTER");
});

test("a sync group rises only when every witness is there", () => {
  const group = "vrrp_sync_group G {\n group {\n one\n two\n }\n}\n";
  const text = instance("PRIORITY\nwitness gw", { name: "one" }) +
    instance("PRIORITY", { name: "two", id: 52 }) + group;
  const story = pair("", text);
  story.expect("a one MASTER", "a two MASTER");
  lose(story, "a");
  story.run(seconds(8));
  story.expect("a one BACKUP", "a two BACKUP", "b one MASTER", "b two MASTER");
  lose(story, "b");
  story.crash("a");
  story.run(seconds(10));
  story.expect("b one BACKUP", "b two BACKUP");
  find(story, "b");
  story.run(seconds(10));
  story.expect("b one MASTER", "b two MASTER");
});

test("a reload that takes the witness away ends the wait", () => {
  const story = pair();
  lose(story, "b");
  story.crash("a");
  story.run(seconds(20));
  story.expect("b BACKUP");
  story.reload("b", modelOf(instance("priority 100")));
  story.run(seconds(5));
  story.expect("b MASTER");
});
