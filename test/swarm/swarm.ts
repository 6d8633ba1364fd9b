/**
 * Plays seeds one after the other and keeps count. A seed that fails is shrunk to a small scenario,
 * which is printed and written to `dist/swarm/`: put under `test/swarm/stories/` it is a test.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { play, type Scenario, type Tick } from "../../lib/simulate/mod.ts";
import { scenarioOf } from "./generate.ts";
import { ServerWatch } from "./server_watch.ts";
import { shrink } from "./shrink.ts";

const failures = join(dirname(fileURLToPath(import.meta.url)), "../../dist/swarm");

/** A seed that failed. */
export interface Failure {
  readonly seed: number;
  /** What the first watcher objected to. */
  readonly objection: string;
}

/** What playing many seeds came to. */
export interface Tally {
  readonly seeds: number;
  /** Of all clusters together, in virtual hours. */
  readonly clusterHours: number;
  readonly failures: readonly Failure[];
}

/** How many seeds are played. */
export interface Amount {
  readonly from: number;
  readonly count: number;
  /** Stops when this says so. */
  readonly enough?: (failures: number) => boolean;
  /** Hears which rules of the protocol were followed. */
  readonly tick?: Tick;
}

/** Plays seeds. */
export function playSeeds({ from, count, enough = () => false, tick }: Amount): Tally {
  const failed: Failure[] = [];
  let [seeds, milliseconds] = [0, 0];
  for (let seed = from; seed < from + count && !enough(failed.length); seed++) {
    const scenario = scenarioOf(seed);
    const objection = objectionTo(scenario, tick);
    seeds++;
    milliseconds += scenario.lastsMs;
    if (objection !== undefined) failed.push({ seed, objection });
  }
  return { seeds, clusterHours: milliseconds / 3_600_000, failures: failed };
}

/** What is wrong with the history of a scenario; an exception of the daemon is, too. */
export function objectionTo(scenario: Scenario, tick?: Tick): string | undefined {
  try {
    const listens = tick === undefined ? {} : { tick };
    const watchers = [new ServerWatch()];
    return play(scenario, { stopsEarly: true, watchers, ...listens }).violations[0];
  } catch (error) {
    return `exception: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** A failed seed as a small scenario, in words and as a file. */
export function keep({ seed, objection }: Failure): string {
  const small = shrink(scenarioOf(seed), objection, objectionTo);
  const text = `${JSON.stringify(small, undefined, 2)}\n`;
  mkdirSync(failures, { recursive: true });
  const path = join(failures, `seed-${seed}.json`);
  writeFileSync(path, text);
  return `seed ${seed}: ${objectionTo(small) ?? objection}\n${path}:\n${text}`;
}
