/**
 * Who is told, on a real box: scripts that take any time are told of the last state last, their
 * runs are in the event log with what they said, and receivers of mail and webhooks hold up nobody,
 * whatever they do.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readEventFile } from "../../lib/cli/event_file.ts";
import { poll } from "../support/lab/bell.ts";
import { filesOf, keepalived, standin, whyNoLab } from "../support/lab/makes.ts";
import {
  protocols,
  renderConfiguration,
  renderInstance,
  type RouterPlan,
} from "../support/lab/plan.ts";
import { Router } from "../support/lab/router.ts";
import { Stories } from "../support/lab/story.ts";
import { secondLink } from "../support/lab/tale_words.ts";

const [, overIpv4] = protocols;
const skip = whyNoLab();
const stories = new Stories(2);

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8").trim().split("\n");
  } catch {
    return [];
  }
}

stories.tell("scripts that take any time are told of the last state last", async (lab) => {
  const { a } = await lab.pair();
  const [script, told] = [join(a.directory, "told.sh"), join(a.directory, "told")];
  // Begin and end, so that two at a time would be seen; the process id is as random as it gets.
  const text = `begin $3" >>${told}; sleep 0.$(($$ % 7)); echo "said $3"; echo "end $3" >>${told}`;
  writeFileSync(script, `#!/bin/sh\necho "${text}\n`, { mode: 0o755 });
  const hook = `webhook nobody {\nurl http://127.0.0.1:9/\nevents instance\n}\n`;
  const plan: RouterPlan = { protocol: overIpv4, priority: 200, lines: [`notify ${script}`] };
  const router = new Router(lab, a, {
    ...standin,
    prepare: async (inside, node, wanted) => {
      const words = await standin.prepare(inside, node, wanted);
      writeFileSync(filesOf(node).config, hook + renderConfiguration(wanted));
      return words;
    },
  }, plan);
  await router.start();
  await router.untilItRules();
  const begun = linesOf(told).length;
  for (let flap = 0; flap < 5; flap++) {
    a.namespace.ip("link set eth0 down");
    await router.becomes("FAULT");
    a.namespace.ip("link set eth0 up");
    await router.becomes("BACKUP");
  }
  await router.untilItRules();
  const calls = await poll("the last script has ended", () => linesOf(told), (lines) => {
    return lines.at(-1) === "end MASTER" && lines.length > begun;
  });
  for (let at = 0; at < calls.length; at += 2) {
    assert.equal(calls[at]?.replace("begin", "end"), calls[at + 1], "one at a time");
  }
  const events = join(filesOf(a).runDir, "events.jsonl");
  const runs = await poll("its run is recorded", () => {
    return readEventFile(events).filter(({ event }) => event === "script-ended");
  }, (records) => records.length * 2 === calls.length);
  const { state, output, end, tookMs } = runs.at(-1) ?? assert.fail();
  assert.deepEqual([state, output, end], ["MASTER", ["said MASTER"], {
    kind: "exited",
    code: 0,
  }]);
  assert.ok(typeof tookMs === "number");
  await poll("the webhook has failed", () => readEventFile(events), (records) => {
    return records.some(({ event }) => event === "webhook-failed");
  });
}, skip === undefined ? {} : { skip });

/** What a receiver does when it is asked, in words of the shell; without any nobody is there. */
const receivers: readonly (readonly [port: number, answer: string, why: RegExp])[] = [
  [2601, 'printf "HTTP/1.1 200 OK\\r\\n"; while sleep 0.2; do printf x; done', /in time/],
  [2602, "exit", /./],
  [2603, 'printf "HTTP/1.1 500 no\\r\\nContent-Length: 0\\r\\n\\r\\n"; cat', /it answers 500/],
  [2604, "", /./],
];
const silentMailServer = 2600;

stories.tell("receivers that hang, cut off, fail or are not there delay no advert", async (lab) => {
  const { segment, a, b } = await lab.pair();
  const answers = [[silentMailServer, "exec sleep 1000"], ...receivers] as const;
  for (const [port, answer] of answers.filter(([, answer]) => answer !== "")) {
    const words = port === silentMailServer ? answer : `read -r line; ${answer}`;
    lab.start(a, ["busybox", "nc", "-ll", "-p", `${port}`, "-e", "sh", "-c", words]);
  }
  a.namespace.batch([
    secondLink,
    "link set dummy1 up",
    "address add 10.78.0.1/24 dev dummy0",
    "link set dummy0 up",
    "link set lo up",
  ]);
  const slow = { ...overIpv4, intervalMs: 1000 };
  const own: RouterPlan = { protocol: slow, priority: 200 };
  const other: RouterPlan = { protocol: overIpv4, priority: 100, addresses: ["10.78.0.100/24"] };
  const second = renderInstance(other, { name: "VI_2", link: "dummy0", vrid: 52 });
  const mail = [
    `smtp_server 127.0.0.1 ${silentMailServer}`,
    "smtp_connect_timeout 1",
    "notification_email {\na@example.net\n}",
    "smtp_alert",
  ];
  const hooks = receivers.map(([port]) =>
    `webhook hook${port} {\nurl http://127.0.0.1:${port}/\nevents instance\ntimeout 1\n}`
  );
  const one = new Router(lab, a, standin, { ...own, lines: ["state MASTER"] });
  await one.start();
  await one.untilItRules();
  const two = new Router(lab, b, keepalived, { ...own, priority: 100 });
  await two.start();
  await two.untilItWaits();
  const { config, runDir } = filesOf(a);
  const from = segment.passed;
  writeFileSync(
    config,
    renderConfiguration({ ...one.plan, globals: mail, roots: [...hooks, second] }),
  );
  one.program.signal("SIGHUP");
  const events = join(runDir, "events.jsonl");
  const failed = await poll("everybody has failed", async () => {
    // Somebody always has something to hear.
    a.namespace.ip("link set dummy0 down");
    a.namespace.ip("link set dummy0 up");
    await lab.bell.until("an advert", () => segment.adverts(a, from).length > 0);
    return readEventFile(events).filter(({ event }) => /^(webhook|mail)-failed$/.test(event));
  }, (records) => {
    const about = new Set(records.map(({ event, webhook }) => `${event} ${String(webhook)}`));
    return about.size === receivers.length + 1;
  });
  for (const [port, , why] of receivers) {
    const record = failed.find(({ webhook }) => webhook === `hook${port}`);
    assert.match(record?.message ?? "", why);
  }
  await lab.bell.until("adverts", () => segment.adverts(a, from).length > 4);
  assert.deepEqual([one.states, two.states.at(-1)], [["BACKUP", "MASTER"], "BACKUP"]);
  assert.equal(segment.adverts(b, from).length, 0, "the backup heard its master all the time");
}, skip === undefined ? {} : { skip });
