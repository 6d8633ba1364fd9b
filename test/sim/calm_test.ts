/**
 * Calmer than keepalived: nodes that were held up, two masters, and takeovers that nearly happened.
 */
import assert from "node:assert/strict";
import { milliseconds, priority, seconds } from "../../lib/base/mod.ts";
import { configuration, router, type RouterWords } from "../support/plan.ts";
import { downInterval } from "../support/rfc.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

/** a is master, b listens. */
function pair(a: RouterWords = {}, b: RouterWords = {}): Story {
  const story = new Story("a b");
  story.start("a", router({ priority: 150, ...a }));
  story.start("b", router({ priority: 100, ...b }));
  story.run(seconds(10));
  return story;
}

test("a backup that was held up past its timer listens anew instead of taking over", () => {
  const story = pair();
  story.stall("b");
  story.crash("a");
  story.run(seconds(10));
  const woken = story.now();
  story.wake("b");
  assert.equal(story.runUntil("b", "MASTER") - woken, downInterval(3, 100, 1));
  assert.deepEqual(story.tells("b", "stalled").map(({ instances }) => instances), [["VI_1"]]);
  assert.equal(story.node("b").snapshot()?.stalls.count, 1);
});

test("a backup that is a little late takes over at once", () => {
  const story = pair();
  story.crash("a");
  story.run(seconds(2));
  story.stall("b");
  const due = story.adverts("a").at(-1)?.at ?? 0;
  story.run(milliseconds((due + 100 + downInterval(3, 100, 1) + 40_000 - story.now()) / 1000));
  story.wake("b");
  story.expect("b MASTER");
  assert.deepEqual(story.tells("b", "stalled"), []);
});

test("a master that was held up alone goes on with one advert and tells that it was", () => {
  const story = pair();
  story.stop("b");
  story.stall("a");
  story.run(seconds(10));
  const woken = story.now();
  story.wake("a");
  story.run(milliseconds(1));
  story.expect("a MASTER");
  assert.equal(story.adverts("a", woken).length, 1);
  assert.equal(story.announcements("a", woken).length, 0);
  assert.ok((story.tells("a", "stalled")[0]?.lateBy ?? 0) > seconds(8));
});

test("a master that was held up for two missed adverts was not replaced and says nothing", () => {
  const story = pair();
  story.stall("a");
  story.run(seconds(1.9));
  story.wake("a");
  story.run(seconds(5));
  story.expect("a MASTER", "b BACKUP");
  assert.deepEqual(story.tells("a", "stalled"), []);
});

test("with nopreempt a master that was held up leaves the role to who took over", () => {
  const story = pair({ preempt: false }, { preempt: false });
  story.stall("a");
  story.run(seconds(10));
  const woken = story.now();
  story.wake("a");
  story.run(seconds(10));
  story.expect("a BACKUP", "b MASTER");
  assert.deepEqual(story.adverts("a", woken), []);
  assert.deepEqual(story.announcements("a", woken), []);
});

for (
  const { by, expiry, state } of [
    { by: 4, expiry: 254, state: "BACKUP" },
    { by: 4, expiry: 1, state: "BACKUP" },
    { by: 3.2, expiry: 1, state: "MASTER" },
    { by: 4, expiry: undefined, state: "MASTER" },
  ] as const
) {
  test(`timer_expired_backup ${expiry ?? "off"}: ${state} after ${by} s without a word`, () => {
    const story = new Story("a");
    const checked = expiry === undefined ? undefined : priority(expiry);
    const plan = checked?.ok === true ? { timerExpiredBackup: checked.value } : {};
    story.start("a", router({ preempt: false, ...plan }));
    story.runUntil("a", "MASTER");
    story.stall("a");
    story.run(seconds(by));
    story.wake("a");
    story.expect(`a ${state}`);
  });
}

test("a machine that was suspended listens before it holds or takes the role", () => {
  const story = pair();
  for (const name of ["a", "b"]) story.node(name).feed({ kind: "slept", duration: seconds(60) });
  story.expect("a BACKUP", "b BACKUP");
  const woken = story.now();
  assert.equal(story.runUntil("a", "MASTER") - woken, downInterval(3, 150, 1));
  story.run(seconds(5));
  story.expect("a MASTER", "b BACKUP");
});

test("two masters are told once, with the cause when it does not end, and when it is over", () => {
  const story = new Story("a b");
  story.start("a", router({ priority: 150 }));
  story.cut("a", "b");
  story.start("b", router({ priority: 100 }));
  story.run(seconds(50));
  const told = story.tells("a", "two-masters");
  assert.deepEqual(told.map(({ cause, adverts }) => [cause, adverts]), [
    ["split", 1],
    ["not-heard", 3],
  ]);
  const seen = story.node("a").snapshot()?.instances[0]?.twoMasters;
  assert.equal(seen?.address, "10.0.0.2");
  assert.match(seen?.likelyCause ?? "", /IGMP snooping/);
  assert.equal(story.counter("a", "contenderAdverts"), seen?.adverts);
  story.heal();
  story.run(seconds(10));
  assert.equal(story.tells("a", "two-masters-over").length, 1);
  assert.equal(story.node("a").snapshot()?.instances[0]?.twoMasters, null);
});

test("the last word of a router that was preempted makes no second master", () => {
  const story = pair();
  story.crash("a");
  story.runUntil("b", "MASTER");
  story.start("a", router({ priority: 150 }));
  const risen = story.runUntil("a", "MASTER");
  story.run(seconds(10));
  story.expect("a MASTER", "b BACKUP");
  assert.equal(story.adverts("b", risen).length, 1);
  assert.deepEqual(story.tells("a", "two-masters"), []);
  assert.equal(story.counter("a", "contenderAdverts"), 0);
});

test("a router that was preempted and does not yield is a second master", () => {
  const story = pair();
  story.crash("a");
  story.runUntil("b", "MASTER");
  story.start("a", router({ priority: 150 }));
  story.run(seconds(1));
  story.cut("a", "b");
  story.runUntil("a", "MASTER");
  story.run(seconds(10));
  assert.deepEqual(story.tells("a", "two-masters").map(({ cause }) => cause), [
    "split",
    "not-heard",
  ]);
});

test("a second master with other addresses is a clash of VRIDs", () => {
  const story = new Story("a b");
  story.start("a", router({ priority: 150 }));
  story.cut("a", "b");
  story.start("b", router({ priority: 100, vips: ["10.0.0.200/24"] }));
  story.run(seconds(20));
  assert.equal(story.tells("a", "two-masters")[0]?.cause, "vrid-clash");
});

test("adverts of lower priority are answered twice in an interval at most", () => {
  const story = new Story("a b");
  story.start("a", router({ priority: 150 }));
  story.cut("a", "b");
  story.start("b", router({ priority: 100, advertInterval: milliseconds(10) }));
  story.run(seconds(10));
  const from = story.now();
  story.run(seconds(10));
  assert.ok(story.adverts("b", from).length >= 1000);
  assert.ok(story.adverts("a", from).length <= 21, `${story.adverts("a", from).length} adverts`);
  assert.ok(story.announcements("a", from).length <= 5 * 20);
});

test("after a split the master that stays announces itself, whoever is heard first", () => {
  for (const offset of [0.2, 0.7]) {
    const story = pair();
    story.part("a", "b");
    story.run(seconds(10 + offset));
    story.expect("a MASTER", "b MASTER");
    story.heal();
    const healed = story.now();
    story.run(seconds(2));
    story.expect("a MASTER", "b BACKUP");
    assert.ok(story.announcements("a", healed).length >= 5, `healed after ${offset}`);
  }
});

test("a router that comes back as master is not answered by who gives way as it should", () => {
  const story = pair();
  story.stop("a");
  story.run(seconds(5));
  story.expect("b MASTER");
  story.start("a", router({ priority: 150 }));
  const rose = story.runUntil("a", "MASTER");
  story.run(seconds(2));
  assert.deepEqual(story.adverts("b", rose), []);
});

test("a takeover that nearly happened is counted", () => {
  const story = pair();
  story.run(seconds(20));
  assert.equal(story.counter("b", "nearFailovers"), 0);
  story.cut("a", "b");
  story.run(seconds(1));
  story.heal();
  story.run(seconds(5));
  assert.equal(story.counter("b", "nearFailovers"), 0, "one advert was missed");
  story.cut("a", "b");
  story.run(seconds(2));
  story.heal();
  story.run(seconds(5));
  story.expect("b BACKUP");
  assert.equal(story.counter("b", "nearFailovers"), 1, "two were");
  const [told] = story.tells("b", "near-failover");
  assert.ok(told !== undefined && told.count === 1);
  assert.equal(told.silentFor + told.left, downInterval(3, 100, 1));
  for (let times = 0; times < 4; times++) {
    story.cut("a", "b");
    story.run(seconds(2));
    story.heal();
    story.run(seconds(18));
  }
  assert.ok(story.counter("b", "nearFailovers") > 3);
  const counts = story.tells("b", "near-failover").map(({ count }) => count);
  assert.equal(counts.length, 2, "told once in a minute");
});

test("nobody rises and nothing is announced before the longer one of both delays is over", () => {
  for (
    const { startupDelay, delayAfterBoot, held } of [
      { startupDelay: seconds(20), delayAfterBoot: seconds(4), held: 22 },
      { startupDelay: seconds(1), delayAfterBoot: seconds(30), held: 30 },
    ]
  ) {
    const story = new Story("a");
    story.run(seconds(2));
    const owner = router({ priority: 255, name: "OWN", id: 7, vips: ["10.0.0.77/24"] });
    story.startWith("a", configuration([router(), owner], {}, { startupDelay, delayAfterBoot }));
    story.run(seconds(held - 2.001));
    assert.deepEqual([...story.adverts("a"), ...story.announcements("a")], []);
    assert.equal(story.runUntil("a", "MASTER", "OWN"), held * 1_000_000);
    assert.equal(story.runUntil("a", "MASTER", "VI_1"), held * 1_000_000 + downInterval(3, 100, 1));
  }
});

test("an address list that differs stands in the status until it does not differ any more", () => {
  const vips = ["10.0.0.100/24", "10.0.0.101/24"];
  const story = pair({ vips: ["10.0.0.100/24", "10.0.0.102/24"] }, { vips });
  const seen = () => story.node("b").snapshot()?.instances[0]?.addressDifference;
  const { since, ...difference } = seen() ?? assert.fail("no difference");
  assert.deepEqual(difference, {
    peer: "10.0.0.1",
    onlyHere: ["10.0.0.101"],
    onlyThere: ["10.0.0.102"],
  });
  assert.ok(Number(since) < 5_000_000, since);
  assert.equal(story.node("a").snapshot()?.instances[0]?.addressDifference, null);
  const [line] = story.tells("b", "advert-dropped").map(({ detail }) => detail);
  assert.match(line ?? "", /it has 10\.0\.0\.102, which we do not have, and not 10\.0\.0\.101/);
  story.reload("a", configuration([router({ priority: 150, vips })]));
  story.run(seconds(2));
  assert.equal(seen(), null);
});

test("skip_check_adv_addr: a difference that was seen stays until it is looked at again", () => {
  const story = new Story("a b");
  story.start("b", router({ priority: 100, skipCheckAdvertAddresses: true }));
  story.start("a", router({ priority: 150, vips: ["10.0.0.77/24"] }));
  story.run(seconds(10));
  const seen = story.node("b").snapshot()?.instances[0]?.addressDifference;
  assert.deepEqual(seen?.onlyThere, ["10.0.0.77"]);
});
