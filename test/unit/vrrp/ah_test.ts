/**
 * `auth_type AH`: what is sent is held against a digest computed here, from the text of the
 * standard and without lib; what is received is refused when any bit of it was turned that the
 * header protects, when its number was used, and when the header is not expected.
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { instant, priority } from "../../../lib/base/mod.ts";
import {
  beginAdvert,
  type CounterName,
  type Instance,
  type InstancePlan,
  newAdvertCache,
  newInstance,
  receiveAdvert,
  signAdvert,
} from "../../../lib/vrrp/mod.ts";
import { decodeIpv4, vrrpMulticast4 } from "../../../lib/wire/mod.ts";
import { hex } from "../../support/hex.ts";
import { advertOf, ip, router, type RouterWords } from "../../support/plan.ts";
import { test } from "../../support/test.ts";

function plan(key = "secret12", words: RouterWords = {}): InstancePlan {
  const ahKey = Uint8Array.from({ length: 8 }, (_, at) => key.charCodeAt(at) || 0);
  return router({ version: 2, priority: 150, ...words, ahKey });
}

/** A router at an address, and the packets that it sends. */
function sender(own: InstancePlan, from = "10.0.0.2"): () => Uint8Array {
  const instance = newInstance(own, instant(0));
  const cache = newAdvertCache();
  const level = priority(150);
  assert.ok(level.ok);
  return () => {
    const packet = advertOf(cache, own, ip(from), level.value);
    beginAdvert(instance, 0);
    signAdvert(instance, packet, { source: ip(from), destination: vrrpMulticast4 });
    return packet.slice();
  };
}

/** The counter that grew when a router heard a packet; `lost` when it was no IPv4 packet. */
function hear(instance: Instance, packet: Uint8Array): CounterName | "advert" | "lost" {
  const decoded = decodeIpv4(packet);
  if (!decoded.ok) return "lost";
  const { header, payload } = decoded.value;
  const verdict = receiveAdvert(instance, { family: "ipv4", ...header, payload, packet });
  return verdict.kind === "dropped" ? verdict.counter : "advert";
}

function listener(own: InstancePlan = plan()): Instance {
  return newInstance(own, instant(0));
}

/** RFC 2402 §3.3.3: the packet with zeros for what changes on the way and for the digest. */
function digestOf(packet: Uint8Array, key: string): string {
  const covered = [...packet];
  for (const at of [1, 6, 7, 10, 11]) covered[at] = 0;
  for (let at = 32; at < 44; at++) covered[at] = 0;
  const padded = Buffer.alloc(8);
  padded.write(key);
  return createHmac("md5", padded).update(Uint8Array.from(covered)).digest("hex").slice(0, 24);
}

test("an advert goes behind an authentication header of 24 octets", () => {
  const packet = sender(plan())();
  const expected = hex(`
    45 c0 00 40  00 01 00 00  ff 33 af 65  0a 00 00 02  e0 00 00 12  # protocol 51, 64 octets
    70 04 00 00  0a 00 00 02  00 00 00 01                            # VRRP next, SPI, number 1
  `);
  assert.deepEqual(packet.slice(0, 32).with(10, 0).with(11, 0), expected.with(10, 0).with(11, 0));
  assert.equal(Buffer.from(packet.slice(32, 44)).toString("hex"), digestOf(packet, "secret12"));
  const advert = hex(`
    21 33 96 01  02 01 3d 68  0a 00 00 64  00 00 00 00 00 00 00 00
  `);
  assert.deepEqual(packet.slice(44).with(6, 0).with(7, 0), advert.with(6, 0).with(7, 0));
});

test("a router with the same key takes each number once, and only greater ones", () => {
  const send = sender(plan());
  const own = listener();
  const [first, second, third] = [send(), send(), send()];
  assert.equal(hear(own, second), "advert");
  assert.equal(hear(own, second), "authFailure");
  assert.equal(hear(own, first), "authFailure");
  assert.equal(hear(own, third), "advert");
});

test("whoever takes over goes on from the number that it heard last", () => {
  const send = sender(plan());
  for (let count = 0; count < 9; count++) send();
  const backup = listener(plan("secret12", { priority: 100 }));
  assert.equal(hear(backup, send()), "advert");
  const level = priority(100);
  assert.ok(level.ok);
  const packet = advertOf(newAdvertCache(), backup.plan, ip("10.0.0.1"), level.value);
  beginAdvert(backup, 0);
  signAdvert(backup, packet, { source: ip("10.0.0.1"), destination: vrrpMulticast4 });
  assert.deepEqual([...packet.slice(28, 32)], [0, 0, 0, 11]);
});

test("a number that somebody without the key sent does not count as used", () => {
  const own = listener();
  const forged = sender(plan("else"))();
  forged.set([0xff, 0xff, 0xff, 0xff], 28);
  assert.equal(hear(own, forged), "authFailure");
  assert.equal(hear(own, sender(plan())()), "advert");
});

test("a packet with any bit turned is refused, except where routers may change it", () => {
  const packet = sender(plan())();
  const free: number[] = [];
  for (let bit = 0; bit < packet.length * 8; bit++) {
    const turned = packet.slice();
    turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
    if (hear(listener(), turned) === "advert") free.push(bit);
  }
  // Type of service, the two free flags, and the header checksum, which the kernel verifies.
  const tos = Array.from({ length: 8 }, (_, bit) => 8 + bit);
  const checksum = Array.from({ length: 16 }, (_, bit) => 80 + bit);
  assert.deepEqual(free, [...tos, 48, 49, ...checksum]);
  assert.equal(hear(listener(), packet), "advert");
});

test("a header where none is expected, and none where one is, is a type mismatch", () => {
  const without = router({ version: 2, priority: 150 });
  assert.equal(hear(listener(without), sender(plan())()), "authTypeMismatch");
  assert.equal(hear(listener(), sender(without)()), "authTypeMismatch");
});
