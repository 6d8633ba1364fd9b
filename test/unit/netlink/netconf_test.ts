/** Settings of interfaces as the kernel tells of them, with the octets of a real message. */
import assert from "node:assert/strict";
import { decodeForwarding, messageType, splitMessages } from "../../../lib/netlink/mod.ts";
import { hex } from "../../support/hex.ts";
import { test } from "../../support/test.ts";

/** `ip monitor netconf` after net.ipv6.conf.IF.forwarding was set to a value. */
function message(index: string, attribute = "0200", value = "01000000"): Uint8Array {
  return hex(`
    24000000 5000 0000 00000000 00000000
    0a000000
    0800 0100 ${index}
    0800 ${attribute} ${value}
  `);
}

function decoded(bytes: Uint8Array): unknown {
  const split = splitMessages(bytes);
  assert.ok(split.ok);
  const [first] = split.value;
  assert.equal(first?.type, messageType.newNetconf);
  return first && decodeForwarding(first);
}

test("the kernel tells that an interface forwards, or does not any more", () => {
  assert.deepEqual(decoded(message("02000000")), { ifIndex: 2, forwards: true });
  assert.deepEqual(decoded(message("03000000", "0200", "00000000")), {
    ifIndex: 3,
    forwards: false,
  });
});

test("what is about all interfaces, or about something else, is left out", () => {
  assert.equal(decoded(message("ffffffff")), undefined);
  assert.equal(decoded(message("feffffff")), undefined);
  assert.equal(decoded(message("02000000", "0300")), undefined);
});
