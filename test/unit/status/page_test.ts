/** What the page concludes from status and events, without a browser. */
import assert from "node:assert/strict";
import { concernsOf } from "../../../lib/status/page/attention.js";
import { changesOf, spansOf, windowOf } from "../../../lib/status/page/history.js";
import { peersOf } from "../../../lib/status/page/peers.js";
import { span } from "../../../lib/status/page/time.js";
import { test } from "../../support/test.ts";
import { example, inside, outside } from "./example.ts";

const start = Date.parse("2026-01-02T03:00:00.000Z");
const minute = 60_000;

function transition(minutes: number, from: string, to: string, instance = "VI_1"): object {
  const time = new Date(start + minutes * minute).toISOString();
  return {
    id: minutes,
    time,
    level: "notice",
    event: "transition",
    message: "",
    instance,
    from,
    to,
  };
}

test("a span has its two largest units", () => {
  const spans = [0, 59_999, 3 * minute + 7000, 24 * 60 * minute, 3 * 24 * 60 * minute]
    .map((ms) => String(span(ms)).replaceAll("\u00a0", " "));
  assert.deepEqual(spans, [
    "0 s",
    "59 s",
    "3 min 7 s",
    "24 h",
    "3 d",
  ]);
});

test("a window is the last day, and shorter while the daemon is young", () => {
  const { startedAt } = example;
  const at = (minutes: number): number => {
    const now = start + minutes * minute;
    return (now - windowOf({ startedAt, now, events: [], full: false }).from) / minute;
  };
  assert.deepEqual([1, 11, 61, 361, 9999].map(at), [10, 60, 360, 1440, 1440]);
  const events = [transition(30, "BACKUP", "MASTER")];
  const now = start + 50 * minute;
  const { knownFrom } = windowOf({ startedAt, now, events, full: true });
  assert.equal(knownFrom, start + 30 * minute, "what was before is no longer in memory");
});

test("a timeline has a span for each state, and none where nothing is known", () => {
  const window = { from: start - 10 * minute, to: start + 50 * minute, knownFrom: start };
  const events = [
    transition(5, "BACKUP", "MASTER"),
    transition(6, "BACKUP", "MASTER", "VI_2"),
    transition(20, "MASTER", "BACKUP"),
  ];
  const at = new Date(start + 40 * minute).toISOString();
  const last = { from: "BACKUP", to: "MASTER", at, reason: "" } as const;
  const changes = changesOf({ ...inside, lastTransition: last }, events);
  const spans = spansOf("MASTER", changes, window)
    .map(({ state, from, to }: { state: string; from: number; to: number }) =>
      `${state} ${(from - start) / minute} ${(to - start) / minute}`
    );
  assert.deepEqual(spans, [" -10 0", "BACKUP 0 5", "MASTER 5 20", "BACKUP 20 40", "MASTER 40 50"]);
});

test("peers are who is heard, and who was heard before", () => {
  const heard = { ...outside, state: "BACKUP", master: { address: "10.0.0.2", priority: 150 } };
  const events = [
    {
      id: 1,
      time: example.startedAt,
      event: "master-changed",
      instance: "VI_1",
      source: "10.0.0.3",
    },
    {
      id: 2,
      time: example.startedAt,
      event: "master-changed",
      instance: "VI_1",
      source: "10.0.0.2",
    },
  ];
  const told = { createElement: () => ({ setAttribute: () => {}, append: () => {} }) };
  Object.assign(globalThis, { document: told });
  const peers = peersOf({ ...example, instances: [inside, heard] }, events, start);
  Reflect.deleteProperty(globalThis, "document");
  assert.deepEqual(
    peers.map(({ address, state }: { address: string; state: string }) => [address, state]),
    [["10.0.0.2", "MASTER"], ["10.0.0.3", "BACKUP"]],
    "this node is no peer of its own",
  );
});

test("what needs attention is said, the worst first", () => {
  const said = concernsOf({ ...example, maintenance: { since: "", until: null } }, start)
    .map(({ mark, sentence }: { mark: string; sentence: string }) => `${mark} ${sentence}`);
  assert.match(said[0], /^FAULT VI_2 is in FAULT: interface eth1.100 is down/);
  assert.deepEqual(said.slice(1).map((one: string) => one.split(" ")[0]), ["WARNING", "WARNING"]);
});
