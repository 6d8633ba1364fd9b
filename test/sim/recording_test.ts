/**
 * What a node was given is enough to have it decide the same again: every daemon of the swarm's
 * clusters is recorded as text and played, and each effect is the same, octet by octet.
 */
import assert from "node:assert/strict";
import { play } from "../../lib/simulate/mod.ts";
import { recorder, replay } from "../support/recording.ts";
import { test } from "../support/test.ts";
import { scenarioOf } from "../swarm/generate.ts";

test("every daemon of twenty random clusters decides the same when its recording is played", () => {
  let [runs, steps] = [0, 0];
  for (let seed = 1; seed <= 20; seed++) {
    const recorded: { name: string; lines: () => string[] }[] = [];
    play(scenarioOf(seed), {
      decides: (node, now) => {
        const { decider, lines } = recorder(now);
        recorded.push({ name: `seed ${seed} ${node.name}`, lines });
        return decider;
      },
    });
    for (const { name, lines } of recorded) {
      const played = replay(lines());
      assert.deepEqual(played.different, [], name);
      assert.equal(played.end.kind, "end", name);
      const clumsy = /undefined|\[object|\n|^$/;
      assert.deepEqual(played.words.filter((line) => clumsy.test(line)), [], name);
      runs++;
      steps += played.steps;
    }
  }
  assert.ok(runs > 50 && steps > 2000, `${runs} runs, ${steps} steps`);
});
