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
  const ended = (failure?: string): void => void heard.push(failure);
  disks.ask({ kind: "disk", path: "/", least: { kind: "percent", value: 25 } }, ended);
  disks.ask({ kind: "disk", path: "/", least: { kind: "percent", value: 25.1 } }, ended);
  disks.ask({ kind: "disk", path: "/", least: { kind: "octets", value: 100 * mebibytes } }, ended);
  disks.ask({ kind: "disk", path: "/", least: { kind: "octets", value: 101 * mebibytes } }, ended);
  assert.deepEqual(heard, [undefined, "25.0 % are free", undefined, "100 MiB are free"]);
});

test("a file system that hangs is asked once, and again when it has answered", () => {
  const told: (() => void)[] = [];
  const disks = new DiskAsker((_, tell) => told.push(() => tell(null, quarter)));
  const heard: (string | undefined)[] = [];
  const ask = (): void =>
    disks.ask({ kind: "disk", path: "/mnt", least: { kind: "percent", value: 5 } }, (failure) => {
      heard.push(failure);
    });
  ask();
  ask();
  ask();
  assert.equal(told.length, 1);
  assert.deepEqual(heard, Array(2).fill("the file system does not answer"));
  told.shift()?.();
  assert.equal(heard.pop(), undefined);
  ask();
  assert.equal(told.length, 1);
});
