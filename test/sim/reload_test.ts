/**
 * Reload is a difference: what did not change is not touched, what moved is never missing, and what
 * is gone says goodbye.
 */
import assert from "node:assert/strict";
import { milliseconds, seconds } from "../../lib/base/mod.ts";
import type { Model } from "../../lib/config/mod.ts";
import { configuration, ip, router, type RouterWords } from "../support/plan.ts";
import { downInterval, skew } from "../support/rfc.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const one: RouterWords = { name: "one", id: 51, vips: ["10.0.0.100/24"] };
const two: RouterWords = { name: "two", id: 52, vips: ["10.0.0.200/24"] };

/** A node that is master of everything for long enough that nothing is pending. */
function running(model: Model): Story {
  const story = new Story("a b");
  story.startWith("a", model);
  story.run(seconds(20.25));
  return story;
}

test("an instance that did not change misses no advert and announces nothing", () => {
  const story = running(configuration([router(one), router(two)]));
  const reloaded = story.now();
  story.reload("a", configuration([router(one), router({ ...two, priority: 77 })]));
  story.run(seconds(3));
  story.expect("a one MASTER", "a two MASTER");
  assert.equal(story.announcements("a", reloaded).length, 0);
  assert.equal(story.transitions("a", reloaded).length, 0);
  for (const id of [51, 52]) {
    const times = story.adverts("a").filter(({ vrid }) => vrid === id).map(({ at }) => at);
    for (const [index, at] of times.slice(1).entries()) {
      assert.equal(at - (times[index] ?? 0), 1_000_000, `vrid ${id}`);
    }
  }
  const last = story.adverts("a", reloaded).filter(({ vrid }) => vrid === 52).at(-1);
  assert.equal(last?.priority, 77);
});

test("a changed priority moves the running timer of a backup by the change of the skew", () => {
  const story = new Story("a b");
  story.start("b", router({ priority: 200 }));
  story.runUntil("b", "MASTER");
  story.start("a", router({ priority: 100 }));
  story.run(seconds(5.5));
  const heard = (story.adverts("b").at(-1)?.at ?? 0) + 100;
  story.crash("b");
  story.run(seconds(1));
  story.reload("a", configuration([router({ priority: 50 })]));
  const expected = downInterval(3, 100, 1) + skew(3, 50, 1) - skew(3, 100, 1);
  assert.equal(story.runUntil("a", "MASTER") - heard, expected);
});

test("a backup that was made better by a reload replaces its master", () => {
  const story = new Story("a b");
  story.start("b", router({ priority: 150 }));
  story.runUntil("b", "MASTER");
  story.start("a", router({ priority: 100 }));
  story.run(seconds(5));
  story.reload("a", configuration([router({ priority: 200 })]));
  story.run(seconds(5));
  story.expect("a MASTER", "b BACKUP");
});

test("a new interval of a version 2 backup begins anew, so that it does not rise too early", () => {
  const story = new Story("a b");
  story.start("a", router({ version: 2 }));
  story.run(seconds(1));
  story.reload("a", configuration([router({ version: 2, advertInterval: seconds(10) })]));
  const reloaded = story.now();
  assert.equal(story.runUntil("a", "MASTER") - reloaded, downInterval(2, 100, 10));
});

test("a reload does not make a version 3 backup forget the interval of its master", () => {
  const story = new Story("a b");
  story.start("b", router({ priority: 200, advertInterval: milliseconds(200) }));
  story.runUntil("b", "MASTER");
  story.start("a", router({ advertInterval: seconds(2) }));
  story.run(seconds(5.1));
  story.reload("a", configuration([router({ advertInterval: seconds(3) })]));
  const heard = (story.adverts("b").at(-1)?.at ?? 0) + 100;
  story.crash("b");
  assert.equal(story.runUntil("a", "MASTER") - heard, downInterval(3, 100, 0.2));
});

test("vrrp_startup_delay is for the start, not for instances that a reload adds", () => {
  const model = (plans: Model["instances"]): Model =>
    configuration(plans, {}, { startupDelay: seconds(7) });
  const story = running(model([router(one)]));
  const reloaded = story.now();
  story.reload("a", model([router(one), router(two)]));
  assert.equal(story.runUntil("a", "MASTER", "two") - reloaded, downInterval(3, 100, 1));
});

test("a shorter interval of a master holds from the reload on", () => {
  const story = running(configuration([router({ ...one, advertInterval: seconds(30) })]));
  story.expect("a BACKUP");
  story.runUntil("a", "MASTER");
  story.run(seconds(2));
  const reloaded = story.now();
  story.reload("a", configuration([router({ ...one, advertInterval: seconds(1) })]));
  story.run(seconds(3));
  const times = story.adverts("a", reloaded).map(({ at }) => (at - reloaded) / 1_000_000);
  assert.deepEqual(times, [1, 2, 3]);
});

test("an added address is put up and is the only one that is announced", () => {
  const story = running(configuration([router(one)]));
  const reloaded = story.now();
  story.reload("a", configuration([router({ ...one, vips: ["10.0.0.100/24", "10.0.0.101/24"] })]));
  story.run(seconds(10));
  assert.deepEqual(story.held("a"), ["10.0.0.100", "10.0.0.101"]);
  const announced = story.announcements("a", reloaded);
  assert.deepEqual([...new Set(announced.map(({ address }) => address))], ["10.0.0.101"]);
  assert.equal(announced.length, 10);
  assert.equal(story.adverts("a", reloaded)[0]?.addresses.length, 2);
});

test("an added address does not postpone the second burst of the others", () => {
  const story = new Story("a");
  story.start("a", router(one));
  const rose = story.runUntil("a", "MASTER");
  story.run(seconds(3));
  story.reload("a", configuration([router({ ...one, vips: ["10.0.0.100/24", "10.0.0.101/24"] })]));
  story.run(seconds(10));
  const second = story.announcements("a", rose).filter(({ at }) => at === rose + 5_000_000);
  assert.deepEqual([...new Set(second.map(({ address }) => address))], [
    "10.0.0.100",
    "10.0.0.101",
  ]);
});

test("a removed address is taken off and the others stay", () => {
  const story = running(
    configuration([router({ ...one, vips: ["10.0.0.100/24", "10.0.0.101/24"] })]),
  );
  const reloaded = story.now();
  story.reload("a", configuration([router(one)]));
  story.run(seconds(10));
  assert.deepEqual(story.held("a"), ["10.0.0.100"]);
  assert.equal(story.announcements("a", reloaded).length, 0);
  story.expect("a MASTER");
});

for (
  const { name, before, after } of [
    { name: "from the first to the second", before: ["100", "9"], after: ["100", "9"] },
    { name: "from the second to the first", before: ["9", "100"], after: ["9", "100"] },
  ]
) {
  test(`an address that moves between instances ${name} is never missing`, () => {
    const third = "10.0.0.50/24";
    const start = before.map((host) => [`10.0.0.${host}/24`]);
    const end = after.map((host) => [`10.0.0.${host}/24`]);
    (name.startsWith("from the first") ? start[0] : start[1])?.push(third);
    (name.startsWith("from the first") ? end[1] : end[0])?.push(third);
    const model = (vips: readonly (readonly string[])[]): Model =>
      configuration([
        router({ ...one, vips: vips[0] ?? [] }),
        router({ ...two, vips: vips[1] ?? [] }),
      ]);
    const story = running(model(start));
    const reloaded = story.now();
    story.reload("a", model(end));
    const changes = story.host.entries.filter(({ kind, at }) =>
      kind === "address" && at >= reloaded
    );
    assert.deepEqual(changes, []);
    assert.ok(story.held("a").includes("10.0.0.50"));
    const announced = story.announcements("a", reloaded).map(({ address }) => address);
    assert.deepEqual([...new Set(announced)], ["10.0.0.50"]);
    // The new holder takes it down in the end.
    story.stop("a");
    assert.deepEqual(story.held("a"), []);
  });
}

test("a new instance starts as any other, and the old one goes on", () => {
  const story = running(configuration([router(one)]));
  const reloaded = story.now();
  story.reload("a", configuration([router(one), router(two)]));
  story.expect("a one MASTER", "a two BACKUP");
  assert.equal(story.runUntil("a", "MASTER", "two") - reloaded, downInterval(3, 100, 1));
});

test("an instance that is gone sends priority 0 and gives its addresses up", () => {
  const story = running(configuration([router(one), router(two)]));
  const reloaded = story.now();
  story.reload("a", configuration([router(two)]));
  assert.deepEqual(story.adverts("a", reloaded).map(({ vrid, priority }) => [vrid, priority]), [
    [51, 0],
  ]);
  assert.deepEqual(story.held("a"), ["10.0.0.200"]);
  story.run(seconds(3));
  assert.ok(story.adverts("a", reloaded + 1).every(({ vrid }) => vrid === 52));
});

test("an instance with a new name ends and starts", () => {
  const story = running(configuration([router(one)]));
  const reloaded = story.now();
  story.reload("a", configuration([router({ ...one, name: "uno" })]));
  assert.deepEqual(story.adverts("a", reloaded).map(({ priority }) => priority), [0]);
  assert.deepEqual(story.held("a"), []);
  story.expect("a uno BACKUP");
  story.run(seconds(5));
  story.expect("a uno MASTER");
});

test("an instance with another VRID or version ends and starts", () => {
  for (const words of [{ id: 77 }, { version: 2 }] as const) {
    const story = running(configuration([router(one)]));
    story.reload("a", configuration([router({ ...one, ...words })]));
    story.expect("a BACKUP");
    story.run(seconds(5));
    story.expect("a MASTER");
  }
});

test("an instance with another multicast group goes on and is heard there", () => {
  const elsewhere = { ...one, multicastGroup: ip("224.0.0.77") };
  const story = running(configuration([router({ ...one, priority: 150 })]));
  story.start("b", router({ ...elsewhere, priority: 100 }));
  story.run(seconds(5));
  story.expect("a MASTER", "b MASTER");
  story.reload("a", configuration([router({ ...elsewhere, priority: 150 })]));
  story.run(seconds(2));
  story.expect("a MASTER", "b BACKUP");
  story.reload("a", configuration([router({ ...elsewhere, priority: 50 })]));
  story.run(seconds(10));
  story.expect("a BACKUP", "b MASTER");
});

test("two instances with one VRID and different multicast groups do not disturb each other", () => {
  const story = new Story("a b");
  const other = { ...two, id: 51, multicastGroup: ip("224.0.0.77") };
  const model = (priority: number): Model =>
    configuration([router({ ...one, priority }), router({ ...other, priority })]);
  story.startWith("a", model(150));
  story.startWith("b", model(100));
  story.run(seconds(20));
  story.expect("a one MASTER", "a two MASTER", "b one BACKUP", "b two BACKUP");
  story.reload("b", configuration([router({ ...one, priority: 100 })]));
  story.reload("b", model(100));
  story.run(seconds(20));
  story.expect("b one BACKUP", "b two BACKUP");
});

const legs = (): Model["instances"] => [
  router({ name: "in", id: 51 }),
  router({ name: "out", id: 52, interfaceName: "eth1", vips: ["10.1.0.100/24"] }),
];

test("a member that leaves its group is no longer held by the fault of another one", () => {
  const story = new Story("a b");
  story.startWith("a", configuration(legs(), { G: ["in", "out"] }));
  story.run(seconds(10));
  story.down("a", "eth1");
  story.expect("a in FAULT", "a out FAULT");
  story.reload("a", configuration(legs(), { G: ["out"] }));
  story.expect("a in BACKUP", "a out FAULT");
  story.run(seconds(5));
  story.expect("a in MASTER");
});

test("instances that are put into a group agree from then on", () => {
  const story = new Story("a b");
  story.startWith("a", configuration(legs()));
  story.start("b", router({ name: "better", id: 52, interfaceName: "eth1", priority: 200 }));
  story.run(seconds(10));
  story.expect("a in MASTER", "a out BACKUP");
  story.reload("a", configuration(legs(), { G: ["in", "out"] }));
  story.expect("a in BACKUP", "a out BACKUP");
  story.crash("b");
  story.run(seconds(10));
  story.expect("a in MASTER", "a out MASTER");
});

test("a member is removed from a group in the reload that shows a fault of another one", () => {
  const [inside, outside] = legs();
  assert.ok(inside !== undefined && outside !== undefined);
  const story = new Story("a b");
  const blind = { ...inside, trackPrimary: false };
  story.startWith("a", configuration([blind, outside], { G: ["in", "out"] }));
  story.down("a", "eth0");
  story.run(seconds(10));
  story.reload("a", configuration([inside], { G: ["in"] }));
  story.expect("a in FAULT");
});

test("a reload after the daemon was asked to end changes nothing", () => {
  const story = running(configuration([router(one)]));
  story.stop("a");
  story.node("a").reload(configuration([router(two)]));
  assert.deepEqual(story.held("a"), []);
});
