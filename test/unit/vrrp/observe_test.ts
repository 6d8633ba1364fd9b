/**
 * What an onlooker says of adverts: each mistake by itself, and what two routers do not agree on.
 */
import assert from "node:assert/strict";
import { after, instant, milliseconds } from "../../../lib/base/mod.ts";
import { AdvertObserver, type Observation } from "../../../lib/vrrp/observe.ts";
import { advertPdu, type AdvertWords, ipv4Packet, type PacketWords } from "../../support/advert.ts";
import { test } from "../../support/test.ts";

const start = instant(1_000_000);

function frameOf(packet: Uint8Array): Uint8Array {
  return Uint8Array.of(1, 0, 0x5e, 0, 0, 18, 2, 0, 0, 0, 0, 1, 8, 0, ...packet);
}

function see(
  words: AdvertWords & PacketWords = {},
  observer = new AdvertObserver(),
  afterMs = 0,
): Observation {
  const frame = frameOf(ipv4Packet(advertPdu(words), words));
  const seen = observer.see(frame, after(start, milliseconds(afterMs)));
  assert.ok(seen !== undefined);
  return seen;
}

test("a right advert has no problem, and padding is none", () => {
  const { problems, vrid, priority, authentication } = see();
  assert.deepEqual([problems, vrid, priority, authentication], [[], 51, 150, "none"]);
  const padded = Uint8Array.of(...frameOf(ipv4Packet(advertPdu())), 0, 0, 0, 0, 0, 0);
  assert.deepEqual(new AdvertObserver().see(padded, start)?.problems, []);
});

test("each mistake is told", () => {
  const mistakes: readonly (readonly [AdvertWords & PacketWords, RegExp])[] = [
    [{ ttl: 64 }, /TTL 64/],
    [{ checksumOff: 1 }, /wrong checksum/],
    [{ type: 2 }, /type 2 is unknown/],
    [{ id: 0 }, /VRID 0/],
    [{ interval: 0 }, /interval of 0/],
    [{ addresses: [] }, /protects no address/],
    [{ priority: 255 }, /priority 255 is for the owner/],
    [{ destination: "224.0.0.99" }, /not the usual group/],
    [{ version: 2, authType: 7 }, /authentication type 7/],
    [{ version: 4 }, /VRRP version is 4/],
  ];
  for (const [words, pattern] of mistakes) {
    const { problems } = see(words);
    assert.ok(problems.some((one) => pattern.test(one)), `${pattern}: ${problems.join("; ")}`);
  }
  const pdu = advertPdu();
  const short = new AdvertObserver().see(frameOf(ipv4Packet(pdu.subarray(0, 10))), start);
  assert.equal(short?.problems.length, 1);
});

test("a password, a header and a signature are seen", () => {
  assert.equal(see({ version: 2, authType: 1 }).authentication, "PASS");
  const ah = Uint8Array.of(112, 4, ...new Array(22).fill(0), ...advertPdu({ version: 2 }));
  const behind = new AdvertObserver().see(frameOf(ipv4Packet(ah, { protocol: 51 })), start);
  assert.equal(behind?.authentication, "AH");
  const signed = Uint8Array.of(...advertPdu(), ...new Array(28).fill(1));
  const seen = new AdvertObserver().see(frameOf(ipv4Packet(signed)), start);
  assert.deepEqual([seen?.authentication, seen?.problems], ["signed", []]);
});

test("two masters are told when both go on, not when one takes over", () => {
  const observer = new AdvertObserver();
  const [one, two] = [{ source: "10.0.0.1" }, { source: "10.0.0.2", priority: 200 }];
  see(one, observer, 0);
  assert.deepEqual(see(two, observer, 500).problems, [], "it has taken over");
  assert.match(
    see(one, observer, 1000).problems.join(),
    /two masters: 10\.0\.0\.2 with priority 200/,
  );
  assert.match(see(two, observer, 1500).problems.join(), /two masters: 10\.0\.0\.1/);
  assert.deepEqual(see(two, observer, 6000).problems, [], "the other has been silent since");
});

test("a master that gives up is none any more", () => {
  const observer = new AdvertObserver();
  see({ source: "10.0.0.1" }, observer, 0);
  see({ source: "10.0.0.2" }, observer, 100);
  see({ source: "10.0.0.1", priority: 0 }, observer, 200);
  assert.deepEqual(see({ source: "10.0.0.2" }, observer, 300).problems, []);
});

test("version, interval and addresses are compared with those of the others", () => {
  const observer = new AdvertObserver();
  see({ source: "10.0.0.1" }, observer, 0);
  const other = { source: "10.0.0.2", version: 2, interval: 3, addresses: ["10.0.0.7"] };
  const problems = see(other, observer, 100).problems.join("; ");
  assert.match(problems, /version 2, but 10\.0\.0\.1 speaks version 3/);
  assert.match(problems, /interval 3 s, but 10\.0\.0\.1 says 1 s/);
  assert.match(problems, /other addresses than 10\.0\.0\.1, which says 10\.0\.0\.100/);
});

test("what is no VRRP is not looked at", () => {
  const observer = new AdvertObserver();
  const other = frameOf(ipv4Packet(advertPdu(), { protocol: 17 }));
  for (const frame of [other, new Uint8Array(5), new Uint8Array(60)]) {
    assert.equal(observer.see(frame, start), undefined);
  }
});
