/**
 * Networks that misbehave: loss, duplicates, frames that overtake each other, partitions. Whatever
 * happens, once the network works again there is one master; and the same seed tells the same story
 * to the octet.
 */
import assert from "node:assert/strict";
import { milliseconds, Random, seconds } from "../../lib/base/mod.ts";
import { configuration, router } from "../support/plan.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

/** A quarter of an hour on a bad network, and a calm end. */
function storm(seed: number): Story {
  const story = new Story("a b c", { seed });
  const random = new Random(seed);
  for (const [name, priority] of [["a", 150], ["b", 120], ["c", 100]] as const) {
    story.startWith(
      name,
      configuration([
        router({ name: "in", priority }),
        router({
          name: "out",
          id: 52,
          interfaceName: "eth1",
          family: "ipv6",
          priority,
          advertInterval: milliseconds(300),
          vips: ["fe80::100/64", "2001:db8::100/64"],
        }),
      ], { G: ["in", "out"] }),
    );
  }
  for (let round = 0; round < 60; round++) {
    story.lan.disturb({
      loss: random.next() * 0.8,
      duplication: random.next() * 0.3,
      jitter: milliseconds(random.below(400)),
    });
    mischief(story, random);
    story.run(milliseconds(1 + random.below(20_000)));
  }
  story.lan.disturb({ loss: 0, duplication: 0, jitter: milliseconds(0) });
  story.heal();
  for (const name of ["a", "b", "c"]) {
    story.wake(name);
    story.up(name);
    if (!story.node(name).running()) story.startWith(name, story.node(name).model ?? never());
  }
  story.run(seconds(20));
  return story;
}

function never(): never {
  throw new Error("every node was started once");
}

function mischief(story: Story, random: Random): void {
  const names = ["a", "b", "c"];
  const name = names[random.below(3)] ?? "a";
  const other = names[random.below(3)] ?? "b";
  const { model } = story.node(name);
  switch (random.below(12)) {
    case 0:
      return story.cut(name, other);
    case 1:
      return story.heal();
    case 2:
      return story.down(name);
    case 3:
      return story.up(name);
    case 4:
      return story.stall(name);
    case 5:
      return story.wake(name);
    case 6:
      return story.crash(name, { guarded: random.chance(0.5) });
    case 7:
      return story.node(name).running() ? story.stop(name) : undefined;
    default:
      if (story.node(name).running() || model === undefined) return;
      return story.startWith(name, model);
  }
}

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`after a storm there is one master again, seed ${seed}`, () => {
    const story = storm(seed);
    story.expect("a in MASTER", "a out MASTER", "b in BACKUP", "b out BACKUP", "c in BACKUP");
    assert.deepEqual(story.held("b"), []);
    assert.deepEqual(story.held("c"), []);
  });
}

test("the same seed gives the same transcript, another seed another one", () => {
  const first = storm(42).host.transcript();
  assert.equal(storm(42).host.transcript(), first);
  assert.notEqual(storm(43).host.transcript(), first);
});

test("a single lost advert changes nothing, three of them do", () => {
  for (const [lostSeconds, state] of [[1, "BACKUP"], [2, "BACKUP"], [3.7, "MASTER"]] as const) {
    const story = new Story("a b");
    story.start("a", router({ priority: 150 }));
    story.start("b", router({ priority: 100 }));
    story.run(seconds(10));
    story.lan.disturb({ loss: 1 });
    story.run(seconds(lostSeconds));
    story.lan.disturb({ loss: 0 });
    story.expect(`b ${state}`);
    story.run(seconds(2));
    story.expect("a MASTER", "b BACKUP");
  }
});

test("duplicates and frames that overtake each other change nothing", () => {
  const story = new Story("a b");
  story.lan.disturb({ duplication: 0.5, jitter: milliseconds(1500) });
  story.start("a", router({ priority: 150 }));
  story.start("b", router({ priority: 100 }));
  story.run(seconds(300));
  assert.equal(story.transitions("b").length, 1);
});

test("a split segment has a master on each side, and one when it is whole again", () => {
  const story = new Story("a b c");
  for (const [name, priority] of [["a", 150], ["b", 120], ["c", 100]] as const) {
    story.start(name, router({ priority }));
  }
  story.run(seconds(10));
  story.part("a", "b");
  story.part("a", "c");
  story.run(seconds(10));
  story.expect("a MASTER", "b MASTER", "c BACKUP");
  story.heal();
  story.run(seconds(2));
  story.expect("a MASTER", "b BACKUP", "c BACKUP");
});

test("a master that is heard by nobody goes on, and hears that there is another one", () => {
  const story = new Story("a b");
  story.start("a", router({ priority: 150 }));
  story.start("b", router({ priority: 100 }));
  story.run(seconds(10));
  story.cut("a", "b");
  story.run(seconds(30));
  story.expect("a MASTER", "b MASTER");
  assert.ok(story.tells("a", "lower-priority-advert").length > 0);
});

test("the checker of the simulator objects to two masters on a segment that works", () => {
  const story = new Story("a b");
  story.start("a", router({ priority: 150 }));
  story.start("b", router({ priority: 100 }));
  story.run(seconds(10));
  // One of them is made deaf where no checker sees it.
  story.host.nodes.get("b")?.kernel.setUp("eth0", false, "carrier");
  const link = story.node("b").kernel.link("eth0");
  story.host.run(seconds(10));
  assert.deepEqual(story.host.violations, [], "a link that is down is excused");
  assert.ok(link !== undefined);
  story.host.at(story.now(), () => {
    story.node("b").kernel.setUp("eth0", true, "carrier");
    story.node("b").receive = () => {};
    story.node("a").receive = () => {};
  });
  story.host.run(seconds(20));
  assert.match(
    story.host.violations[0] ?? "",
    /lan ipv4 v3 vrid 51 224.0.0.18 has masters a and b/,
  );
});

test("the checker of the simulator objects to addresses that are not wanted, or missing", () => {
  const story = new Story("a");
  story.start("a", router());
  story.run(seconds(1));
  const node = story.node("a");
  const link = node.kernel.link("eth0");
  assert.ok(link !== undefined);
  node.kernel.add(link.ifIndex, router().addresses[0] ?? never(), true);
  node.feed({ kind: "clock" });
  assert.match(story.host.violations[0] ?? "", /10.0.0.100\/24 is there and not wanted/);
  story.host.violations.length = 0;
  story.host.run(seconds(3));
  assert.equal(story.state("a"), "MASTER");
  story.host.violations.length = 0;
  node.kernel.delete(link.ifIndex, router().addresses[0] ?? never());
  node.feed({ kind: "clock" });
  assert.match(story.host.violations[0] ?? "", /10.0.0.100\/24 is wanted and not there/);
});
