/** The engine's clock, held against a list that is sorted anew each time. */
import assert from "node:assert/strict";
import fc from "../../support/property.ts";
import { instant, never } from "../../../lib/base/mod.ts";
import { Deadlines } from "../../../lib/engine/deadlines.ts";
import { test } from "../../support/test.ts";

/** Set or move item, take it out, or take what is due. */
type Command =
  | { readonly kind: "set"; readonly item: number; readonly at: number }
  | { readonly kind: "remove"; readonly item: number }
  | { readonly kind: "take"; readonly now: number };

const item = fc.integer({ min: 0, max: 20 });
const time = fc.integer({ min: 0, max: 50 });
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), item, at: time }),
  fc.record({ kind: fc.constant("remove" as const), item }),
  fc.record({ kind: fc.constant("take" as const), now: time }),
);

function earliest(model: ReadonlyMap<number, number>): number {
  return Math.min(Infinity, ...model.values());
}

/** The item with the earliest deadline; of several, the one whose deadline was set first. */
function firstOf(model: ReadonlyMap<number, number>): number | undefined {
  const first = earliest(model);
  return model.entries().find(([, at]) => at === first)?.[0];
}

test("Deadlines gives the earliest deadline first, whatever was set, moved and removed", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
      const deadlines = new Deadlines<number>();
      const model = new Map<number, number>();
      for (const step of commands) {
        if (step.kind === "set") {
          deadlines.set(step.item, instant(step.at));
          if (model.get(step.item) !== step.at) model.delete(step.item);
          model.set(step.item, step.at);
        } else if (step.kind === "remove") {
          deadlines.set(step.item, never);
          model.delete(step.item);
        } else {
          const first = earliest(model);
          const taken = deadlines.takeDue(instant(step.now));
          if (first > step.now) assert.equal(taken, undefined);
          else {
            assert.equal(taken, firstOf(model));
            model.delete(taken ?? Number.NaN);
          }
        }
        assert.equal(deadlines.next(), earliest(model));
      }
    }),
    { numRuns: 500, seed: 1 },
  );
});

test("Deadlines gives back everything in order, each item once, without what was removed", () => {
  const items = fc.array(fc.tuple(time, fc.boolean()), { minLength: 5, maxLength: 60 });
  fc.assert(
    fc.property(items, (timesAndFates) => {
      const deadlines = new Deadlines<number>();
      for (const [index, [at]] of timesAndFates.entries()) deadlines.set(index, instant(at));
      for (const [index, [, removed]] of timesAndFates.entries()) {
        if (removed) deadlines.set(index, never);
      }
      const taken: number[] = [];
      for (;;) {
        const index = deadlines.takeDue(never);
        if (index === undefined) break;
        taken.push(timesAndFates[index]?.[0] ?? Number.NaN);
      }
      const left = timesAndFates.filter(([, removed]) => !removed).map(([at]) => at);
      assert.deepEqual(taken, left.toSorted((a, b) => a - b));
      assert.equal(deadlines.next(), never);
    }),
    { numRuns: 1000, seed: 1 },
  );
});
