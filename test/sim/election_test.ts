/**
 * Who becomes master, and exactly when: starts, crashes, shutdowns and ties of two or three nodes.
 * Times are compared to the microsecond with the formulas of the RFCs, worked out in `rfc.ts`.
 */
import assert from "node:assert/strict";
import { centiseconds, formatIp, milliseconds, seconds } from "../../lib/base/mod.ts";
import { configuration, router, type RouterWords } from "../support/plan.ts";
import { covers, downInterval, skew } from "../support/rfc.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

/** Two nodes, a with the higher priority; told from the moment when a is master. */
function pair(a: RouterWords = {}, b: RouterWords = {}, delay = milliseconds(0.1)): Story {
  const story = new Story("a b", { delay });
  story.start("a", router({ priority: 150, ...a }));
  story.start("b", router({ priority: 100, ...b }));
  story.runUntil("a", "MASTER");
  return story;
}

test("the node with the higher priority becomes master and the other one listens", () => {
  covers("6.4.1 not owner", "6.4.2 timer ipv4", "6.4.3 addresses", "6.4.2 addresses");
  const story = new Story("a b");
  story.start("a", router({ priority: 150 }));
  story.start("b", router({ priority: 100 }));
  story.expect("a BACKUP", "b BACKUP");
  assert.equal(story.runUntil("a", "MASTER"), downInterval(3, 150, 1));
  story.run(seconds(60));
  story.expect("a MASTER", "b BACKUP");
  assert.deepEqual(story.held("a"), ["10.0.0.100"]);
  assert.deepEqual(story.held("b"), []);
  assert.deepEqual(story.transitions("a").map(({ from, to }) => `${from} ${to}`), [
    "INIT BACKUP",
    "BACKUP MASTER",
  ]);
  assert.equal(story.transitions("b").length, 1);
  assert.equal(story.adverts("b").length, 0);
});

test("a new master first sends an advert, then adds its addresses, then announces them", () => {
  const story = pair();
  const order = story.host.entries.filter(({ at }) => at === story.now())
    .flatMap((entry) => entry.kind === "sent" || entry.kind === "address" ? [entry.kind] : []);
  assert.deepEqual(order, ["sent", "address", "sent", "sent", "sent", "sent", "sent"]);
  assert.equal(story.adverts("a").length, 1);
});

test("a master sends an advert in every interval and none between", () => {
  covers("6.4.3 timer");
  const story = pair();
  const start = story.now();
  story.run(seconds(100));
  const times = story.adverts("a").map(({ at }) => at - start);
  assert.deepEqual(times, Array.from({ length: 101 }, (_, beat) => beat * 1_000_000));
});

for (
  const { version, priority, interval } of [
    { version: 3, priority: 100, interval: 1 },
    { version: 3, priority: 1, interval: 0.1 },
    { version: 3, priority: 253, interval: 0.01 },
    { version: 3, priority: 99, interval: 40.95 },
    { version: 2, priority: 100, interval: 1 },
    { version: 2, priority: 1, interval: 3 },
    { version: 2, priority: 253, interval: 10 },
  ] as const
) {
  const advertInterval = centiseconds(interval * 100);
  const words = { version, advertInterval };

  const who = `v${version} priority ${priority} every ${interval} s`;

  test(`${who} takes over when the master is dead`, () => {
    const story = pair({ ...words, priority: 254 }, { ...words, priority });
    story.run(seconds(interval * 3.5));
    const heard = (story.adverts("a").at(-1)?.at ?? 0) + 100;
    story.crash("a");
    assert.equal(story.runUntil("b", "MASTER") - heard, downInterval(version, priority, interval));
    const [last] = story.transitions("b").slice(-1);
    assert.equal(last?.reason.kind, "master-down");
  });

  test(`${who} waits the skew after priority 0`, () => {
    covers("6.4.2 priority 0", "6.4.3 shutdown");
    const story = pair({ ...words, priority: 254 }, { ...words, priority });
    story.run(seconds(interval * 3.5));
    const stopped = story.now();
    story.stop("a");
    assert.deepEqual(story.adverts("a", stopped).map((advert) => advert.priority), [0]);
    assert.deepEqual(story.held("a"), []);
    const waited = story.runUntil("b", "MASTER") - stopped - 100;
    assert.equal(waited, skew(version, priority, interval));
    assert.equal(story.transitions("b").at(-1)?.reason.kind, "master-released");
    assert.equal(story.counter("b", "priorityZeroReceived"), 1);
  });
}

test("down_timer_adverts says how many adverts may be missed", () => {
  const story = pair({}, { downTimerAdverts: 1 });
  story.run(seconds(2.5));
  const heard = (story.adverts("a").at(-1)?.at ?? 0) + 100;
  story.crash("a");
  assert.equal(story.runUntil("b", "MASTER") - heard, 1_000_000 + skew(3, 100, 1));
});

test("a backup that is stopped goes in silence", () => {
  covers("6.4.2 shutdown");
  const story = pair();
  story.run(seconds(5));
  const stopped = story.now();
  story.stop("b");
  story.run(seconds(5));
  story.expect("a MASTER", "b down");
  assert.equal(story.adverts("b", stopped).length, 0);
  assert.equal(story.transitions("b").at(-1)?.to, "STOPPED");
});

test("of equal priorities that rise together the higher address stays master", () => {
  covers("6.4.3 greater address");
  const story = new Story("a b", { delay: milliseconds(3) });
  story.start("a", router());
  story.start("b", router());
  story.run(seconds(3.61));
  story.expect("a MASTER", "b MASTER");
  story.run(milliseconds(3));
  story.expect("a BACKUP", "b MASTER");
  assert.deepEqual(story.held("a"), []);
  assert.equal(story.transitions("a").at(-1)?.reason.kind, "higher-address");
  story.run(seconds(30));
  story.expect("a BACKUP", "b MASTER");
});

test("an equal priority never replaces a master that is there, whatever its address", () => {
  const story = new Story("a b");
  story.start("a", router());
  story.runUntil("a", "MASTER");
  story.start("b", router());
  story.run(seconds(60));
  story.expect("a MASTER", "b BACKUP");
});

test("state MASTER takes over after one interval and the smallest skew", () => {
  const story = new Story("a b");
  story.start("a", router({ initialState: "MASTER", priority: 120 }));
  story.start("b", router({ priority: 110 }));
  assert.equal(story.runUntil("a", "MASTER"), 1_000_000 + Math.floor(1_000_000 / 256));
  story.run(seconds(10));
  story.expect("a MASTER", "b BACKUP");
});

test("state MASTER stays backup when a higher master is heard in time", () => {
  const story = new Story("a b");
  story.start("a", router({ priority: 200 }));
  story.runUntil("a", "MASTER");
  story.run(seconds(0.5));
  story.start("b", router({ initialState: "MASTER", priority: 120 }));
  story.run(seconds(10));
  story.expect("a MASTER", "b BACKUP");
  assert.equal(story.transitions("b").length, 1);
});

test("an interval of 10 ms holds, and takes over within 40 ms", () => {
  const fast = { advertInterval: milliseconds(10) };
  const story = pair(fast, fast);
  story.run(seconds(3));
  assert.equal(story.transitions("b").length, 1);
  const heard = (story.adverts("a").at(-1)?.at ?? 0) + 100;
  story.crash("a");
  assert.equal(story.runUntil("b", "MASTER") - heard, downInterval(3, 100, 0.01));
});

test("a version 3 backup learns the interval of its master and forgets it as master", () => {
  covers("6.4.2 not less");
  const story = pair({ advertInterval: milliseconds(200) }, { advertInterval: seconds(2) });
  story.run(seconds(4.1));
  const heard = (story.adverts("a").at(-1)?.at ?? 0) + 100;
  story.crash("a");
  const rose = story.runUntil("b", "MASTER");
  assert.equal(rose - heard, downInterval(3, 100, 0.2));
  story.run(seconds(5));
  const times = story.adverts("b").map(({ at }) => at - rose);
  assert.deepEqual(times, [0, 2_000_000, 4_000_000]);
  assert.ok(story.counter("b", "advertIntervalErrors") > 0, "the difference is counted");
});

test("a version 2 advert with another interval is dropped, so both become master", () => {
  const story = new Story("a b");
  story.start("a", router({ version: 2, priority: 150 }));
  story.start("b", router({ version: 2, advertInterval: seconds(2) }));
  story.run(seconds(20));
  story.expect("a MASTER", "b MASTER");
  assert.ok(story.counter("b", "advertIntervalErrors") > 0);
  assert.equal(story.counter("b", "advertReceived"), 0);
});

test("versions do not hear each other", () => {
  const story = new Story("a b");
  story.start("a", router({ version: 2, priority: 150 }));
  story.start("b", router({ version: 3 }));
  story.run(seconds(20));
  story.expect("a MASTER", "b MASTER");
  assert.equal(story.counter("b", "versionErrors"), story.adverts("a").length);
});

test("IPv6 elects by link-local address and announces to all nodes", () => {
  covers("6.4.2 timer ipv6");
  const story = new Story("a b");
  const words = { family: "ipv6", vips: ["fe80::100/64", "2001:db8::100/64"] } as const;
  story.start("a", router({ ...words, priority: 150 }));
  story.start("b", router({ ...words, priority: 100 }));
  assert.equal(story.runUntil("a", "MASTER"), downInterval(3, 150, 1));
  assert.deepEqual(story.held("a"), ["fe80::100", "2001:db8::100"]);
  const round = ["fe80::100", "2001:db8::100"];
  const announced = story.announcements("a").map(({ address }) => address);
  assert.deepEqual(announced, [round, round, round, round, round].flat());
  story.run(seconds(10));
  story.crash("a");
  story.run(seconds(10));
  story.expect("b MASTER");
  assert.match(story.host.transcript(), /fe80::100 is at 02:00:00:00:00:01 flags router,override/);
});

test("three nodes fall back one after the other, by priority", () => {
  const story = new Story("a b c");
  for (const [name, priority] of [["a", 150], ["b", 120], ["c", 100]] as const) {
    story.start(name, router({ priority }));
  }
  story.run(seconds(10));
  story.expect("a MASTER", "b BACKUP", "c BACKUP");
  story.crash("a");
  story.run(seconds(10));
  story.expect("b MASTER", "c BACKUP");
  story.stop("b");
  story.run(seconds(10));
  story.expect("c MASTER");
  assert.equal(story.transitions("c").length, 2);
});

test("a master that left in order is forgotten when the next one dies", () => {
  const story = new Story("a b c");
  for (const [name, priority] of [["a", 100], ["b", 150], ["c", 200]] as const) {
    story.start(name, router({ priority }));
  }
  story.run(seconds(10));
  story.stop("c");
  story.run(seconds(5));
  story.crash("b");
  story.runUntil("a", "MASTER");
  const { reason } = story.transitions("a").at(-1) ?? {};
  assert.ok(reason?.kind === "master-down" && reason.master !== undefined);
  assert.equal(formatIp(reason.master), "10.0.0.2");
});

test("vrrp_startup_delay is added to the first wait", () => {
  const story = new Story("a");
  story.startWith("a", configuration([router()], {}, { startupDelay: seconds(7) }));
  assert.equal(story.runUntil("a", "MASTER"), 7_000_000 + downInterval(3, 100, 1));
});
