/**
 * Built-in probes as trackers: when they ask, what answers and silence count for, how many of
 * several must be good, and what a reload leaves alone.
 */
import assert from "node:assert/strict";
import { seconds } from "../../lib/base/mod.ts";
import type { TrackerStatus } from "../../lib/engine/mod.ts";
import { instance, modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

function probe(lines: string, name = "gw"): string {
  return `track_probe ${name} {\n${lines}\n}\n`;
}

const uses = "priority 100\ntrack_probe {\n gw\n}";

function started(text: string, prepare: (story: Story) => void = () => {}): Story {
  const story = new Story("a b");
  prepare(story);
  story.startWith("a", modelOf(text));
  return story;
}

function tracker(story: Story, name = "gw"): TrackerStatus | undefined {
  return story.node("a").snapshot()?.trackers.find((one) => one.name === name);
}

function effective(story: Story): number | undefined {
  return story.node("a").snapshot()?.instances[0]?.effectivePriority;
}

/** What keeps a gateway from answering, and back. */
function fails(story: Story, words: string, why = "no route to host"): void {
  story.node("a").probes.failures.set(words, why);
}

function heals(story: Story, words: string): void {
  story.node("a").probes.failures.delete(words);
}

test("a probe that fails three times in a row is a FAULT, and one success ends it", () => {
  const story = started(probe("ping gateway") + instance(uses));
  story.run(seconds(10));
  story.expect("a MASTER");
  fails(story, "ping gateway");
  story.run(seconds(2));
  story.expect("a MASTER");
  story.run(seconds(1.5));
  story.expect("a FAULT");
  assert.equal(tracker(story)?.state, "bad");
  assert.equal(tracker(story)?.detail, "no route to host");
  assert.deepEqual(story.node("a").snapshot()?.instances[0]?.faults, ["tracked probe gw is bad"]);
  heals(story, "ping gateway");
  story.run(seconds(1.1));
  story.expect("a BACKUP");
  const told = story.tells("a", "tracker-changed").map(({ tracker: name, state }) =>
    `${name} ${state}`
  );
  assert.deepEqual(told, ["probe gw good", "probe gw bad", "probe gw good"]);
});

test("silence is a failure after the timeout, and the question is given up", () => {
  const story = started(probe("ping 10.0.0.9\ninterval 2\ntimeout 0.5\nfall 1") + instance(uses));
  story.run(seconds(9.9));
  fails(story, "ping 10.0.0.9", "silence");
  story.run(seconds(0.55));
  story.expect("a MASTER");
  assert.equal(story.node("a").probes.open, 1);
  story.run(seconds(0.2));
  story.expect("a FAULT");
  assert.equal(tracker(story)?.detail, "timeout");
  assert.equal(story.node("a").probes.open, 0);
  // A question that takes its whole interval does not keep the next one from being asked.
  const before = story.node("a").probes.asked.length;
  story.reload("a", modelOf(probe("ping 10.0.0.9\ninterval 1") + instance(uses)));
  story.run(seconds(10));
  assert.ok(story.node("a").probes.asked.length >= before + 10);
});

test("the first answer counts at once, and until then the router waits in INIT", () => {
  const story = started(probe("ping gateway\nfall 5") + instance(uses), (fresh) => {
    fails(fresh, "ping gateway");
  });
  assert.deepEqual(story.node("a").snapshot()?.instances[0]?.faults, [
    "waiting for the first result of probe gw",
  ]);
  story.run(seconds(0.1));
  assert.deepEqual(story.node("a").snapshot()?.instances[0]?.faults, ["tracked probe gw is bad"]);
  const other = started(probe("ping gateway\ninit_fail\nrise 3") + instance(uses));
  assert.equal(tracker(other)?.state, "bad");
  other.run(seconds(1.5));
  assert.equal(tracker(other)?.state, "bad");
  other.run(seconds(1));
  assert.equal(tracker(other)?.state, "good");
});

for (
  const [line, words] of [
    ["ping gateway", "ping gateway"],
    ["ping gateway6", "ping gateway6"],
    ["arp 10.0.0.9", "arp 10.0.0.9"],
    ["tcp 10.0.0.9 80", "tcp 10.0.0.9 80"],
    ["http http://10.0.0.9:8080/up", "http 10.0.0.9 8080"],
    ["http https://[2001:db8::9]/ www.example.net\nstatus_code 200", "http 2001:db8::9 443"],
    ["dns 10.0.0.9 example.net A", "dns 10.0.0.9"],
    ["route default", "route 0.0.0.0/0"],
    ["route default6", "route ::/0"],
    ["route 192.0.2.0/24\ninterface eth1", "route 192.0.2.0/24"],
    ["disk /var 10%", "disk /var"],
  ] as const
) {
  test(`what "${line.split("\n")[0]}" asks changes a priority by its weight`, () => {
    const text = probe(`${line}\nfall 1\nweight -30`) + instance(uses);
    const story = started(text);
    story.run(seconds(5));
    assert.equal(effective(story), 100);
    assert.equal(story.node("a").probes.asked[0], words);
    fails(story, words);
    story.run(seconds(1.1));
    assert.equal(effective(story), 70);
    story.expect("a MASTER");
  });
}

test("the weight of a line comes before that of the probe, and reverse turns it round", () => {
  const use = "priority 100\ntrack_probe {\n gw weight 20 reverse\n}";
  const story = started(probe("ping gateway\nweight -30") + instance(use));
  story.run(seconds(5));
  assert.equal(effective(story), 80);
});

test("a command is run like a script, and ended when it takes too long", () => {
  const story = started(
    probe('command "/check"\ninterval 2\ntimeout 1\nfall 1') + instance(uses),
    (fresh) => fresh.node("a").machine.script("/check", { takes: seconds(0.1) }),
  );
  story.run(seconds(9));
  story.expect("a MASTER");
  story.node("a").machine.script("/check", { takes: seconds(60) });
  story.run(seconds(2.5));
  story.expect("a FAULT");
  assert.ok(story.node("a").machine.commands.includes("TERM /check"));
  assert.equal(story.tells("a", "script-timed-out").length, 1);
});

test("so many of several must be good", () => {
  const three = ["one", "two", "six"].map((name, index) =>
    probe(`ping 10.0.0.${index + 1}\nfall 1`, name)
  ).join("");
  const story = started(three + probe("at_least 2 one two six") + instance(uses));
  story.run(seconds(9));
  story.expect("a MASTER");
  assert.equal(tracker(story)?.detail, "3 of 3 are good, 2 must be");
  assert.deepEqual(tracker(story, "one")?.instances, ["VI_1"]);
  fails(story, "ping 10.0.0.1");
  story.run(seconds(1.1));
  story.expect("a MASTER");
  assert.equal(tracker(story)?.detail, "2 of 3 are good, 2 must be");
  fails(story, "ping 10.0.0.3", "silence");
  story.run(seconds(2.1));
  story.expect("a FAULT");
  assert.equal(tracker(story)?.state, "bad");
  heals(story, "ping 10.0.0.1");
  story.run(seconds(1.1));
  story.expect("a BACKUP");
  // Fewer are enough from now on; what is known of the members stays.
  fails(story, "ping 10.0.0.1");
  fails(story, "ping 10.0.0.2");
  story.run(seconds(1.5));
  story.expect("a FAULT");
  fails(story, "ping 10.0.0.9");
  heals(story, "ping 10.0.0.2");
  story.run(seconds(1.1));
  story.reload("a", modelOf(three + probe("at_least 1 one two six") + instance(uses)));
  story.expect("a BACKUP");
});

test("a probe that nobody tracks is not asked, and a reload keeps what is known", () => {
  const story = started(probe("ping gateway") + instance("priority 100"));
  story.run(seconds(5));
  assert.deepEqual(story.node("a").probes.asked, []);
  story.reload("a", modelOf(probe("ping gateway") + instance(uses)));
  story.run(seconds(5));
  story.expect("a MASTER");
  fails(story, "ping gateway", "silence");
  story.run(seconds(0.5));
  story.reload("a", modelOf(probe("ping gateway\nfall 4") + instance(uses)));
  story.expect("a MASTER");
  assert.equal(tracker(story)?.state, "good");
  story.reload("a", modelOf(probe("ping 10.0.0.9\nfall 4") + instance(uses)));
  assert.equal(tracker(story)?.state, "good");
  assert.equal(story.node("a").probes.asked.at(-1), "ping 10.0.0.9");
  story.run(seconds(5));
  story.expect("a MASTER");
  story.reload("a", modelOf(instance("priority 100")));
  const asked = story.node("a").probes.asked.length;
  story.run(seconds(5));
  assert.equal(story.node("a").probes.asked.length, asked);
  assert.equal(story.node("a").probes.open, 0);
});

test("a sync group tracks for its members, and the end gives all questions up", () => {
  const group = "vrrp_sync_group G {\n group {\n one\n two\n }\n track_probe {\n gw\n }\n}\n";
  const text = probe("ping gateway\nfall 1") + instance("priority 100", { name: "one" }) +
    instance("priority 100", { name: "two", id: 52 }) + group;
  const story = started(text);
  story.run(seconds(9.9));
  story.expect("a one MASTER", "a two MASTER");
  fails(story, "ping gateway", "silence");
  story.run(seconds(0.2));
  assert.equal(story.node("a").probes.open, 1);
  story.stop("a");
  assert.equal(story.node("a").probes.open, 0);
});
