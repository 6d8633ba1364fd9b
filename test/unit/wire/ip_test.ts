/** IP headers: those that keepalived and the kernel wrote, and what is wrong with bad ones. */
import assert from "node:assert/strict";
import {
  decodeIpv4,
  decodeIpv6,
  encodeIpv4,
  encodeIpv6,
  ipProtocol,
  verifyIpv4Checksum,
  vrrpMulticast4,
  vrrpMulticast6,
} from "../../../lib/wire/mod.ts";
import { hex } from "../../support/hex.ts";
import { test } from "../../support/test.ts";
import { advertV2, advertV3Release, advertV6, ip } from "./vectors.ts";

const packet4 = advertV3Release.subarray(14);
const fields4 = {
  source: ip("10.9.0.1"),
  destination: vrrpMulticast4,
  protocol: ipProtocol.vrrp,
  ttl: 255,
  identification: 16,
  tos: 0xc0,
};

test("decodeIpv4 reads the header that keepalived wrote", () => {
  const decoded = decodeIpv4(packet4);
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value.header, { ...fields4, totalLength: 32, headerLength: 20 });
  assert.deepEqual(decoded.value.payload, packet4.subarray(20));
  assert.ok(verifyIpv4Checksum(packet4));
});

test("encodeIpv4 makes the octets that keepalived sent", () => {
  assert.deepEqual(encodeIpv4(fields4, packet4.subarray(20)), packet4);
});

test("decodeIpv4 leaves link padding out of the payload", () => {
  const padded = new Uint8Array(46);
  padded.set(packet4);
  const decoded = decodeIpv4(padded);
  assert.ok(decoded.ok);
  assert.equal(decoded.value.payload.length, 12);
});

test("decodeIpv4 steps over options", () => {
  const decoded = decodeIpv4(hex(`
    46 00 0019 0000 0000 40 70 0000  # header of 24 octets, 25 in all
    0a000001 0a000002
    94040000                         # router alert
    aa
  `));
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value.payload, hex("aa"));
});

test("decodeIpv4 refuses every truncation", () => {
  for (let length = 0; length < packet4.length; length++) {
    const decoded = decodeIpv4(packet4.subarray(0, length));
    assert.equal(decoded.ok ? "ok" : decoded.error.kind, "truncated", String(length));
  }
});

test("decodeIpv4 refuses what is no whole IPv4 datagram", () => {
  const rows = [
    ["another version", 0, 0x65],
    ["a header of 16 octets", 0, 0x44],
    ["a total length within the header", 3, 19],
    ["a first fragment", 6, 0x20],
    ["a later fragment", 7, 0x01],
  ] as const;
  for (const [name, at, value] of rows) {
    const changed = packet4.slice();
    changed[at] = value;
    const decoded = decodeIpv4(changed);
    assert.equal(decoded.ok ? "ok" : decoded.error.kind, "malformed", name);
  }
  const dontFragment = packet4.slice();
  dontFragment[6] = 0x40;
  assert.ok(decodeIpv4(dontFragment).ok, "DF is no fragment");
});

test("verifyIpv4Checksum notices every change of a single octet of the header", () => {
  const packet = advertV2.subarray(14);
  for (let at = 1; at < 20; at++) {
    const changed = packet.slice();
    changed[at] = (packet[at] ?? 0) ^ 0x55;
    assert.ok(!verifyIpv4Checksum(changed), `octet ${at}`);
  }
});

test("decodeIpv6 and encodeIpv6 agree with the header that the kernel wrote", () => {
  const packet = advertV6.subarray(14);
  const decoded = decodeIpv6(packet);
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value.header, {
    source: ip("fe80::ff:fe00:a"),
    destination: vrrpMulticast6,
    protocol: ipProtocol.vrrp,
    hopLimit: 255,
    trafficClass: 0xc0,
  });
  const withoutFlowLabel = packet.slice();
  withoutFlowLabel.set([0x6c, 0, 0, 0]);
  assert.deepEqual(encodeIpv6(decoded.value.header, decoded.value.payload), withoutFlowLabel);
  for (let length = 0; length < packet.length; length++) {
    assert.ok(!decodeIpv6(packet.subarray(0, length)).ok);
  }
});
