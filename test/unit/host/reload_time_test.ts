/**
 * The time that `reload_time_file` says, and what becomes of the file (`reload_repeat`).
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { ReloadSchedule, scheduledTime } from "../../../lib/host/linux/reload_time.ts";
import { test } from "../../support/test.ts";

const now = new Date("2026-03-01T12:00:00Z");

test("a time of day is the next such time", () => {
  assert.equal(scheduledTime("12:00:01Z", now)?.toISOString(), "2026-03-01T12:00:01.000Z");
  assert.equal(scheduledTime("11:59:59Z", now)?.toISOString(), "2026-03-02T11:59:59.000Z");
  const local = scheduledTime("11:59:59", now);
  assert.deepEqual(
    [local?.getHours(), local?.getMinutes(), local?.getSeconds()],
    [11, 59, 59],
  );
});

test("a date has two or four digits for its year, and has to come", () => {
  for (const year of ["26", "2026"]) {
    const due = scheduledTime(`${year}-03-02 01:02:03Z`, now);
    assert.equal(due?.toISOString(), "2026-03-02T01:02:03.000Z");
  }
  assert.equal(scheduledTime("2026-02-28 01:02:03Z", now), undefined);
});

test("what is no time says none", () => {
  for (
    const line of ["", "soon", "1:02:03", "25:00:00", "12:60:00", "2026-02-30 01:02:03", "12:00"]
  ) assert.equal(scheduledTime(line, now), undefined, line);
});

for (const repeats of [false, true]) {
  test(`a file that comes has a reload made, and ${repeats ? "stays" : "goes"}`, async () => {
    const directory = mkdtempSync(join(tmpdir(), "si-when-"));
    const timeFile = join(directory, "when");
    const { promise: reloaded, resolve } = Promise.withResolvers<void>();
    const schedule = new ReloadSchedule({
      reload: () => Promise.resolve(resolve()),
      say: () => {},
    });
    try {
      schedule.follow({ timeFile, ...(repeats ? { repeats } : {}) });
      const soon = new Date(Date.now() + 1000).toISOString();
      writeFileSync(timeFile, `${soon.slice(11, 19)}Z\n`);
      await reloaded;
      assert.equal(existsSync(timeFile), repeats);
    } finally {
      schedule.close();
      rmSync(directory, { recursive: true });
    }
  });
}

test("a file that goes takes its reload with it", async () => {
  const directory = mkdtempSync(join(tmpdir(), "si-when-"));
  const timeFile = join(directory, "when");
  const said: string[] = [];
  const { promise: cancelled, resolve } = Promise.withResolvers<void>();
  const schedule = new ReloadSchedule({
    reload: () => Promise.resolve(),
    say: (_, sentence) => {
      said.push(sentence);
      if (sentence.includes("cancelled")) resolve();
    },
  });
  try {
    writeFileSync(timeFile, "2099-01-01 00:00:00Z\n");
    schedule.follow({ timeFile });
    rmSync(timeFile);
    await cancelled;
    assert.match(said[0] ?? "", /scheduled for 2099-01-01T00:00:00/);
  } finally {
    schedule.close();
    rmSync(directory, { recursive: true });
  }
});

test("a file that nobody can remove, or without an end, is told and holds nothing up", async () => {
  // The kernel lets everybody write there, and nobody delete.
  const kept = `/proc/${process.pid}/comm`;
  const before = readFileSync(kept);
  const directory = mkdtempSync(join(tmpdir(), "si-when-"));
  const fifo = join(directory, "fifo");
  spawnSync("mkfifo", [fifo]);
  const said: string[] = [];
  const { promise: reloaded, resolve } = Promise.withResolvers<void>();
  const schedule = new ReloadSchedule({
    reload: () => Promise.resolve(resolve()),
    say: (_, sentence) => said.push(sentence),
  });
  try {
    schedule.follow({ timeFile: fifo });
    schedule.follow({ timeFile: "/dev/zero" });
    assert.match(said.join("\n"), /^"\/dev\/zero" says no time to come/);
    const soon = new Date(Date.now() + 1000).toISOString();
    writeFileSync(kept, `${soon.slice(11, 19)}Z`);
    schedule.follow({ timeFile: kept });
    await reloaded;
    assert.match(said.join("\n"), /Cannot remove "\S+comm": /);
  } finally {
    schedule.close();
    writeFileSync(kept, before);
    rmSync(directory, { recursive: true });
  }
});
