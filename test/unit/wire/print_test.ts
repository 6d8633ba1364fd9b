/** One line for each packet: what a person reads in logs and in the transcript. */
import assert from "node:assert/strict";
import { centiseconds } from "../../../lib/base/mod.ts";
import {
  encodeAdvert,
  encodeArp,
  encodeEcho,
  encodeEthernet,
  encodeIpv4,
  etherType,
  ipProtocol,
  printFrame,
  printIpPacket,
  vrrpMulticast4,
} from "../../../lib/wire/mod.ts";
import { hex } from "../../support/hex.ts";
import { test } from "../../support/test.ts";
import {
  advertV2Password,
  advertV3,
  advertV3Release,
  advertV6,
  gratuitousArp,
  ip,
  mac,
  neighborAdvertisement,
  senderMac,
} from "./vectors.ts";

test("printFrame prints what keepalived sent", () => {
  const sender = "02:00:00:00:00:0a";
  const rows = [
    [
      advertV2Password,
      `${sender} > 01:00:5e:00:00:12 10.9.0.1 > 224.0.0.18: VRRPv2 advert vrid 5 prio 200 ` +
      "auth 1 interval 1s addresses 10.9.0.100,10.9.0.101",
    ],
    [
      advertV3Release,
      `${sender} > 01:00:5e:00:00:12 10.9.0.1 > 224.0.0.18: VRRPv3 advert vrid 6 prio 0 ` +
      "interval 0.5s addresses 10.9.0.102",
    ],
    [
      advertV6,
      `${sender} > 33:33:00:00:00:12 fe80::ff:fe00:a > ff02::12: VRRPv3 advert vrid 7 prio 250 ` +
      "interval 0.25s addresses fe80::7,2001:db8:9::100",
    ],
    [
      gratuitousArp,
      `${sender} > ff:ff:ff:ff:ff:ff ARP announce 10.9.0.102 is at ${sender}`,
    ],
    [
      neighborAdvertisement,
      `${sender} > 33:33:00:00:00:01 2001:db8:9::100 > ff02::1: ICMPv6 neighbor advertisement ` +
      `2001:db8:9::100 is at ${sender} flags override`,
    ],
  ] as const;
  for (const [frame, line] of rows) assert.equal(printFrame(frame), line);
});

test("printFrame prints ARP requests and replies", () => {
  const packet = {
    senderMac,
    senderAddress: ip("10.9.0.1"),
    targetMac: mac("00:00:00:00:00:00"),
    targetAddress: ip("10.9.0.2"),
  };
  const header = { destination: senderMac, source: senderMac, etherType: etherType.arp };
  function line(operation: number): string {
    return printFrame(encodeEthernet(header, encodeArp({ ...packet, operation }))).slice(38);
  }
  assert.equal(line(1), "ARP who has 10.9.0.2 tell 10.9.0.1");
  assert.equal(line(2), "ARP reply 10.9.0.1 is at 02:00:00:00:00:0a");
  assert.equal(line(3), "ARP operation 3");
});

test("printIpPacket says what is wrong at the end of the line", () => {
  const good = advertV3.subarray(14);
  function line(at: number, value: number): string {
    const changed = good.slice();
    changed[at] = value;
    return printIpPacket(changed);
  }
  assert.match(line(10, 0), / \[bad IP checksum\]$/);
  assert.match(line(22, 1), / prio 1 .* \[bad checksum\]$/);
  assert.match(line(8, 254), / ttl 254 \[bad IP checksum\]$/);
  assert.match(line(23, 2), /: VRRP \[VRRP advert is cut short: expected 16 octets, got 12\]$/);
  assert.match(line(0, 0x50), /^\[IP version is 5, not 4\]$/);
  assert.match(printIpPacket(new Uint8Array()), /^\[IPv4 header is cut short/);
});

test("printIpPacket tells the two customs of version 3 checksums apart", () => {
  const addresses = { source: ip("10.9.0.1"), destination: vrrpMulticast4 };
  const pdu = encodeAdvert({
    version: 3,
    family: "ipv4",
    vrid: 1,
    priority: 1,
    advertInterval: centiseconds(100),
    addresses: [],
  }, { ...addresses, checksumAsV2: true });
  const header = { ...addresses, protocol: 112, ttl: 255, identification: 1, tos: 0 };
  assert.match(
    printIpPacket(encodeIpv4(header, pdu)),
    /interval 1s addresses none \[checksum without pseudo header\]$/,
  );
});

test("printIpPacket prints echo messages and protocols it does not know", () => {
  const addresses = { source: ip("10.9.0.2"), destination: ip("10.9.0.100") };
  const header = { ...addresses, ttl: 64, identification: 1, tos: 0 };
  const echo = encodeEcho(
    { kind: "reply", identifier: 9, sequence: 3, data: hex("00112233") },
    addresses,
  );
  assert.equal(
    printIpPacket(encodeIpv4({ ...header, protocol: ipProtocol.icmp }, echo)),
    "10.9.0.2 > 10.9.0.100: ICMP echo reply id 9 seq 3 length 4",
  );
  assert.equal(
    printIpPacket(encodeIpv4({ ...header, protocol: 99 }, hex("0102"))),
    "10.9.0.2 > 10.9.0.100: protocol 99 length 2 0102",
  );
});
