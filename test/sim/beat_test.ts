/**
 * Many virtual routers of one master: they advertise in turn, and none of them ever later than an
 * Advertisement_Interval after its last advert.
 */
import assert from "node:assert/strict";
import { type Duration, milliseconds, seconds } from "../../lib/base/mod.ts";
import type { InstancePlan } from "../../lib/vrrp/mod.ts";
import { configuration, router, type RouterWords } from "../support/plan.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const interval = milliseconds(100);

function routers(count: number, words: RouterWords = {}): InstancePlan[] {
  return Array.from({ length: count }, (_, index) =>
    router({
      name: `VI_${index + 1}`,
      id: index + 1,
      vips: [`10.0.1.${index + 1}/32`],
      advertInterval: interval,
      ...words,
    }));
}

/** How many adverts a node sent at each instant since then. */
function crowds(story: Story, name: string, since: number): number[] {
  const counts = new Map<number, number>();
  for (const { at } of story.adverts(name, since)) counts.set(at, (counts.get(at) ?? 0) + 1);
  return [...counts.values()];
}

/** The times between adverts of the same router. */
function pauses(story: Story, name: string, since: number): number[] {
  const latest = new Map<number, number>();
  return story.adverts(name, since).flatMap(({ vrid, at }) => {
    const before = latest.get(vrid);
    latest.set(vrid, at);
    return before === undefined ? [] : [at - before];
  });
}

function longest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

test("hundreds of routers advertise in turn, and none is late for it", () => {
  const story = new Story("a b");
  story.start("a", ...routers(250, { priority: 200 }));
  story.start("b", ...routers(250, { priority: 100 }));
  story.run(seconds(2));
  assert.equal(longest(pauses(story, "a", 0)), interval);
  const settled = story.now();
  story.run(seconds(2));
  assert.deepEqual([...new Set(pauses(story, "a", settled))], [interval]);
  assert.ok(longest(crowds(story, "a", settled)) <= 32);
  assert.deepEqual(story.transitions("b").filter(({ to }) => to === "MASTER"), []);
});

test("thirty-two routers share a beat", () => {
  const story = new Story("a");
  story.start("a", ...routers(32));
  story.run(seconds(2));
  const settled = story.now();
  story.run(seconds(1));
  assert.deepEqual(new Set(crowds(story, "a", settled)), new Set([32]));
});

test("an interval that is too short for two beats has one, and so has a long one", () => {
  for (const advertInterval of [milliseconds(10), milliseconds(500)]) {
    const story = new Story("a");
    story.start("a", ...routers(100, { advertInterval }));
    story.run(seconds(3));
    const settled = story.now();
    story.run(seconds(1));
    assert.deepEqual(new Set(crowds(story, "a", settled)), new Set([100]));
  }
});

test("routers find their places again after their machine stood still", () => {
  const story = new Story("a");
  story.start("a", ...routers(250));
  story.run(seconds(2));
  story.stall("a");
  story.run(seconds(5));
  const woken = story.now();
  story.wake("a");
  story.run(seconds(1));
  assert.equal(longest(pauses(story, "a", woken)), interval);
  assert.ok(longest(crowds(story, "a", woken + interval)) <= 32);
});

test("a reload that makes them many, or few, or slower makes none late", () => {
  const story = new Story("a");
  story.start("a", ...routers(20));
  story.run(seconds(2));
  const few = story.now();
  story.reload("a", configuration(routers(120)));
  story.run(seconds(2));
  const many = story.now();
  assert.ok(longest(crowds(story, "a", many - interval)) <= 32);
  story.reload("a", configuration(routers(20)));
  story.run(seconds(2));
  assert.equal(longest(pauses(story, "a", few)), interval);
  const slow: Duration = seconds(1);
  const quick = story.now();
  story.reload("a", configuration(routers(250, { advertInterval: slow })));
  story.run(seconds(5));
  assert.equal(longest(pauses(story, "a", quick)), slow);
});
