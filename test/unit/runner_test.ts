/**
 * The runner of `make test` itself: it must not count something broken as green, and it must find
 * what a suite leaves behind.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { machineInName, machineOf } from "../support/dist.ts";
import { inOrderOfStart } from "../support/lab/start_order.ts";
import { isAbandoned, ownedPrefix } from "../support/owned.ts";
import { clearProcesses, markedProcesses, markerName } from "../support/leftovers.ts";
import { sideBySide } from "../support/process.ts";
import { selectStages, type Stage } from "../support/stages.ts";
import { judge, type Outcome, readLog, renderSummary } from "../support/summary.ts";
import { test } from "../support/test.ts";

const passed: Outcome = { stage: "unit", name: "adds", outcome: "passed" };
const failed: Outcome = { stage: "unit", name: "divides", outcome: "failed", reason: "by\n  zero" };
const skipped: Outcome = { stage: "lab", name: "pings", outcome: "skipped", reason: "needs root" };

test("a suite that exits with an error counts as failed, also when no test failed", () => {
  const [outcome] = judge("unit", { kind: "exited", code: 1 }, [passed]);
  assert.equal(outcome?.outcome, "failed");
  assert.equal(outcome?.reason, "exited with 1");
  assert.deepEqual(judge("unit", { kind: "exited", code: 1 }, [passed, failed]), []);
  assert.deepEqual(judge("unit", { kind: "exited", code: 0 }, [passed]), []);
});

test("a suite that ran no test, was killed or ran out of time counts as failed", () => {
  for (
    const [ending, reason] of [
      [{ kind: "exited", code: 0 }, "ran no test"],
      [{ kind: "killed", signal: "SIGSEGV" }, "killed by SIGSEGV"],
      [{ kind: "timed out", minutes: 5 }, "not done after 5 minutes"],
      [{ kind: "interrupted" }, "interrupted"],
    ] as const
  ) {
    const outcomes = judge("unit", ending, ending.kind === "exited" ? [] : [passed, failed]);
    assert.deepEqual(outcomes.map((outcome) => outcome.reason), [reason]);
  }
});

test("the log of a suite that crashed is read as far as it goes", () => {
  const log = '{"runtime":"bun","name":"adds","outcome":"passed"}\n{"runtime":"bun","na';
  assert.deepEqual(readLog("unit", log), [passed]);
});

test("the summary names who was skipped and who failed, and ends with the count", () => {
  assert.deepEqual(renderSummary([passed, failed, skipped, passed]), [
    "",
    "Skipped:",
    "  lab | pings: needs root",
    "",
    "Failed:",
    "  unit | divides: by zero",
    "",
    "2 passed, 1 failed, 1 skipped",
  ]);
});

test("STAGES selects by any word of a stage's name, and brings the build that it needs", () => {
  const stage = (name: string, needsBuild = false): Stage => {
    return { name, argv: [], suite: true, minutes: 1, needsBuild };
  };
  const stages = ["format", "unit on deno", "unit on bun", "build"].map((name) => stage(name));
  stages.push(stage("lab with dist/standin", true));
  const select = (...words: string[]): string[] =>
    selectStages(stages, words).map(({ name }) => name);
  assert.equal(select().length, stages.length);
  assert.deepEqual(select("unit"), ["unit on deno", "unit on bun"]);
  assert.deepEqual(select("lab", "deno"), ["unit on deno", "build", "lab with dist/standin"]);
  assert.deepEqual(select("frob"), []);
});

test("files of a suite run so many at a time, and their endings keep their order", async () => {
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const started: number[] = [];
  const all = sideBySide([0, 1, 2, 3, 4], 2, async (item) => {
    started.push(item);
    await gates[item]?.promise;
    return item * 10;
  });
  assert.deepEqual(started, [0, 1]);
  gates[1]?.resolve();
  await gates[1]?.promise;
  await Promise.resolve();
  assert.deepEqual(started, [0, 1, 2]);
  for (const { resolve } of gates) resolve();
  assert.deepEqual(await all, [0, 10, 20, 30, 40]);
  assert.deepEqual(started, [0, 1, 2, 3, 4]);
});

test("a process that outlives its suite is found by its marker, named and ended", async () => {
  const marker = `test-${process.pid}`;
  const child = spawn("sh", ["-c", "echo ready; read line"], {
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, [markerName]: marker },
  });
  // Before it has said so it may still be a copy of this process, without the marker.
  await once(child.stdout, "data");
  try {
    const ended = once(child, "exit");
    assert.deepEqual(markedProcesses(`${marker}0`), []);
    const left = await clearProcesses(marker);
    assert.equal(left.length, 1);
    assert.match(left[0] ?? "", new RegExp(`^process ${child.pid}: \\S*sh -c `));
    await ended;
    assert.deepEqual(markedProcesses(marker), []);
  } finally {
    child.kill("SIGKILL");
  }
});

/** An ELF64 file with one program header: the interpreter. */
function elf(machine: number, interpreter: string): Uint8Array {
  const bytes = new Uint8Array(64 + 56 + interpreter.length + 1);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x7f454c46);
  view.setUint16(18, machine, true);
  view.setBigUint64(32, 64n, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 1, true);
  view.setUint32(64, 3, true);
  view.setBigUint64(64 + 8, 120n, true);
  view.setBigUint64(64 + 32, BigInt(interpreter.length + 1), true);
  bytes.set(new TextEncoder().encode(interpreter), 120);
  return bytes;
}

test("a namespace is abandoned when its process is gone, or another one has its id", () => {
  const own = ownedPrefix("lab");
  const earlier = own.replace(/\d+$/, (beginning) => `${Number(beginning) - 1}`);
  const nobody = own.replace(/-\d+-/, "-4194305-");
  const names = [
    own,
    `${own}-1-a`,
    `${earlier}-1-a`,
    `${nobody}-1-a`,
    "si-lab-elsewhere",
    "vpn-7-7",
  ];
  assert.deepEqual(names.filter(isAbandoned), [`${earlier}-1-a`, `${nobody}-1-a`]);
});

test("the order of starts is that of ids, also when the kernel counts anew", () => {
  const noted = [[32_760, "b"], [32_758, "a"], [301, "d"], [32_767, "c"], [305, "e"]] as const;
  assert.equal(inOrderOfStart(noted, 32_768).join(""), "abcde");
  assert.deepEqual(inOrderOfStart([], 32_768), []);
});

test("an executable is known by its header, and promised by its name", () => {
  for (
    const [name, machine, interpreter] of [
      ["standin-linux-x64", 62, "/lib64/ld-linux-x86-64.so.2"],
      ["standin-linux-x64-baseline", 62, "/lib64/ld-linux-x86-64.so.2"],
      ["standin-linux-x64-musl", 62, "/lib/ld-musl-x86_64.so.1"],
      ["standin-linux-arm64", 183, "/lib/ld-linux-aarch64.so.1"],
      ["standin-linux-arm64-musl", 183, "/lib/ld-musl-aarch64.so.1"],
    ] as const
  ) {
    assert.deepEqual(machineOf(elf(machine, interpreter)), machineInName(name), name);
  }
  assert.equal(machineOf(elf(40, "/lib/ld-linux.so.3")), undefined);
  assert.equal(machineOf(new TextEncoder().encode("#!/bin/sh\n".repeat(9))), undefined);
});
