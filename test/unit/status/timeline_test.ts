/** What the timeline says was when: restarts, crashes, flapping, lost events and clocks. */
import assert from "node:assert/strict";
import type { EventRecord } from "../../../lib/engine/mod.ts";
import { Timeline, timelineAnswer } from "../../../lib/status/timeline.ts";
import { test } from "../../support/test.ts";
import { example, inside } from "./example.ts";
import { keptEvents } from "./kept_events.ts";

const hourMs = 3_600_000;
const start = Date.parse("2026-01-02T00:00:00.000Z");

function at(hours: number, event: string, data: object = {}): EventRecord {
  const time = start + hours * hourMs;
  const iso = new Date(time).toISOString();
  return { id: time * 1000, time: iso, level: "notice", event, message: "", ...data };
}

const move = (hours: number, from: string, to: string): EventRecord =>
  at(hours, "transition", { instance: "VI_1", from, to });
const resumed = (hours: number, lastSign: number): EventRecord =>
  at(hours, "log-resumed", { lastSignAt: at(lastSign, "").time });
const service = { ...example.virtualServers[0], name: "web", up: true, realServers: [] };
const snapshot = { ...example, instances: [inside], virtualServers: [] };

/** The spans of a thing in hours, such as `2-3 MASTER`. */
function spansOf(records: readonly EventRecord[], now: number): string[] {
  const timeline = new Timeline();
  for (const record of records) timeline.take(record);
  const text = [...timeline.pieces(snapshot, start + now * hourMs)].join("");
  const hours = (iso: string): number =>
    Math.round((Date.parse(iso) - start) / hourMs * 1000) / 1000;
  return JSON.parse(text).instances[0].spans.map((
    { state, from, to, changes }: { state: string; from: string; to: string; changes?: number },
  ) =>
    `${hours(from)}-${to === null ? "" : hours(to)} ${state}${
      changes === undefined ? "" : ` ${changes}`
    }`
  );
}

test("a timeline spans a restart and a crash, and shows when no daemon ran", () => {
  const records = [
    move(1, "INIT", "BACKUP"),
    move(2, "BACKUP", "MASTER"),
    move(5, "MASTER", "STOPPED"),
    resumed(6, 5),
    move(6, "INIT", "BACKUP"),
    move(7, "BACKUP", "MASTER"),
    resumed(12, 10),
    move(12, "INIT", "BACKUP"),
    move(13, "BACKUP", "MASTER"),
  ];
  assert.deepEqual(spansOf(records, 20), [
    "1-2 BACKUP",
    "2-5 MASTER",
    "5-6 ABSENT",
    "6-7 BACKUP",
    "7-10 MASTER",
    "10-12 ABSENT",
    "12-13 BACKUP",
    "13- MASTER",
  ]);
  assert.deepEqual(spansOf(records, 12 + 24).slice(0, 2), ["12-13 BACKUP", "13- MASTER"]);
});

test("what never changed is as it is now, except while no daemon ran", () => {
  assert.deepEqual(spansOf([at(0, "configured"), resumed(4, 3)], 5), [
    "0-3 MASTER",
    "3-4 ABSENT",
    "4- MASTER",
  ]);
  assert.deepEqual(spansOf([], 5), []);
});

test("what gains its quorum right after a start was not down, later it was", () => {
  const up = (hours: number): EventRecord =>
    at(hours, "transition", { instance: "VI_1", from: "DOWN", to: "UP" });
  const records = [at(1, "configured"), up(1.001), resumed(3, 2), up(4)];
  assert.deepEqual(spansOf(records, 5), ["1.001-2 UP", "2-3 ABSENT", "3-4 DOWN", "4- UP"]);
});

test("a router that flaps all day keeps its long spans, and its flaps are counted", () => {
  const flaps = Array.from({ length: 6000 }, (_, index) => {
    const isMaster = index % 2 === 1;
    const [from, to] = isMaster ? ["MASTER", "BACKUP"] : ["BACKUP", "MASTER"];
    // A quiet hour in the middle.
    return move(index / 1000 + (index < 3000 ? 2 : 3), from ?? "", to ?? "");
  });
  const spans = spansOf([move(1, "INIT", "BACKUP"), ...flaps], 12);
  assert.ok(spans.length <= 401, `${spans.length} spans`);
  assert.deepEqual(spans.slice(0, 3), ["1-2 BACKUP", "2-4.999 CHANGING 3000", "4.999-6 BACKUP"]);
  assert.match(spans[3] ?? "", /^6-8\.\d+ CHANGING 2\d\d\d$/);
  assert.equal(spans.at(-1), "8.999- BACKUP", "the latest are told one by one");
});

test("a daemon that does not stay up has its latest starts", () => {
  const starts = Array.from({ length: 1000 }, (_, index) => [
    resumed(1 + index / 100, 1 + index / 100 - 0.002),
    move(1 + index / 100, "INIT", "BACKUP"),
  ]).flat();
  const spans = spansOf(starts, 12);
  assert.ok(spans.length <= 402, `${spans.length} spans`);
  assert.equal(spans.at(-1), "10.99- BACKUP");
});

test("nothing is said of the time before a hole", () => {
  const records = [move(1, "BACKUP", "MASTER"), at(3, "events-lost"), move(4, "BACKUP", "MASTER")];
  assert.deepEqual(spansOf(records, 5), ["3-4 BACKUP", "4- MASTER"]);
});

test("a clock that was wrong at the start is put right, and what it covers is later", () => {
  const old = [move(1, "BACKUP", "MASTER"), resumed(-300_000, 4)];
  const records = [...old, move(-299_999, "INIT", "BACKUP")];
  const set = at(6, "clock-set", { byMs: 300_005 * hourMs });
  assert.deepEqual(spansOf([...records, set, move(7, "BACKUP", "MASTER")], 8), [
    "1-4 MASTER",
    "4-5 ABSENT",
    "6-7 BACKUP",
    "7- MASTER",
  ]);
  const back = [move(5, "BACKUP", "MASTER"), move(3, "MASTER", "FAULT")];
  assert.deepEqual(spansOf([move(1, "FAULT", "BACKUP"), ...back], 6), ["1-3 BACKUP", "3- FAULT"]);
});

test("the file is read once, and what happens then is followed", async () => {
  const change = (hours: number, up: boolean): EventRecord[] => [
    at(hours, "quorum-changed", { virtualServer: "web", up }),
    at(hours, "server-changed", { virtualServer: "web", server: "[fd00::1]:80", up }),
  ];
  const events = keptEvents([at(3, "configured")], change(1, false));
  const server = { address: "fd00::1", port: 80, up: true };
  const whole = { ...snapshot, virtualServers: [{ ...service, realServers: [server] }] };
  const source = { snapshot: () => whole as never, stopping: () => false, events };
  const answer = timelineAnswer(source, true);
  const clock = Date.now;
  const states = async (): Promise<string[]> => {
    const asked = await answer.answer(new Request("http://here/timeline"));
    const { virtualServers: [web] } = await asked.json();
    return [web, ...web.realServers].map(({ spans }) =>
      spans.map(({ state }: { state: string }) => state).join(" ")
    );
  };
  Date.now = () => start + 5 * hourMs;
  try {
    assert.deepEqual(await states(), ["DOWN", "DOWN"]);
    change(4, true).forEach((record) => events.tell(record));
    assert.deepEqual(await states(), ["DOWN UP", "DOWN UP"]);
    assert.equal(events.passages, 1);
  } finally {
    Date.now = clock;
  }
});
