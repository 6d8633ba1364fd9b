/**
 * The way of a packet through the engine: whatever is wrong with it grows one counter, is told
 * once, and leaves the engine as it was.
 */
import assert from "node:assert/strict";
import { instant } from "../../../lib/base/mod.ts";
import type { Model } from "../../../lib/config/mod.ts";
import { type Effect, Engine, type ReceivedPacket } from "../../../lib/engine/mod.ts";
import {
  advertPdu,
  type AdvertWords,
  ends,
  ipv4Packet,
  isValidAdvert,
} from "../../support/advert.ts";
import {
  backupEngine,
  configure,
  describe,
  facts,
  oneInterface,
  otherInterface,
} from "../../support/engine.ts";
import { configuration, eth0, ip, router } from "../../support/plan.ts";
import { test } from "../../support/test.ts";

function packet(bytes: Uint8Array): ReceivedPacket {
  return { ifIndex: eth0, family: "ipv4", bytes };
}

function packet6(bytes: Uint8Array, hopLimit = 255): ReceivedPacket {
  const source = ip(ends.ipv6.source);
  const destination = ip(ends.ipv6.destination);
  return { ifIndex: eth0, family: "ipv6", bytes, source, destination, hopLimit };
}

/** Steps one packet at half a second; answers which counters grew, and the effects. */
function step(engine: Engine, received: ReceivedPacket): {
  grown: string[];
  effects: readonly Effect[];
} {
  const before = describe(engine).counters;
  const effects = engine.step({ kind: "packet", packet: received }, instant(500_000));
  const after = describe(engine).counters;
  const grown = Object.keys(after).filter((name) => after[name] !== before[name]);
  return { grown, effects };
}

for (const version of [2, 3] as const) {
  test(`a version ${version} packet with one changed octet counts once and changes nothing`, () => {
    const engine = backupEngine({ version });
    const before = describe(engine);
    const pdu = advertPdu({ version });
    const whole = ipv4Packet(pdu);
    for (let at = 0; at < whole.length; at++) {
      for (let value = 0; value < 256; value++) {
        const changed = whole.slice();
        changed[at] = value;
        if (isRight(changed, version)) continue;
        const { grown } = step(engine, packet(changed));
        assert.equal(grown.length, 1, `octet ${at} is ${value}: ${grown}`);
        assert.notEqual(grown[0], "advertReceived", `octet ${at} is ${value}`);
      }
    }
    const after = describe(engine);
    assert.deepEqual(after.instance, before.instance);
    assert.equal(after.deadline, before.deadline);
  });

  test(`a version ${version} packet that is cut short anywhere changes nothing`, () => {
    const engine = backupEngine({ version });
    const before = describe(engine);
    const whole = ipv4Packet(advertPdu({ version }));
    for (let length = 0; length < whole.length; length++) {
      const cut = whole.slice(0, length);
      assert.deepEqual(step(engine, packet(cut)).grown, ["malformed"]);
      // With a total length that agrees.
      if (length < 20) continue;
      cut[3] = length;
      const expected = length < 22 ? "malformed" : "packetLengthErrors";
      assert.deepEqual(step(engine, packet(cut)).grown, [expected], `${length}`);
    }
    assert.deepEqual(describe(engine).instance, before.instance);
  });
}

/** The oracle over a whole IPv4 packet; what the kernel looks at is not looked at. */
function isRight(bytes: Uint8Array, version: 2 | 3): boolean {
  const [first = 0, , high = 0, low = 0, , , flags = 0, offset] = bytes;
  const headerLength = (first & 0xf) * 4;
  const length = high * 256 + low;
  const plain = first >> 4 === 4 && headerLength >= 20 && length <= bytes.length &&
    (flags & 0x3f) === 0 && offset === 0 && bytes[9] === 112;
  const text = (at: number): string => bytes.slice(at, at + 4).join(".");
  const from = { source: text(12), destination: text(16), ttl: bytes[8] ?? 0 };
  const router = { family: "ipv4", version, id: 51, interval: 1 } as const;
  const ours = { ...router, own: "10.0.0.1", group: "224.0.0.18" };
  return plain && isValidAdvert(bytes.slice(headerLength, length), ours, from);
}

test("an IPv6 packet with one changed octet counts once and changes nothing", () => {
  const engine = backupEngine({ family: "ipv6" });
  const before = describe(engine);
  const pdu = advertPdu({ family: "ipv6" });
  for (let at = 0; at < pdu.length; at++) {
    for (let value = 0; value < 256; value++) {
      if (pdu[at] === value) continue;
      const changed = pdu.slice();
      changed[at] = value;
      assert.equal(step(engine, packet6(changed)).grown.length, 1, `octet ${at} is ${value}`);
    }
  }
  assert.deepEqual(describe(engine).instance, before.instance);
});

test("an IPv6 packet without its addresses or hop limit is malformed", () => {
  const engine = backupEngine({ family: "ipv6" });
  const { source: _, ...rest } = packet6(advertPdu({ family: "ipv6" }));
  assert.deepEqual(step(engine, rest).grown, ["malformed"]);
  assert.deepEqual(step(engine, packet6(advertPdu({ family: "ipv6" }), 64)).grown, ["ipTtlErrors"]);
});

test("an advert for a VRID that nobody here has is counted, and told once when asked for", () => {
  for (const logUnknownVrids of [false, true]) {
    const engine = backupEngine({}, { logUnknownVrids });
    const stranger = packet(ipv4Packet(advertPdu({ id: 77 })));
    const first = step(engine, stranger);
    assert.deepEqual(first.grown, ["unknownVrid"]);
    assert.equal(first.effects.length, logUnknownVrids ? 1 : 0);
    assert.equal(step(engine, stranger).effects.length, 0);
  }
});

test("an advert on another interface, or to another group, is nobody's", () => {
  const engine = backupEngine();
  const elsewhere = { ...packet(ipv4Packet(advertPdu())), ifIndex: otherInterface };
  assert.deepEqual(step(engine, elsewhere).grown, ["unknownVrid"]);
  const destination = "224.0.0.77";
  const bytes = ipv4Packet(advertPdu({ destination }), { destination });
  assert.deepEqual(step(engine, packet(bytes)).grown, ["unknownVrid"]);
});

test("a bad packet is told once for each kind, until the master changes", () => {
  const engine = backupEngine();
  const bad = (words: AdvertWords): number => {
    const source = words.source ?? ends.ipv4.source;
    return step(engine, packet(ipv4Packet(advertPdu(words), { source }))).effects.length;
  };
  assert.equal(bad({ checksumOff: 1 }), 1);
  assert.equal(bad({ checksumOff: 2 }), 0);
  assert.equal(bad({ type: 2 }), 1);
  assert.equal(bad({ type: 3 }), 0);
  assert.equal(bad({ source: "10.0.0.3" }), 1, "another master");
  assert.equal(bad({ checksumOff: 1 }), 1);
});

test("the host is told whose adverts are wanted, and that all are when people ask", () => {
  const admitted = (model: Model, before?: Model): unknown => {
    const engine = new Engine(instant(0));
    engine.step(oneInterface(), instant(0));
    if (before !== undefined) engine.step(configure(before), instant(0));
    const effects = engine.step(configure(model), instant(1));
    return effects.flatMap((effect) => effect.kind === "admit" ? [effect.vrids] : []);
  };
  const routers = [3, 7].map((id) => router({ name: `VI_${id}`, id }));
  const [first] = routers;
  assert.ok(first !== undefined);
  const both = configuration(routers);
  const loud = configuration(routers, {}, { logUnknownVrids: true });
  assert.deepEqual(admitted(both), [[3, 7]]);
  assert.deepEqual(admitted(configuration([first]), both), [[3]]);
  assert.deepEqual(admitted(both, both), []);
  assert.deepEqual(admitted(loud, both), [undefined]);
  assert.deepEqual(admitted(both, loud), [[3, 7]]);
});

test("packets that nobody read in time are counted, and told once a minute", () => {
  const engine = backupEngine();
  const lose = (count: number, second: number): unknown[] => {
    const event = { kind: "packets-lost", ifIndex: eth0, family: "ipv4", count } as const;
    return engine.step(event, instant(second * 1_000_000)).flatMap((effect) =>
      effect.kind === "tell" && effect.tell.kind === "packets-lost" ? [effect.tell] : []
    );
  };
  const told = { kind: "packets-lost", interfaceName: "eth0", family: "ipv4" };
  assert.deepEqual(lose(10, 1), [{ ...told, count: 10 }]);
  assert.deepEqual(lose(20, 2), []);
  assert.deepEqual(lose(30, 60), []);
  assert.deepEqual(lose(40, 61), [{ ...told, count: 90 }]);
  assert.equal(engine.snapshot(facts).lostPackets, 100);
});

test("a flood of adverts of lower priority is told once to a backup, and answered by few", () => {
  const received = packet(ipv4Packet(advertPdu({ priority: 1 })));
  const flood = (engine: Engine, from: number): readonly Effect[] =>
    Array.from({ length: 10_000 }, (_, at) => {
      return engine.step({ kind: "packet", packet: received }, instant(from + at * 20));
    }).flat();
  const count = (effects: readonly Effect[], kind: string): number =>
    effects.filter((effect) => (effect.kind === "tell" ? effect.tell : effect).kind === kind)
      .length;
  const backup = backupEngine();
  assert.equal(count(flood(backup, 500_000), "lower-priority-advert"), 1);

  const master = backupEngine();
  while (describe(master).instance?.state !== "MASTER") {
    master.step({ kind: "clock" }, master.nextDeadline());
  }
  const told = flood(master, master.nextDeadline() - 300_000);
  assert.ok(count(told, "send-vrrp") >= 1 && count(told, "send-vrrp") <= 3);
  assert.ok(count(told, "lower-priority-advert") <= 3);
});
