/**
 * The one door to the runtimes' test runners: `deno test` and `bun test` both find `*_test.ts`, and
 * every such file imports `test` from here. When STANDIN_TEST_LOG names a file, each outcome is
 * appended to it as one JSON line, from which `test/support/summary.ts` counts.
 */
import { appendFileSync } from "node:fs";

interface DenoTests {
  test(definition: {
    name: string;
    ignore: boolean;
    sanitizeOps: boolean;
    sanitizeResources: boolean;
    fn: () => Promise<void>;
  }): void;
}

interface BunTests {
  test: ((name: string, body: () => Promise<void>, timeoutMs: number) => void) & {
    skip(name: string, body: () => void): void;
  };
}

const deno = (globalThis as { Deno?: DenoTests }).Deno;
const bunTestModule = "bun:test";
const bun = deno === undefined ? await import(bunTestModule) as BunTests : undefined;

/** The runtime that runs these tests, as it is named in reports. */
export const runtimeName: "deno" | "bun" = deno === undefined ? "bun" : "deno";

/** How a test can differ from the usual. */
export interface TestOptions {
  /** The reason why this test can not run here; it is then counted as skipped, by name. */
  readonly skip?: string | undefined;
  /** A generous limit; reaching it is a failure. */
  readonly timeoutMs?: number;
}

/** Registers a test whose name is a sentence about what a user would notice. */
export function test(
  name: string,
  body: () => void | Promise<void>,
  options: TestOptions = {},
): void {
  const { skip, timeoutMs = 60_000 } = options;
  if (skip !== undefined) record({ name, outcome: "skipped", reason: skip });
  async function run(): Promise<void> {
    try {
      await within(timeoutMs, body);
      record({ name, outcome: "passed" });
    } catch (error) {
      record({ name, outcome: "failed", reason: String(error) });
      throw error;
    }
  }
  if (deno !== undefined) {
    const ignore = skip !== undefined;
    deno.test({ name, ignore, sanitizeOps: false, sanitizeResources: false, fn: run });
  } else if (skip !== undefined) bun?.test.skip(name, () => {});
  else bun?.test(name, run, timeoutMs + 5000);
}

async function within(timeoutMs: number, body: () => void | Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([Promise.resolve(body()), limit]);
  } finally {
    clearTimeout(timer);
  }
}

interface Outcome {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly reason?: string;
}

function record(outcome: Outcome): void {
  const path = process.env["STANDIN_TEST_LOG"];
  if (path === undefined) return;
  appendFileSync(path, `${JSON.stringify({ runtime: runtimeName, ...outcome })}\n`);
}
