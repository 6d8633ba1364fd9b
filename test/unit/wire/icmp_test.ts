/** Echo messages of both families. */
import assert from "node:assert/strict";
import { decodeEcho, encodeEcho, verifyIcmpChecksum } from "../../../lib/wire/mod.ts";
import { hex } from "../../support/hex.ts";
import { test } from "../../support/test.ts";
import { ip } from "./vectors.ts";

const pair4 = { source: ip("10.9.0.2"), destination: ip("10.9.0.100") };
const pair6 = { source: ip("fe80::b"), destination: ip("fe80::7") };
const echo = { kind: "request", identifier: 0x1234, sequence: 7, data: hex("6162636465") } as const;

test("encodeEcho makes a request of RFC 792", () => {
  assert.deepEqual(
    encodeEcho(echo, pair4),
    hex(`
      08 00 bbfd     # request; 0800 + 1234 + 0007 + 6162 + 6364 + 6500 = 14401, ~4402
      1234 0007
      6162636465
    `),
  );
});

test("decodeEcho reads requests and replies of both families", () => {
  for (const addresses of [pair4, pair6]) {
    const family = addresses.source.family;
    for (const kind of ["request", "reply"] as const) {
      const bytes = encodeEcho({ ...echo, kind }, addresses);
      assert.ok(verifyIcmpChecksum(bytes, addresses));
      const decoded = decodeEcho(bytes, family);
      assert.ok(decoded.ok);
      assert.deepEqual(decoded.value, { ...echo, kind });
    }
  }
});

test("the ICMPv6 checksum covers the addresses", () => {
  const bytes = encodeEcho(echo, pair6);
  assert.ok(!verifyIcmpChecksum(bytes, { ...pair6, source: ip("fe80::c") }));
});

test("decodeEcho refuses truncations and other messages", () => {
  const bytes = encodeEcho(echo, pair4);
  for (let length = 0; length < 8; length++) {
    assert.ok(!decodeEcho(bytes.subarray(0, length), "ipv4").ok);
  }
  assert.ok(!decodeEcho(bytes, "ipv6").ok, "type 8 is no echo in ICMPv6");
  assert.ok(!decodeEcho(hex("03 01 0000 00000000"), "ipv4").ok, "host unreachable");
});
