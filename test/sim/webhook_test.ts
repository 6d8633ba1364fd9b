/**
 * Webhooks: who is told what, each state once and with one id at every try; and a receiver that
 * does not take it costs neither time nor memory, and holds up nobody else.
 */
import assert from "node:assert/strict";
import { milliseconds, never, seconds } from "../../lib/base/mod.ts";
import { instance, modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

function hook(name: string, lines = ""): string {
  return `webhook ${name} {\n url https://${name}.example.org/in\n ${lines}\n}\n`;
}

const named = "global_defs {\n router_id box.one\n}\n";

/** A router, alone, with these lines in its block; it becomes master and loses its link. */
function lifeOf(head: string, lines: string): Story {
  const story = new Story("a b");
  story.startWith("a", modelOf(named + head + instance(`priority 100\n ${lines}`)));
  story.run(seconds(5));
  story.down("a", "eth0");
  story.run(seconds(1));
  return story;
}

function calls(story: Story, name = "one"): string[] {
  return story.node("a").machine.calls.filter(({ plan }) => plan.name === name)
    .map(({ call }) => JSON.parse(call.body).type);
}

const whole = ["instance.backup", "instance.master", "instance.fault"];

test("a webhook is told what mail would tell, or of everybody of the kinds that it names", () => {
  assert.deepEqual(calls(lifeOf(hook("one"), "")), []);
  assert.deepEqual(calls(lifeOf(hook("one"), "smtp_alert")), whole);
  assert.deepEqual(calls(lifeOf(hook("one", "events instance"), "smtp_alert off")), whole);
  assert.deepEqual(calls(lifeOf(hook("one", "events group real_server"), "smtp_alert")), []);
  const two = lifeOf(hook("one") + hook("two", "events instance"), "");
  assert.deepEqual([calls(two), calls(two, "two")], [[], whole]);
});

test("a call says what happened, to whom and why, in keepalived's words", () => {
  const story = lifeOf(hook("one", "events instance\n timeout 3\n secret_file /etc/key"), "");
  const [first] = story.node("a").machine.calls;
  assert.deepEqual(first?.plan, {
    name: "one",
    url: "https://one.example.org/in",
    timeout: seconds(3),
    secretFile: "/etc/key",
    about: ["INSTANCE"],
  });
  const { timestamp, ...body } = JSON.parse(first?.call.body ?? "");
  assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual(body, {
    type: "instance.backup",
    data: {
      node: "box.one",
      subject: "[box.one] VRRP Instance VI_1 - Entering BACKUP state",
      kind: "instance",
      name: "VI_1",
      state: "BACKUP",
      priority: 100,
      message: "VI_1: INIT → BACKUP, start",
    },
  });
  const ids = story.node("a").machine.calls.map(({ call }) => call.id);
  assert.equal(new Set(ids).size, 3);
  assert.ok(ids.every((id) => /^box_one-[\w-]+$/.test(id)), ids.join());
});

test("groups, virtual servers and real servers are told of as well", () => {
  const story = new Story("a b");
  const group = "vrrp_sync_group G {\n group {\n VI_1\n }\n}\n";
  const server = "virtual_server 10.1.0.1 80 {\n lvs_sched rr\n lvs_method NAT\n" +
    " protocol TCP\n alpha\n" +
    " real_server 10.2.0.1 80 {\n TCP_CHECK {\n }\n }\n}\n";
  const hooks = hook("one", "events group virtual_server real_server");
  story.startWith("a", modelOf(named + hooks + instance("priority 100") + group + server));
  story.run(seconds(100));
  assert.deepEqual(calls(story).sort(), [
    "group.backup",
    "group.master",
    "real_server.up",
    "virtual_server.up",
  ]);
});

test("one that is away is called again, with the same id, after longer and longer pauses", () => {
  const story = new Story("a b");
  const { machine } = story.node("a");
  machine.webhooks.set("one", { kind: "failed", detail: "it answers 500" });
  const hooks = hook("one", "events instance") + hook("two", "events instance");
  story.startWith("a", modelOf(named + hooks + instance("priority 100")));
  story.run(seconds(4.9));
  assert.deepEqual([calls(story), calls(story, "two")], [whole.slice(0, 1), whole.slice(0, 2)]);
  story.run(seconds(1));
  assert.equal(calls(story).length, 2);
  story.run(seconds(30));
  assert.equal(calls(story).length, 3);
  machine.webhooks.delete("one");
  story.run(seconds(120));
  assert.deepEqual(calls(story).slice(3), whole.slice(0, 2));
  const tries = machine.calls.filter(({ plan }) => plan.name === "one").slice(0, 4);
  assert.equal(new Set(tries.map(({ call }) => call.id)).size, 1);
  assert.equal(story.tells("a", "webhook-failed").length, 3);
  assert.equal(story.tells("a", "webhook-called").length, 4);
  // The event log has ids of its own.
  assert.ok(story.tells("a", "webhook-failed").every((told) => !("id" in told)));
});

test("what is refused for good, or too often, is given up, and the next call follows", () => {
  for (const [kind, after, tries] of [["refused", 10, 1], ["failed", 2600, 6]] as const) {
    const story = new Story("a b");
    story.node("a").machine.webhooks.set("one", { kind, detail: "it answers" });
    const config = named + hook("one", "events instance") + instance("priority 100");
    story.startWith("a", modelOf(config));
    story.run(seconds(after));
    assert.deepEqual(calls(story).slice(0, tries + 1), [
      ...Array(tries).fill("instance.backup"),
      "instance.master",
    ]);
    const ends = story.tells("a", "webhook-failed").map(({ again }) => again === undefined);
    assert.deepEqual(ends.slice(0, tries), [...Array(tries - 1).fill(false), true]);
  }
});

test("of hundreds that wait for one that says nothing a hundred are kept, and that is told", () => {
  const story = new Story("a b");
  story.node("a").machine.webhooks.set("one", "silent");
  const hooks = hook("one", "events instance") + hook("two", "events instance");
  story.startWith("a", modelOf(named + hooks + instance("priority 100")));
  for (let flap = 0; flap < 150; flap++) {
    story.down("a", "eth0");
    story.run(milliseconds(10));
    story.up("a", "eth0");
    story.run(milliseconds(10));
  }
  const dropped = story.tells("a", "webhooks-dropped");
  assert.ok(dropped.every(({ webhook }) => webhook === "one"));
  const lost = dropped.reduce((sum, { count }) => sum + count, 0);
  assert.ok(lost >= 150, `${lost} were given up`);
  assert.deepEqual(calls(story).length, 1);
  assert.ok(calls(story, "two").length >= 300);
  story.expect("a BACKUP");
});

test("a reload without the webhook leaves nothing to wake up for", () => {
  const story = new Story("a b");
  story.node("a").machine.webhooks.set("one", { kind: "failed", detail: "away" });
  const config = named + hook("one", "events instance") + instance("priority 100");
  story.startWith("a", modelOf(config));
  story.run(seconds(5));
  story.reload("a", modelOf(""));
  story.run(seconds(4));
  assert.equal(story.node("a").deadline(), never);
});

test("one that was taken out of the configuration and comes back is told of anew", () => {
  const story = new Story("a b");
  const [one, two] = [instance("priority 90"), instance("", { name: "VI_2", id: 52 })];
  const head = named + hook("one", "events instance");
  story.startWith("b", modelOf(one.replace("90", "100")));
  story.startWith("a", modelOf(head + one));
  story.run(seconds(5));
  story.reload("a", modelOf(head + two));
  story.run(seconds(1));
  story.reload("a", modelOf(head + one));
  story.run(seconds(5));
  const subjects = story.node("a").machine.calls.map(({ call }) => call.subject);
  const backup = "[box.one] VRRP Instance VI_1 - Entering BACKUP state";
  assert.equal(subjects.filter((subject) => subject === backup).length, 2, subjects.join());
});
