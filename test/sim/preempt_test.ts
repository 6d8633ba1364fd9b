/**
 * Whether and when a better router replaces a master that works: preemption, nopreempt, and
 * preempt_delay, which begins with the first advert of lower priority.
 */
import assert from "node:assert/strict";
import { seconds } from "../../lib/base/mod.ts";
import { router, type RouterWords } from "../support/plan.ts";
import { covers, downInterval } from "../support/rfc.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

/** b is master with priority 100 for a while; then a comes, which is better. */
function latecomer(words: RouterWords): { story: Story; came: number } {
  const story = new Story("a b c");
  story.start("b", router({ priority: 100 }));
  story.run(seconds(10.5));
  const came = story.now();
  story.start("a", router({ priority: 150, ...words }));
  return { story, came };
}

test("a better router discards the adverts of the master and replaces it", () => {
  covers("6.4.2 less");
  const { story, came } = latecomer({});
  assert.equal(story.runUntil("a", "MASTER") - came, downInterval(3, 150, 1));
  const { reason } = story.transitions("a").at(-1) ?? {};
  assert.ok(reason?.kind === "preempted-lower" && reason.priority === 100);
  assert.ok(story.tells("a", "lower-priority-advert").every(({ answered }) => !answered));
  story.run(seconds(10));
  story.expect("a MASTER", "b BACKUP");
});

test("nopreempt leaves a lower master alone until it dies", () => {
  covers("6.4.2 no preemption");
  const { story } = latecomer({ preempt: false });
  story.run(seconds(60));
  story.expect("a BACKUP", "b MASTER");
  const heard = (story.adverts("b").at(-1)?.at ?? 0) + 100;
  story.crash("b");
  assert.equal(story.runUntil("a", "MASTER") - heard, downInterval(3, 150, 1));
});

test("preempt_delay lets the lower master be, from its first advert on", () => {
  const { story, came } = latecomer({ preemptDelay: seconds(20) });
  story.run(seconds(1));
  const heard = (story.adverts("b", came)[0]?.at ?? 0) + 100;
  assert.equal(story.tells("a", "preempt-delay-started").length, 1);
  const rose = story.runUntil("a", "MASTER");
  // The last advert that was accepted came before the delay had passed.
  const accepted = story.adverts("b").map(({ at }) => at + 100)
    .filter((at) => at < heard + 20_000_000).at(-1) ?? 0;
  assert.equal(rose - accepted, downInterval(3, 150, 1));
  assert.ok(rose > heard + 20_000_000);
  assert.equal(story.tells("a", "preempt-delay-started").length, 1);
});

test("preempt_delay does not hold a router back whose master dies", () => {
  const { story } = latecomer({ preemptDelay: seconds(1000) });
  story.run(seconds(10));
  const heard = (story.adverts("b").at(-1)?.at ?? 0) + 100;
  story.crash("b");
  assert.equal(story.runUntil("a", "MASTER") - heard, downInterval(3, 150, 1));
});

test("preempt_delay is stopped by an advert that is not lower, and starts anew after it", () => {
  const { story } = latecomer({ preemptDelay: seconds(20) });
  story.run(seconds(15));
  // c is better than both; it leaves in order while a is deaf for a moment, so b is first.
  story.start("c", router({ priority: 200 }));
  story.runUntil("c", "MASTER");
  story.run(seconds(3));
  story.expect("a BACKUP", "b BACKUP", "c MASTER");
  story.cut("c", "a");
  story.stop("c");
  story.run(seconds(0.7));
  story.expect("a BACKUP", "b MASTER");
  const again = story.now();
  story.run(seconds(19));
  story.expect("a BACKUP", "b MASTER");
  assert.equal(story.tells("a", "preempt-delay-started").length, 2);
  assert.ok(story.runUntil("a", "MASTER") > again + 20_000_000);
});

test("preempt_delay counts from the first lower advert, not from the start", () => {
  const story = new Story("a b");
  story.start("a", router({ priority: 150, preemptDelay: seconds(10) }));
  assert.equal(story.runUntil("a", "MASTER"), downInterval(3, 150, 1));
});

test("a lower master that died while it was discarded is not called preempted", () => {
  const { story } = latecomer({});
  story.run(seconds(0.3));
  story.crash("b");
  story.runUntil("a", "MASTER");
  const { reason } = story.transitions("a").at(-1) ?? {};
  assert.ok(reason?.kind === "master-down" && reason.master !== undefined);
  assert.ok(reason.silentFor > 3_000_000);
});
