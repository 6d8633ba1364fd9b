/** `standin events`: times as people write them, and lines as they read them. */
import assert from "node:assert/strict";
import { causeLines, localTime, renderEvent, scriptLines } from "../../../lib/cli/event_text.ts";
import { readSince } from "../../../lib/cli/since.ts";
import type { EventRecord } from "../../../lib/engine/mod.ts";
import { test } from "../../support/test.ts";

const now = Date.parse("2026-01-31T12:00:00.000Z");

test("since takes a while back, a date, and a date with a time", () => {
  assert.equal(readSince("90s", now), now - 90_000);
  assert.equal(readSince("30m", now), now - 1_800_000);
  assert.equal(readSince("2h", now), now - 7_200_000);
  assert.equal(readSince("7d", now), now - 604_800_000);
  assert.equal(readSince("2026-01-31T04:00Z", now), Date.parse("2026-01-31T04:00Z"));
  assert.equal(readSince("2026-01-30", now), Date.parse("2026-01-30T00:00"));
  assert.equal(readSince("2026-01-30 04:05", now), Date.parse("2026-01-30T04:05"));
  for (const wrong of ["", "2", "h", "-2h", "2w", "yesterday", "31.1.2026", "2026-13-01"]) {
    assert.equal(readSince(wrong, now), undefined, wrong);
  }
});

function record(id: number, message: string, causes?: number[]): EventRecord {
  const time = new Date(now + id).toISOString();
  const base = { id, time, level: "warning", event: "x", message } as const;
  return causes === undefined ? base : { ...base, causes };
}

test("a line has the time, how loud it is and the sentence, and moves no cursor", () => {
  const line = renderEvent(record(1, "link \x1b[2Jdown"), false);
  assert.equal(line, `${localTime("2026-01-31T12:00:00.001Z")}  warning  link ?[2Jdown`);
  assert.ok(renderEvent(record(1, "x"), true).endsWith("\x1b[33mx\x1b[0m"));
});

test("causes stand below each other, each once, and a circle ends", () => {
  const known = [
    record(1, "script bad"),
    record(2, "priority fell", [1, 4]),
    record(4, "odd", [2]),
  ];
  const lines = causeLines(record(3, "moved", [2, 1, 99]), known);
  assert.deepEqual(lines.map((line) => line.replace(/\d{4}-\S+ \S+ {2}/, "")), [
    "because priority fell",
    "  because script bad",
    "  because odd",
  ]);
});

test("what a script has said stands below it, and its run below what it was told of", () => {
  const base = { ...record(2, "VI_1: ended", [1]), event: "script-ended", output: ["a\x1b", "b"] };
  const lines = renderEvent(base, false).split("\n");
  assert.deepEqual(lines.slice(1).map((line) => line.trim()), ["| a?", "| b"]);
  const short = (level: "info" | "warning"): string[] =>
    scriptLines(record(1, "moved"), [record(1, "moved"), { ...base, level }])
      .map((line) => line.replace(/\d{4}-\S+ \S+ {2}/, ""));
  assert.deepEqual(short("warning"), ["told VI_1: ended", "  | a?", "  | b"]);
  assert.deepEqual(short("info"), ["told VI_1: ended"]);
  assert.deepEqual(scriptLines(record(3, "moved"), [base]), []);
});
