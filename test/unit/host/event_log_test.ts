/**
 * The event log on a disk that is as it should be, full, read-only or torn: the daemon goes on and
 * says so, and what readers get is whole.
 */
import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readEventFile } from "../../../lib/cli/event_file.ts";
import type { Tell } from "../../../lib/engine/mod.ts";
import { EventLog } from "../../../lib/host/linux/event_log.ts";
import { test } from "../../support/test.ts";

const moved: Tell = {
  kind: "transition",
  instance: "VI_1",
  from: "BACKUP",
  to: "MASTER",
  reason: { kind: "startup" },
};

interface Scene {
  readonly directory: string;
  readonly complaints: string[];
  open(path: string): EventLog;
}

async function within(body: (scene: Scene) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "si-events-"));
  const complaints: string[] = [];
  const complain = (_level: string, sentence: string): void => void complaints.push(sentence);
  try {
    await body({ directory, complaints, open: (path) => new EventLog({ path, complain }) });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const messages = (path: string): string[] => readEventFile(path).map(({ message }) => message);

test("what was told is on disk when the log is closed, in order, with its causes", async () => {
  await within(async ({ directory, complaints, open }) => {
    const path = join(directory, "made/here/events.jsonl");
    const log = open(path);
    log.note("started", "notice", "it runs");
    log.tell({ kind: "configured", file: "/f", reload: false, changes: [] });
    log.tell(moved);
    log.tell({ kind: "unknown-vrid", interfaceName: "eth0", vrid: 3 });
    await log.close();
    const [started, configured, transition] = readEventFile(path);
    assert.equal(started?.event, "started");
    assert.equal(transition?.message, "VI_1: BACKUP → MASTER, start");
    assert.deepEqual(transition?.causes, [configured?.id]);
    assert.ok((started?.id ?? 0) < (configured?.id ?? 0));
    assert.deepEqual(complaints, []);
  });
});

test("a record that a crash tore is passed over, and the next ones are whole", async () => {
  await within(async ({ directory, open }) => {
    const path = join(directory, "events.jsonl");
    const first = open(path);
    first.tell(moved);
    await first.close();
    writeFileSync(path, '{"id":17,"time":"2026', { flag: "a" });
    const second = open(path);
    second.note("started", "notice", "again");
    await second.close();
    const [kept, resumed = "", started] = messages(path);
    assert.deepEqual([kept, started], ["VI_1: BACKUP → MASTER, start", "again"]);
    const crash =
      /^The daemon before this one crashed or was killed: its last sign of life is from /;
    assert.match(resumed, crash);
  });
});

test("a crash is a warning with pid and moment that its guard saw, a stop is none", async () => {
  await within(async ({ directory }) => {
    const path = join(directory, "events.jsonl");
    const deathNote = join(directory, "death");
    async function run(lastWord: string): Promise<void> {
      const log = new EventLog({ path, deathNote, complain: () => {} });
      log.note(lastWord, "notice", lastWord);
      await log.close();
    }
    await run("killed");
    writeFileSync(deathNote, "188\n");
    utimesSync(deathNote, 2_100_000_000, 2_100_000_000);
    await run("stopped");
    assert.throws(() => statSync(deathNote));
    // What is left of an older crash is not of the one that stopped.
    writeFileSync(deathNote, "188\n");
    await run("killed");
    writeFileSync(deathNote, "188\n");
    utimesSync(deathNote, 1_790_000_000, 1_790_000_000);
    await run("stopped");
    const resumed = readEventFile(path).filter(({ event }) => event === "log-resumed");
    assert.deepEqual(resumed.map(({ level }) => level), ["warning", "info", "warning"]);
    const [first, second, third] = resumed;
    assert.match(first?.message ?? "", /^The daemon before this one \(pid 188\) crashed/);
    assert.equal(first?.["lastSignAt"], new Date(2_100_000_000_000).toISOString());
    assert.match(second?.message ?? "", /^A daemon starts, .* after the one before stopped$/);
    assert.match(third?.message ?? "", /^The daemon before this one crashed .* last sign of life/);
  });
});

test("a full disk is told once, and memory keeps the latest", async () => {
  await within(async ({ complaints, open }) => {
    const log = open("/dev/full");
    for (let count = 0; count < 1500; count++) log.note("x", "notice", `event ${count}`);
    await log.close();
    log.note("x", "notice", "one more");
    await log.close();
    assert.equal(complaints.length, 1, complaints.join("\n"));
    assert.match(complaints[0] ?? "", /^Cannot write the event log \/dev\/full: .*ENOSPC/);
    const kept = log.since({ after: 0, about: undefined });
    assert.equal(kept.length, 1000);
    assert.equal(kept.at(-1)?.message, "one more");
  });
});

test("a disk that takes records again gets what waited", async () => {
  await within(async ({ directory, complaints, open }) => {
    const place = join(directory, "place");
    writeFileSync(place, "a file where a directory is to be");
    const log = open(join(place, "events.jsonl"));
    log.tell(moved);
    await log.close();
    assert.equal(complaints.length, 1);
    rmSync(place);
    mkdirSync(place);
    log.note("x", "notice", "later");
    await log.close();
    assert.deepEqual(messages(join(place, "events.jsonl")), [
      "VI_1: BACKUP → MASTER, start",
      "later",
    ]);
    assert.match(complaints[1] ?? "", /can be written again; none was lost/);
  });
});

test("two parts of a megabyte are kept, and no event is told twice", async () => {
  await within(async ({ directory, open }) => {
    const path = join(directory, "events.jsonl");
    const log = open(path);
    for (let round = 0; round < 40; round++) {
      for (let count = 0; count < 100; count++) log.note("x", "notice", "long ".repeat(150));
      await log.close();
    }
    assert.ok(statSync(path).size + statSync(`${path}.1`).size < 2.4 * 1_048_576);
    assert.ok(readFileSync(`${path}.1`).length >= 1_048_576);
    const ids = readEventFile(path).map(({ id }) => id);
    assert.deepEqual(ids, [...new Set(ids)].sort((a, b) => a - b));
  });
});

test("a follower hears what comes, until it has enough", async () => {
  await within(async ({ directory, open }) => {
    const log = open(join(directory, "events.jsonl"));
    const heard: string[] = [];
    log.note("x", "notice", "before");
    const enough = log.follow(({ message }) => heard.push(message));
    log.note("x", "notice", "during");
    enough();
    log.note("x", "notice", "after");
    await log.close();
    assert.deepEqual(heard, ["during"]);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; !isSo(); turn++) {
    assert.ok(turn < 1000, "it does not happen");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function historyOf(log: EventLog): Promise<string[]> {
  const told: string[] = [];
  await log.history(({ event, message }) => told.push(event === "x" ? message : event));
  return told;
}

test("what was before a start is found in the file, each event once and in order", async () => {
  await within(async ({ directory, open }) => {
    const path = join(directory, "events.jsonl");
    const first = open(path);
    for (let round = 0; round < 4; round++) {
      for (let count = 0; count < 800; count++) {
        first.note("x", "notice", `${round * 800 + count} ${"long ".repeat(100)}`);
      }
      await first.close();
    }
    const numbers = (told: string[]): number[] => told.map((one) => Number.parseInt(one));
    const all = numbers(await historyOf(first));
    assert.ok(statSync(`${path}.1`).size > 1_000_000);
    assert.deepEqual(all, all.map((_, index) => index));
    assert.equal(all.length, 3200);

    const own = readFileSync(path, "utf8");
    const twice = own.slice(own.lastIndexOf("{"));
    const foreign = `[1]\n${"y".repeat(400_000)}\n{"id":3,"lines":"of others"}\n`;
    writeFileSync(path, `${own}${foreign}${twice}{"id":17,"time":"2026`);
    utimesSync(path, 1_790_000_000, 1_790_000_000);
    const second = open(path);
    for (const word of ["started", "more"]) second.note("x", "notice", word);
    assert.equal(second.remembers(second.since({ after: 0, about: undefined })[0]?.id ?? 0), true);
    assert.equal(second.remembers(1), false);
    const before = historyOf(second);
    await new Promise((resolve) => setImmediate(resolve));
    second.note("x", "notice", "meanwhile");
    for (const told of [await before, (await second.close(), await historyOf(second))]) {
      assert.deepEqual(told.slice(3200), ["log-resumed", "started", "more", "meanwhile"]);
    }
    await second.history(({ event, lastSignAt }) => {
      if (event === "log-resumed") assert.equal(lastSignAt, "2026-09-21T14:13:20.000Z");
    });
  });
});

test("a sign of life stands on the file while nothing happens", async () => {
  await within(async ({ directory, open }) => {
    const path = join(directory, "events.jsonl");
    const { setInterval } = globalThis;
    const due: (() => void)[] = [];
    const capture = (act: () => void): unknown => (due.push(act), { unref: () => undefined });
    Object.assign(globalThis, { setInterval: capture });
    try {
      const log = open(path);
      log.note("x", "notice", "long ago");
      await until(() => due.length > 0);
      utimesSync(path, 1_790_000_000, 1_790_000_000);
      due.forEach((act) => act());
      await until(() => statSync(path).mtimeMs > 1_790_000_001_000);
      await log.close();
    } finally {
      Object.assign(globalThis, { setInterval });
    }
  });
});

test("a disk that takes nothing leaves a gap, and memory has what is behind it", async () => {
  await within(async ({ directory, open }) => {
    const path = join(directory, "events.jsonl");
    const first = open(path);
    first.note("x", "notice", "yesterday");
    await first.close();
    rmSync(path);
    mkdirSync(path);
    const second = open(path);
    for (let count = 0; count < 1100; count++) second.note("x", "notice", `${count}`);
    await second.close();
    const told = await historyOf(second);
    assert.deepEqual([told.length, ...told.slice(0, 2)], [1001, "events-lost", "100"]);
    assert.equal(second.remembers(second.since({ after: 0, about: undefined })[0]?.id ?? 0), true);
    rmSync(path, { recursive: true });
    second.note("x", "notice", "again");
    await second.close();
    const written = readEventFile(path).slice(0, 2).map(({ event, message }) => [event, message]);
    assert.deepEqual(written, [
      ["events-lost", "101 events were lost here: the disk did not take them"],
      ["x", "101"],
    ]);
  });
});
