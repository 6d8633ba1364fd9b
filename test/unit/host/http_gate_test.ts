/** Requests that come faster than the rest of the daemon can bear. */
import assert from "node:assert/strict";
import { HttpGate } from "../../../lib/host/linux/http_gate.ts";
import { test } from "../../support/test.ts";

/** A gate on virtual time, and who came through and when the rest of the daemon did. */
class Entrance {
  readonly log: string[] = [];
  now = 0;
  readonly gate: HttpGate = new HttpGate(() => this.log.push("turn"), () => this.now);

  async ask(who: number): Promise<void> {
    const entered = this.gate.enter();
    if (entered === true || await entered) this.log.push(`${who}`);
  }
}

test("the rest of the daemon has its turn before each answer", () => {
  const entrance = new Entrance();
  for (let who = 0; who < 3; who++) void entrance.ask(who);
  assert.deepEqual(entrance.log, ["turn", "0", "turn", "1", "turn", "2"]);
});

test("who asks when answers have had their time waits, and is answered in order", async () => {
  const entrance = new Entrance();
  const { log } = entrance;
  const early = [0, 1].map((who) => entrance.ask(who));
  entrance.now = 8;
  const late = [2, 3, 4, 5, 6].map((who) => entrance.ask(who));
  let rounds = 0;
  const others = new Promise<void>((resolve) => {
    function round(): void {
      log.push(`round ${++rounds}`);
      if (rounds < 4) setImmediate(round);
      else resolve();
    }
    setImmediate(round);
  });
  await Promise.all([...early, ...late, others]);
  const answers = log.filter((word) => word !== "turn" && !word.startsWith("round"));
  assert.deepEqual(answers, ["0", "1", "2", "3", "4", "5", "6"]);
  assert.ok(log.indexOf("round 2") < log.indexOf("6"), "not all in one round");
  // A new round: answers may take their time again.
  const from = log.length;
  void entrance.ask(7);
  assert.deepEqual(log.slice(from), ["turn", "7"]);
});

test("who finds too many waiting is sent away, and there is room again", async () => {
  const entrance = new Entrance();
  const { gate } = entrance;
  assert.equal(gate.enter(), true);
  entrance.now = 8;
  const all = await Promise.all(Array.from({ length: 1100 }, () => gate.enter()));
  assert.equal(all.filter((entered) => entered).length, 1000);
  assert.equal(gate.enter(), true);
});
