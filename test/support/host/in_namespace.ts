/**
 * Asks the Linux host for all of its duties, each on a new bench, and prints a line of JSON for
 * each: to be run in a network namespace that nobody else is in.
 */
import { duties } from "./duties.ts";
import { linuxBench, prepareNamespace } from "./linux_bench.ts";

prepareNamespace();
for (const { name, ask } of duties) {
  const bench = await linuxBench();
  let failure: string | undefined;
  try {
    await ask(bench);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  bench.close();
  console.log(JSON.stringify({ name, failure }));
}
// What a host leaves open must not keep the process.
process.exit(0);
