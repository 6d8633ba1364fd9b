/**
 * The duties of a host, asked of the Linux host in a network namespace: one process goes through
 * all of them. `test/sim/host_test.ts` asks the same of the simulated one.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { duties } from "../support/host/duties.ts";
import { whyNoLab } from "../support/lab/makes.ts";
import { runtimeName, test } from "../support/test.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const program = join(root, "node_modules/.bin", runtimeName);
const words = runtimeName === "deno" ? ["run", "-A", "--no-check"] : [];
const script = join(root, "test/support/host/in_namespace.ts");
const skip = whyNoLab();

interface Outcome {
  readonly name: string;
  readonly failure?: string;
}

test("the Linux host does all that a host must do", async () => {
  const argv = ["--net", program, ...words, script];
  const { stdout } = await promisify(execFile)("unshare", argv, { timeout: 300_000 });
  const outcomes = stdout.trim().split("\n").map((line) => JSON.parse(line) as Outcome);
  assert.deepEqual(outcomes.filter(({ failure }) => failure !== undefined), []);
  assert.deepEqual(outcomes.map(({ name }) => name), duties.map(({ name }) => name));
}, { timeoutMs: 360_000, ...(skip === undefined ? {} : { skip }) });
