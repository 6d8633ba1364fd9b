/**
 * What the demo says: lines of the timeline, refusals, what it reads from the daemons' logs, and
 * the numbers of the RFC that it compares with.
 */
import assert from "node:assert/strict";
import { inMilliseconds, instant } from "../../../lib/base/mod.ts";
import { explainRefusal, type Limit } from "../../../lib/cli/demo/refusal.ts";
import { readLogLine } from "../../../lib/cli/demo/router.ts";
import { masterDownInterval, skewTime } from "../../../lib/cli/demo/setup.ts";
import { type Entry, renderEntry } from "../../../lib/cli/demo/timeline.ts";
import { test } from "../../support/test.ts";

const start = instant(5_000_000);

function render(entry: Omit<Entry, "at">, colours = false): string {
  return renderEntry({ at: instant(6_234_567), ...entry }, start, { colours, columns: 80 });
}

test("a line of the timeline says when, who and what", () => {
  assert.equal(render({ who: "left", text: "has it" }), " 1.235  left    has it");
  assert.equal(render({ who: "story", text: "1. A chapter" }), "\n1. A chapter");
});

test("a long line goes on below its words and fits 80 columns", () => {
  const lines = render({ who: "right", text: "word ".repeat(30).trim() }).split("\n");
  assert.equal(lines.length, 3);
  for (const line of lines) assert.ok(line.length <= 80, line);
  assert.match(lines[1] ?? "", /^ {16}word/);
});

test("colours are there only when they are wanted, and control characters never", () => {
  const entry = { who: "client", text: "no \x1b[31manswer", tone: "bad" } as const;
  assert.equal(render(entry), " 1.235  client  no ?[31manswer");
  assert.ok(render(entry, true).includes("\x1b[31mno ?[31manswer\x1b[0m"));
});

test("a transition is read from a daemon's log, anything else is its message", () => {
  const line = {
    time: "2026-01-01T00:00:00.500Z",
    level: "notice",
    message: "VI_1: BACKUP → MASTER, no advert for 1.71 s",
    event: "transition",
    to: "MASTER",
  };
  const { time, level, message, to } = line;
  const read = readLogLine(JSON.stringify(line));
  assert.deepEqual(read, { time: Date.parse(time), level, message, to });
  for (const text of ["", "{", "null", "[1]", "panic: out of memory"]) {
    assert.deepEqual(readLogLine(text), { level: "error", message: text });
  }
});

test("the intervals are those of RFC 9568 §6.1", () => {
  assert.equal(inMilliseconds(skewTime(100)), 304.687);
  assert.equal(inMilliseconds(masterDownInterval(100)), 1804.687);
  assert.equal(inMilliseconds(masterDownInterval(150)), 1707.031);
});

test("a refusal names what forbids user namespaces and what to type", () => {
  const said = "unshare: unshare failed: Operation not permitted";
  const cases: readonly (readonly [Limit[], RegExp])[] = [
    [[{ name: "kernel.unprivileged_userns_clone", value: 0 }], /sysctl .*userns_clone=1$/m],
    [
      [{ name: "kernel.apparmor_restrict_unprivileged_userns", value: 1 }],
      /sysctl kernel\.apparmor_restrict_unprivileged_userns=0$/m,
    ],
    [[{ name: "user.max_user_namespaces", value: 0 }], /sysctl user\.max_user_namespaces=15000$/m],
    [[{ name: "user.max_user_namespaces", value: 96_000 }], /docker run/],
    [[], /docker run/],
  ];
  for (const [limits, help] of cases) {
    const text = explainRefusal({ said, limits, program: "dist/standin" });
    assert.match(text, /^standin: Cannot make a network without root: /);
    assert.match(text, /sudo dist\/standin demo$/m);
    assert.match(text, help);
  }
});

test("a missing unshare is named", () => {
  const text = explainRefusal({ said: undefined, limits: [], program: "standin" });
  assert.match(text, /"unshare" is missing/);
  assert.match(text, /util-linux/);
});
