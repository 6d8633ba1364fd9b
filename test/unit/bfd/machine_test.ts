/**
 * One BFD session without a network: the whole state table of RFC 5880 §6.8.6, what is discarded,
 * demand and silence that the neighbour asks for, jitter.
 */
import assert from "node:assert/strict";
import { instant, microseconds, milliseconds, Random, seconds } from "../../../lib/base/mod.ts";
import {
  anyHops,
  type BfdOutput,
  type BfdPlan,
  newSession,
  openSession,
  passDeadlines,
  receivePacket,
  type Session,
  sessionDeadline,
  transmitInterval,
} from "../../../lib/bfd/mod.ts";
import { jittered } from "../../../lib/bfd/timing.ts";
import { nextState } from "../../../lib/bfd/transition.ts";
import { type BfdPacket, type BfdState, bfdStates } from "../../../lib/wire/mod.ts";
import { ip } from "../../support/plan.ts";
import { test } from "../../support/test.ts";

const plan: BfdPlan = {
  name: "peer",
  neighbor: ip("10.0.0.2"),
  minRx: milliseconds(50),
  minTx: milliseconds(20),
  idleTx: seconds(1),
  multiplier: 3,
  passive: false,
  ttl: 255,
  maxHops: 0,
  multihop: false,
};

const start = instant(1_000_000);

function packet(change: Partial<BfdPacket> = {}): BfdPacket {
  return {
    diagnostic: 0,
    state: "Down",
    poll: false,
    final: false,
    detectMultiplier: 4,
    myDiscriminator: 77,
    yourDiscriminator: 0,
    desiredMinTx: milliseconds(30),
    requiredMinRx: milliseconds(40),
    demand: false,
    authenticated: false,
    ...change,
  };
}

/** A session that was brought into a state by its neighbour. */
function sessionIn(state: BfdState, change: Partial<BfdPlan> = {}): Session {
  const session = newSession({ ...plan, ...change }, start, () => false);
  if (state === "AdminDown") return session;
  openSession(session, 1, start, []);
  const words: readonly BfdState[] = state === "Up"
    ? ["Down", "Up"]
    : state === "Init"
    ? ["Down"]
    : [];
  for (const said of words) hear(session, { state: said });
  assert.equal(session.state, state);
  return session;
}

function hear(session: Session, change: Partial<BfdPacket>, ttl = 255): BfdOutput[] {
  const out: BfdOutput[] = [];
  receivePacket(session, packet(change), ttl, start, out);
  return out;
}

/** Rows: the local state; columns: the received one. RFC 5880 §6.8.6, written down by hand. */
const table: Readonly<Record<BfdState, Readonly<Record<BfdState, BfdState>>>> = {
  AdminDown: { AdminDown: "AdminDown", Down: "AdminDown", Init: "AdminDown", Up: "AdminDown" },
  Down: { AdminDown: "Down", Down: "Init", Init: "Up", Up: "Down" },
  Init: { AdminDown: "Down", Down: "Init", Init: "Up", Up: "Up" },
  Up: { AdminDown: "Down", Down: "Down", Init: "Up", Up: "Up" },
};

for (const local of bfdStates) {
  test(`bfd: what a session that is ${local} makes of each state of its neighbour`, () => {
    for (const received of bfdStates) {
      assert.equal(nextState(local, received), table[local][received]);
      const session = sessionIn(local);
      hear(session, { state: received });
      assert.equal(session.state, table[local][received], `${local}, received ${received}`);
    }
  });
}

test("bfd: packets with authentication and packets from too far away are discarded", () => {
  const signed = sessionIn("Down");
  hear(signed, { authenticated: true });
  assert.deepEqual([signed.state, signed.counters.dropped], ["Down", 1]);
  for (
    const [ttl, maxHops, received, taken] of [
      [255, 0, 255, true],
      [255, 0, 254, false],
      [255, 1, 254, true],
      [255, 1, 253, false],
      [64, 0, 64, true],
      [64, 0, 255, true],
      [64, 0, 63, false],
      [255, anyHops, 1, true],
      [64, 100, 1, true],
    ] as const
  ) {
    const session = sessionIn("Down", { ttl, maxHops });
    hear(session, {}, received);
    const what = `ttl ${ttl}, max_hops ${maxHops}, received ${received}`;
    assert.equal(session.state, taken ? "Init" : "Down", what);
  }
});

test("bfd: a neighbour in demand mode gets no periodic packets while both are up", () => {
  const session = sessionIn("Up");
  hear(session, { state: "Up", final: true, demand: true });
  assert.equal(transmitInterval(session), Infinity);
  const out = hear(session, { state: "Up", poll: true, demand: true });
  const [answer] = out;
  assert.ok(answer?.kind === "send" && answer.packet.final && !answer.packet.poll);
  hear(session, { state: "Down", demand: true });
  assert.ok(Number.isFinite(transmitInterval(session)), "no more when it is down");
});

test("bfd: a neighbour that can receive nothing is sent nothing", () => {
  const session = sessionIn("Up");
  hear(session, { state: "Up", final: true, requiredMinRx: microseconds(0) });
  assert.equal(transmitInterval(session), Infinity);
});

test("bfd: Poll is answered by Final at once, and asked until Final comes", () => {
  const session = sessionIn("Up");
  hear(session, { state: "Up" });
  assert.equal(session.polling, true, "the real interval is told");
  const [answer] = hear(session, { state: "Up", poll: true });
  assert.ok(answer?.kind === "send" && answer.packet.final && !answer.packet.poll);
  hear(session, { state: "Up", final: true });
  assert.equal(session.polling, false);
  assert.equal(transmitInterval(session), milliseconds(40));
});

test("bfd: silence ends the session after the neighbour's multiplier, not before", () => {
  const session = sessionIn("Up");
  hear(session, { state: "Up", final: true });
  // Four times the larger of its 30 ms and our 50 ms.
  const end = start + 200_000;
  while (sessionDeadline(session) < end) {
    passDeadlines(session, sessionDeadline(session), false, []);
  }
  assert.equal(session.state, "Up");
  assert.equal(session.detectAt, end);
  passDeadlines(session, instant(end), true, []);
  assert.equal(session.state, "Up", "unread mail is read first");
  passDeadlines(session, instant(end), false, []);
  assert.equal(session.state, "Down");
});

test("bfd: jitter takes 0 to 25 %, with a multiplier of 1 at least 10 %", () => {
  const random = new Random(5);
  for (const [multiplier, least, most] of [[3, 750, 1000], [1, 750, 900]] as const) {
    const drawn = Array.from({ length: 5000 }, () => {
      return jittered(microseconds(1000), multiplier, random);
    });
    const [low, high] = [Math.min(...drawn), Math.max(...drawn)];
    assert.ok(low >= least && low < least + 5, `${low}`);
    assert.ok(high <= most && high > most - 5, `${high}`);
  }
});
