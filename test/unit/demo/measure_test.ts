/**
 * From pings to outages. Goal: what the demo claims is what the client noticed, never less. Method:
 * lists of pings in milliseconds, written down by hand.
 */
import assert from "node:assert/strict";
import { inMilliseconds, type Instant, instant, milliseconds } from "../../../lib/base/mod.ts";
import { measureOutage, renderMeasured } from "../../../lib/cli/demo/measure.ts";
import type { Ping } from "../../../lib/host/linux/mod.ts";
import { test } from "../../support/test.ts";

const patience = milliseconds(100);

function at(ms: number): Instant {
  return instant(milliseconds(ms));
}

/** Pings sent every 10 ms from 0 to `end`, answered 1 ms later where `isAnswered` says so. */
function pingsUntil(end: number, isAnswered: (sentAtMs: number) => boolean): Ping[] {
  return Array.from({ length: end / 10 + 1 }, (_, index) => {
    const sentAt = at(index * 10);
    return isAnswered(index * 10) ? { sentAt, answeredAt: at(index * 10 + 1) } : { sentAt };
  });
}

function measure(pings: readonly Ping[], fromMs: number, toMs: number): unknown {
  const span = { from: at(fromMs), to: at(toMs) };
  const { sent, lost, lasted, over } = measureOutage(pings, span, patience);
  return { sent, lost, lastedMs: inMilliseconds(lasted), over };
}

test("without a lost ping there is no outage", () => {
  const pings = pingsUntil(1000, () => true);
  assert.deepEqual(measure(pings, 500, 900), { sent: 41, lost: 0, lastedMs: 0, over: true });
});

test("an outage lasts from the last answer before it to the first answer after it", () => {
  const pings = pingsUntil(1000, (ms) => ms <= 500 || ms >= 800);
  assert.deepEqual(measure(pings, 400, 900), { sent: 51, lost: 29, lastedMs: 300, over: true });
});

test("an outage that began with the span is measured from the answer before the span", () => {
  const pings = pingsUntil(1000, (ms) => ms < 500 || ms >= 700);
  assert.deepEqual(measure(pings, 495, 900), { sent: 41, lost: 20, lastedMs: 210, over: true });
});

test("of two outages the longer one counts, and all lost pings do", () => {
  const pings = pingsUntil(1000, (ms) => ms !== 300 && (ms <= 500 || ms >= 700));
  assert.deepEqual(measure(pings, 200, 900), { sent: 71, lost: 20, lastedMs: 200, over: true });
});

test("an outage that does not end lasts to the end of the span", () => {
  const pings = pingsUntil(1000, (ms) => ms <= 500);
  assert.deepEqual(measure(pings, 400, 900), { sent: 51, lost: 40, lastedMs: 399, over: false });
});

test("an answer that comes too late is none", () => {
  const late = { sentAt: at(300), answeredAt: at(450) };
  const pings = pingsUntil(1000, () => true).map((ping) => ping.sentAt === at(300) ? late : ping);
  assert.deepEqual(measure(pings, 200, 900), { sent: 71, lost: 1, lastedMs: 20, over: true });
});

test("pings that were sent apart are no outage while all are answered", () => {
  const pings = pingsUntil(1000, () => true).filter(({ sentAt }) =>
    sentAt < at(400) || sentAt > at(470)
  );
  assert.deepEqual(measure(pings, 200, 900), { sent: 63, lost: 0, lastedMs: 0, over: true });
});

test("no pings are no outage", () => {
  assert.deepEqual(measure([], 200, 900), { sent: 0, lost: 0, lastedMs: 0, over: true });
});

test("measured times are shown in whole milliseconds", () => {
  const shown = [0, 0.4, 304.687, 1779].map((ms) => renderMeasured(milliseconds(ms)));
  assert.deepEqual(shown, ["none", "0 ms", "305 ms", "1779 ms"]);
});
