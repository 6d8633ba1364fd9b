/** What the page concludes from status and events, without a browser. */
import assert from "node:assert/strict";
import { concernsOf } from "../../../lib/status/page/attention.js";
import {
  legible,
  shares,
  spansIn,
  windowOf,
  withoutRepeats,
} from "../../../lib/status/page/history.js";
import { peersOf } from "../../../lib/status/page/peers.js";
import { span } from "../../../lib/status/page/time.js";
import { test } from "../../support/test.ts";
import { example, inside, outside } from "./example.ts";

const start = Date.parse("2026-01-02T03:00:00.000Z");
const minute = 60_000;

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

test("a window is the last day, and shorter while little is known", () => {
  const at = (minutes: number): number => {
    const now = start + minutes * minute;
    const completeSince = new Date(start).toISOString();
    const timeline = { completeSince, instances: [], virtualServers: [] };
    return (now - windowOf(timeline, now).from) / minute;
  };
  assert.deepEqual([1, 11, 61, 361, 9999].map(at), [10, 60, 360, 1440, 1440]);
});

test("a timeline shows what is within its window, up to now", () => {
  const window = { from: start, to: start + 50 * minute };
  const at = (minutes: number): string => new Date(start + minutes * minute).toISOString();
  const told = [
    { state: "MASTER", from: at(-20), to: at(-10) },
    { state: "BACKUP", from: at(-10), to: at(5) },
    { state: "ABSENT", from: at(5), to: at(6) },
    { state: "CHANGING", from: at(6), to: at(20), changes: 7 },
    { state: "BACKUP", from: at(20), to: null },
  ];
  const spans = spansIn(told, window);
  assert.deepEqual(
    spans.map(({ state, from, to }: { state: string; from: number; to: number }) =>
      `${state} ${(from - start) / minute} ${(to - start) / minute}`
    ),
    ["BACKUP 0 5", "ABSENT 5 6", "CHANGING 6 20", "BACKUP 20 50"],
  );
  assert.deepEqual(shares(spans)[0], ["BACKUP", 35 * minute]);
});

test("what is too short to be drawn is drawn as one where there is much of it", () => {
  const drawn = (edges: number[], least: number): string[] => {
    const spans = edges.slice(1).map((to, index) => ({
      state: index % 2 === 0 ? "MASTER" : "BACKUP",
      from: edges[index],
      to,
      changes: 0,
    }));
    return legible(spans, least)
      .map(({ state, from, to }: { state: string; from: number; to: number }) =>
        `${state} ${from} ${to}`
      );
  };
  const edges = [0, 50, 51, 52, 53, 54, 90];
  assert.deepEqual(drawn(edges, 5), ["MASTER 0 50", "CHANGING 50 54", "BACKUP 54 90"]);
  assert.equal(drawn(edges, 1).length, 6);
  assert.equal(drawn([0, 50, 51, 52, 90], 5).length, 4, "a few are drawn one by one");
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
  const transition = { event: "transition", instance: "VI_1", level: "notice", message: "" };
  const later = [
    { ...transition, id: 3, reason: { kind: "preempted-lower", master: "10.0.0.3", priority: 9 } },
    {
      ...transition,
      id: 4,
      reason: { kind: "master-down", master: "10.0.0.4", silentForMs: 1000 },
    },
  ].map((one) => ({ ...one, time: "2026-01-02T03:01:00.000Z" }));
  const times: string[] = [];
  const element = {
    setAttribute: (name: string, value: string) => name === "datetime" && times.push(value),
    append: () => {},
  };
  Object.assign(globalThis, { document: { createElement: () => element } });
  const node = { ...example, instances: [inside, heard] };
  const peers = peersOf(node, [...events, ...later], start);
  Reflect.deleteProperty(globalThis, "document");
  assert.deepEqual(times, ["2026-01-02T03:00:59.000Z", "2026-01-02T03:01:00.000Z"]);
  assert.deepEqual(
    peers.map(({ address, state }: { address: string; state: string }) => [address, state]),
    [["10.0.0.2", "MASTER"], ["10.0.0.4", "BACKUP"], ["10.0.0.3", "BACKUP"]],
    "this node is no peer of its own",
  );
});

test("what needs attention is said, the worst first", () => {
  const refused = { at: example.startedAt, errors: 1, first: "f:1:1: no keyword" };
  const config = { ...example.config, refused };
  const said = concernsOf({ ...example, config, maintenance: { since: "", until: null } }, start)
    .map(({ mark, sentence }: { mark: string; sentence: string }) => `${mark} ${sentence}`);
  assert.match(said[0], /^FAULT VI_2 is in FAULT: interface eth1.100 is down/);
  assert.deepEqual(said.slice(1).map((one: string) => one.split(" ")[0]), [
    "WARNING",
    "WARNING",
    "WARNING",
  ]);
  const now = said.find((one: string) => one.includes("refused")) ?? "";
  assert.match(now, / the one before is in effect: 1 error, f:1:1: no keyword$/);
});

test("of what is said again and again a few events are shown, a FAULT always", () => {
  const takeover = "A: BACKUP → MASTER, no advert from 10.0.0.2 for";
  const events = [
    "standin is running, pid 12",
    "A: MASTER → FAULT, interface eth0 is down",
    ...Array.from({ length: 20 }, (_, id) => `${takeover} ${id}.5 ms`),
    "A: BACKUP → MASTER, no advert from 10.0.0.3 for 3.5 ms",
    "A: BACKUP → MASTER, preempting 10.0.0.2 with lower priority 100",
    ...Array.from({ length: 4 }, () => "A: MASTER → FAULT, interface eth0 is down"),
  ].map((message, id) => {
    const to = message.includes("FAULT") ? { to: "FAULT" } : {};
    return { id, time: "", level: "notice" as const, event: "transition", message, ...to };
  });
  const shown = withoutRepeats(events).map((
    { event, more }: { event: { id: number }; more: number },
  ) => [event.id, more]);
  const faults = [27, 26, 25, 24].map((id) => [id, 0]);
  const takeovers = [[21, 0], [20, 0], [19, 17]];
  assert.deepEqual(shown, [...faults, [23, 0], [22, 0], ...takeovers, [1, 0], [0, 0]]);
});
