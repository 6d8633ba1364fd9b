/**
 * The machine that the kernel suites run in: what it says comes back, and nothing of it is left.
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { runInMachine, whyNoMachine } from "../support/kernel/machine.ts";
import { test } from "../support/test.ts";

const skip = whyNoMachine();
const options = { timeoutMs: 120_000, ...(skip === undefined ? {} : { skip }) };

/** Files of machines. */
function leftovers(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith("si-uml-"));
}

test("a machine tells what its command said and how it ended", async () => {
  const before = leftovers();
  const script = "grep -o '^ip_vs ' /proc/modules; echo \"$WORD's\"; exit 7";
  const { code, lines } = await runInMachine({
    argv: ["sh", "-c", script],
    environment: { WORD: "it" },
    modules: ["ip_vs"],
  });
  assert.equal(code, 7, lines.join("\n"));
  assert.deepEqual(lines.filter((line) => /^(ip_vs|it's)/.test(line)), ["ip_vs ", "it's"]);
  assert.deepEqual(leftovers(), before);
}, options);

test("a machine that takes too long is ended, and what it said is told", async () => {
  const before = leftovers();
  const errand = { argv: ["sh", "-c", "echo here; sleep 1000"], limitMs: 15_000 };
  await assert.rejects(runInMachine(errand), /Waited 15000 ms in vain[^]*here/);
  assert.deepEqual(leftovers(), before);
}, options);
