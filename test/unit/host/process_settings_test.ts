/** When a daemon that is late makes itself more urgent, and what a set of processors looks like. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { Worker } from "node:worker_threads";
import { openLibc, processorSet } from "../../../ffi/mod.ts";
import { microseconds, milliseconds } from "../../../lib/base/mod.ts";
import { AutoPriority } from "../../../lib/host/linux/auto_priority.ts";
import { startChild } from "../../../lib/host/linux/child_start.ts";
import { ProcessSettings } from "../../../lib/host/linux/process_settings.ts";
import { threadsOf } from "../../support/lab/process.ts";
import { test } from "../../support/test.ts";

test("lateness raises the priority one by one, up to what the file allows", () => {
  const auto = new AutoPriority();
  auto.become({ autoPriority: 3, autoPriorityDelay: 5000 });
  assert.equal(auto.late(microseconds(4999)), undefined);
  assert.equal(auto.priority, undefined);
  assert.deepEqual([5, 9, 5, 5].map((ms) => auto.late(milliseconds(ms))), [1, 2, 3, undefined]);
  assert.equal(auto.priority, 3);
});

test("lateness begins at the priority of the file, and a second is what counts as late", () => {
  const auto = new AutoPriority();
  auto.become({ autoPriority: 60, realtimePriority: 50 });
  assert.equal(auto.late(milliseconds(999)), undefined);
  assert.equal(auto.late(milliseconds(1000)), 51);
});

test("without max_auto_priority, with 0 and with -1 nothing rises", () => {
  for (const plan of [{}, { autoPriority: 0 }, { autoPriority: -1 }]) {
    const auto = new AutoPriority();
    auto.become(plan);
    assert.equal(auto.late(milliseconds(60_000)), undefined);
  }
});

test("a reload that allows less takes back what lateness has given", () => {
  const auto = new AutoPriority();
  auto.become({ autoPriority: 5 });
  auto.late(milliseconds(2000));
  auto.late(milliseconds(2000));
  auto.become({ autoPriority: 2 });
  assert.equal(auto.priority, 2);
  auto.become({});
  assert.equal(auto.priority, undefined);
});

test("processors are bits, the first octet has the first eight", () => {
  const set = processorSet([0, 9, 1023]);
  assert.deepEqual([set.length, set[0], set[1], set[127]], [128, 1, 2, 128]);
});

const mayRuleTime = process.geteuid?.() === 0;

test("all threads are in real time, those that come later too, and no child is", async () => {
  const settings = new ProcessSettings(await openLibc(), { write: (_, line) => assert.fail(line) });
  const [before] = threadsOf(process.pid);
  const seen = (): string[] => [
    ...new Set(threadsOf(process.pid).map(({ policy, priority }) => `${policy} ${priority}`)),
  ];
  try {
    settings.apply({ realtimePriority: 2 });
    settings.applyAgain();
    assert.deepEqual(seen(), ["round-robin 2"]);
    await withAnotherThread(() => assert.deepEqual(seen(), ["round-robin 2"]));
    const child = startChild(() => spawnSync("cat", ["/proc/self/stat"], { encoding: "utf8" }));
    // proc(5): the policy is field 41, and the name before the third may have blanks in it.
    assert.equal(child.stdout.replace(/^.*\) /s, "").split(" ")[41 - 3], "0");
    await withAnotherThread(() => assert.deepEqual(seen(), ["round-robin 2"]));
  } finally {
    settings.apply({});
  }
  assert.deepEqual(threadsOf(process.pid)[0], before);
}, { skip: mayRuleTime ? undefined : "needs root" });

async function withAnotherThread(look: () => void): Promise<void> {
  const count = threadsOf(process.pid).length;
  const worker = new Worker("setInterval(() => {}, 1000);", { eval: true });
  await once(worker, "online");
  assert.ok(threadsOf(process.pid).length > count);
  look();
  await worker.terminate();
}
