/**
 * Leaving the role on purpose: a handover to whoever is there, and a maintenance in which a node
 * takes no part. Neither is a fault.
 */
import assert from "node:assert/strict";
import { after, type Instant, never, seconds } from "../../lib/base/mod.ts";
import type { Snapshot } from "../../lib/engine/mod.ts";
import { configuration, router } from "../support/plan.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

/** a is master with priority 150, b listens with 100. */
function pair(): Story {
  const story = new Story("a b");
  story.start("a", router({ priority: 150 }));
  story.start("b", router({ priority: 100 }));
  story.run(seconds(10));
  story.expect("a MASTER", "b BACKUP");
  return story;
}

function handOver(story: Story, node: string, ...names: string[]): void {
  story.node(node).feed({ kind: "hand-over", names });
}

function maintain(story: Story, node: string, until: Instant | undefined): void {
  story.node(node).feed(
    until === undefined ? { kind: "maintenance" } : { kind: "maintenance", until },
  );
}

const seen = (story: Story): Snapshot | undefined => story.node("a").snapshot();

test("a handover takes less than a second, and the better router leaves it at that", () => {
  const story = pair();
  const asked = story.now();
  handOver(story, "a", "VI_1");
  story.expect("a BACKUP");
  assert.ok(story.runUntil("b", "MASTER") - asked < 1_000_000, "priority 0 was sent");
  story.run(seconds(100));
  story.expect("a BACKUP", "b MASTER");
  assert.equal(story.transitions("a").at(-1)?.reason.kind, "handed-over");
  assert.equal(seen(story)?.instances[0]?.handedOver, true);
});

test("after a handover the next failover is as ever, and the better one preempts again", () => {
  const story = pair();
  handOver(story, "a", "VI_1");
  story.runUntil("b", "MASTER");
  story.crash("b");
  story.runUntil("a", "MASTER");
  assert.equal(seen(story)?.instances[0]?.handedOver, false);
  story.start("b", router({ priority: 200 }));
  story.runUntil("b", "MASTER");
  story.stop("b");
  story.start("b", router({ priority: 100 }));
  story.run(seconds(10));
  story.expect("a MASTER", "b BACKUP");
});

test("a role that nobody takes comes back", () => {
  const story = pair();
  story.crash("b");
  handOver(story, "a", "VI_1");
  story.run(seconds(5));
  story.expect("a MASTER");
});

test("an owner that hands over is not master again at once", () => {
  const story = new Story("a b");
  story.start("a", router({ priority: 255 }));
  story.start("b", router({ priority: 100 }));
  story.run(seconds(10));
  handOver(story, "a", "VI_1");
  story.runUntil("b", "MASTER");
  story.down("a");
  story.up("a");
  story.run(seconds(20));
  story.expect("a BACKUP", "b MASTER");
});

test("a sync group hands over as a whole, by its name or that of a member", () => {
  for (const name of ["G", "out"]) {
    const story = new Story("a b");
    for (const [node, priority] of [["a", 150], ["b", 100]] as const) {
      const out = { name: "out", id: 52, interfaceName: "eth1", vips: ["10.1.0.100/24"], priority };
      const legs = [router({ name: "in", id: 51, priority }), router(out)];
      story.startWith(node, configuration(legs, { G: ["in", "out"] }));
    }
    story.run(seconds(10));
    handOver(story, "a", name);
    story.run(seconds(60));
    story.expect("a in BACKUP", "a out BACKUP", "b in MASTER", "b out MASTER");
  }
});

test("in maintenance a node hands over and takes nothing, though nobody else is there", () => {
  const story = pair();
  maintain(story, "a", never);
  story.expect("a BACKUP");
  story.runUntil("b", "MASTER");
  story.crash("b");
  story.run(seconds(1000));
  story.expect("a BACKUP");
  assert.deepEqual(story.held("a"), []);
  const { maintenance } = seen(story) ?? {};
  assert.ok(maintenance !== null && maintenance?.until === null);
  maintain(story, "a", undefined);
  story.run(seconds(5));
  story.expect("a MASTER");
  assert.equal(seen(story)?.maintenance, null);
});

test("a maintenance ends by itself, and then the priorities count again", () => {
  const story = pair();
  const end = after(story.now(), seconds(60));
  maintain(story, "a", end);
  story.run(seconds(59));
  story.expect("a BACKUP", "b MASTER");
  const rose = story.runUntil("a", "MASTER");
  assert.ok(rose > end && rose < end + 5_000_000, `${rose - end}`);
  assert.deepEqual(story.tells("a", "maintenance-off").map(({ asked }) => asked), [false]);
});

test("a maintenance that ends by itself leaves a delay of the start to end by its own", () => {
  for (const begun of ["before", "after"]) {
    const story = new Story("a");
    const model = configuration([router()], {}, { startupDelay: seconds(60) });
    const end = after(story.now(), seconds(20));
    if (begun === "after") story.startWith("a", model);
    maintain(story, "a", end);
    if (begun === "before") story.startWith("a", model);
    story.run(seconds(59));
    story.expect("a BACKUP");
    story.run(seconds(6));
    story.expect("a MASTER");
  }
});

test("a daemon that starts in maintenance, and a router that a reload brings, take no part", () => {
  const story = new Story("a");
  story.node("a").start(configuration([router({ priority: 255 })]));
  maintain(story, "a", never);
  story.reload("a", configuration([router({ priority: 255 }), router({ name: "VI_2", id: 52 })]));
  story.run(seconds(100));
  story.expect("a VI_1 BACKUP", "a VI_2 BACKUP");
  story.node("a").stop();
  assert.equal(story.transitions("a").filter(({ to }) => to === "MASTER").length, 1);
});

test("a maintenance is no fault, and a fault in it is one", () => {
  const story = pair();
  maintain(story, "a", never);
  story.down("a");
  story.expect("a FAULT");
  story.up("a");
  story.expect("a BACKUP");
  story.run(seconds(100));
  story.expect("a BACKUP", "b MASTER");
});
