/**
 * Resources on the virtual network: in order where the role is, undone where it is not, whatever
 * fails or changes in between.
 */
import assert from "node:assert/strict";
import { milliseconds, seconds } from "../../lib/base/mod.ts";
import { stoppingResources } from "../../lib/engine/mod.ts";
import { forEver } from "../../lib/host/sim/mod.ts";
import { instance, modelOf } from "../support/model.ts";
import {
  done,
  exit,
  newStory,
  owning,
  setOf,
  slow,
  states,
  three,
  up,
} from "../support/resource_story.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

test("they are started in order by the master, one after the other", () => {
  const story = newStory();
  slow(story, "/a+", seconds(2));
  slow(story, "/b+", seconds(2));
  story.startWith("a", modelOf(owning(three)));
  story.runUntil("a", "MASTER");
  assert.equal(done(story), "/a+");
  story.run(seconds(1));
  assert.equal(states(story), "starting stopped stopped");
  story.run(seconds(2));
  assert.equal(done(story), "/a+ /b+");
  up(story, "a");
  story.run(seconds(2));
  assert.equal(done(story), "/a+ /b+ /c+");
  assert.equal(states(story), "active active active");
  assert.equal(setOf(story).wanted, "run");
});

test("they are stopped in reverse when the role is lost, whose addresses are gone at once", () => {
  const story = newStory();
  slow(story, "/c-", seconds(2));
  story.startWith("a", modelOf(owning(three)));
  story.runUntil("a", "MASTER");
  story.run(seconds(1));
  story.down("a", "eth0");
  story.run(milliseconds(10));
  assert.deepEqual(story.held("a"), []);
  assert.equal(done(story), "/a+ /b+ /c+ /c-");
  story.run(seconds(3));
  assert.equal(done(story), "/a+ /b+ /c+ /c- /b- /a-");
  assert.equal(states(story), "stopped stopped stopped");
});

test("a role that is handed over stays until they are stopped", () => {
  const story = newStory();
  slow(story, "/c-", seconds(2));
  story.startWith("a", modelOf(owning(three)));
  story.startWith("b", modelOf(owning(three).replace("priority 100", "priority 90")));
  story.runUntil("a", "MASTER");
  story.run(seconds(1));
  story.node("a").feed({ kind: "hand-over", names: ["VI_1"] });
  story.run(seconds(1));
  assert.equal(story.state("a"), "MASTER");
  assert.equal(setOf(story).leaving, "hand-over");
  assert.equal(done(story, "b"), "", "nothing is started there as long as it is here");
  story.runUntil("b", "MASTER");
  assert.equal(done(story), "/a+ /b+ /c+ /c- /b- /a-");
  story.run(seconds(1));
  assert.equal(done(story, "b"), "/a+ /b+ /c+");
});

test("whatever changes while something starts, the latest wish wins, one step at a time", () => {
  const story = newStory();
  slow(story, "/b+", seconds(4), false);
  story.startWith("a", modelOf(owning(three)));
  story.runUntil("a", "MASTER");
  story.run(seconds(1));
  for (let flap = 0; flap < 3; flap++) {
    story.down("a", "eth0");
    story.run(milliseconds(50));
    story.up("a", "eth0");
    story.run(milliseconds(50));
  }
  assert.equal(done(story), "/a+ /b+", "what starts is not interrupted");
  story.run(seconds(2.8));
  assert.equal(done(story), "/a+ /b+ /b- /a-", "it is a backup by now");
  story.run(seconds(10));
  assert.equal(done(story), "/a+ /b+ /b- /a- /a+ /b+ /c+");
});

test("a start that fails is undone and tried again, and after so many the role goes", () => {
  const story = newStory();
  story.node("a").machine.script("/b+", exit(1));
  story.startWith("a", modelOf(owning(`retry 2\n${three}`)));
  story.startWith("b", modelOf(owning(three).replace("priority 100", "priority 90")));
  const risen = story.runUntil("a", "MASTER");
  const gone = story.runUntil("b", "MASTER");
  assert.equal(done(story), "/a+ /b+ /b- /b+ /b- /b+ /b- /a-");
  assert.equal(story.state("a"), "BACKUP");
  assert.ok(gone - risen < seconds(5));
  const { heldOff, resources } = setOf(story);
  assert.equal(heldOff?.detail, "start exit 1");
  assert.deepEqual(resources[1]?.lastFailure?.detail, "exit 1");
  const reason = story.transitions("a").at(-1)?.reason;
  assert.deepEqual(reason, {
    kind: "resource-failed",
    resource: "script /b+",
    detail: "start exit 1",
  });
  story.run(seconds(300));
  assert.equal(story.state("b"), "MASTER", "it does not come back by itself");
  assert.equal(states(story), "stopped stopped stopped");
  assert.equal(done(story, "b"), "/a+ /b+ /c+");
});

test("where nobody else is, the role is tried again after hold_off", () => {
  const story = newStory("a");
  story.node("a").machine.script("/a+", exit(1));
  story.startWith("a", modelOf(owning("retry 0\nhold_off 30\nscript /a+ /a- /a?")));
  story.runUntil("a", "MASTER");
  const away = story.runUntil("a", "BACKUP");
  story.node("a").machine.script("/a+", exit(0));
  up(story, "a");
  const back = story.runUntil("a", "MASTER");
  assert.equal(Math.floor((back - away) / 1e6), 33);
  story.run(seconds(1));
  assert.equal(states(story), "active");
  assert.equal(setOf(story).heldOff, null);
});

test("what fails while active is started again with all that stands after it", () => {
  const story = newStory();
  story.startWith("a", modelOf(owning(`interval 5\n${three}`)));
  story.runUntil("a", "MASTER");
  story.run(seconds(1));
  up(story, "a");
  story.run(seconds(30));
  assert.equal(done(story), "/a+ /b+ /c+");
  story.node("a").machine.script("/b?", exit(3));
  story.run(seconds(4.9));
  story.node("a").machine.script("/b?", exit(0));
  story.run(seconds(1));
  assert.equal(done(story), "/a+ /b+ /c+ /c- /b- /b+ /c+");
  assert.equal(states(story), "active active active");
  assert.equal(story.state("a"), "MASTER");
});

test("a look that hangs is a failure, too, and interval 0 does not look", () => {
  for (const [interval, expected] of [[5, "/a+ /a- /a+"], [0, "/a+"]] as const) {
    const story = newStory();
    const lines = `interval ${interval}\nstatus_timeout 3\nscript /a+ /a- /a?`;
    story.startWith("a", modelOf(owning(lines)));
    story.runUntil("a", "MASTER");
    story.run(seconds(1));
    slow(story, "/a?", forEver, false);
    story.run(seconds(13));
    assert.equal(
      done(story),
      expected.replace("/a-", "TERM /a? KILL /a? /a-")
        .replace(/ (TERM|KILL) \/a\?/g, ""),
      String(interval),
    );
  }
});

test("limits end what takes too long, and what does not obey is left to itself", () => {
  const story = newStory();
  slow(story, "/a+", forEver, false);
  story.startWith("a", modelOf(owning("retry 0\nscript /a+ /a- /a? start_timeout 10")));
  const risen = story.runUntil("a", "MASTER");
  const away = story.runUntil("a", "BACKUP");
  assert.equal(Math.floor((away - risen) / 1e6), 12);
  assert.equal(done(story), "/a+ TERM /a+ KILL /a+ /a-");
});

test("what can not be stopped is stuck after the fence, and tried again; the rest goes on", () => {
  const story = newStory();
  story.node("a").machine.script("/b-", exit(1));
  story.node("a").machine.script("/fence INSTANCE VI_1 script /b+", exit(1));
  story.startWith("a", modelOf(owning(`fence /fence\n${three}`)));
  story.runUntil("a", "MASTER");
  story.run(seconds(1));
  story.down("a", "eth0");
  story.run(seconds(3));
  const fenced = "/a+ /b+ /c+ /c- /b- /fence INSTANCE VI_1 script /b+ /a-";
  assert.equal(done(story), fenced);
  assert.equal(states(story), "stopped stuck stopped");
  story.node("a").machine.script("/b-", exit(0));
  story.run(seconds(60));
  assert.equal(done(story), `${fenced} /b-`);
  assert.equal(states(story), "stopped stopped stopped");
});

test("a fence that ends well has stopped it, and file systems are tried harder before", () => {
  const story = newStory();
  const attempts: string[] = [];
  story.startWith("a", modelOf(owning("fence /fence\nfilesystem /dev/x /srv ext4")));
  story.runUntil("a", "MASTER");
  story.run(seconds(1));
  const { machine } = story.node("a");
  const look = machine.commands.at(-1) ?? "";
  for (const word of ["umount", "term", "kill"]) {
    machine.script(look.replace("filesystem status", `filesystem ${word}`), exit(32));
  }
  const before = machine.commands.length;
  story.stop("a");
  story.run(seconds(5));
  for (const command of machine.commands.slice(before)) {
    attempts.push(/ filesystem (\w+) \/dev/.exec(command)?.[1] ?? command);
  }
  assert.deepEqual(attempts, [
    "umount",
    "term",
    "kill",
    "kill",
    "/fence INSTANCE VI_1 filesystem /srv",
  ]);
  assert.equal(story.state("a"), "down");
});

test("the end waits until they are stopped, and adverts go on until then", () => {
  const story = newStory();
  slow(story, "/a-", seconds(4));
  story.startWith("a", modelOf(owning(three)));
  story.startWith("b", modelOf(owning(three).replace("priority 100", "priority 90")));
  story.runUntil("a", "MASTER");
  story.run(seconds(1));
  story.stop("a");
  story.run(seconds(3));
  assert.equal(story.state("a"), "MASTER");
  assert.equal(story.state("b"), "BACKUP");
  story.runUntil("b", "MASTER");
  assert.equal(story.state("a"), "down");
  assert.equal(done(story), "/a+ /b+ /c+ /c- /b- /a-");
});

test("a maintenance waits for them, and one that is called off lets them start again", () => {
  const story = newStory();
  slow(story, "/b-", seconds(5));
  story.startWith("a", modelOf(owning(three)));
  story.runUntil("a", "MASTER");
  story.run(seconds(1));
  const until = (story.now() + seconds(3600)) as ReturnType<Story["now"]>;
  story.node("a").feed({ kind: "maintenance", until });
  story.run(seconds(2));
  assert.equal(story.state("a"), "MASTER");
  story.node("a").feed({ kind: "maintenance" });
  story.run(seconds(10));
  assert.equal(done(story), "/a+ /b+ /c+ /c- /b- /b+ /c+");
  assert.equal(story.state("a"), "MASTER");
  story.node("a").feed({ kind: "maintenance", until: (until + 1) as typeof until });
  story.run(seconds(10));
  assert.equal(story.state("a"), "BACKUP");
  assert.equal(states(story), "stopped stopped stopped");
});

test("a daemon that finds them active goes on with them, or stops them elsewhere", () => {
  const story = newStory();
  up(story, "a", "ab");
  story.startWith("a", modelOf(owning(three)));
  story.run(seconds(2));
  assert.equal(states(story), "active active stopped");
  assert.equal(done(story), "", "nobody knows yet where the role is");
  story.runUntil("a", "MASTER");
  story.run(seconds(1));
  assert.equal(done(story), "/c+");
  up(story, "b");
  story.startWith("b", modelOf(owning(three).replace("priority 100", "priority 90")));
  story.run(seconds(2));
  assert.equal(done(story, "b"), "/c- /b- /a-");
});

test("a tracker that has no result yet decides nothing", () => {
  const story = newStory();
  up(story, "a");
  slow(story, "/check", seconds(3));
  const tracked = "vrrp_script check {\nscript /check\ntimeout 9\n}\n";
  story.startWith("a", modelOf(tracked + owning(three, "track_script {\ncheck\n}")));
  story.run(seconds(2.9));
  assert.equal(done(story), "/check");
  story.runUntil("a", "MASTER");
  assert.equal(states(story), "active active active");
  assert.ok(!done(story).includes("-"));
});

test("what has no status is stopped to be sure, and that this fails means nothing", () => {
  const story = newStory();
  story.startWith("b", modelOf(owning(three).replace("priority 100", "priority 200")));
  story.runUntil("b", "MASTER");
  story.node("a").machine.script("/a-", exit(1));
  story.startWith("a", modelOf(owning("fence /fence\nscript /a+ /a-")));
  story.run(seconds(5));
  assert.equal(done(story), "/a-");
  assert.equal(states(story), "stopped");
});

test("the guard stops what a killed daemon leaves", () => {
  const story = newStory();
  story.startWith("a", modelOf(owning(three)));
  story.runUntil("a", "MASTER");
  story.run(seconds(1));
  story.crash("a");
  assert.equal(done(story), "/a+ /b+ /c+ /c- /b- /a-");
});

test("start_delay is how long a new master waits", () => {
  const story = newStory();
  story.startWith("a", modelOf(owning("start_delay 5\nscript /a+ /a- /a?")));
  story.runUntil("a", "MASTER");
  story.run(seconds(4.9));
  assert.equal(done(story), "");
  story.run(seconds(0.2));
  assert.equal(done(story), "/a+");
});

test("addresses and routes have the place in the order that the file gives them", () => {
  const story = newStory();
  slow(story, "/a+", seconds(2));
  slow(story, "/b-", seconds(2));
  const lines = "script /a+ /a- /a?\naddress\nscript /b+ /b- /b?\nroute";
  const routes = "virtual_routes {\n10.9.0.0/16 via 10.0.0.9 dev eth0\n}";
  story.startWith("a", modelOf(owning(lines, routes)));
  story.runUntil("a", "MASTER");
  story.run(seconds(1));
  assert.deepEqual(story.held("a"), []);
  story.run(seconds(1.5));
  assert.deepEqual(story.held("a"), ["10.0.0.100"]);
  assert.equal(story.announcements("a").length, 5);
  assert.equal(states(story), "active active active active");
  story.down("a", "eth0");
  story.run(milliseconds(10));
  assert.deepEqual(story.held("a"), [], "lost at once with the role");
  story.up("a", "eth0");
  story.runUntil("a", "MASTER");
  story.run(seconds(5));
  assert.deepEqual(story.held("a"), ["10.0.0.100"]);
  story.node("a").feed({ kind: "hand-over", names: ["VI_1"] });
  story.run(seconds(1));
  assert.deepEqual(story.held("a"), ["10.0.0.100"], "as long as what stands after it stops");
  story.runUntil("a", "BACKUP");
  assert.deepEqual(story.held("a"), []);
});

test("a reload touches only what is different, and what stands after it", () => {
  const story = newStory();
  story.startWith("a", modelOf(owning(three)));
  story.runUntil("a", "MASTER");
  story.run(seconds(1));
  up(story, "a");
  const [a = "", b = "", c = ""] = three.split("\n");
  const steps: [lines: string, done: string][] = [
    [`${c}\n${b}\n${a}`, ""],
    [`retry 9\nstop_timeout 5\n${a}\n${b}\n${c}`, ""],
    [`${a}\nscript /d+ /d- /d?\n${b}\n${c}`, "/d+"],
    [`${a}\n${b}\n${c}`, "/c- /b- /d- /b+ /c+"],
    [`${a}\n${c}`, "/c- /b- /c+"],
  ];
  let before = done(story);
  story.node("a").machine.script("/d?", exit(3));
  for (const [lines, expected] of steps) {
    story.reload("a", modelOf(owning(lines)));
    story.run(seconds(2));
    assert.equal(done(story).slice(before.length).trim(), expected, lines);
    before = done(story);
  }
  slow(story, "/a-", seconds(1));
  story.reload("a", modelOf(instance("priority 100")));
  story.run(milliseconds(1));
  const shown = story.node("a").snapshot();
  assert.deepEqual(shown && stoppingResources(shown), {
    stopping: ["script /a+ of VI_1"],
    pending: false,
  });
  story.run(seconds(2));
  assert.equal(done(story).slice(before.length).trim(), "/c- /a-");
  assert.deepEqual(story.node("a").snapshot()?.resources, []);
  assert.equal(story.state("a"), "MASTER");
});
