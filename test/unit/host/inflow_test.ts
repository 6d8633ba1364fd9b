/**
 * When a socket is read at a pace of its own, and when packets wake the daemon again; and that the
 * kernel tells how many packets nobody read in time.
 */
import assert from "node:assert/strict";
import { AF, int32, openLibc, SO, SOCK, Socket, socketAddress, SOL } from "../../../ffi/mod.ts";
import { after, ifIndex, instant, milliseconds, never } from "../../../lib/base/mod.ts";
import { Inflow } from "../../../lib/host/linux/inflow.ts";
import { ip } from "../../support/plan.ts";
import { test } from "../../support/test.ts";

/** Lets packets arrive steadily, millisecond by millisecond; answers when it changed its mind. */
function play(inflow: Inflow, from: number, until: number, perMillisecond: number): number[] {
  const changes: number[] = [];
  for (let ms = from; ms < until; ms++) {
    if (inflow.arrived(perMillisecond, instant(ms * 1000))) changes.push(ms);
  }
  return changes;
}

test("a socket rests while it is flooded, and is looked at every few milliseconds", () => {
  const inflow = new Inflow(instant(0));
  assert.deepEqual(play(inflow, 0, 1000, 9), []);
  assert.equal(inflow.nextLook, never);
  const [begun = 0, ...more] = play(inflow, 1000, 2000, 50);
  assert.ok(begun >= 1000 && begun <= 1040, `${begun}`);
  assert.deepEqual(more, []);
  assert.ok(inflow.rests);
  assert.equal(inflow.nextLook, after(instant(1_999_000), milliseconds(4)));
  // Between both limits everything stays as it is.
  assert.deepEqual(play(inflow, 2000, 3000, 7), []);
  assert.ok(inflow.rests);
  const [ended = 0, ...again] = play(inflow, 3000, 4000, 1);
  assert.ok(ended >= 3000 && ended <= 3040, `${ended}`);
  assert.deepEqual(again, []);
  assert.equal(inflow.nextLook, never);
});

test("the adverts of 250 routers that are due at once are no flood", () => {
  const inflow = new Inflow(instant(0));
  for (let beat = 0; beat < 100; beat++) {
    for (let batch = 0; batch < 8; batch++) {
      assert.ok(!inflow.arrived(32, instant(beat * 100_000 + batch * 200)));
    }
  }
});

test("the kernel tells how many packets did not fit into the buffer of a socket", async () => {
  const libc = await openLibc();
  const receiver = Socket.open(libc, AF.INET, SOCK.DGRAM, 0);
  const sender = Socket.open(libc, AF.INET, SOCK.DGRAM, 0);
  assert.ok(receiver.ok && sender.ok);
  using into = receiver.value;
  using from = sender.value;
  assert.ok(into.configure({ level: SOL.SOCKET, name: SO.RCVBUF, value: int32(0) }).ok);
  assert.ok(into.bind(socketAddress(ip("127.0.0.1"), ifIndex(0))).ok);
  const address = into.localAddress();
  assert.ok(address.ok);
  assert.equal(into.drops(), 0);
  for (let count = 0; count < 100; count++) from.sendTo(new Uint8Array(100), address.value);
  let read = 0;
  for (const buffer = new Uint8Array(200);; read++) {
    const received = into.receive(buffer);
    assert.ok(received.ok);
    if (received.value === undefined) break;
  }
  assert.ok(read > 0 && read < 100, `${read}`);
  assert.equal(into.drops(), 100 - read);
});
