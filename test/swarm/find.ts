/**
 * Plays seeds until one fails: `find.ts FROM COUNT`. Prints the seed and what is wrong with it;
 * ends with status 1 when all of them are all right.
 */
import { playSeeds } from "./swarm.ts";

const [from = 0, count = 0] = process.argv.slice(2).map(Number);
const [failure] = playSeeds({ from, count, enough: (failed) => failed > 0 }).failures;
if (failure === undefined) process.exitCode = 1;
else console.log(`${failure.seed} ${failure.objection}`);
