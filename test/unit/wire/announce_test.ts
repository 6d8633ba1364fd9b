/** Announcements: gratuitous ARP and neighbor advertisements, octet for octet as keepalived's. */
import assert from "node:assert/strict";
import { broadcastMac, formatMac } from "../../../lib/base/mod.ts";
import {
  arpOperation,
  decodeArp,
  decodeEthernet,
  decodeNeighborAdvertisement,
  encodeArp,
  encodeEthernet,
  encodeGratuitousArp,
  encodeNeighborAdvertisement,
  encodeUnsolicitedNeighborAdvertisement,
  etherType,
  multicastMac,
  verifyIcmpChecksum,
  vrrpMulticast4,
  vrrpMulticast6,
} from "../../../lib/wire/mod.ts";
import { hex } from "../../support/hex.ts";
import { test } from "../../support/test.ts";
import { gratuitousArp, ip, mac, neighborAdvertisement, senderMac } from "./vectors.ts";

const vip4 = ip("10.9.0.102");
const vip6 = ip("2001:db8:9::100");
const allNodes = ip("ff02::1");

test("encodeGratuitousArp makes the frame that keepalived sent", () => {
  assert.deepEqual(encodeGratuitousArp(senderMac, vip4), gratuitousArp);
});

test("encodeUnsolicitedNeighborAdvertisement makes the frame that keepalived sent", () => {
  const frame = encodeUnsolicitedNeighborAdvertisement(senderMac, vip6, false);
  assert.deepEqual(frame, neighborAdvertisement);
});

test("a router says so in its neighbor advertisement", () => {
  const frame = encodeUnsolicitedNeighborAdvertisement(senderMac, vip6, true);
  const message = frame.subarray(54);
  const decoded = decodeNeighborAdvertisement(message);
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value, {
    router: true,
    solicited: false,
    override: true,
    target: vip6,
    targetMac: senderMac,
  });
  assert.ok(verifyIcmpChecksum(message, { source: vip6, destination: allNodes }));
});

test("decodeArp reads what encodeArp wrote, behind which padding may follow", () => {
  const packet = {
    operation: arpOperation.reply,
    senderMac,
    senderAddress: vip4,
    targetMac: mac("02:00:00:00:00:0b"),
    targetAddress: ip("10.9.0.2"),
  };
  const padded = new Uint8Array(46);
  padded.set(encodeArp(packet));
  const decoded = decodeArp(padded);
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value, packet);
});

test("decodeArp refuses truncations and other kinds of addresses", () => {
  const packet = gratuitousArp.subarray(14);
  for (let length = 0; length < packet.length; length++) {
    assert.ok(!decodeArp(packet.subarray(0, length)).ok);
  }
  for (let at = 0; at < 6; at++) {
    const changed = packet.slice();
    changed[at] = (packet[at] ?? 0) ^ 1;
    assert.equal(decodeArp(changed).ok, false, `octet ${at}`);
  }
});

test("decodeNeighborAdvertisement reads options it does not know and one without any", () => {
  const start = "88 00 0000 e0000000 20010db8000900000000000000000100";
  const plain = decodeNeighborAdvertisement(hex(start));
  assert.ok(plain.ok);
  assert.deepEqual(plain.value, { router: true, solicited: true, override: true, target: vip6 });
  const nonce = "0e 01 010203040506";
  const decoded = decodeNeighborAdvertisement(hex(`${start} ${nonce} 02 01 02000000000a`));
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value.targetMac, senderMac);
});

test("decodeNeighborAdvertisement refuses truncations, length 0 and other messages", () => {
  const message = neighborAdvertisement.subarray(54);
  for (let length = 0; length < message.length; length++) {
    // Without the option it is whole again.
    assert.equal(decodeNeighborAdvertisement(message.subarray(0, length)).ok, length === 24);
  }
  const endless = message.slice();
  endless[25] = 0;
  assert.ok(!decodeNeighborAdvertisement(endless).ok);
  const solicitation = message.slice();
  solicitation[0] = 135;
  assert.ok(!decodeNeighborAdvertisement(solicitation).ok);
});

test("encodeNeighborAdvertisement can leave the option out", () => {
  const advertisement = { router: false, solicited: true, override: false, target: vip6 };
  const message = encodeNeighborAdvertisement(advertisement, { source: vip6, destination: vip6 });
  assert.equal(message.length, 24);
  const decoded = decodeNeighborAdvertisement(message);
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value, advertisement);
});

test("multicastMac maps groups of both families", () => {
  assert.equal(formatMac(multicastMac(vrrpMulticast4)), "01:00:5e:00:00:12");
  assert.equal(formatMac(multicastMac(ip("239.255.1.2"))), "01:00:5e:7f:01:02");
  assert.equal(formatMac(multicastMac(vrrpMulticast6)), "33:33:00:00:00:12");
  assert.equal(formatMac(multicastMac(ip("ff02::1:ff00:100"))), "33:33:ff:00:01:00");
  assert.throws(() => multicastMac(ip("10.0.0.1")));
});

test("decodeEthernet reads what encodeEthernet wrote", () => {
  const header = { destination: broadcastMac, source: senderMac, etherType: etherType.arp };
  const decoded = decodeEthernet(encodeEthernet(header, hex("0102")));
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value, { header, payload: hex("0102") });
  assert.ok(!decodeEthernet(new Uint8Array(13)).ok);
});
