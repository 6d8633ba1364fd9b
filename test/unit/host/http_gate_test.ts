/** Requests that come faster than the rest of the daemon can bear: in order, a few at a time. */
import assert from "node:assert/strict";
import { HttpGate } from "../../../lib/host/linux/http_gate.ts";
import { test } from "../../support/test.ts";

test("a few are let in, the others after what else there is to do, all in order", async () => {
  const gate = new HttpGate();
  const log: string[] = [];
  // What the rest of the daemon does, each time that it gets to.
  let turns = 0;
  const rest = new Promise<void>((resolve) => {
    const turn = (): void => {
      log.push("turn");
      if (++turns < 4) setImmediate(turn);
      else resolve();
    };
    setImmediate(turn);
  });
  const requests = Array.from({ length: 20 }, async (_, index) => {
    assert.equal(await gate.enter(), true);
    log.push(`${index}`);
  });
  await Promise.all([...requests, rest]);
  assert.deepEqual(
    log.filter((word) => word !== "turn"),
    Array.from({ length: 20 }, (_, index) => `${index}`),
  );
  assert.equal(log.indexOf("turn"), 4);
});

test("who finds too many waiting is sent away, and there is room again", async () => {
  const gate = new HttpGate();
  const all = await Promise.all(Array.from({ length: 1100 }, () => gate.enter()));
  assert.equal(all.filter((entered) => entered).length, 1004);
  assert.equal(await gate.enter(), true);
});
