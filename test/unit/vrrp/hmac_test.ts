/**
 * `auth_hmac`: what is sent is held against a digest computed here, from the description of the
 * format and without lib; what is received is refused when any protected bit of it was turned, when
 * it is old, when it was heard before, and when its key is not known.
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { instant, internetChecksum, priority } from "../../../lib/base/mod.ts";
import {
  advertPacket,
  beginAdvert,
  type HmacPlan,
  type Instance,
  newAdvertCache,
  newInstance,
  receiveAdvert,
  signAdvert,
  type Verdict,
} from "../../../lib/vrrp/mod.ts";
import { vrrpMulticast4, vrrpMulticast6 } from "../../../lib/wire/mod.ts";
import { hex } from "../../support/hex.ts";
import { advertOf, ip, router, type RouterWords } from "../../support/plan.ts";
import { test } from "../../support/test.ts";

const secret = "0123456789abcdef0123456789abcdef";
/** 2026-01-01 and a half second. */
const noon = 1_767_225_600_500_000;
const second = 1_000_000;

function signing(words: Partial<HmacPlan> = {}, text = secret): HmacPlan {
  return {
    keys: [{ id: 1, octets: new TextEncoder().encode(text) }],
    activeKey: 1,
    windowSeconds: 10,
    antiReplay: "time",
    mode: "enforce",
    ...words,
  };
}

function routerWith(hmac: HmacPlan | undefined, words: RouterWords = {}): Instance {
  const plan = router({ priority: 150, ...words, ...(hmac === undefined ? {} : { hmac }) });
  return newInstance(plan, instant(0));
}

const ends = {
  ipv4: { source: ip("10.0.0.2"), destination: vrrpMulticast4 },
  ipv6: { source: ip("fe80::2"), destination: vrrpMulticast6 },
};

/** What follows the IP header of the next advert. */
function send(instance: Instance, wall = noon): Uint8Array {
  const level = priority(150);
  assert.ok(level.ok);
  const at = ends[instance.plan.family];
  const packet = advertOf(newAdvertCache(), instance.plan, at.source, level.value);
  beginAdvert(instance, wall);
  signAdvert(instance, packet, at);
  return packet.slice(instance.plan.family === "ipv4" ? 20 : 0);
}

function verdictOf(instance: Instance, payload: Uint8Array, wall = noon, from?: string): Verdict {
  const { family } = instance.plan;
  const at = ends[family];
  const source = from === undefined ? at.source : ip(from);
  const datagram = { family, ...at, source, ttl: 255, protocol: 112, payload, wall };
  return receiveAdvert(instance, datagram);
}

function hear(instance: Instance, payload: Uint8Array, wall = noon, from?: string): string {
  const verdict = verdictOf(instance, payload, wall, from);
  return verdict.kind === "dropped" ? verdict.counter : "advert";
}

/** The digest by the description: pseudo header, advert without sum, trailer without digest. */
function digestOf(signed: Uint8Array, family: 4 | 6, source: Uint8Array, key = secret): string {
  const pseudo = new Uint8Array(20);
  pseudo.set([family, (signed[0] ?? 0) >> 4, signed[1] ?? 0, 0, ...source]);
  const all = Buffer.concat([
    pseudo,
    signed.subarray(0, 6),
    new Uint8Array(2),
    signed.subarray(8, signed.length - 16),
    new Uint8Array(16),
  ]);
  return createHmac("sha256", key).update(all).digest("hex").slice(0, 32);
}

function endOf(signed: Uint8Array, octets: number): string {
  return Buffer.from(signed.subarray(signed.length - octets)).toString("hex");
}

test("an advert over IPv4 is followed by a trailer, which its checksum does not cover", () => {
  const signed = send(routerWith(signing()));
  const plain = send(routerWith(undefined));
  assert.deepEqual(signed.slice(0, plain.length), plain);
  const trailer = hex(`01 01 00 00  69 55 b9 00  80 00 00 00`);
  assert.deepEqual(signed.slice(plain.length, plain.length + 12), trailer);
  assert.equal(endOf(signed, 16), digestOf(signed, 4, Uint8Array.of(10, 0, 0, 2)));
});

test("version 2 has its trailer behind the authentication data", () => {
  const signed = send(routerWith(signing(), { version: 2 }));
  assert.equal(signed.length, 8 + 4 + 8 + 28);
  assert.equal(endOf(signed, 16), digestOf(signed, 4, Uint8Array.of(10, 0, 0, 2)));
});

test("over IPv6 the checksum covers the trailer", () => {
  const own = routerWith(signing(), { family: "ipv6" });
  const signed = send(own);
  const source = ends.ipv6.source.bytes;
  assert.equal(endOf(signed, 16), digestOf(signed, 6, source));
  const tail = Uint8Array.of(0, 0, 0, signed.length, 0, 0, 0, 112);
  const summed = Buffer.concat([source, ends.ipv6.destination.bytes, tail, signed]);
  assert.equal(internetChecksum(summed), 0);
  assert.equal(hear(routerWith(signing(), { family: "ipv6" }), signed), "advert");
});

for (const words of [{ version: 2 }, { version: 3 }, { family: "ipv6" }] as const) {
  test(`no bit of a signed advert can be turned: ${JSON.stringify(words)}`, () => {
    const signed = send(routerWith(signing(), words));
    for (let bit = 0; bit < signed.length * 8; bit++) {
      const turned = signed.slice();
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
      // The checksum is the only part that the signature leaves out; it protects itself.
      const counter = hear(routerWith(signing(), words), turned);
      assert.notEqual(counter, "advert", `bit ${bit}`);
      if (bit >= 48 && bit < 64) assert.equal(counter, "checksumErrors");
    }
    assert.equal(hear(routerWith(signing(), words), signed), "advert");
  });
}

test("each refusal has its counter, in keepalived's order", () => {
  const signed = send(routerWith(signing()));
  const start = signed.length - 28;
  assert.equal(hear(routerWith(signing()), signed.with(start, 2)), "authExtMalformed");
  assert.equal(hear(routerWith(signing()), signed.with(start + 3, 1)), "authExtMalformed");
  assert.equal(hear(routerWith(signing()), signed.with(start + 1, 9)), "authExtUnknownKey");
  assert.equal(hear(routerWith(signing()), signed.with(start + 20, 0)), "authExtInvalidHmac");
  const late = noon + 11 * second;
  assert.equal(hear(routerWith(signing()), signed.with(start + 1, 9), late), "authExtStale");
  const other = routerWith(signing({}, `${secret}!`));
  assert.equal(hear(other, signed), "authExtInvalidHmac");
  assert.equal(hear(routerWith(signing()), signed, noon, "10.0.0.3"), "authExtInvalidHmac");
});

test("an advert is taken within the window of time and once", () => {
  const sender = routerWith(signing());
  const [first, next] = [send(sender), send(sender)];
  for (const [seconds, expected] of [[-11, "authExtStale"], [-10, "advert"], [10, "advert"]]) {
    assert.equal(hear(routerWith(signing()), first, noon + Number(seconds) * second), expected);
  }
  const own = routerWith(signing());
  assert.equal(hear(own, next), "advert");
  assert.equal(hear(own, next), "authExtReplay");
  assert.equal(hear(own, first), "authExtReplay");
  assert.equal(hear(own, send(sender)), "advert");
});

test("a clock that is off by more than half of the window is worth a warning", () => {
  const signed = send(routerWith(signing()));
  const skews = [5, 6, -6].map((seconds) => {
    const verdict = verdictOf(routerWith(signing()), signed, noon - seconds * second);
    return verdict.kind === "advert" ? verdict.skewSeconds : verdict;
  });
  assert.deepEqual(skews, [undefined, 6, -6]);
});

test("monotonic does not look at the clock, and takes nothing twice however late", () => {
  const words = { antiReplay: "monotonic" } as const;
  const sender = routerWith(signing(words));
  const [first, next] = [send(sender), send(sender)];
  const own = routerWith(signing(words));
  assert.equal(hear(own, next, noon + 5000 * second), "advert");
  assert.equal(hear(own, first, noon + 9000 * second), "authExtReplay");
});

test("stamps grow when the clock stands or goes back within the window, else begin anew", () => {
  const sender = routerWith(signing());
  send(sender);
  const own = routerWith(signing());
  assert.equal(hear(own, send(sender, noon)), "advert");
  const behind = send(sender, noon - 9 * second);
  assert.equal(endOf(behind, 28).slice(8, 24), "6955b90080000002");
  assert.equal(hear(own, behind), "advert");
  const far = send(sender, noon - 20 * second);
  assert.equal(endOf(far, 28).slice(8, 16), (0x6955b900 - 20).toString(16));
});

test("four senders of a group are remembered, the one heard longest ago is forgotten", () => {
  const own = routerWith(signing());
  const packets = ["10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6"].map((from) => {
    const sender = routerWith(signing());
    const level = priority(150);
    assert.ok(level.ok);
    const packet = advertOf(newAdvertCache(), sender.plan, ip(from), level.value);
    beginAdvert(sender, noon);
    signAdvert(sender, packet, { source: ip(from), destination: vrrpMulticast4 });
    return { from, payload: packet.slice(20) };
  });
  for (const { from, payload } of packets) assert.equal(hear(own, payload, noon, from), "advert");
  const again = packets.toReversed().map(({ from, payload }) => hear(own, payload, noon, from))
    .toReversed();
  assert.deepEqual(again, ["advert", ...Array.from({ length: 4 }, () => "authExtReplay")]);
});

test("modes: who does not sign is heard except by enforce, a wrong signature never", () => {
  const [plain, signed] = [send(routerWith(undefined)), send(routerWith(signing()))];
  const wrong = signed.with(signed.length - 1, (signed.at(-1) ?? 0) ^ 1);
  const expected = { enforce: "authExtMissing", permissive: "advert", "receive-only": "advert" };
  for (const mode of ["enforce", "permissive", "receive-only"] as const) {
    const words = { mode };
    assert.equal(hear(routerWith(signing(words)), plain), expected[mode], mode);
    assert.equal(hear(routerWith(signing(words)), signed), "advert", mode);
    assert.equal(hear(routerWith(signing(words)), wrong), "authExtInvalidHmac", mode);
    const sent = send(routerWith(signing(words)));
    assert.deepEqual(mode === "receive-only" ? sent : sent.slice(0, -28), plain, mode);
  }
  assert.equal(hear(routerWith(undefined), signed), "packetLengthErrors");
});

test("any key that is known is taken, the active one signs", () => {
  const second = { id: 7, octets: new TextEncoder().encode("f".repeat(64)) };
  const both = signing({ keys: [...signing().keys, second], activeKey: 7 });
  const signed = send(routerWith(both));
  assert.equal(signed[signed.length - 27], 7);
  assert.equal(endOf(signed, 16), digestOf(signed, 4, Uint8Array.of(10, 0, 0, 2), "f".repeat(64)));
  assert.equal(hear(routerWith(signing({ keys: both.keys })), signed), "advert");
  assert.equal(hear(routerWith(both), send(routerWith(signing()))), "advert");
});

test("with unicast the sender has to be a peer", () => {
  const peers = [{ address: ip("10.0.0.2"), minTtl: 0, maxTtl: 255 }];
  const unicast = { peers, checkSource: false, oldChecksum: "detect" } as const;
  const own = routerWith(signing(), { unicast });
  const destination = ip("10.0.0.1");
  const heard = (from: string): string => {
    const sender = routerWith(signing(), { unicast });
    const level = priority(150);
    assert.ok(level.ok);
    const source = ip(from);
    const copy = { source, destinations: [destination], oldChecksum: false };
    const packet = advertPacket(newAdvertCache(), sender.plan, copy, {
      priority: level.value,
      place: 0,
    });
    beginAdvert(sender, noon);
    signAdvert(sender, packet, { source, destination });
    const datagram = { family: "ipv4", source, destination, ttl: 255, protocol: 112 } as const;
    const verdict = receiveAdvert(own, { ...datagram, payload: packet.slice(20), wall: noon });
    return verdict.kind === "dropped" ? verdict.counter : "advert";
  };
  assert.equal(heard("10.0.0.3"), "unknownPeer");
  assert.equal(heard("10.0.0.2"), "advert");
});
