/**
 * Recordings of a failover between two daemons, played: a support case is a test. `far.jsonl` and
 * `near.jsonl` were written by `standin run --record`: the gateway script of the near node failed
 * and recovered, then its daemon was killed and started again, and in the end both were stopped.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { instant } from "../../../lib/base/mod.ts";
import { Engine } from "../../../lib/engine/mod.ts";
import { Recorder } from "../../../lib/recording/mod.ts";
import { recorder, type Replay, replay } from "../../support/recording.ts";
import { test } from "../../support/test.ts";

const here = dirname(fileURLToPath(import.meta.url));
const linesOf = (name: string): string[] =>
  readFileSync(join(here, `${name}.jsonl`), "utf8").trimEnd().split("\n");
const transitions = ({ told }: Replay): string[] => told.filter((text) => text.includes(" → "));
const far = linesOf("far");

test("the far node of a real failover decides as it did", () => {
  const played = replay(far);
  assert.deepEqual(transitions(played), [
    "VI_1: INIT → BACKUP, start",
    "VI_1: BACKUP → MASTER, preempting 192.0.2.1 with lower priority 70",
    "VI_1: MASTER → BACKUP, advert with higher priority 150 from 192.0.2.1",
    "VI_1: BACKUP → MASTER, no advert from 192.0.2.1 for 3.72 s",
    "VI_1: MASTER → BACKUP, advert with higher priority 150 from 192.0.2.1",
    "VI_1: BACKUP → MASTER, 192.0.2.1 gave the role away (priority 0)",
    "VI_1: MASTER → STOPPED, shutdown",
  ]);
  assert.deepEqual(played.end, { kind: "end", why: "stopped" });
});

test("the near node decides as it did until it was killed", () => {
  const played = replay(linesOf("near"));
  assert.deepEqual(transitions(played), [
    "VI_1: INIT → BACKUP, start",
    "VI_1: BACKUP → MASTER, no advert for 3.42 s",
    "VI_1: effective priority 150 → 70 (script gateway -80)",
    "VI_1: MASTER → BACKUP, advert with higher priority 100 from 192.0.2.2",
    "VI_1: effective priority 70 → 150",
    "VI_1: BACKUP → MASTER, preempting 192.0.2.2 with lower priority 100",
  ]);
  assert.deepEqual(played.end, { kind: "end", why: "killed" });
});

test("what is decided otherwise than then is found, whichever version recorded", () => {
  const { different } = replay(far);
  assert.deepEqual(different, []);
  // Without the later adverts of its master it takes over earlier than it did.
  const heard = far.findIndex((line) => line.includes('"packet"'));
  const deaf = far.filter((line, index) => index <= heard || !line.includes('"packet"'));
  assert.match(replay(deaf).different[0] ?? "", /"VI_1: BACKUP → MASTER/);
  const other = deaf.map((line) => line.replace(/"version":"[^"]*"/, '"version":"0.0.1"'));
  assert.match(replay(other).different[0] ?? "", /"VI_1: BACKUP → MASTER/);
  const renamed = far.map((line) => line.replace(/"digest":"../, '"digest":"zz'));
  assert.ok(replay(renamed).different.length > 10, "the same version is held against the digests");
  const older = renamed.map((line) => line.replace(/"version":"[^"]*"/, '"version":"0.0.1"'));
  assert.deepEqual(replay(older).different, [], "of another version only what is told counts");
});

test("a last line that is not whole is left out; one in the middle is named", () => {
  const torn = [...far.slice(0, -1), far.at(-2)?.slice(0, -9) ?? ""];
  assert.deepEqual(replay(torn).end, { kind: "end", why: "torn" });
  const end = (lines: readonly string[]): unknown => replay(lines).end;
  const problem = (line: number, why: string): unknown => ({
    kind: "unreadable",
    line,
    problem: why,
  });
  const head = far[0] ?? "";
  assert.deepEqual(end([head, "{", head]), problem(2, "it is no JSON"));
  assert.deepEqual(end([head, "[]", head]), problem(2, "it is no line of a recording"));
  assert.deepEqual(end([head, head]), problem(2, "a second recording begins"));
  assert.deepEqual(end([]), problem(1, "not the head of a recording"));
  assert.deepEqual(end(far.slice(1)), problem(1, "not the head of a recording"));
  const later = head.replace('"recording":1', '"recording":2');
  assert.deepEqual(
    end([later]),
    problem(
      1,
      "not the head of a recording: it is a recording of form 2, and this standin reads 1",
    ),
  );
  const parts = far.filter((line) => !line.startsWith('{"model"'));
  assert.deepEqual(end(parts), problem(4, "its configuration is missing"));
});

test("a configuration of an older standin lacks what has come since", () => {
  const older = far.filter((line) => !/"part":"(checks|bfdSessions|links)"/.test(line))
    .map((line) => line.replace('"announceGaps":[],', ""));
  assert.deepEqual(transitions(replay(older)), transitions(replay(far)));
});

test("an engine that gives up is recorded with what it gave up on", () => {
  const { decider, lines } = recorder();
  const broken = { kind: "packet", packet: undefined };
  const step = Function.prototype.call.bind(Recorder.prototype.step, decider);
  assert.throws(() => step(broken, instant(5)));
  const recorded = lines();
  assert.match(recorded[1] ?? "", /^\{"at":5,"event":\{"kind":"packet"\},"failed":".+"\}$/);
  const played = replay(recorded);
  assert.deepEqual([played.end, played.different], [{ kind: "end", why: "failed" }, []]);
});

test("a recorded engine answers as the engine does", () => {
  const { decider } = recorder();
  const engine = new Engine(instant(0));
  const facts = { version: "1", pid: 1, isoTime: String };
  assert.equal(decider.nextDeadline(), engine.nextDeadline());
  assert.deepEqual(decider.snapshot(facts), engine.snapshot(facts));
  assert.deepEqual([decider.routers(), decider.resources(String)], [[], []]);
});
