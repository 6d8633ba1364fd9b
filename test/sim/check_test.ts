/**
 * Checks that ask no server over the network: scripts with their statuses and limits, numbers in
 * files, BFD sessions, and the weights that come of them.
 */
import assert from "node:assert/strict";
import { milliseconds, seconds } from "../../lib/base/mod.ts";
import { forEver } from "../../lib/host/sim/fake_machine.ts";
import { modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

function service(checks: string, weight = 10): string {
  return `virtual_server 10.0.0.80 80 {
    protocol TCP
    lvs_sched rr
    lvs_method DR
    delay_loop 10
    warmup 0
    real_server 192.0.2.1 80 {
      weight ${weight}
      ${checks}
    }
  }\n`;
}

function begin(text: string, prepare: (story: Story) => void = () => {}): Story {
  const story = new Story("a b");
  prepare(story);
  story.startWith("a", modelOf(text));
  return story;
}

/** The weight of the server in the kernel; "gone" when it is not there. */
function weight(story: Story): string {
  const line = story.node("a").balancer.lines().find((one) => one.includes(">"));
  return line?.replace(/.*weight /, "") ?? "gone";
}

function exits(story: Story, code: number): void {
  story.node("a").machine.script("/check", { end: { kind: "exited", code } });
}

const dynamic = "MISC_CHECK {\n misc_path /check\n misc_dynamic\n}";

test("a script decides by its status, and is not repeated", () => {
  const story = begin(service("MISC_CHECK {\n misc_path /check\n}"));
  story.run(milliseconds(1100));
  assert.deepEqual(story.node("a").machine.commands, ["/check"]);
  assert.equal(weight(story), "10");
  exits(story, 1);
  story.run(seconds(10));
  assert.equal(weight(story), "gone");
  assert.equal(story.node("a").machine.commands.length, 2);
  exits(story, 0);
  story.run(seconds(10));
  assert.equal(weight(story), "10");
  exits(story, 7);
  story.run(seconds(10));
  assert.equal(weight(story), "gone", "7 is a failure without misc_dynamic");
});

test("misc_dynamic: a status from 2 on is a weight, 0 changes nothing, 1 is a failure", () => {
  const story = begin(service(dynamic), (told) => exits(told, 22));
  story.run(seconds(2));
  assert.equal(weight(story), "20");
  assert.equal(story.node("a").snapshot()?.virtualServers[0]?.realServers[0]?.weight, 20);
  exits(story, 0);
  story.run(seconds(10));
  assert.equal(weight(story), "20");
  exits(story, 2);
  story.run(seconds(10));
  assert.equal(weight(story), "0");
  exits(story, 1);
  story.run(seconds(10));
  assert.equal(weight(story), "gone");
  assert.deepEqual(story.tells("a", "weight-changed").map((tell) => tell.weight), [20, 0]);
});

test("several checks add what they take from the configured weight or put to it", () => {
  const second = "MISC_CHECK {\n misc_path /other\n misc_dynamic\n}";
  const story = begin(service(dynamic + second), (told) => {
    exits(told, 17);
    told.node("a").machine.script("/other", { end: { kind: "exited", code: 10 } });
  });
  story.run(seconds(2));
  // 10 + (15 - 10) + (8 - 10)
  assert.equal(weight(story), "13");
});

test("a weight and a result stay over a reload that changes the check", () => {
  const story = begin(service(dynamic), (told) => exits(told, 22));
  story.run(seconds(2));
  story.reload("a", modelOf(service(dynamic.replace("misc_dynamic", "misc_dynamic\n retry 3"))));
  assert.equal(weight(story), "20");
});

test("a script over its limit fails, is ended, and is not started while it is there", () => {
  const text = service("MISC_CHECK {\n misc_path /check\n misc_timeout 3\n}");
  const story = begin(text, (told) => {
    told.node("a").machine.script("/check", { takes: forEver, obeys: false });
  });
  const { machine } = story.node("a");
  story.run(milliseconds(3900));
  assert.equal(weight(story), "10");
  story.run(milliseconds(200));
  assert.equal(weight(story), "gone");
  assert.deepEqual(machine.commands, ["/check", "TERM /check"]);
  exits(story, 0);
  story.run(seconds(2));
  assert.deepEqual(machine.commands.slice(2), ["KILL /check"]);
  story.run(seconds(9));
  assert.equal(weight(story), "10");
  assert.equal(machine.commands.length, 4);
});

test("without misc_timeout a script has the delay_loop of its virtual server", () => {
  const text = service("MISC_CHECK {\n misc_path /check\n delay_loop 3\n}");
  const story = begin(text, (told) => {
    told.node("a").machine.script("/check", { takes: forEver });
  });
  story.run(milliseconds(10_900));
  assert.equal(weight(story), "10");
  story.run(milliseconds(200));
  assert.equal(weight(story), "gone");
});

test("a check that is taken away ends its script", () => {
  const story = begin(service(dynamic), (told) => {
    told.node("a").machine.script("/check", { takes: forEver, obeys: false });
  });
  story.run(seconds(2));
  story.reload("a", modelOf(service("")));
  story.run(seconds(3));
  assert.deepEqual(story.node("a").machine.commands, ["/check", "TERM /check", "KILL /check"]);
  assert.deepEqual(story.node("a").machine.running(), []);
});

function file(story: Story, text: string): void {
  const { machine } = story.node("a");
  machine.files.set("/level", text);
  story.node("a").feed(machine.contentOf("/level"));
}

function fileService(words: string, defined = ""): string {
  const definition = `track_file level {\n file /level\n ${defined}\n}\n`;
  return definition + service(`FILE_CHECK {\n track_file level\n ${words}\n}`);
}

for (
  const [words, defined, number, expected] of [
    ["", "", "5", "15"],
    ["weight 3", "", "5", "25"],
    ["weight 3 reverse", "", "2", "4"],
    ["", "weight 2", "5", "20"],
    ["weight 1", "weight 2", "5", "15"],
    ["", "", "-20", "0"],
    ["weight 0", "", "0", "10"],
    ["weight 0", "", "1", "gone"],
    ["weight 2147483647", "", "-2", "gone"],
  ] as const
) {
  const what = `FILE_CHECK "${words}" of a file with "${defined}"`;
  test(`${what}: ${number} makes weight 10 ${expected}`, () => {
    const story = begin(fileService(words, defined));
    story.run(seconds(1));
    assert.equal(weight(story), "10");
    file(story, `${number}\n`);
    assert.equal(weight(story), expected);
    assert.ok(story.node("a").machine.watches("/level"));
  });
}

const peer = "bfd_instance peer {\n neighbor_ip 10.0.0.2\n}\n";
const far = "bfd_instance peer {\n neighbor_ip 10.0.0.1\n}\n";

test("BFD_CHECK: a server leaves with its session, and returns with it", () => {
  const story = begin(peer + service("BFD_CHECK {\n name peer\n}"));
  story.startWith("b", modelOf(far));
  assert.equal(weight(story), "10");
  story.run(seconds(4));
  story.crash("b");
  story.run(seconds(1));
  assert.equal(weight(story), "gone");
  const check = story.node("a").snapshot()?.virtualServers[0]?.realServers[0]?.checks[0];
  assert.deepEqual([check?.kind, check?.target, check?.up], ["bfd", "peer", false]);
  story.startWith("b", modelOf(far));
  story.run(seconds(4));
  assert.equal(weight(story), "10");
});

test("BFD_CHECK with alpha: a server is down until its session is up", () => {
  const story = begin(peer + service("BFD_CHECK {\n name peer\n alpha\n}"));
  assert.equal(weight(story), "gone");
  story.startWith("b", modelOf(far));
  story.run(seconds(4));
  assert.equal(weight(story), "10");
});

test("checker_alpha: servers wait for their first success where nobody says else", () => {
  const tcp = "TCP_CHECK {\nconnect_timeout 1\n}";
  const globals = "global_defs {\n@standin checker_alpha\n}\n";
  const story = begin(globals + service(tcp));
  assert.equal(weight(story), "gone");
  story.run(milliseconds(1100));
  assert.equal(weight(story), "10");
  assert.equal(weight(begin(service(tcp))), "10");
  assert.equal(weight(begin(globals + service("alpha off\n" + tcp))), "10");
  // A server that nobody checks has nothing to wait for.
  assert.equal(weight(begin(globals + service(""))), "10");
});

test("runs, failures and the time of the last run are counted, also of what never ends", () => {
  const story = begin(service("MISC_CHECK {\nmisc_path /check\nmisc_timeout 3\n}"));
  const look = (): unknown[] => {
    const [check] = story.node("a").snapshot()?.virtualServers[0]?.realServers[0]?.checks ?? [];
    return [check?.runs, check?.failures, check?.lastDurationMs];
  };
  assert.deepEqual(look(), [0, 0, null]);
  story.run(seconds(2));
  assert.deepEqual(look().slice(0, 2), [1, 0]);
  story.node("a").machine.script("/check", { takes: forEver });
  story.run(seconds(14));
  assert.deepEqual(look(), [2, 1, 3000]);
});
