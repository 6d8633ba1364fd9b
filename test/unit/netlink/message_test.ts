/** The frame of messages and of attributes: what is cut or wrong is said, never read past. */
import assert from "node:assert/strict";
import fc from "../../support/property.ts";
import { concatBytes } from "../../../lib/base/mod.ts";
import {
  AttributeReader,
  AttributeWriter,
  decodeAddress,
  decodeLink,
  encodeMessage,
  type NetlinkMessage,
  splitMessages,
} from "../../../lib/netlink/mod.ts";
import { hex } from "../../support/hex.ts";
import { test } from "../../support/test.ts";
import { dumpDone, leasedAddress4, macvlanLink, peerAddress4 } from "./vectors.ts";

test("splitMessages finds every message of a read", () => {
  const split = splitMessages(concatBytes(peerAddress4, leasedAddress4, dumpDone));
  assert.ok(split.ok);
  assert.deepEqual(split.value.map(({ type, flags, sequence }) => [type, flags, sequence]), [
    [20, 2, 12],
    [20, 2, 12],
    [3, 2, 12],
  ]);
  assert.deepEqual(split.value[2]?.payload, hex("00000000"));
});

test("splitMessages reports a tail that is cut, with the messages before it", () => {
  const whole = concatBytes(peerAddress4, dumpDone);
  for (let length = peerAddress4.length + 1; length < whole.length; length++) {
    const split = splitMessages(whole.subarray(0, length));
    assert.ok(!split.ok);
    assert.equal(split.error.kind, "truncated");
    assert.equal(split.error.messages.length, 1);
  }
});

test("splitMessages does not turn in circles over a length that is too small", () => {
  for (const length of [0, 1, 15]) {
    const split = splitMessages(hex(`0${length.toString(16)}000000 0300 0000 00000000 00000000`));
    assert.equal(split.ok ? "ok" : split.error.kind, "malformed");
  }
});

test("encodeMessage pads, and splitMessages reads it back", () => {
  const message = {
    type: 20,
    flags: 5,
    sequence: 0xfffffffe,
    portId: 7,
    payload: hex("0102030405"),
  };
  const bytes = encodeMessage(message);
  assert.equal(bytes.length, 24);
  const split = splitMessages(concatBytes(bytes, bytes));
  assert.ok(split.ok);
  assert.deepEqual(split.value, [message, message]);
});

test("AttributeWriter writes what linux/netlink.h describes", () => {
  const bytes = new AttributeWriter()
    .raw(hex("0a0b0c0d"))
    .u8(1, 0x11)
    .u16(2, 0x2233)
    .u32(3, 0x44556677)
    .text(4, "eth0")
    .nested(5, (nest) => {
      nest.bytes(6, hex("aabbcc"));
    })
    .finish();
  assert.deepEqual(
    bytes,
    hex(`
      0a0b0c0d
      0500 0100 11 000000
      0600 0200 3322 0000
      0800 0300 77665544
      0900 0400 6574683000 000000
      0c00 0580                    # NLA_F_NESTED
      0700 0600 aabbcc 00
    `),
  );
});

test("AttributeReader reads what AttributeWriter wrote, however much it is", () => {
  const entries = fc.array(fc.tuple(fc.integer({ min: 1, max: 0x3fff }), fc.uint8Array()), {
    maxLength: 60,
  });
  fc.assert(fc.property(entries, (entries) => {
    const writer = new AttributeWriter();
    writer.nested(9, (nest) => entries.forEach(([type, payload]) => nest.bytes(type, payload)));
    const inner = new AttributeReader(writer.finish()).nested(9);
    assert.ok(inner !== undefined && inner.error === undefined);
    for (const [type, payload] of new Map(entries)) {
      assert.deepEqual(inner.bytes(type), new Uint8Array(payload));
    }
  }));
});

test("AttributeWriter keeps numbers that stand where it had to grow", () => {
  for (const size of [8, 16, 32] as const) {
    const writer = new AttributeWriter();
    for (let type = 1; type < 200; type++) {
      if (size === 8) writer.u8(type, type);
      else if (size === 16) writer.u16(type, type);
      else writer.u32(type, type);
    }
    const reader = new AttributeReader(writer.finish());
    for (let type = 1; type < 200; type++) {
      const found = { 8: reader.u8(type), 16: reader.u16(type), 32: reader.u32(type) };
      assert.equal(found[size], type);
    }
  }
});

test("AttributeReader tells numbers, text and what is missing", () => {
  const reader = new AttributeReader(hex(`
    0500 0100 ff 000000
    0600 0200 feff 0000
    0800 4300 feffffff             # type 67
    0700 0480 616200 00            # NLA_F_NESTED is no part of the type
    0600 0540 6162                 # the last one may go without padding
  `));
  assert.deepEqual([reader.u8(1), reader.u16(2), reader.u32(67), reader.i32(67)], [
    0xff,
    0xfffe,
    0xfffffffe,
    -2,
  ]);
  assert.deepEqual([reader.text(4), reader.text(5), reader.u32(6), reader.bytes(6)], [
    "ab",
    "ab",
    undefined,
    undefined,
  ]);
  assert.equal(reader.error, undefined);
});

test("AttributeReader says when a number has too few octets", () => {
  const reader = new AttributeReader(hex("0500 0100 ff 000000"));
  assert.equal(reader.u32(1), undefined);
  assert.equal(reader.error?.kind, "malformed");
});

test("AttributeReader stops at what is cut or impossible and says so", () => {
  const rows = [
    ["050001", "truncated"],
    ["0500 0100", "truncated"],
    ["0300 0100", "malformed"],
    ["0000 0000", "malformed"],
    ["0500 0100 ff 000000 0900 0200 00", "truncated"],
  ] as const;
  for (const [text, kind] of rows) {
    assert.equal(new AttributeReader(hex(text)).error?.kind, kind, text);
  }
  const inner = new AttributeReader(hex("0800 1280 0900 0100"));
  assert.equal(inner.nested(18)?.u8(1), undefined);
  assert.equal(inner.error?.kind, "truncated", "what is wrong inside is wrong outside");
});

test("no octets make a decoder throw", () => {
  const noise = fc.uint8Array({ maxLength: 96 });
  fc.assert(fc.property(noise, fc.nat(1500), fc.nat(255), (bytes, at, value) => {
    splitMessages(bytes);
    decodeAddress(messageOf(bytes));
    decodeLink(messageOf(bytes));
    const link = macvlanLink.slice();
    link[at % link.length] = value;
    const split = splitMessages(link);
    if (split.ok) split.value.forEach(decodeLink);
  }));
});

function messageOf(payload: Uint8Array): NetlinkMessage {
  return { type: 16, flags: 0, sequence: 0, portId: 0, payload };
}
