/** The words everyone uses, held against the RFCs that define them. */
import assert from "node:assert/strict";
import {
  clampPriority,
  compareIp,
  decodePlain,
  encodePlain,
  formatDuration,
  formatIp,
  formatPrefix,
  internetChecksum,
  type IpAddress,
  parseIp,
  parseMac,
  parsePrefix,
  seconds,
} from "../../lib/base/mod.ts";
import { hex } from "../support/hex.ts";
import { test } from "../support/test.ts";

function ip(text: string): IpAddress {
  const address = parseIp(text);
  assert.ok(address !== undefined, text);
  return address;
}

test("parseIp reads and formatIp writes the canonical text of RFC 5952", () => {
  for (
    const [given, canonical] of [
      ["10.0.0.1", "10.0.0.1"],
      ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
      ["::", "::"],
      ["::1", "::1"],
      ["fe80::", "fe80::"],
      ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
      ["::ffff:192.0.2.1", "::ffff:c000:201"],
    ] as const
  ) assert.equal(formatIp(ip(given)), canonical);
});

test("parseIp refuses what is no address", () => {
  for (
    const text of ["", "10.0.0", "10.0.0.256", "10.0.0.01", "10.0.0.1.2", "1:2", ":::", "1::2::3"]
      .concat(["fe80::g", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "10.0.0.1 "])
  ) assert.equal(parseIp(text), undefined, text);
});

test("parsePrefix takes the host length when none is written", () => {
  const host = parsePrefix("10.0.0.1");
  assert.equal(host && formatPrefix(host), "10.0.0.1/32");
  assert.equal(parsePrefix("10.0.0.1/33"), undefined);
  assert.equal(parsePrefix("2001:db8::1/64")?.prefixLength, 64);
});

test("compareIp orders addresses as unsigned numbers", () => {
  assert.ok(compareIp(ip("10.0.0.200"), ip("10.0.0.100")) > 0);
  assert.ok(compareIp(ip("9.255.255.255"), ip("10.0.0.0")) < 0);
  assert.equal(compareIp(ip("fe80::1"), ip("fe80::1")), 0);
});

test("internetChecksum agrees with the example of RFC 1071 §3", () => {
  assert.equal(internetChecksum(hex("0001 f203 f4f5 f6f7")), ~0xddf2 & 0xffff);
});

test("plain data comes out of its text as it went in, octets and never among it", () => {
  const value = {
    octets: Uint8Array.of(0, 9, 254),
    none: new Uint8Array(),
    list: [1, "two\n", null, true, [], { never: Infinity }],
    'a key, quoted "': -1.5,
  };
  assert.deepEqual(decodePlain(encodePlain({ ...value, absent: undefined })), value);
});

test("clampPriority keeps a router that is not the owner between 1 and 254", () => {
  assert.deepEqual([-5, 0, 100, 255, 900].map(clampPriority), [1, 1, 100, 254, 254]);
});

test("formatDuration chooses the unit that a person reads", () => {
  assert.equal(formatDuration(seconds(3.609375)), "3.61 s");
  assert.equal(formatDuration(seconds(0.04)), "40 ms");
});

test("parseMac reads colons and dashes and nothing shorter", () => {
  assert.deepEqual(parseMac("00-00-5E-00-01-33"), parseMac("00:00:5e:00:01:33"));
  assert.equal(parseMac("00:00:5e:00:01"), undefined);
});
