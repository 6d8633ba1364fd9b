/** How the kernel ends a request: its number, its words, and where in the request it stumbled. */
import assert from "node:assert/strict";
import { concatBytes } from "../../../lib/base/mod.ts";
import {
  type Ack,
  controlType,
  decodeAck,
  decodeDone,
  messageFlag,
  splitMessages,
} from "../../../lib/netlink/mod.ts";
import { hex } from "../../support/hex.ts";
import { test } from "../../support/test.ts";
import { cappedAck, dumpDone, existsAck, plainAck } from "./vectors.ts";

function ackOf(bytes: Uint8Array): Ack {
  const split = splitMessages(bytes);
  assert.ok(split.ok);
  const [message] = split.value;
  assert.ok(message !== undefined);
  assert.equal(message.type, controlType.error);
  return decodeAck(message.payload, message.flags);
}

test("decodeAck reads success, failure with words and failure without", () => {
  assert.deepEqual(ackOf(cappedAck), { errno: 0 });
  assert.deepEqual(ackOf(existsAck), { errno: 17, message: "ipv4: Address already assigned" });
  assert.deepEqual(ackOf(plainAck), { errno: 19 });
});

const offset = hex("0800 0200 24000000");
const words = hex("0700 0100 6e6f00 00");

test("decodeAck reads attributes behind a request that is not repeated", () => {
  const header = hex("4c000000 1400 0506 07000000 00000000");
  const payload = concatBytes(hex("eaffffff"), header, words, offset);
  const flags = messageFlag.capped | messageFlag.ackAttributes;
  assert.deepEqual(decodeAck(payload, flags), { errno: 22, message: "no", offset: 0x24 });
  assert.deepEqual(decodeAck(payload, messageFlag.capped), { errno: 22 });
});

test("decodeAck keeps the number when the request claims to be longer than the answer", () => {
  const header = hex("ffffffff 1400 0506 07000000 00000000");
  const payload = concatBytes(hex("eaffffff"), header, words);
  assert.deepEqual(decodeAck(payload, messageFlag.ackAttributes), { errno: 22 });
});

test("an acknowledgement that is cut short is never success", () => {
  for (let length = 0; length < 20; length++) {
    assert.equal(decodeAck(new Uint8Array(length), 0).errno, 74);
  }
});

test("decodeDone reads the end of a dump", () => {
  assert.deepEqual(decodeDone(dumpDone.subarray(16), 2), { errno: 0 });
  assert.deepEqual(decodeDone(new Uint8Array(), 2), { errno: 0 });
  assert.deepEqual(decodeDone(hex("0000"), 2).errno, 74);
  const refused = concatBytes(hex("eaffffff"), words);
  assert.deepEqual(decodeDone(refused, messageFlag.ackAttributes), { errno: 22, message: "no" });
});
