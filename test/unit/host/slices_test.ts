/** Long work, and what else there is to do. */
import assert from "node:assert/strict";
import { inSlices } from "../../../lib/host/linux/slices.ts";
import { test } from "../../support/test.ts";

test("after a millisecond of work the rest of the daemon has its turn", async () => {
  const log: string[] = [];
  const turn = (): void => {
    log.push("turn");
    if (log.length < 6) setImmediate(turn);
  };
  setImmediate(turn);
  await inSlices(["a", "b", "c"], (item) => {
    log.push(item);
    const until = performance.now() + 1;
    while (performance.now() < until);
  });
  assert.deepEqual(log.filter((word) => word !== "turn"), ["a", "b", "c"]);
  assert.ok(log.indexOf("turn") < log.indexOf("b"), log.join(" "));
  assert.ok(log.indexOf("turn", log.indexOf("b")) < log.indexOf("c"), log.join(" "));
});
