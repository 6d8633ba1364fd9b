/**
 * The order of notifications: no two scripts of one subject run at a time, the latest state is
 * always the last one told, and a script that does not end holds up nobody for ever.
 */
import assert from "node:assert/strict";
import { after, type Instant, instant, never, seconds } from "../../../lib/base/mod.ts";
import {
  type Command,
  deadlineOfQueue,
  endRun,
  enqueue,
  enqueueAlso,
  fifoLine,
  isIdle,
  newScriptQueue,
  type NotifyPlan,
  passQueue,
  type QueueOutput,
  runStarted,
  scriptsOf,
} from "../../../lib/notify/mod.ts";
import { test } from "../../support/test.ts";

const begin = instant(1_000_000);
const limit = seconds(60);

/** A queue that writes down what it asks for. */
class Watched {
  readonly queue = newScriptQueue();
  readonly said: string[] = [];
  now: Instant = begin;
  #run = 0;

  change(...names: string[]): void {
    this.#take((out) => enqueue(this.queue, names.map(script), limit, this.now, out));
  }

  also(name: string): void {
    this.#take((out) => enqueueAlso(this.queue, [script(name)], limit, this.now, out));
  }

  end(): void {
    this.#take((out) => endRun(this.queue, out));
  }

  pass(): void {
    this.#take((out) => passQueue(this.queue, this.now, out));
  }

  #take(work: (out: QueueOutput[]) => void): void {
    const out: QueueOutput[] = [];
    work(out);
    for (const output of out) {
      if (output.kind === "run") runStarted(this.queue, ++this.#run);
      this.said.push(wordsOf(output));
    }
  }
}

function script(name: string): Command {
  return { kind: "run", path: `/${name}`, words: [name] };
}

function wordsOf(output: QueueOutput): string {
  switch (output.kind) {
    case "run":
      return `run ${output.command.words.join(" ")}`;
    case "signal":
      return `${output.signal} ${output.run}`;
    case "timed-out":
      return `timed out ${output.command.words.join(" ")}`;
    case "overtaken":
      return `overtaken ${output.commands.map(({ words }) => words.join(" ")).join(", ")}`;
  }
}

test("the scripts of a change run one after the other, in keepalived's order", () => {
  const watched = new Watched();
  watched.change("master", "any");
  assert.deepEqual(watched.said, ["run master"]);
  watched.end();
  watched.end();
  assert.deepEqual(watched.said, ["run master", "run any"]);
  assert.ok(isIdle(watched.queue));
});

test("of the changes that wait for a script only the latest is told", () => {
  const watched = new Watched();
  watched.change("master", "any master");
  watched.change("backup");
  watched.change("master again", "any master again");
  watched.end();
  watched.end();
  watched.end();
  assert.deepEqual(watched.said, [
    "run master",
    "overtaken backup",
    "overtaken any master",
    "run master again",
    "run any master again",
  ]);
});

test("an advert of lower priority overtakes no change, and is told once while it waits", () => {
  const watched = new Watched();
  watched.change("master");
  watched.also("lower");
  watched.also("lower");
  watched.end();
  watched.change("backup");
  watched.also("lower");
  watched.end();
  watched.end();
  watched.end();
  assert.deepEqual(watched.said, ["run master", "run lower", "run backup", "run lower"]);
  assert.ok(isIdle(watched.queue));
});

test("a script may run for ever as long as nobody waits for it", () => {
  const watched = new Watched();
  watched.change("service");
  assert.equal(deadlineOfQueue(watched.queue), never);
});

test("a script that holds up the next one is told to end, then made to", () => {
  const watched = new Watched();
  watched.change("stuck");
  watched.now = after(begin, seconds(100));
  watched.change("backup");
  assert.equal(deadlineOfQueue(watched.queue), after(watched.now, limit));
  watched.pass();
  assert.deepEqual(watched.said, ["run stuck"]);
  watched.now = after(watched.now, limit);
  watched.pass();
  watched.now = after(watched.now, seconds(2));
  watched.pass();
  assert.deepEqual(watched.said.slice(1), ["timed out stuck", "TERM 1", "KILL 1"]);
  watched.end();
  assert.equal(watched.said.at(-1), "run backup");
  assert.equal(deadlineOfQueue(watched.queue), never);
});

const plan: NotifyPlan = {
  kind: "INSTANCE",
  name: "VI_1",
  scripts: { MASTER: { kind: "run", path: "/m", words: ["/m", "own word"] } },
  always: { kind: "run", path: "/n", words: ["/n"] },
  tellsDeleted: false,
  priorityChanges: false,
};

test("scripts get keepalived's arguments: none for a state, four for every state", () => {
  assert.deepEqual(scriptsOf(plan, "MASTER", 150).map(({ words }) => words), [
    ["/m", "own word"],
    ["/n", "INSTANCE", "VI_1", "MASTER", "150"],
  ]);
  const group: NotifyPlan = { ...plan, kind: "GROUP", name: "VG_1" };
  assert.deepEqual(scriptsOf(group, "FAULT", 150).map(({ words }) => words), [
    ["/n", "GROUP", "VG_1", "FAULT", "0"],
  ]);
});

test("a script that can not run is not asked for", () => {
  const always = { kind: "none", written: "/gone", reason: "there is no such file" } as const;
  assert.deepEqual(scriptsOf({ ...plan, scripts: {}, always }, "BACKUP", 100), []);
});

test("lines of FIFOs are keepalived's", () => {
  assert.equal(fifoLine(plan, "MASTER", 150), 'INSTANCE "VI_1" MASTER 150\n');
  assert.equal(fifoLine({ ...plan, kind: "GROUP" }, "BACKUP", 150), 'GROUP "VI_1" BACKUP 0\n');
});
