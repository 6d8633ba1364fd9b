/**
 * A daemon whose disk for events is read-only: it says so once and goes on, and when the disk takes
 * records again every event is there.
 */
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { readEventFile } from "../../lib/cli/event_file.ts";
import { filesOf, standin, whyNoLab } from "../support/lab/makes.ts";
import { protocols } from "../support/lab/plan.ts";
import { Router } from "../support/lab/router.ts";
import { command } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";

const [, overIpv4] = protocols;
const skip = whyNoLab();
const stories = new Stories(1);

stories.tell("events of a read-only disk are kept until it takes them", async (lab) => {
  const { segment, a } = await lab.pair();
  const [disk, { runDir }] = [join(a.directory, "disk"), filesOf(a)];
  for (const directory of [disk, runDir]) mkdirSync(directory);
  symlinkSync(join(disk, "events.jsonl"), join(runDir, "events.jsonl"));
  const mounted = 'mount -t tmpfs -o ro tmpfs "$1" && shift && exec "$@"';
  const router = new Router(lab, a, {
    ...standin,
    prepare: async (...of) => ["sh", "-c", mounted, "sh", disk, ...await standin.prepare(...of)],
  }, { protocol: overIpv4, priority: 200 });
  await router.start();
  const complaints = (): string[] =>
    router.program.lines.filter((line) => line.includes(" event log "));
  await router.program.line(/Cannot write the event log .*EROFS/);
  await router.untilItRules();
  const from = segment.passed;
  await lab.bell.until("adverts", () => segment.adverts(a, from).length > 2);
  assert.match((await command(a, "events")).stdout, /BACKUP → MASTER/, "memory has them");

  const inside = ["nsenter", "-t", `${router.program.pid}`, "-m"];
  const { code, stderr } = await a.namespace.run([...inside, "mount", "-o", "remount,rw", disk]);
  assert.equal(code, 0, stderr);
  await router.program.line(/event log .* can be written again; none was lost/);
  const records = readEventFile(`/proc/${router.program.pid}/root${disk}/events.jsonl`);
  const moves = records.filter(({ event }) => event === "transition");
  assert.deepEqual(moves.map(({ message }) => message.slice(0, 21)), [
    "VI_1: INIT → BACKUP, ",
    "VI_1: BACKUP → MASTER",
  ]);
  const ids = records.map(({ id }) => id);
  assert.deepEqual(ids, [...new Set(ids)].sort((one, other) => one - other));
  assert.equal(complaints().length, 2, complaints().join("\n"));
}, skip === undefined ? {} : { skip });
