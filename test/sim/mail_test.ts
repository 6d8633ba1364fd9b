/**
 * Mail: about whom, in keepalived's subjects, each state once; and a server that does not take it
 * costs neither time nor memory.
 */
import assert from "node:assert/strict";
import { milliseconds, never, seconds } from "../../lib/base/mod.ts";
import { instance, modelOf } from "../support/model.ts";
import { Story } from "../support/story.ts";
import { test } from "../support/test.ts";

function globals(lines = ""): string {
  return `global_defs {\n router_id box\n smtp_server mail.example 2525\n` +
    ` notification_email {\n a@example.org\n b@example.org\n }\n ${lines}\n}\n`;
}

/** A router, alone, with these lines in its block; it becomes master and loses its link. */
function lifeOf(head: string, lines: string): Story {
  const story = new Story("a b");
  story.startWith("a", modelOf(head + instance(`priority 100\n ${lines}`)));
  story.run(seconds(5));
  story.down("a", "eth0");
  story.run(seconds(1));
  return story;
}

function subjects(story: Story): string[] {
  return story.node("a").machine.mails.map(({ subject }) => subject);
}

const whole = ["BACKUP", "MASTER", "FAULT"]
  .map((state) => `[box] VRRP Instance VI_1 - Entering ${state} state`);

test("a router with smtp_alert is mailed about, in the words of keepalived", () => {
  const story = lifeOf(globals("notification_email_from ha@example.org"), "smtp_alert");
  assert.deepEqual(subjects(story), whole);
  const [mail] = story.node("a").machine.mails;
  assert.equal(mail?.from, "ha@example.org");
  assert.deepEqual(mail?.to, ["a@example.org", "b@example.org"]);
  assert.match(mail?.text ?? "", /^VI_1: INIT → BACKUP, start\n/);
});

test("smtp_alert of the instance counts before smtp_alert_vrrp, and that before smtp_alert", () => {
  const cases: [string, string, boolean][] = [
    ["", "", false],
    ["smtp_alert", "", true],
    ["smtp_alert\n smtp_alert_vrrp off", "", false],
    ["smtp_alert_vrrp", "", true],
    ["smtp_alert_vrrp", "smtp_alert off", false],
    ["smtp_alert_checker", "", false],
  ];
  for (const [global, own, mailed] of cases) {
    const story = lifeOf(globals(global), own);
    assert.deepEqual(subjects(story), mailed ? whole : [], `${global} | ${own}`);
  }
});

test("no_email_faults leaves faults out; without a server or recipients there is no mail", () => {
  const calm = lifeOf(globals("no_email_faults"), "smtp_alert");
  assert.deepEqual(subjects(calm), whole.slice(0, 2));
  for (const head of ["", "global_defs {\n smtp_server mail.example\n}\n"]) {
    assert.deepEqual(subjects(lifeOf(head, "smtp_alert")), []);
  }
});

test("a sync group is mailed about as a whole", () => {
  const story = new Story("a b");
  const group = "vrrp_sync_group G {\n group {\n VI_1\n }\n smtp_alert\n}\n";
  story.startWith("a", modelOf(globals() + instance("priority 100") + group));
  story.run(seconds(5));
  assert.deepEqual(subjects(story), [
    "[box] VRRP Group G - Entering BACKUP state",
    "[box] VRRP Group G - Entering MASTER state",
  ]);
});

test("servers are mailed about unless told otherwise, virtual servers only when asked", () => {
  const server = (own: string, inside: string): string =>
    `virtual_server 10.1.0.1 80 {\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n alpha\n` +
    ` ${own}\n` +
    ` real_server 10.2.0.1 80 {\n ${inside}\n TCP_CHECK {\n }\n }\n}\n`;
  const run = (own: string, inside: string, global = ""): string[] => {
    const story = new Story("a b");
    story.startWith("a", modelOf(globals(global) + server(own, inside)));
    story.run(seconds(100));
    return subjects(story);
  };
  const up = "[box] Realserver [10.2.0.1]:tcp:80 of virtual server [10.1.0.1]:tcp:80 - UP";
  const quorum = "[box] Virtualserver [10.1.0.1]:tcp:80 - UP";
  assert.deepEqual(run("", ""), [up]);
  assert.deepEqual(run("", "smtp_alert off"), []);
  assert.deepEqual(run("", "", "smtp_alert_checker off"), []);
  assert.deepEqual(run("smtp_alert", "smtp_alert off"), [quorum]);
});

test("a server that can not take a mail is asked again after longer and longer pauses", () => {
  const story = new Story("a b");
  const { machine } = story.node("a");
  machine.mailOutcome = { kind: "failed", detail: "connection refused" };
  story.startWith("a", modelOf(globals() + instance("priority 100\n smtp_alert")));
  story.run(seconds(9));
  assert.equal(machine.mails.length, 1);
  story.run(seconds(2));
  assert.equal(machine.mails.length, 2);
  story.run(seconds(60));
  assert.equal(machine.mails.length, 3);
  assert.ok(subjects(story).every((subject) => subject === whole[0]));
  machine.mailOutcome = { kind: "sent" };
  story.run(seconds(300));
  assert.deepEqual(subjects(story).slice(3), whole.slice(0, 2));
  assert.equal(story.tells("a", "mail-failed").length, 3);
  assert.equal(story.tells("a", "mail-sent").length, 2);
});

test("a mail that is refused for good, or too often, is given up, and the next one follows", () => {
  const story = new Story("a b");
  const { machine } = story.node("a");
  machine.mailOutcome = { kind: "refused", detail: "550 no such user" };
  story.startWith("a", modelOf(globals() + instance("priority 100\n smtp_alert")));
  story.run(seconds(10));
  assert.deepEqual(subjects(story), whole.slice(0, 2));
  assert.ok(story.tells("a", "mail-failed").every(({ again }) => again === undefined));
});

test("of hundreds of mails that wait the latest hundred are kept, and the loss is told", () => {
  const story = new Story("a b");
  story.node("a").machine.mailOutcome = { kind: "failed", detail: "away" };
  story.startWith("a", modelOf(globals() + instance("priority 100\n smtp_alert")));
  for (let flap = 0; flap < 150; flap++) {
    story.down("a", "eth0");
    story.run(milliseconds(10));
    story.up("a", "eth0");
    story.run(milliseconds(10));
  }
  const lost = story.tells("a", "mails-dropped").reduce((sum, { count }) => sum + count, 0);
  assert.ok(lost >= 150, `${lost} were given up`);
  story.expect("a BACKUP");
});

test("a reload without mail leaves nothing to wake up for", () => {
  const story = new Story("a b");
  story.node("a").machine.mailOutcome = { kind: "failed", detail: "away" };
  story.startWith("a", modelOf(globals() + instance("priority 100\n smtp_alert")));
  story.run(seconds(5));
  story.reload("a", modelOf(""));
  // Less than the pause before the mail would be tried again.
  story.run(seconds(3));
  assert.equal(story.node("a").deadline(), never);
});
