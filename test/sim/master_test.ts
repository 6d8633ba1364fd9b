/**
 * What a master does when it hears somebody else who says that he is master: owners, partitions
 * that heal, routers that leave, a master that was not given the processor for a while.
 */
import assert from "node:assert/strict";
import { milliseconds, seconds } from "../../lib/base/mod.ts";
import { configuration, router, type RouterWords } from "../support/plan.ts";
import { covers, downInterval } from "../support/rfc.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

/** Both are master: b does not hear a, but a hears b. Ends right after an advert of b. */
function deaf(a: RouterWords = {}, b: RouterWords = {}): Story {
  const story = new Story("a b");
  story.cut("a", "b");
  story.cut("b", "a");
  story.start("a", router({ priority: 150, ...a }));
  story.start("b", router({ priority: 100, ...b }));
  story.run(seconds(20.3));
  story.expect("a MASTER", "b MASTER");
  return story;
}

/** Lets a hear b from now on, until just after the next advert of b has arrived. */
function openEars(story: Story): number {
  story.heal();
  story.cut("a", "b");
  const opened = story.now();
  story.run(seconds(1));
  const sent = story.adverts("b", opened)[0]?.at ?? Number.NaN;
  return sent + 100;
}

test("an owner is master at once", () => {
  covers("6.4.1 owner");
  const story = new Story("a b");
  story.start("a", router({ priority: 255 }));
  story.expect("a MASTER");
  assert.equal(story.adverts("a")[0]?.priority, 255);
  assert.equal(story.announcements("a").length, 5);
  assert.equal(story.transitions("a")[0]?.reason.kind, "owner");
  story.start("b", router({ priority: 254 }));
  story.run(seconds(20));
  story.expect("a MASTER", "b BACKUP");
});

test("an owner is master as soon as vrrp_startup_delay is over", () => {
  const story = new Story("a");
  const model = configuration([router({ priority: 255 })], {}, { startupDelay: seconds(7) });
  story.startWith("a", model);
  story.expect("a BACKUP");
  assert.equal(story.runUntil("a", "MASTER"), 7_000_000);
  assert.equal(story.transitions("a").at(-1)?.reason.kind, "owner");
});

test("an owner whose file says state BACKUP listens first, as any other", () => {
  const story = new Story("a");
  story.start("a", router({ priority: 255, initialState: "BACKUP" }));
  assert.equal(story.runUntil("a", "MASTER"), downInterval(3, 255, 1));
});

test("an owner takes the role back from whoever has it", () => {
  const story = new Story("a b");
  story.start("b", router({ priority: 254 }));
  story.runUntil("b", "MASTER");
  story.start("a", router({ priority: 255 }));
  story.run(milliseconds(1));
  story.expect("a MASTER", "b BACKUP");
});

test("an address that the owner's interface has anyway stays when the daemon goes", () => {
  const story = new Story("a");
  story.start("a", router({ priority: 255, vips: ["10.0.0.1/24"] }));
  story.expect("a MASTER");
  assert.equal(story.announcements("a")[0]?.address, "10.0.0.1");
  assert.deepEqual(story.held("a"), []);
  story.stop("a");
  const left = story.node("a").kernel.addresses().map(({ address }) => address.bytes.join("."));
  assert.ok(left.includes("10.0.0.1"));
});

test("a master that hears a lower priority answers at once and announces its addresses", () => {
  covers("6.4.3 otherwise");
  const story = deaf();
  const heard = openEars(story);
  story.expect("a MASTER");
  assert.ok(story.adverts("a").some(({ at }) => at === heard), "an advert in answer");
  assert.equal(story.announcements("a", heard).filter(({ at }) => at === heard).length, 5);
  assert.ok(story.tells("a", "lower-priority-advert").every(({ answered }) => answered));
});

test("lower_prio_no_advert leaves the answer out, but not the announcements", () => {
  const story = deaf({ lowerPriorityNoAdvert: true });
  const heard = openEars(story);
  assert.ok(!story.adverts("a").some(({ at }) => at === heard));
  assert.equal(story.announcements("a", heard).filter(({ at }) => at === heard).length, 5);
  assert.ok(story.tells("a", "lower-priority-advert").every(({ answered }) => !answered));
});

test("of two equal masters the one with the higher address answers", () => {
  const story = deaf({ priority: 100, vips: ["10.0.0.100/24"] }, { priority: 100 });
  story.heal();
  story.run(seconds(2));
  story.expect("a BACKUP", "b MASTER");
});

test("a master that hears a higher priority goes back and listens to it", () => {
  covers("6.4.3 greater priority");
  const story = deaf({}, { advertInterval: seconds(3) });
  story.heal();
  story.cut("b", "a");
  const healed = story.now();
  const fell = story.runUntil("b", "BACKUP");
  assert.equal(fell, (story.adverts("a", healed)[0]?.at ?? 0) + 100);
  assert.deepEqual(story.held("b"), []);
  assert.equal(story.adverts("b", fell).length, 0, "no farewell");
  const { reason } = story.transitions("b", fell)[0] ?? {};
  assert.equal(reason?.kind === "higher-priority" && reason.priority, 150);
  // It learned the interval of the other one with that first advert.
  story.crash("a");
  assert.equal(story.runUntil("b", "MASTER") - fell, downInterval(3, 100, 1));
});

test("higher_prio_send_advert sends a last advert to the better router", () => {
  const story = deaf({}, { higherPrioritySendAdvert: true });
  story.heal();
  story.cut("b", "a");
  const fell = story.runUntil("b", "BACKUP");
  assert.deepEqual(story.adverts("b", fell).map(({ priority }) => priority), [100]);
});

test("a master that hears priority 0 answers at once, starts its beat anew and stays", () => {
  covers("6.4.3 priority 0");
  const story = deaf();
  openEars(story);
  const stopped = story.now();
  story.stop("b");
  story.run(seconds(1.5));
  story.expect("a MASTER");
  const times = story.adverts("a", stopped).map(({ at }) => at - stopped - 100);
  assert.deepEqual(times.slice(0, 2), [0, 1_000_000]);
  assert.equal(story.counter("a", "priorityZeroReceived"), 1);
});

test("of two owners the one with the lower address backs off at once", () => {
  const story = new Story("a b");
  story.start("a", router({ priority: 255 }));
  story.start("b", router({ priority: 255 }));
  story.run(milliseconds(1));
  story.expect("a BACKUP", "b MASTER");
  story.run(seconds(30));
  story.expect("a BACKUP", "b MASTER");
  assert.equal(story.transitions("b").length, 1);
});

test("an owner gives way to another one that takes no adverts, and is an owner again later", () => {
  const story = new Story("a b");
  story.start("a", router({ priority: 255, ownerIgnoreAdverts: true }));
  story.run(seconds(5.5));
  const rose = story.now();
  story.start("b", router({ priority: 255 }));
  story.runUntil("b", "BACKUP");
  const heard = story.adverts("a", rose).map(({ at }) => at + 100);
  // Two adverts and 1.2 intervals with 255, and the next advert is higher than 254.
  assert.equal(story.now(), heard[3]);
  const gaveWay = story.tells("b", "two-owners");
  assert.deepEqual(gaveWay.map(({ priority }) => priority), [254]);
  assert.equal(story.transitions("b").at(-1)?.reason.kind, "higher-priority");
  story.run(seconds(10));
  story.expect("b BACKUP");
  story.crash("a");
  story.runUntil("b", "MASTER");
  assert.equal(story.adverts("b").at(-1)?.priority, 255);
});

test("an owner that gave way to a rival that fell silent is an owner again", () => {
  const story = new Story("a b");
  story.start("a", router({ priority: 255, ownerIgnoreAdverts: true }));
  story.run(seconds(5.5));
  story.start("b", router({ priority: 255 }));
  story.run(seconds(1.7));
  story.crash("a");
  story.run(seconds(2));
  assert.equal(story.adverts("b").at(-1)?.priority, 254);
  story.run(seconds(5));
  story.expect("b MASTER");
  assert.equal(story.adverts("b").at(-1)?.priority, 255);
});

test("owner_ignore_adverts counts and forgets what it hears", () => {
  const story = new Story("a b");
  story.start("a", router({ priority: 255, ownerIgnoreAdverts: true }));
  story.start("b", router({ priority: 255, ownerIgnoreAdverts: true }));
  story.run(seconds(10.5));
  story.expect("a MASTER", "b MASTER");
  assert.equal(story.counter("a", "ownerAdvertIgnored"), story.adverts("b").length);
});

test("a master that got no processor for a while is replaced, and takes over when it wakes", () => {
  const story = new Story("a b");
  story.start("a", router({ priority: 150 }));
  story.start("b", router({ priority: 100 }));
  story.run(seconds(10));
  story.stall("a");
  story.run(seconds(10));
  story.expect("b MASTER");
  const woken = story.now();
  story.wake("a");
  story.run(milliseconds(1));
  story.expect("a MASTER", "b BACKUP");
  // One answer to all adverts that had waited, one burst, and no beat that was missed.
  assert.equal(story.adverts("a", woken).filter(({ at }) => at === woken).length, 1);
  assert.equal(story.announcements("a", woken).filter(({ at }) => at === woken).length, 5);
  story.run(seconds(5));
  const later = story.adverts("a", woken + 1).map(({ at }) => at);
  assert.deepEqual(later.map((at) => at - woken), [1, 2, 3, 4, 5].map((beat) => beat * 1_000_000));
});

test("a stalled master whose replacement is better stays replaced", () => {
  const story = new Story("a b c");
  story.start("a", router({ priority: 150 }));
  story.run(seconds(10));
  story.stall("a");
  story.start("b", router({ priority: 200 }));
  story.run(seconds(10));
  story.expect("b MASTER");
  story.wake("a");
  story.run(milliseconds(1));
  story.expect("a BACKUP", "b MASTER");
  assert.deepEqual(story.held("a"), []);
});
