/**
 * Sync groups: a box with one leg in each of two segments must be master on both or on none.
 */
import assert from "node:assert/strict";
import { milliseconds, seconds } from "../../lib/base/mod.ts";
import type { Model } from "../../lib/config/mod.ts";
import { configuration, router, type RouterWords } from "../support/plan.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

/** A router on each segment, both in one group. */
function twoLegs(words: RouterWords, wanWords: RouterWords = words): Model {
  return configuration([
    router({ name: "in", id: 51, ...words }),
    router({ name: "out", id: 52, interfaceName: "eth1", vips: ["10.1.0.100/24"], ...wanWords }),
  ], { G: ["in", "out"] });
}

function pair(): Story {
  const story = new Story("a b");
  story.startWith("a", twoLegs({ priority: 150 }));
  story.startWith("b", twoLegs({ priority: 100 }));
  story.run(seconds(10));
  story.expect("a in MASTER", "a out MASTER", "b in BACKUP", "b out BACKUP");
  return story;
}

test("a group rises together, even when its members would rise at different times", () => {
  const story = new Story("a");
  story.startWith("a", twoLegs({ priority: 200 }, { priority: 50 }));
  const rose = story.runUntil("a", "MASTER", "in");
  story.expect("a out MASTER");
  assert.equal(rose, 3_000_000 + Math.floor((256 - 50) * 3906.25));
  const told = story.tells("a", "group-transition").map(({ to }) => to);
  assert.deepEqual(told, ["BACKUP", "MASTER"]);
});

test("a crash moves the whole group", () => {
  const story = pair();
  story.crash("a");
  story.run(seconds(5));
  story.expect("b in MASTER", "b out MASTER");
  assert.deepEqual(story.held("b"), ["10.0.0.100", "10.1.0.100"]);
});

test("a fault of one member takes all members down, and its end brings them back", () => {
  const story = pair();
  story.down("a", "eth1");
  story.expect("a in FAULT", "a out FAULT");
  assert.deepEqual(story.held("a"), []);
  const { reason } = story.transitions("a").filter(({ instance }) => instance === "in").at(-1) ??
    {};
  assert.ok(reason?.kind === "fault" && reason.fault.kind === "sync-group");
  assert.equal(reason.fault.member, "out");
  // The healthy leg says goodbye, but the other segment can only find out by itself.
  story.run(seconds(5));
  story.expect("b in MASTER", "b out MASTER");
  story.up("a", "eth1");
  story.expect("a in BACKUP", "a out BACKUP");
  story.run(seconds(10));
  story.expect("a in MASTER", "a out MASTER", "b in BACKUP", "b out BACKUP");
});

test("with faults on both legs the group waits until the last one is over", () => {
  const story = pair();
  story.down("a", "eth0");
  story.down("a", "eth1");
  const before = story.transitions("a").length;
  story.up("a", "eth0");
  story.expect("a in FAULT", "a out FAULT");
  assert.equal(story.transitions("a").length, before, "nothing in between");
  const faults = story.node("a").snapshot()?.instances.map((instance) => instance.faults);
  assert.deepEqual(faults, [["out of sync group G is in FAULT"], ["interface eth1 is down"]]);
  story.up("a", "eth1");
  story.expect("a in BACKUP", "a out BACKUP");
});

test("a group does not thrash while one of its segments still hears a master", () => {
  const story = pair();
  // b no longer hears a on the lan; on the wan all is well.
  story.cut("a", "b");
  const before = story.transitions("b").length;
  story.run(seconds(60));
  story.expect("a in MASTER", "a out MASTER", "b in BACKUP", "b out BACKUP");
  assert.equal(story.transitions("b").length, before);
  story.crash("a");
  story.run(seconds(5));
  story.expect("b in MASTER", "b out MASTER");
});

test("a member that hears a master again no longer wants to rise", () => {
  const story = pair();
  const before = story.transitions("b").length;
  story.cut("a", "b");
  story.run(seconds(10));
  story.heal();
  story.run(seconds(3));
  // Now the other leg hears nobody: one leg after the other is not both at once.
  story.wan.cut("a", "b");
  story.run(seconds(10));
  story.expect("b in BACKUP", "b out BACKUP");
  assert.equal(story.transitions("b").length, before);
});

test("a member that its group holds in fault hears nothing", () => {
  const story = pair();
  story.down("b", "eth1");
  story.expect("b in FAULT", "b out FAULT");
  const heard = story.counter("b", "advertReceived", "in");
  story.run(seconds(5));
  assert.equal(story.counter("b", "advertReceived", "in"), heard);
});

test("a member that is driven to backup takes the group with it", () => {
  const story = pair();
  story.start("b", router({ name: "alone", id: 51, priority: 250 }));
  story.run(seconds(5));
  story.expect("a in BACKUP", "a out BACKUP", "b MASTER");
  const { reason } = story.transitions("a").at(-1) ?? {};
  assert.ok(reason?.kind === "sync-group" && reason.member === "in");
});

test("a group of owners is master at once, for that reason", () => {
  const story = new Story("a");
  const owner = { priority: 255 };
  story.startWith("a", twoLegs(owner));
  story.expect("a in MASTER", "a out MASTER");
  assert.deepEqual(story.transitions("a").slice(-2).map(({ reason }) => reason.kind), [
    "owner",
    "owner",
  ]);
  story.down("a", "eth1");
  story.expect("a in FAULT", "a out FAULT");
  story.up("a", "eth1");
  story.expect("a in MASTER", "a out MASTER");
});

test("a group with one owner waits for the others", () => {
  const story = new Story("a");
  story.startWith("a", twoLegs({ priority: 255 }, { priority: 100 }));
  story.expect("a in BACKUP", "a out BACKUP");
  assert.deepEqual(story.transitions("a").map(({ to }) => to), ["BACKUP", "BACKUP"]);
  story.run(seconds(4));
  story.expect("a in MASTER", "a out MASTER");
});

test("a member whose interface is missing at the start holds the group in fault", () => {
  const story = new Story("a");
  story.unplug("a", "eth1");
  story.startWith("a", twoLegs({}));
  story.expect("a in FAULT", "a out FAULT");
  story.run(seconds(10));
  story.expect("a in FAULT", "a out FAULT");
  story.plug("a", "eth1");
  story.expect("a in BACKUP", "a out BACKUP");
  story.run(seconds(10));
  story.expect("a in MASTER", "a out MASTER");
});

test("an address that somebody deletes takes the whole group to backup", () => {
  const story = pair();
  story.crash("b");
  story.removeAddress("a", "10.1.0.100/24", "eth1");
  story.expect("a in BACKUP", "a out BACKUP");
  story.run(seconds(5));
  story.expect("a in MASTER", "a out MASTER");
});

test("stop sends priority 0 from every member", () => {
  const story = pair();
  const stopped = story.now();
  story.stop("a");
  assert.deepEqual(story.adverts("a", stopped).map(({ priority, vrid }) => [vrid, priority]), [
    [51, 0],
    [52, 0],
  ]);
  story.run(milliseconds(610));
  story.expect("b in MASTER", "b out MASTER");
});
