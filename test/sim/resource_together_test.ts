/**
 * Resources where a role is more than one router, and where people change their mind: sync groups,
 * a failover on request during a maintenance, the end of the daemon, a block that a reload takes
 * away.
 */
import assert from "node:assert/strict";
import { after, milliseconds, never, seconds } from "../../lib/base/mod.ts";
import { stoppingResources } from "../../lib/engine/mod.ts";
import { instance, modelOf } from "../support/model.ts";
import {
  done,
  down,
  exit,
  newStory,
  owning,
  setOf,
  slow,
  states,
  three,
  up,
} from "../support/resource_story.ts";
import { test } from "../support/test.ts";

test("a sync group has them where all of its members are master, once", () => {
  const group = (priority: number): string =>
    instance(`priority ${priority}`) +
    instance(`priority ${priority}`, { name: "VI_2", id: 52 }).replace("eth0", "eth1") +
    `vrrp_sync_group G1 {\ngroup {\nVI_1\nVI_2\n}\nresources {\ninterval 0\n${three}\n}\n}\n`;
  const story = newStory();
  slow(story, "/c-", seconds(2));
  story.startWith("a", modelOf(group(100)));
  story.startWith("b", modelOf(group(90)));
  story.runUntil("a", "MASTER", "VI_2");
  story.run(seconds(2));
  assert.equal(done(story), "/a+ /b+ /c+");
  assert.equal(setOf(story).kind, "GROUP");
  story.node("a").feed({ kind: "hand-over", names: ["G1"] });
  story.run(seconds(1));
  assert.equal(story.state("a", "VI_2"), "MASTER");
  story.runUntil("b", "MASTER", "VI_1");
  story.run(seconds(1));
  assert.equal(done(story), "/a+ /b+ /c+ /c- /b- /a-");
  assert.equal(done(story, "b"), "/a+ /b+ /c+");
  story.down("b", "eth1");
  story.runUntil("a", "MASTER", "VI_1");
  story.run(seconds(1));
  assert.equal(done(story, "b"), "/a+ /b+ /c+ /c- /b- /a-");
});

test("what an instance and its group have leaves together", () => {
  const story = newStory();
  slow(story, "/a-", seconds(2));
  slow(story, "/b-", seconds(4));
  const other = instance("priority 100", { name: "VI_2", id: 52 }).replace("eth0", "eth1");
  const text = owning("script /a+ /a- /a?") + other +
    "vrrp_sync_group G1 {\ngroup {\nVI_1\nVI_2\n}\n" +
    "resources {\nretry 0\nscript /b+ /b- /b?\n}\n}\n";
  story.startWith("a", modelOf(text));
  story.runUntil("a", "MASTER", "VI_2");
  up(story, "a", "ab");
  story.run(seconds(1));
  story.node("a").feed({ kind: "hand-over", names: ["VI_2"] });
  story.run(seconds(3.5));
  assert.equal(story.state("a", "VI_1"), "MASTER", "the slower one is waited for");
  story.run(seconds(1));
  assert.equal(story.state("a", "VI_1"), "BACKUP");
  assert.equal(done(story), "/a+ /b+ /a- /b-");
  story.runUntil("a", "MASTER", "VI_2");
  story.run(seconds(2));
  down(story, "a", "b");
  story.runUntil("a", "BACKUP", "VI_2");
  assert.equal(done(story), "/a+ /b+ /a- /b- /a+ /b+ /b- /a-");
});

test("whoever was held off takes part again when a person says so", () => {
  const story = newStory("a");
  story.node("a").machine.script("/a+", exit(1));
  story.startWith("a", modelOf(owning("retry 0\nhold_off 3000\nscript /a+ /a- /a?")));
  story.runUntil("a", "MASTER");
  story.runUntil("a", "BACKUP");
  story.run(seconds(60));
  story.expect("a BACKUP");
  story.node("a").machine.script("/a+", exit(0));
  story.node("a").feed({ kind: "maintenance" });
  story.run(seconds(5));
  story.expect("a MASTER");
  assert.equal(states(story), "active");
});

test("a reload that takes the block away leaves a master its addresses and routes", () => {
  const story = newStory("a");
  const routes = "virtual_routes {\n10.9.0.0/16 via 10.0.0.9 dev eth0\n}";
  const lines = "script /a+ /a- /a?\naddress\nroute\nscript /b+ /b- /b?";
  slow(story, "/b-", seconds(2));
  story.startWith("a", modelOf(owning(lines, routes)));
  story.runUntil("a", "MASTER");
  story.run(seconds(10));
  up(story, "a");
  const before = story.announcements("a").length;
  story.reload("a", modelOf(instance(`priority 100\n${routes}`)));
  story.run(seconds(1));
  assert.deepEqual(story.held("a"), ["10.0.0.100"], "while something stops");
  story.run(seconds(3));
  story.expect("a MASTER");
  assert.deepEqual(story.held("a"), ["10.0.0.100"]);
  assert.equal(story.announcements("a").length, before);
  assert.equal(done(story), "/a+ /b+ /b- /a-");
  assert.deepEqual(story.node("a").snapshot()?.resources, []);
});

test("a reload that takes a master away, or makes it another one, waits for its resources", () => {
  const lines = owning("script /a+ /a- /a?\naddress");
  const others = instance("", { name: "VI_2", id: 53 }).replace("10.0.0.100", "10.0.0.101");
  for (const after of [lines.replace("router_id 51", "router_id 52"), others]) {
    const story = newStory();
    slow(story, "/a-", seconds(5));
    story.startWith("a", modelOf(lines));
    story.startWith("b", modelOf(lines.replace("priority 100", "priority 90")));
    story.runUntil("a", "MASTER");
    story.run(seconds(2));
    up(story, "a");
    story.reload("a", modelOf(after));
    const waiting = story.node("a").snapshot();
    const stopping = ["script /a+ of VI_1"];
    assert.deepEqual(waiting && stoppingResources(waiting), { stopping, pending: true });
    story.run(seconds(4.9));
    story.expect("a MASTER", "b BACKUP");
    assert.equal(setOf(story).leaving, "reload");
    assert.equal(story.node("a").snapshot()?.config.reloads, 0);
    assert.equal(done(story, "b"), "");
    story.run(seconds(0.2));
    assert.equal(story.node("a").snapshot()?.config.reloads, 1);
    assert.equal(done(story), "/a+ /a-");
    story.runUntil("b", "MASTER");
    story.run(seconds(1));
    assert.equal(done(story, "b"), "/a+");
    story.run(seconds(10));
    assert.equal(done(story), after === others ? "/a+ /a-" : "/a+ /a- /a+");
    assert.equal(story.tells("a", "resources-leaving").length, 1);
  }
});

test("while a reload waits, the next one counts, and whoever it leaves alone stays", () => {
  const story = newStory("a");
  const lines = owning("script /a+ /a- /a?");
  slow(story, "/a-", seconds(5));
  story.startWith("a", modelOf(lines));
  story.runUntil("a", "MASTER");
  story.run(seconds(2));
  up(story, "a");
  story.reload("a", modelOf(lines.replace("router_id 51", "router_id 52")));
  story.run(seconds(2));
  story.reload("a", modelOf(lines.replace("priority 100", "priority 150")));
  story.run(seconds(10));
  story.expect("a MASTER");
  assert.equal(story.transitions("a").length, 2, "from INIT to BACKUP to MASTER");
  assert.equal(done(story), "/a+ /a- /a+");
  const { config, instances: [router] = [] } = story.node("a").snapshot() ?? {};
  assert.deepEqual([config?.reloads, router?.vrid, router?.basePriority], [1, 51, 150]);
  story.reload("a", modelOf(lines.replace("router_id 51", "router_id 52")));
  story.stop("a");
  story.run(seconds(6));
  assert.equal(story.state("a"), "down");
});

test("what becomes master while the daemon waits for its end starts nothing", () => {
  const story = newStory();
  const second = (priority: number): string =>
    instance(`priority ${priority}\nresources {\ninterval 0\nscript /b+ /b- /b?\n}`, {
      name: "VI_2",
      id: 52,
    }).replace("10.0.0.100", "10.0.0.101");
  slow(story, "/a-", seconds(20));
  story.startWith("b", modelOf(second(110)));
  story.startWith("a", modelOf(owning("script /a+ /a- /a?\nstop_timeout 30") + second(90)));
  story.runUntil("a", "MASTER", "VI_1");
  story.run(seconds(1));
  story.node("a").feed({ kind: "stop" });
  story.crash("b");
  story.runUntil("a", "MASTER", "VI_2");
  story.run(seconds(30));
  assert.equal(done(story), "/a+ /a-");
  assert.equal(story.state("a", "VI_1"), "down");
});

test("members of a sync group wait for each other's resources", () => {
  for (
    const event of [
      { kind: "hand-over", names: ["VI_2"] } as const,
      { kind: "maintenance", until: never } as const,
    ]
  ) {
    const story = newStory();
    slow(story, "/a-", seconds(2));
    slow(story, "/b-", seconds(4));
    const group = (name: string): string =>
      owning("script /a+ /a- /a?") +
      instance(`priority 100\nresources {\ninterval 0\nscript /b+ /b- /b?\n}`, {
        name: "VI_2",
        id: 52,
      }).replace("eth0", "eth1") +
      instance("priority 100", { name: "VI_3", id: 53 }).replace("10.0.0.100", "10.0.0.102") +
      `vrrp_sync_group ${name} {\ngroup {\nVI_1\nVI_2\nVI_3\n}\n}\n`;
    story.startWith("a", modelOf(group("G1")));
    story.startWith("b", modelOf(group("G1").replaceAll("priority 100", "priority 90")));
    story.runUntil("a", "MASTER", "VI_3");
    story.run(seconds(1));
    up(story, "a", "ab");
    story.node("a").feed(event);
    story.run(seconds(3.5));
    for (const name of ["VI_1", "VI_2", "VI_3"]) {
      assert.equal(story.state("a", name), "MASTER", `${event.kind} ${name}`);
    }
    story.run(seconds(1.5));
    for (const name of ["VI_1", "VI_2", "VI_3"]) {
      assert.equal(story.state("a", name), "BACKUP", `${event.kind} ${name}`);
      assert.equal(story.state("b", name), "MASTER", "all of them were told at once");
    }
    assert.equal(done(story), "/a+ /b+ /a- /b-");
  }
});

test("a failover on request does not end a maintenance, nor the hold-off of a failure", () => {
  const story = newStory();
  slow(story, "/a-", seconds(2));
  story.startWith("a", modelOf(owning("retry 0\nhold_off 3000\nscript /a+ /a- /a?")));
  story.runUntil("a", "MASTER");
  story.run(seconds(1));
  up(story, "a");
  story.node("a").feed({ kind: "maintenance", until: never });
  story.run(seconds(1));
  story.node("a").feed({ kind: "hand-over", names: ["VI_1"] });
  story.run(seconds(60));
  story.expect("a BACKUP");
  down(story, "a");
  story.node("a").machine.script("/a+", exit(1));
  story.node("a").feed({ kind: "maintenance" });
  story.runUntil("a", "MASTER");
  story.run(milliseconds(100));
  assert.equal(setOf(story).leaving, "gave-up");
  story.node("a").feed({ kind: "hand-over", names: ["VI_1"] });
  story.run(seconds(60));
  story.expect("a BACKUP");
  assert.equal(setOf(story).heldOff?.resource, "script /a+");
});

test("a maintenance and a hold-off are two reasons, and each ends by its own", () => {
  for (const [maintenance, holdOff] of [[30, 300], [300, 30]] as const) {
    const story = newStory("a");
    story.node("a").machine.script("/a+", exit(1));
    story.startWith("a", modelOf(owning(`retry 0\nhold_off ${holdOff}\nscript /a+ /a- /a?`)));
    story.runUntil("a", "MASTER");
    story.runUntil("a", "BACKUP");
    story.node("a").machine.script("/a+", exit(0));
    const until = after(story.now(), seconds(maintenance));
    story.node("a").feed({ kind: "maintenance", until });
    story.run(seconds(30 + 10));
    assert.equal(story.node("a").snapshot()?.maintenance === null, maintenance === 30);
    assert.equal(setOf(story).heldOff === null, holdOff === 30);
    story.run(seconds(250));
    story.expect("a BACKUP");
    story.run(seconds(20));
    story.expect("a MASTER");
  }
});

test("a resource that fails for good while a maintenance waits for others is held off, too", () => {
  const story = newStory("a");
  slow(story, "/a-", seconds(5));
  story.node("a").machine.script("/b+", exit(1));
  const lines = "retry 0\nhold_off 300\nscript /a+ /a- /a?\nscript /b+ /b- /b?";
  story.startWith("a", modelOf(owning(lines)));
  story.runUntil("a", "MASTER");
  story.run(seconds(1));
  assert.equal(setOf(story).leaving, "gave-up");
  story.node("a").machine.script("/b+", exit(0));
  story.node("a").feed({ kind: "maintenance", until: after(story.now(), seconds(30)) });
  story.run(seconds(200));
  story.expect("a BACKUP");
  assert.equal(setOf(story).heldOff?.resource, "script /b+");
});

test("what could not be stopped before its block was taken away is left alone from then on", () => {
  const story = newStory("a");
  story.node("a").machine.script("/a-", exit(1));
  story.startWith("a", modelOf(owning("script /a+ /a- /a?")));
  story.runUntil("a", "MASTER");
  story.run(seconds(1));
  story.reload("a", modelOf(instance("priority 100")));
  story.run(seconds(70));
  story.crash("a");
  assert.equal(done(story), "/a+ /a-");
});
