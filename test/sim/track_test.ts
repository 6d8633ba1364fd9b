/**
 * Trackers on the virtual network: what scripts, files, processes and interfaces do to priorities
 * and states (behaviour 4.10, 4.24, 4.26 to 4.30).
 */
import assert from "node:assert/strict";
import { milliseconds, seconds } from "../../lib/base/mod.ts";
import { forEver } from "../../lib/host/sim/mod.ts";
import { instance, modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

const bad = { kind: "exited", code: 1 } as const;
const good = { kind: "exited", code: 0 } as const;

function script(lines: string): string {
  return `vrrp_script check {\n script "/check"\n interval 1\n ${lines}\n}\n`;
}

const tracksCheck = "track_script {\n check\n}";

function one(text: string, prepare: (story: Story) => void = () => {}): Story {
  const story = new Story("a b");
  prepare(story);
  story.startWith("a", modelOf(text));
  return story;
}

function effective(story: Story, name = "a"): number | undefined {
  return story.node(name).snapshot()?.instances[0]?.effectivePriority;
}

test("a script with weight 0 holds the router until its first result, and fails it later", () => {
  const story = one(
    script("") + instance(`priority 100\n${tracksCheck}`),
    (fresh) => fresh.node("a").machine.script("/check", { takes: milliseconds(300) }),
  );
  story.expect("a FAULT");
  const faults = story.node("a").snapshot()?.instances[0]?.faults;
  assert.deepEqual(faults, ["waiting for the first result of script check"]);
  story.run(milliseconds(400));
  story.expect("a BACKUP");
  story.run(seconds(4));
  story.expect("a MASTER");
  story.node("a").machine.script("/check", { end: bad });
  story.run(seconds(2));
  story.expect("a FAULT");
  assert.equal(story.counter("a", "priorityZeroSent"), 1);
  story.node("a").machine.script("/check", { end: good });
  story.run(seconds(1.1));
  story.expect("a BACKUP");
});

test("a script that a reload adds takes nothing from a master until it has spoken", () => {
  for (const end of [good, bad]) {
    const story = one(instance("priority 100"), (fresh) => {
      fresh.node("a").machine.script("/check", { takes: milliseconds(500), end });
    });
    story.run(seconds(5));
    story.expect("a MASTER");
    story.reload("a", modelOf(script("") + instance(`priority 100\n${tracksCheck}`)));
    story.run(milliseconds(400));
    story.expect("a MASTER");
    assert.equal(story.counter("a", "priorityZeroSent"), 0);
    story.run(seconds(1));
    story.expect(end === good ? "a MASTER" : "a FAULT");
    assert.equal(story.transitions("a").filter(({ to }) => to === "MASTER").length, 1);
  }
});

for (
  const [weight, whenGood, whenBad] of [
    ["20", 120, 100],
    ["-20", 100, 80],
    ["20 reverse", 80, 100],
    ["-20 reverse", 100, 120],
    ["253", 254, 100],
    ["-253", 100, 1],
  ] as const
) {
  test(`a script of weight ${weight} is worth ${whenGood} when good, ${whenBad} when bad`, () => {
    const story = one(script(`weight ${weight}`) + instance(`priority 100\n${tracksCheck}`));
    assert.equal(effective(story), 100);
    story.run(seconds(1));
    assert.equal(effective(story), whenGood);
    story.node("a").machine.script("/check", { end: bad });
    story.run(seconds(2));
    assert.equal(effective(story), whenBad);
    assert.equal(story.adverts("a", story.now() - 1).length, 0);
    story.run(seconds(6));
    assert.equal(story.adverts("a").at(-1)?.priority, whenBad);
  });
}

test("rise and fall count results in a row; the first result decides at once", () => {
  const story = one(
    script("weight 10\nrise 2\nfall 3") + instance(`priority 100\n${tracksCheck}`),
  );
  const { machine } = story.node("a");
  story.run(milliseconds(10));
  assert.equal(effective(story), 110);
  machine.script("/check", { end: bad });
  story.run(seconds(2));
  assert.equal(effective(story), 110, "two failures are not enough");
  story.run(seconds(1));
  assert.equal(effective(story), 100);
  machine.script("/check", { end: good });
  story.run(seconds(1));
  assert.equal(effective(story), 100, "one success is not enough");
  story.run(seconds(1));
  assert.equal(effective(story), 110);
});

test("init_fail: a script counts as failed until its first success", () => {
  const story = one(
    script("weight -10\ninit_fail\nrise 2") + instance(`priority 100\n${tracksCheck}`),
  );
  assert.equal(effective(story), 90);
  story.run(milliseconds(10));
  assert.equal(effective(story), 90);
  story.run(seconds(1));
  assert.equal(effective(story), 100);
});

test("a script over its timeout fails; it gets TERM, and KILL two seconds later", () => {
  const story = one(
    script("timeout 2\nweight -10") + instance(`priority 100\n${tracksCheck}`),
    (fresh) => fresh.node("a").machine.script("/check", { takes: forEver, obeys: false }),
  );
  const { machine } = story.node("a");
  story.run(seconds(1.9));
  assert.deepEqual(machine.commands, ["/check"], "a run that goes on is not started again");
  assert.equal(effective(story), 100);
  story.run(seconds(0.2));
  assert.equal(effective(story), 90);
  assert.deepEqual(machine.commands, ["/check", "TERM /check"]);
  machine.script("/check", { end: good });
  story.run(seconds(1.8));
  assert.deepEqual(machine.commands, ["/check", "TERM /check"]);
  story.run(seconds(0.3));
  assert.deepEqual(machine.commands.slice(2, 3), ["KILL /check"]);
  story.run(seconds(1));
  assert.equal(effective(story), 100);
  assert.equal(story.tells("a", "script-timed-out").length, 1);
});

test("a script is run from start to start, and not at all when nobody tracks it", () => {
  const text = 'vrrp_script idle {\n script "/idle"\n}\n' + script("interval 3") +
    instance(tracksCheck);
  const story = one(text, (fresh) => {
    fresh.node("a").machine.script("/check", { takes: seconds(1) });
  });
  story.run(seconds(10));
  assert.deepEqual(story.node("a").machine.commands, Array(4).fill("/check"));
});

test("noreverse and weights of the line win over those of the script", () => {
  const story = one(
    script("weight 20 reverse") +
      instance("priority 100\ntrack_script {\n check weight 5 noreverse\n}"),
  );
  story.run(seconds(1));
  assert.equal(effective(story), 105);
});

test("a changed priority moves the running timer by the difference of the skews", () => {
  const story = one(
    script("weight 100") + instance(`priority 100\n${tracksCheck}`),
    (fresh) => fresh.node("a").machine.script("/check", { takes: seconds(1) }),
  );
  const start = story.now();
  const [before, after] = [100, 200].map((priority) => 3 + (256 - priority) / 256);
  assert.ok(before !== undefined && after !== undefined && after < before);
  assert.equal(story.runUntil("a", "MASTER") - start, seconds(after));
});

test("an owner goes to FAULT by a tracker, but its priority never changes", () => {
  const story = one(
    script("") + instance(`priority 255\nstate MASTER\n${tracksCheck}`),
  );
  story.expect("a FAULT");
  story.run(seconds(1));
  story.expect("a MASTER");
  story.node("a").machine.script("/check", { end: bad });
  story.run(seconds(2));
  story.expect("a FAULT");
  assert.equal(effective(story), 255);
});

function file(lines: string, use = ""): string {
  return `track_file level {\n file /level\n ${lines}\n}\n` +
    instance(`priority 100\ntrack_file {\n level ${use}\n}`);
}

function writes(story: Story, text: string): void {
  const { machine } = story.node("a");
  machine.files.set("/level", text);
  story.node("a").feed(machine.contentOf("/level"));
}

test("the number in a file times the weight is added; -254 and less is FAULT", () => {
  const story = one(file("weight 2"));
  story.run(seconds(1));
  assert.equal(effective(story), 100);
  for (
    const [text, priority] of [["10\n", 120], ["-10 x", 80], ["0x10", 132], ["x", 100], ["-90", 1]]
  ) {
    writes(story, String(text));
    assert.equal(effective(story), priority, String(text));
  }
  story.expect("a BACKUP");
  writes(story, "-126");
  story.expect("a BACKUP");
  writes(story, "-127");
  story.expect("a FAULT");
  writes(story, "100000");
  story.expect("a BACKUP");
  assert.equal(effective(story), 254);
});

test("a file of weight 0 is FAULT while its number is not 0; reverse turns it round", () => {
  const story = one(file("", "weight 0"));
  story.run(seconds(1));
  story.expect("a BACKUP");
  writes(story, "1");
  story.expect("a FAULT");
  writes(story, "0");
  story.expect("a BACKUP");
  const other = one(file("", "weight 0 reverse"));
  other.run(seconds(1));
  other.expect("a FAULT");
});

test("no router starts before its files were read and its processes counted", () => {
  const owner = "priority 255\ntrack_file {\n level weight 0\n}";
  const story = one(`track_file level {\n file /level\n}\n${instance(owner)}`, (fresh) => {
    fresh.node("a").machine.files.set("/level", "1");
  });
  story.run(seconds(2));
  assert.deepEqual(story.transitions("a").map(({ to }) => to), ["FAULT", "FAULT"]);
  assert.deepEqual(story.adverts("a"), []);
  const lower = one(
    file("weight 2"),
    (fresh) => fresh.node("a").machine.files.set("/level", "-20"),
  );
  lower.run(milliseconds(1));
  lower.expect("a BACKUP");
  assert.deepEqual(lower.tells("a", "priority-changed").map(({ from, to }) => [from, to]), [
    [100, 60],
  ]);
  const states = lower.transitions("a").map(({ to }) => to);
  assert.deepEqual(states, ["FAULT", "BACKUP"], "its priority was known before");
});

test("init_file makes a file that is not there; overwrite does so in any case", () => {
  const contents = ["init_file 7", "init_file 7 overwrite", ""].map((line) => {
    const story = one(file(line), (fresh) => {
      if (line.includes("overwrite")) fresh.node("a").machine.files.set("/level", "3");
    });
    story.run(seconds(1));
    return [story.node("a").machine.files.get("/level"), effective(story)];
  });
  assert.deepEqual(contents, [["7\n", 107], ["7\n", 107], [undefined, 100]]);
});

function process(lines: string, count: number): Story {
  const text = `vrrp_track_process web {\n process web\n ${lines}\n}\n` +
    instance("priority 100\ntrack_process {\n web\n}");
  return one(text, (story) => void story.node("a").machine.counts.set("web", count));
}

function counts(story: Story, count: number): void {
  story.node("a").feed({ kind: "process-count", name: "web", count });
}

test("a process that is missing is FAULT, and quorum and quorum_max say how many there are", () => {
  const story = process("quorum 2\nquorum_max 3", 2);
  story.run(seconds(1));
  story.expect("a BACKUP");
  for (const [count, state] of [[1, "FAULT"], [3, "BACKUP"], [4, "FAULT"]] as const) {
    counts(story, count);
    story.expect(`a ${state}`);
  }
  const none = process("quorum_max 0", 0);
  none.run(seconds(1));
  none.expect("a BACKUP");
  counts(none, 1);
  none.expect("a FAULT");
});

test("fork_delay and terminate_delay: a change is believed when it has held", () => {
  const story = process("weight 10\nfork_delay 2\nterminate_delay 1", 1);
  story.run(seconds(1));
  assert.equal(effective(story), 110);
  counts(story, 0);
  story.run(seconds(0.5));
  counts(story, 1);
  story.run(seconds(2));
  assert.equal(effective(story), 110, "it was back in time");
  counts(story, 0);
  story.run(seconds(1.1));
  assert.equal(effective(story), 100);
  counts(story, 1);
  story.run(seconds(1.9));
  assert.equal(effective(story), 100);
  story.run(seconds(0.2));
  assert.equal(effective(story), 110);
});

test("another interface is a FAULT without a weight and a priority with one", () => {
  for (
    const [words, up, down] of [["", 100, "FAULT"], ["weight -30", 100, 70], [
      "weight 30 reverse",
      70,
      100,
    ]]
  ) {
    const story = one(instance(`priority 100\ntrack_interface {\n eth1 ${words}\n}`));
    assert.equal(effective(story), up);
    story.down("a", "eth1");
    if (down === "FAULT") story.expect("a FAULT");
    else assert.equal(effective(story), down);
    story.up("a", "eth1");
    story.expect("a BACKUP");
    assert.equal(effective(story), up);
    story.unplug("a", "eth1");
    if (down === "FAULT") story.expect("a FAULT");
  }
});

test("interface_up_down_delays: a link that is back in time was never away", () => {
  const delays = "interface_up_down_delays {\n eth0 1 2\n eth1 1\n}\n";
  const story = one(
    `${delays}${instance("advert_int 2\ntrack_interface {\n eth1 weight 10\n}")}`,
  );
  story.run(seconds(20));
  story.expect("a MASTER");
  story.down("a");
  story.run(seconds(0.9));
  story.expect("a MASTER");
  story.up("a");
  story.run(seconds(5));
  story.down("a");
  story.run(seconds(1.1));
  story.expect("a FAULT");
  story.up("a");
  story.run(seconds(1.9));
  story.expect("a FAULT");
  story.run(seconds(0.2));
  story.expect("a BACKUP");
  assert.equal(effective(story), 110);
  story.down("a", "eth1");
  assert.equal(effective(story), 110);
  story.run(seconds(1.1));
  assert.equal(effective(story), 100);
  story.up("a", "eth1");
  assert.equal(effective(story), 110);
});

test("linkbeat: an interface that answers that it has no link is down", () => {
  const story = one(`linkbeat_interfaces {\n eth0 ETHTOOL\n}\n${instance("")}`);
  assert.deepEqual(story.node("a").machine.polled, ["eth0 ethtool"]);
  story.run(seconds(5));
  story.expect("a MASTER");
  story.node("a").feed({ kind: "link-beat", interfaceName: "eth0", up: false });
  story.expect("a FAULT");
  story.node("a").feed({ kind: "link-beat", interfaceName: "eth0", up: true });
  story.expect("a BACKUP");
  for (const text of [`linkbeat_use_polling\n${instance("")}`, instance("linkbeat_use_polling")]) {
    assert.deepEqual(one(text).node("a").machine.polled, ["eth0 mii"]);
  }
});

test("a tracker of a sync group counts for all its members", () => {
  const text = script("weight -10") + instance("priority 100") +
    instance("priority 150", { name: "VI_2", id: 52 }) +
    `vrrp_sync_group G {\n group {\n VI_1\n VI_2\n }\n ${tracksCheck}\n}\n`;
  const story = one(text);
  story.node("a").machine.script("/check", { end: bad });
  story.run(seconds(2));
  const { instances } = story.node("a").snapshot() ?? { instances: [] };
  assert.deepEqual(instances.map(({ effectivePriority }) => effectivePriority), [90, 140]);
});

test("sync_group_tracking_weight lets members weigh by themselves", () => {
  const text = script("weight -10") + instance(`priority 100\n${tracksCheck}`) +
    instance("priority 150", { name: "VI_2", id: 52 }) +
    "vrrp_sync_group G {\n group {\n VI_1\n VI_2\n }\n sync_group_tracking_weight\n}\n";
  const story = one(text);
  story.node("a").machine.script("/check", { end: bad });
  story.run(seconds(2));
  const { instances } = story.node("a").snapshot() ?? { instances: [] };
  assert.deepEqual(instances.map(({ effectivePriority }) => effectivePriority), [90, 150]);
});

test("a failed script of one member takes its sync group to FAULT", () => {
  const text = script("") + instance(`priority 100\n${tracksCheck}`) +
    instance("priority 150", { name: "VI_2", id: 52 }) +
    "vrrp_sync_group G {\n group {\n VI_1\n VI_2\n }\n}\n";
  const story = one(text);
  story.run(seconds(10));
  story.expect("a VI_1 MASTER", "a VI_2 MASTER");
  story.node("a").machine.script("/check", { end: bad });
  story.run(seconds(2));
  story.expect("a VI_1 FAULT", "a VI_2 FAULT");
});

test("a reload keeps results and running scripts, and ends what is gone", () => {
  const kept = script("weight 10");
  const story = one(kept + instance(`priority 100\n${tracksCheck}`));
  const { machine } = story.node("a");
  story.run(seconds(1.5));
  assert.equal(effective(story), 110);
  machine.script("/check", { takes: seconds(0.9) });
  story.run(seconds(0.6));
  assert.deepEqual(machine.running(), ["/check"]);
  const runs = machine.commands.length;
  story.reload("a", modelOf(kept + instance(`priority 120\n${tracksCheck}`)));
  assert.equal(effective(story), 130);
  assert.deepEqual(machine.running(), ["/check"]);
  assert.equal(machine.commands.length, runs);
  story.reload("a", modelOf(instance("priority 120")));
  assert.equal(effective(story), 120);
  assert.deepEqual(machine.commands.slice(runs), ["TERM /check"]);
  story.run(seconds(5));
  assert.equal(machine.commands.length, runs + 1);
  story.reload("a", modelOf(script("weight 30") + instance(`priority 120\n${tracksCheck}`)));
  story.run(seconds(2));
  assert.equal(effective(story), 150);
});

test("the snapshot says what each tracker does and since when", () => {
  const story = one(script("weight -20") + instance(`priority 100\n${tracksCheck}`));
  story.node("a").machine.script("/check", { end: { kind: "exited", code: 3 } });
  story.run(seconds(2));
  const snapshot = story.node("a").snapshot();
  const shown = { kind: "script", name: "check", state: "bad", value: null, detail: "exit 3" };
  const [tracker] = snapshot?.trackers ?? [];
  assert.ok(tracker !== undefined);
  const { since } = tracker;
  assert.deepEqual(tracker, { ...shown, since, instances: ["VI_1"] });
  assert.deepEqual(snapshot?.instances[0]?.tracking, [{
    ...shown,
    since,
    group: null,
    weight: -20,
    reverse: false,
    effect: "priority",
    change: -20,
  }]);
  const [change] = story.tells("a", "priority-changed").slice(-1);
  assert.deepEqual(change?.because, ["script check -20"]);
});

test("a BFD session that is not up is FAULT, and a priority where it has a weight", () => {
  const bfd = (neighbor: string): string =>
    `bfd_instance peer {\n neighbor_ip ${neighbor}\n source_ip ${
      neighbor === "10.0.0.2" ? "10.0.0.1" : "10.0.0.2"
    }\n min_rx 100\n min_tx 100\n}\n`;
  for (const [words, up, down] of [["", "MASTER", "FAULT"], ["weight -40", 100, 60]] as const) {
    const tracks = instance(`priority 100\ntrack_bfd {\n peer ${words}\n}`);
    const story = one(bfd("10.0.0.2") + tracks);
    const state = (): string | number | undefined =>
      typeof up === "number" ? effective(story) : story.state("a");
    story.run(seconds(1));
    assert.equal(state(), down, "down until something else is known");
    story.startWith("b", modelOf(bfd("10.0.0.1")));
    story.run(seconds(15));
    assert.equal(state(), up);
    story.reload("a", modelOf(bfd("10.0.0.2") + tracks));
    assert.equal(state(), up, "a reload keeps what is known of the session");
    story.crash("b");
    story.run(seconds(2));
    assert.equal(state(), down);
  }
});
