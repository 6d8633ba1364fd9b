/**
 * The swarm: thousands of random clusters under random faults, each from its seed, and nobody who
 * watches objects. `SWARM_MINUTES=60 make test STAGES=swarm` goes on for an hour, from the seed
 * `SWARM_FROM` on.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Scenario } from "../../lib/simulate/mod.ts";
import { test } from "../support/test.ts";
import { keep, objectionTo, playSeeds } from "./swarm.ts";

const minutes = Number(process.env["SWARM_MINUTES"] ?? 0);
const from = Number(process.env["SWARM_FROM"] ?? 1);
const seeds = minutes > 0 ? Infinity : 10_000;
/** So many failures are enough to look into. */
const failuresMax = 3;

test("random clusters under random faults come to order again", () => {
  const begun = performance.now();
  const passed = (): number => (performance.now() - begun) / 60_000;
  const { seeds: played, clusterHours, failures } = playSeeds({
    from,
    count: seeds,
    enough: (failed) => failed >= failuresMax || (minutes > 0 && passed() >= minutes),
  });
  const pace = clusterHours / passed();
  console.log(
    `swarm: ${played} seeds from ${from} on, ${clusterHours.toFixed(1)} cluster-hours in ` +
      `${passed().toFixed(1)} minutes: ${pace.toFixed(0)} cluster-hours per minute`,
  );
  assert.equal(failures.length, 0, failures.map(keep).join("\n"));
}, { timeoutMs: Math.max(10, 2 * minutes) * 60_000 });

const stories = join(dirname(fileURLToPath(import.meta.url)), "stories");

for (const name of readdirSync(stories).filter((file) => file.endsWith(".json")).sort()) {
  test(`the swarm has once failed here: ${name}`, () => {
    const scenario = JSON.parse(readFileSync(join(stories, name), "utf8")) as Scenario;
    assert.equal(objectionTo(scenario), undefined);
  });
}
