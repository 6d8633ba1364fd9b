/**
 * Goal: whatever fails, hangs or changes, a set of resources keeps its order and comes to where it
 * is wanted. Method: worlds are made up in which commands take their time, fail or never end, while
 * the wish changes; after each step the rules are held against what runs and what is there.
 */
import assert from "node:assert/strict";
import fc from "../support/property.ts";
import {
  after,
  type CommandPlan,
  type Instant,
  instant,
  never,
  seconds,
} from "../../lib/base/mod.ts";
import {
  isAtRest,
  newResourceSet,
  passSet,
  type ResourceOutput,
  type ResourcePlan,
  type ResourceSet,
  type ResourcesPlan,
  type Run,
  runEnded,
  wish,
} from "../../lib/resource/mod.ts";
import { test } from "../support/test.ts";

/** Whether everything is there. */
function isComplete({ resources }: ResourceSet): boolean {
  return resources.every(({ state, retired }) => state === "active" && !retired);
}

function command(path: string): CommandPlan {
  return { kind: "run", path, words: [path] };
}

const limits = {
  startTimeout: seconds(10),
  stopTimeout: seconds(10),
  statusTimeout: seconds(3),
  interval: seconds(7),
  retry: 2,
};

function resource(letter: string): ResourcePlan {
  const [start, stop, status] = ["+", "-", "?"].map((sign) => command(letter + sign)) as [
    CommandPlan,
    CommandPlan,
    CommandPlan,
  ];
  return { subject: { kind: "script", start, stop, status }, limits };
}

const usual: ResourcesPlan = {
  kind: "INSTANCE",
  name: "VI_1",
  resources: ["a", "b", "c"].map(resource),
  startDelay: seconds(0),
  holdOff: seconds(60),
};

/** How a command goes: how long it takes (`never` ends by no signal), and its exit code. */
interface Fate {
  readonly takes: number;
  readonly code: number;
}

const good: Fate = { takes: 0.1, code: 0 };

/** A set in a world that follows a list of fates, and is calm afterwards. */
class World {
  readonly set: ResourceSet;
  readonly #fates: Fate[];
  readonly #ends: { run: Run; at: Instant; code: number; word: string }[] = [];
  /** What is really there. */
  readonly there = new Set<string>();
  readonly done: string[] = [];
  now: Instant = instant(0);
  gaveUp = 0;

  constructor(fates: readonly Fate[], plan = usual) {
    this.#fates = [...fates];
    this.set = newResourceSet(plan, this.now);
    this.act((out) => passSet(this.set, this.now, out));
  }

  act(work: (out: ResourceOutput[]) => void): void {
    const out: ResourceOutput[] = [];
    work(out);
    for (const output of out) {
      if (output.kind === "gave-up") this.gaveUp++;
      if (output.kind === "run" && output.command.kind === "run") {
        const [word = ""] = output.command.words;
        output.run.id = this.done.length;
        const fate = this.#fates.shift() ?? good;
        this.#judge(word);
        this.done.push(word);
        const at = fate.takes === Infinity ? never : after(this.now, seconds(fate.takes));
        const code = word.endsWith("?") && !this.there.has(word.charAt(0)) ? 3 : fate.code;
        this.#ends.push({ run: output.run, at, code, word });
      }
    }
  }

  /** Lets time pass until the next thing happens; false when nothing will before the end. */
  step(end: Instant): boolean {
    const next = Math.min(this.set.deadline, ...this.#ends.map(({ at }) => at));
    if (next > end) {
      this.now = end;
      return false;
    }
    this.now = instant(Math.max(next, this.now));
    const index = this.#ends.findIndex(({ at }) => at <= this.now);
    if (index < 0) this.act((out) => passSet(this.set, this.now, out));
    else {
      const [{ run, code, word } = assert.fail()] = this.#ends.splice(index, 1);
      const [letter, sign] = [word.charAt(0), word.charAt(1)];
      if (sign === "+" && code === 0) this.there.add(letter);
      if (sign === "-" && code === 0) this.there.delete(letter);
      const end = { kind: "exited", code } as const;
      this.act((out) => runEnded(this.set, run, { end, said: "" }, this.now, out));
    }
    return true;
  }

  /** Whatever begins from now on goes well. */
  calm(): void {
    this.#fates.length = 0;
  }

  run(wholeSeconds: number): void {
    const end = after(this.now, seconds(wholeSeconds));
    while (this.step(end)) { /* Something happened. */ }
  }

  /** What begins is the only step, and has its turn. */
  #judge(word: string): void {
    const { resources, step } = this.set;
    const at = resources.findIndex(({ plan: one }) =>
      one.subject.kind === "script" &&
      word.startsWith(one.subject.start.kind === "run" ? one.subject.start.path.charAt(0) : "?")
    );
    const states = resources.map(({ state }) => state);
    if (word.endsWith("?")) return;
    assert.equal(step?.resource, resources[at], `${word} is the step`);
    if (word.endsWith("+")) {
      assert.ok(states.slice(0, at).every((state) => state === "active"), `${word} ${states}`);
    } else {
      const above = states.slice(at + 1);
      assert.ok(
        above.every((state) => state === "stopped" || state === "stuck"),
        `${word} ${states}`,
      );
    }
  }
}

const fate: fc.Arbitrary<Fate> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      takes: fc.double({ min: 0, max: 8, noNaN: true }),
      code: fc.constant(0),
    }),
  },
  { weight: 2, arbitrary: fc.record({ takes: fc.constantFrom(0, 2, 30), code: fc.constant(1) }) },
  { weight: 1, arbitrary: fc.constant({ takes: Infinity, code: 0 }) },
);

const change = fc.record({
  wanted: fc.constantFrom("run" as const, "rest" as const),
  lasts: fc.double({ min: 0, max: 20, noNaN: true }),
});

test("one step at a time, in order, towards the latest wish, whatever happens", () => {
  fc.assert(
    fc.property(
      fc.array(fate, { maxLength: 40 }),
      fc.array(change, { maxLength: 20 }),
      fc.boolean(),
      (fates, changes, ends) => {
        const world = new World(fates);
        for (const { wanted, lasts } of changes) {
          world.act((out) => wish(world.set, wanted, world.now, out));
          world.run(lasts);
        }
        // From now on the world is calm; what hung is left to itself.
        world.calm();
        world.run(2000);
        world.act((out) => wish(world.set, "rest", world.now, out));
        world.run(2000);
        assert.ok(isAtRest(world.set));
        assert.deepEqual(world.set.resources.map(({ state }) => state), Array(3).fill("stopped"));
        if (ends) return;
        world.act((out) => wish(world.set, "run", world.now, out));
        world.run(2000);
        assert.ok(isComplete(world.set), world.set.resources.map(({ state }) => state).join());
        assert.deepEqual([...world.there].sort(), ["a", "b", "c"]);
      },
    ),
    { numRuns: 300 },
  );
});

test("what does not even end after KILL is left to itself, and the role is given away", () => {
  const hangs: Fate = { takes: Infinity, code: 0 };
  const looks = [good, good, good];
  const calm = usual.resources.map(({ subject }) => ({
    subject,
    limits: { ...limits, interval: seconds(0) },
  }));
  const fates = [...looks, good, hangs, good, hangs, good, hangs];
  const world = new World(fates, { ...usual, resources: calm });
  world.act((out) => wish(world.set, "run", world.now, out));
  world.run(200);
  assert.equal(world.gaveUp, 1);
  assert.equal(world.done.slice(3).join(" "), "a+ b+ b- b+ b- b+ b- a-");
  assert.ok(isAtRest(world.set));
});

test("a limit that passed while another command ended is acted on all the same", () => {
  const set = newResourceSet(usual, instant(0));
  const runs: Run[] = [];
  const good = { end: { kind: "exited", code: 0 }, said: "" } as const;
  const step = (work: (out: ResourceOutput[]) => void): ResourceOutput[] => {
    const out: ResourceOutput[] = [];
    work(out);
    for (const output of out) if (output.kind === "run") runs.push(output.run);
    return out;
  };
  step((out) => wish(set, "run", instant(0), out));
  // Everything is found active, and looked at after seven seconds.
  for (let count = 0; count < 3; count++) {
    const run = runs.at(-1) ?? assert.fail("nothing runs");
    step((out) => runEnded(set, run, good, instant(0), out));
  }
  assert.ok(isComplete(set));
  step((out) => passSet(set, instant(7_000_000), out));
  const [first, second] = runs.slice(-3);
  assert.ok(first !== undefined && second !== undefined && first !== second);
  // The look at the second one is over its limit when the first one ends.
  const late = instant(11_000_000);
  step((out) => runEnded(set, first, good, late, out));
  assert.ok(set.deadline <= late);
  second.id = 7;
  const signals = step((out) => passSet(set, late, out)).filter(({ kind }) => kind === "signal");
  assert.deepEqual(signals, [{ kind: "signal", run: 7, signal: "TERM" }]);
});
