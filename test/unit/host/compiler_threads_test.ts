/** Which threads of a daemon go behind the one that sends adverts. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import process from "node:process";
import { openLibc } from "../../../ffi/mod.ts";
import { CompilerThreads } from "../../../lib/host/linux/compiler_threads.ts";
import { test } from "../../support/test.ts";

/** The nice values of this process's threads of that name, and of the others. */
function nices(name: string): Record<"named" | "others", number[]> {
  const found = { named: [] as number[], others: [] as number[] };
  for (const thread of readdirSync("/proc/self/task")) {
    try {
      const own = readFileSync(`/proc/self/task/${thread}/comm`, "latin1").trim();
      found[own === name ? "named" : "others"].push(getPriority(Number(thread)));
    } catch {
      // It has just ended.
    }
  }
  return found;
}

test("threads that compile go behind, and no others do", async () => {
  const name = "JITWorker";
  const usual = getPriority();
  // They come when there is something to compile.
  for (let round = 0; nices(name).named.length === 0 && round < 1000; round++) {
    const add = new Function("sum", "at", "return sum + at * at;");
    for (let at = 0; at < 100_000; at++) add(round, at);
    await new Promise((resolve) => setImmediate(resolve));
  }
  new CompilerThreads(await openLibc()).stepBack();
  const { named, others } = nices(name);
  assert.ok(named.includes(Math.min(usual + 10, 19)), `${named}`);
  assert.deepEqual(others.filter((nice) => nice !== usual), []);
}, {
  skip: "bun" in process.versions ? undefined : "Deno compiles in threads of all kinds of work",
});
