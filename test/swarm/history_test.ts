/**
 * One seed is one history, octet by octet, whichever runtime plays it.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { digestOf, play } from "../../lib/simulate/mod.ts";
import { test } from "../support/test.ts";
import { scenarioOf } from "./generate.ts";

const here = dirname(fileURLToPath(import.meta.url));
const programs = join(here, "../../node_modules/.bin");

function digests(program: string, ...words: readonly string[]): string[] {
  const argv = [...words, join(here, "digests.ts"), "1", "200"];
  return execFileSync(join(programs, program), argv, { encoding: "utf8" }).trim().split("\n");
}

test("Deno and Bun play the same histories from the same seeds", () => {
  const [bun, deno] = [digests("bun"), digests("deno", "run", "-A", "--no-check")];
  assert.equal(bun.length, 200);
  assert.equal(new Set(bun.map((line) => line.split(" ")[1])).size, 200, "no two are the same");
  assert.deepEqual(bun, deno);
});

test("a history is the same when it is played again, and another from another seed", () => {
  const scenario = scenarioOf(7);
  assert.equal(digestOf(play(scenario)), digestOf(play(scenario)));
  const lossy = {
    ...scenario,
    segments: scenario.segments.map((segment) => ({ ...segment, loss: 0.3 })),
    acts: scenario.acts.filter(({ kind }) => kind !== "recover"),
  };
  assert.notEqual(digestOf(play(lossy)), digestOf(play({ ...lossy, seed: 8 })));
});
