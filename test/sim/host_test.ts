/**
 * The duties of a host, asked of the simulated one. `test/lab/host_test.ts` asks the same of Linux.
 */
import { duties } from "../support/host/duties.ts";
import { simBench } from "../support/host/sim_bench.ts";
import { test } from "../support/test.ts";

for (const { name, ask } of duties) {
  test(`the simulated host: ${name}`, async () => {
    const bench = simBench();
    await ask(bench);
    bench.close();
  });
}
