/**
 * The machine that the kernel suites run in: what it says comes back, and nothing of it is left.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { runInMachine, whyNoMachine } from "../support/kernel/machine.ts";
import { test } from "../support/test.ts";

const skip = whyNoMachine();
const options = { timeoutMs: 300_000, ...(skip === undefined ? {} : { skip }) };

/** Does something with a directory for temporary files of its own, which must be empty then. */
async function leavingNothing(work: () => Promise<void>): Promise<void> {
  const before = process.env["TMPDIR"];
  const directory = mkdtempSync(join(tmpdir(), "si-machine-"));
  process.env["TMPDIR"] = directory;
  try {
    await work();
    assert.deepEqual(readdirSync(directory), []);
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    rmSync(directory, { recursive: true, force: true });
  }
}

test("a machine tells what its command said and how it ended", () =>
  leavingNothing(async () => {
    const script = "grep -o '^ip_vs ' /proc/modules; echo \"$WORD's\"; exit 7";
    const { code, lines } = await runInMachine({
      argv: ["sh", "-c", script],
      environment: { WORD: "it" },
      modules: ["ip_vs"],
    });
    assert.equal(code, 7, lines.join("\n"));
    assert.deepEqual(lines.filter((line) => /^(ip_vs|it's)/.test(line)), ["ip_vs ", "it's"]);
  }), options);

test(
  "a machine that takes too long is ended, and what it said is told",
  () =>
    leavingNothing(async () => {
      const argv = ["sh", "-c", "echo here; sleep 1000"];
      const limitMs = 5000;
      const told = await runInMachine({ argv, limitMs }).then(
        () => assert.fail("it ended"),
        String,
      );
      assert.match(told, new RegExp(`Waited ${limitMs} ms in vain`));
      assert.match(told, /^here\r?$/m);
    }),
  options,
);
