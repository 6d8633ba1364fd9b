/**
 * Jumps of the clocks: what the host makes of them, and that the kernel's watch is quiet as long as
 * nobody sets a clock.
 */
import assert from "node:assert/strict";
import { ClockWatch, MonotonicClock, openLibc } from "../../../ffi/mod.ts";
import { ClockEvents } from "../../../lib/host/linux/clock_events.ts";
import { test } from "../../support/test.ts";

const second = 1_000_000;
const start = { boot: 5 * second, wall: 1_700_000_000 * second };

function woken(): ClockEvents {
  const clocks = new ClockEvents(start);
  assert.deepEqual(clocks.changed(start), [{ kind: "wall-clock", offset: start.wall }]);
  return clocks;
}

test("what is only how clocks are read is no event", () => {
  const clocks = woken();
  assert.deepEqual(clocks.changed({ boot: start.boot + 9999, wall: start.wall - 9999 }), []);
});

test("a wall clock that was set is told with the new offset, again and again", () => {
  const clocks = woken();
  for (const by of [-3600 * second, 7 * second, 7 * second + 20_000]) {
    const wall = start.wall + by;
    assert.deepEqual(clocks.changed({ ...start, wall }), [{ kind: "wall-clock", offset: wall }]);
  }
});

test("a machine that slept says so first, then the time of day", () => {
  const clocks = woken();
  const slept = { boot: start.boot + 10 * second, wall: start.wall + 10 * second };
  assert.deepEqual(clocks.changed(slept), [
    { kind: "slept", duration: 10 * second },
    { kind: "wall-clock", offset: slept.wall },
  ]);
  assert.deepEqual(clocks.changed(slept), []);
});

test("the kernel's watch agrees with the runtime's clock and says nothing by itself", async () => {
  const libc = await openLibc();
  using watch = new ClockWatch(libc);
  const { boot, wall } = watch.offsets();
  assert.ok(boot >= -1000, `${boot}`);
  const offset = Date.now() * 1000 - new MonotonicClock(libc).now();
  assert.ok(Math.abs(wall - offset) < second, `${wall} and ${offset}`);
  const poll = new Uint8Array(8);
  new DataView(poll.buffer).setInt32(0, watch.fd, true);
  new DataView(poll.buffer).setInt16(4, 1, true);
  assert.equal(libc.libc.poll(poll, 1, 0), 0);
  watch.acknowledge();
  assert.equal(libc.libc.poll(poll, 1, 0), 0);
});
