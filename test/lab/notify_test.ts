/**
 * Who is told, on a real box: scripts that take any time are told of the last state last, their
 * runs are in the event log with what they said, and a webhook that nobody answers holds up nobody.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readEventFile } from "../../lib/cli/event_file.ts";
import { poll } from "../support/lab/bell.ts";
import { filesOf, standin, whyNoLab } from "../support/lab/makes.ts";
import { protocols, renderConfiguration, type RouterPlan } from "../support/lab/plan.ts";
import { Router } from "../support/lab/router.ts";
import { Stories } from "../support/lab/story.ts";

const [, overIpv4] = protocols;
const skip = whyNoLab();
const stories = new Stories(1);

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
  assert.ok(readEventFile(events).some(({ event }) => event === "webhook-failed"));
}, skip === undefined ? {} : { skip });
