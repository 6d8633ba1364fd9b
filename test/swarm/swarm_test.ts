/**
 * The swarm: thousands of random clusters under random faults, each from its seed, and nobody who
 * watches objects; they also find out whether every rule of the protocol was followed.
 * `SWARM_MINUTES=60 make test STAGES=swarm` goes on for an hour, from the seed `SWARM_FROM` on.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { documentOf, protocolRules, type Scenario } from "../../lib/simulate/mod.ts";
import { test } from "../support/test.ts";
import { keep, objectionTo, playSeeds } from "./swarm.ts";

const minutes = Number(process.env["SWARM_MINUTES"] ?? 0);
const from = Number(process.env["SWARM_FROM"] ?? 1);
const seeds = minutes > 0 ? Infinity : 10_000;
/** So many failures are enough to look into. */
const failuresMax = 3;

/** Some rules are followed rarely: so many seeds are enough for all of them. */
const seedsForAll = 5000;
let playedSeeds = 0;

/** Rules of the protocol that somebody followed. */
const followed = new Set<string>();

test("random clusters under random faults come to order again", () => {
  const begun = performance.now();
  const passed = (): number => (performance.now() - begun) / 60_000;
  const { seeds: played, clusterHours, failures } = playSeeds({
    from,
    count: seeds,
    tick: (document, rule) => void followed.add(`${document} §${rule}`),
    enough: (failed) => failed >= failuresMax || (minutes > 0 && passed() >= minutes),
  });
  playedSeeds = played;
  const pace = clusterHours / passed();
  console.log(
    `swarm: ${played} seeds from ${from} on, ${clusterHours.toFixed(1)} cluster-hours in ` +
      `${passed().toFixed(1)} minutes: ${pace.toFixed(0)} cluster-hours per minute`,
  );
  assert.equal(failures.length, 0, failures.map(keep).join("\n"));
}, { timeoutMs: Math.max(10, 2 * minutes) * 60_000 });

test("every rule of RFC 9568 §6.4 and of RFC 3768 §6.4 happens to the swarm", () => {
  const all = ([2, 3] as const).flatMap((version) =>
    [...protocolRules.keys()].map((rule) => `${documentOf(version)} §${rule}`)
  );
  const missing = all.filter((rule) => !followed.has(rule));
  if (missing.length > 0) console.log(`swarm: not covered: ${missing.join(", ")}`);
  if (playedSeeds >= seedsForAll) assert.deepEqual(missing, []);
});

const stories = join(dirname(fileURLToPath(import.meta.url)), "stories");

for (const name of readdirSync(stories).filter((file) => file.endsWith(".json")).sort()) {
  test(`the swarm has once failed here: ${name}`, () => {
    const scenario = JSON.parse(readFileSync(join(stories, name), "utf8")) as Scenario;
    assert.equal(objectionTo(scenario), undefined);
  });
}
