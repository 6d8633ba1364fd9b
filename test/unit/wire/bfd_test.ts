/**
 * BFD Control packets: fixed vectors written down by hand from RFC 5880 §4.1, every length, every
 * value of every octet, and what a receiver must not take.
 */
import assert from "node:assert/strict";
import { microseconds } from "../../../lib/base/mod.ts";
import {
  type BfdFields,
  bfdLength,
  bfdStates,
  decodeBfd,
  encodeBfd,
} from "../../../lib/wire/mod.ts";
import { hex } from "../../support/hex.ts";
import { test } from "../../support/test.ts";

/** Up with a Poll, by RFC 5880 §4.1: diagnostic 3, multiplier 5, 100 ms and 50 ms. */
const up = hex(`
  23 e0 05 18            # version 1, neighbour signalled down; Up and Poll; multiplier 5; 24
  01020304 a0b0c0d0      # My and Your Discriminator
  000186a0 0000c350      # 100000 µs, 50000 µs
  00000000               # no echo
`);

const fields: BfdFields = {
  diagnostic: 3,
  state: "Up",
  poll: true,
  final: false,
  detectMultiplier: 5,
  myDiscriminator: 0x01020304,
  yourDiscriminator: 0xa0b0c0d0,
  desiredMinTx: microseconds(100_000),
  requiredMinRx: microseconds(50_000),
};

function changed(at: number, value: number): Uint8Array {
  const bytes = up.slice();
  bytes[at] = value;
  return bytes;
}

test("bfd: a packet is encoded as the RFC draws it, and decoded", () => {
  assert.deepEqual(encodeBfd(fields), up);
  const decoded = decodeBfd(up);
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value, { ...fields, demand: false, authenticated: false });
});

test("bfd: the first packet of a session", () => {
  const first = hex("20 40 03 18 00000001 00000000 000f4240 00002710 00000000");
  const bytes = encodeBfd({
    ...fields,
    diagnostic: 0,
    state: "Down",
    poll: false,
    detectMultiplier: 3,
    myDiscriminator: 1,
    yourDiscriminator: 0,
    desiredMinTx: microseconds(1_000_000),
    requiredMinRx: microseconds(10_000),
  });
  assert.deepEqual(bytes, first);
});

test("bfd: the bits of each state and flag", () => {
  for (const [value, state] of bfdStates.entries()) {
    assert.equal(encodeBfd({ ...fields, state })[1], value << 6 | 0x20);
    assert.equal(encodeBfd({ ...fields, state, poll: false, final: true })[1], value << 6 | 0x10);
  }
  const demand = decodeBfd(changed(1, 0xe2));
  assert.ok(demand.ok && demand.value.demand);
  const independent = decodeBfd(changed(1, 0xe8));
  assert.ok(independent.ok && !independent.value.demand && !independent.value.authenticated);
});

test("bfd: every truncation is refused, octets after the packet do not matter", () => {
  for (let length = 0; length < bfdLength; length++) {
    assert.equal(decodeBfd(up.subarray(0, length)).ok, false, `${length} octets`);
  }
  const longer = new Uint8Array(40);
  longer.set(up);
  assert.deepEqual(decodeBfd(longer), decodeBfd(up));
});

/** What RFC 5880 §6.8.6 says of each value of each octet of `up`. */
function isRight(at: number, value: number): boolean {
  if (at === 0) return value >> 5 === 1;
  // Multipoint must be zero; authentication needs a section, for which there is no room.
  if (at === 1) return (value & 0x05) === 0;
  if (at === 2) return value !== 0;
  return at === 3 ? value === bfdLength : true;
}

test("bfd: every value of every octet is taken or refused as the RFC says, and comes back", () => {
  for (let at = 0; at < bfdLength; at++) {
    for (let value = 0; value < 256; value++) {
      const bytes = changed(at, value);
      const decoded = decodeBfd(bytes);
      assert.equal(decoded.ok, isRight(at, value), `octet ${at} is ${value}`);
      if (!decoded.ok || decoded.value.poll && decoded.value.final) continue;
      const again = encodeBfd(decoded.value);
      // What standin never asks for is not sent: echo, demand, independence of the control plane.
      const plain = bytes.slice();
      plain.set([0, 0, 0, 0], 20);
      plain[1] = (plain[1] ?? 0) & ~0x0a;
      assert.deepEqual(again, plain, `octet ${at} is ${value}`);
    }
  }
});

test("bfd: discriminators of zero", () => {
  const mine = up.slice();
  mine.set([0, 0, 0, 0], 4);
  assert.equal(decodeBfd(mine).ok, false);
  for (const [value, state] of bfdStates.entries()) {
    const yours = changed(1, value << 6);
    yours.set([0, 0, 0, 0], 8);
    assert.equal(decodeBfd(yours).ok, state === "Down" || state === "AdminDown", state);
  }
});

test("bfd: a packet with authentication is known as such, and needs room for its section", () => {
  const signed = new Uint8Array(27);
  signed.set(changed(1, 0xc4));
  for (const [length, right] of [[24, false], [25, false], [26, true], [27, true], [28, false]]) {
    signed[3] = Number(length);
    const decoded = decodeBfd(signed);
    assert.equal(decoded.ok, right, `length ${length}`);
    if (decoded.ok) assert.equal(decoded.value.authenticated, true);
  }
});
