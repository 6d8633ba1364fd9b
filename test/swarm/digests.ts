/**
 * Prints a digest of the history of each of some seeds: `digests.ts FROM COUNT`.
 */
import { digestOf, play } from "../../lib/simulate/mod.ts";
import { scenarioOf } from "./generate.ts";

const [from = 0, count = 0] = process.argv.slice(2).map(Number);
for (let seed = from; seed < from + count; seed++) {
  console.log(`${seed} ${digestOf(play(scenarioOf(seed)))}`);
}
