/**
 * The packets that an instance sends, held against octets that were built without lib/wire; and the
 * cache behind them, which must never give out an old packet.
 */
import assert from "node:assert/strict";
import { clampPriority, releasePriority } from "../../../lib/base/mod.ts";
import { newAdvertCache } from "../../../lib/vrrp/mod.ts";
import { verifyIpv4Checksum } from "../../../lib/wire/mod.ts";
import { advertPdu, ipv4Packet } from "../../support/advert.ts";
import { advertOf, ip, router } from "../../support/plan.ts";
import { test } from "../../support/test.ts";

const source = ip("10.0.0.2");
const hundred = clampPriority(100);

for (const version of [2, 3] as const) {
  test(`a version ${version} advert over IPv4 is the whole packet, octet by octet`, () => {
    const packet = advertOf(newAdvertCache(), router({ version }), source, hundred);
    const expected = ipv4Packet(advertPdu({ version, priority: 100 }));
    assert.ok(!verifyIpv4Checksum(packet) || packet[10] !== 0);
    packet.fill(0, 10, 12);
    assert.deepEqual(packet, expected);
  });
}

test("an advert over IPv6 is what follows the header", () => {
  const packet = advertOf(newAdvertCache(), router({ family: "ipv6" }), ip("fe80::2"), hundred);
  assert.deepEqual(packet, advertPdu({ family: "ipv6", priority: 100 }));
});

test("the identification counts up with every packet and leaves 0 out", () => {
  const cache = newAdvertCache();
  const plan = router();
  const next = (priority = hundred): number => {
    const packet = advertOf(cache, plan, source, priority);
    return (packet[4] ?? 0) * 256 + (packet[5] ?? 0);
  };
  assert.deepEqual([next(), next(), next(releasePriority), next()], [1, 2, 3, 4]);
  for (let sent = 5; sent < 65_535; sent++) next();
  assert.deepEqual([next(), next()], [65_535, 1]);
});

test("another plan, source or priority makes another packet", () => {
  const cache = newAdvertCache();
  const plan = router();
  const pdu = (): Uint8Array => advertOf(cache, plan, source, hundred).slice(12);
  const first = pdu();
  const other = router({ vips: ["10.0.0.101/24"] });
  assert.notDeepEqual(advertOf(cache, other, source, hundred).slice(12), first);
  assert.deepEqual(pdu(), first);
  assert.notDeepEqual(advertOf(cache, plan, ip("10.0.0.3"), hundred).slice(12), first);
  assert.deepEqual(pdu(), first);
  assert.notDeepEqual(advertOf(cache, plan, source, releasePriority).slice(12), first);
  assert.deepEqual(pdu(), first);
});
