/** How much room there is, and a file system that does not answer. */
import assert from "node:assert/strict";
import type { StatsFs } from "node:fs";
import { DiskAsker } from "../../../lib/host/linux/disk_asker.ts";
import { test } from "../../support/test.ts";

const mebibytes = 1024 * 1024;
/** A quarter of what anybody but root may use is free. */
const quarter = { blocks: 500, bfree: 200, bavail: 100, bsize: mebibytes } as StatsFs;

test("too little room is told in the unit of the question", () => {
  const disks = new DiskAsker((_, told) => told(null, quarter));
  const heard: (string | undefined)[] = [];
  const ask = (kind: "percent" | "octets", value: number): void =>
    disks.ask(1, { kind: "disk", path: "/", least: { kind, value } }, (failure) => {
      heard.push(failure);
    });
  ask("percent", 25);
  ask("percent", 25.1);
  ask("octets", 100 * mebibytes);
  ask("octets", 101 * mebibytes);
  assert.deepEqual(heard, [undefined, "25.0 % are free", undefined, "100 MiB are free"]);
});

/** A kernel that answers when it is told to, and what those who asked have heard. */
class SlowDisks {
  readonly answers: (() => void)[] = [];
  readonly heard: string[] = [];
  readonly disks = new DiskAsker((_, tell) => this.answers.push(() => tell(null, quarter)));

  ask(run: number, value: number): void {
    const least = { kind: "percent", value } as const;
    this.disks.ask(run, { kind: "disk", path: "/mnt", least }, (failure = "enough") => {
      this.heard.push(`${run}: ${failure}`);
    });
  }
}

test("who asks about a path at the same time gets an answer of his own from one question", () => {
  const slow = new SlowDisks();
  slow.ask(1, 5);
  slow.ask(2, 99);
  assert.equal(slow.answers.length, 1);
  slow.answers.shift()?.();
  assert.deepEqual(slow.heard, ["1: enough", "2: 25.0 % are free"]);
});

test("a file system that nobody waits for any more hangs, until it has answered", () => {
  const slow = new SlowDisks();
  slow.ask(1, 5);
  slow.ask(2, 5);
  slow.disks.close(1);
  slow.ask(3, 5);
  assert.deepEqual(slow.heard, []);
  slow.disks.close(2);
  slow.disks.close(3);
  slow.ask(4, 5);
  assert.deepEqual(slow.heard, ["4: the file system does not answer"]);
  assert.equal(slow.answers.length, 1);
  slow.answers.shift()?.();
  slow.ask(5, 5);
  slow.answers.shift()?.();
  assert.deepEqual(slow.heard.slice(1), ["5: enough"]);
});
