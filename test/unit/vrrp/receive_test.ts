/**
 * Every check that a received packet has to pass, in keepalived's order, each with its counter; and
 * that a packet which fails one changes nothing but that counter, whatever its octets are.
 */
import assert from "node:assert/strict";
import fc from "../../support/property.ts";
import { instant, seconds } from "../../../lib/base/mod.ts";
import {
  type CounterName,
  counterNames,
  type Datagram,
  hearAdvert,
  type Instance,
  type InstancePlan,
  newInstance,
  receiveAdvert,
  start,
} from "../../../lib/vrrp/mod.ts";
import { advertPdu, type AdvertWords, ends, isValidAdvert } from "../../support/advert.ts";
import { ip, router, type RouterWords } from "../../support/plan.ts";
import { test } from "../../support/test.ts";

const own = { ipv4: "10.0.0.1", ipv6: "fe80::1" } as const;

/** A backup that has heard a master with priority 150 half a second ago. */
function backup(words: RouterWords = {}): Instance {
  const instance = newInstance(router(words), instant(0));
  instance.source = ip(own[instance.plan.family]);
  start(instance, instant(0), []);
  const address = ip(ends[instance.plan.family].source);
  hearAdvert(instance, { address, priority: 150, advertInterval: seconds(1) }, instant(100), []);
  return instance;
}

function datagram(payload: Uint8Array, rest: Partial<Datagram> = {}): Datagram {
  const family = rest.family ?? "ipv4";
  return {
    family,
    source: ip(ends[family].source),
    destination: ip(ends[family].destination),
    ttl: 255,
    protocol: 112,
    payload,
    ...rest,
  };
}

/** Receives as the engine does; answers which counters grew. */
function receive(instance: Instance, packet: Datagram): CounterName[] {
  const before = { ...instance.counters };
  const verdict = receiveAdvert(instance, packet);
  if (verdict.kind === "advert") hearAdvert(instance, verdict.advert, instant(500_000), []);
  return counterNames.flatMap((name) => {
    const growth = instance.counters[name] - before[name];
    return Array.from({ length: growth }, () => name);
  });
}

interface Defect {
  readonly name: string;
  readonly counter: CounterName;
  readonly words?: AdvertWords;
  readonly packet?: (packet: Datagram) => Datagram;
}

function cutShort(packet: Datagram): Datagram {
  return { ...packet, payload: packet.payload.subarray(0, packet.payload.length - 1) };
}

/** keepalived's order (behaviour 3.8); the first line is ours: own packets are nobody's. */
const defects: Record<2 | 3, readonly Defect[]> = {
  2: [
    {
      name: "comes from our own address",
      counter: "ownAdvertReceived",
      packet: (packet) => ({ ...packet, source: ip(own.ipv4) }),
    },
    {
      name: "has an authentication header",
      counter: "authTypeMismatch",
      packet: (packet) => ({ ...packet, protocol: 51 }),
    },
    { name: "is too short", counter: "packetLengthErrors", packet: cutShort },
    {
      name: "was forwarded",
      counter: "ipTtlErrors",
      packet: (packet) => ({ ...packet, ttl: 254 }),
    },
    { name: "has an unknown authentication", counter: "invalidAuthType", words: { authType: 3 } },
    { name: "has another interval", counter: "advertIntervalErrors", words: { interval: 2 } },
    { name: "has another type", counter: "invalidTypeReceived", words: { type: 2 } },
    { name: "has a wrong checksum", counter: "checksumErrors", words: { checksumOff: 1 } },
    {
      name: "was sent to us alone",
      counter: "packetLengthErrors",
      packet: (packet) => ({ ...packet, destination: ip(own.ipv4) }),
    },
  ],
  3: [
    {
      name: "comes from our own address",
      counter: "ownAdvertReceived",
      words: { source: own.ipv4 },
      packet: (packet) => ({ ...packet, source: ip(own.ipv4) }),
    },
    {
      name: "has an authentication header",
      counter: "authTypeMismatch",
      packet: (packet) => ({ ...packet, protocol: 51 }),
    },
    { name: "is too short", counter: "packetLengthErrors", packet: cutShort },
    { name: "was forwarded", counter: "ipTtlErrors", packet: (packet) => ({ ...packet, ttl: 64 }) },
    { name: "has another version", counter: "versionErrors", words: { version: 4 } },
    { name: "has another type", counter: "invalidTypeReceived", words: { type: 5 } },
    { name: "has a wrong checksum", counter: "checksumErrors", words: { checksumOff: 1 } },
    {
      name: "was sent to us alone",
      counter: "packetLengthErrors",
      words: { destination: own.ipv4 },
      packet: (packet) => ({ ...packet, destination: ip(own.ipv4) }),
    },
  ],
};

function broken(version: 2 | 3, ...faults: readonly Defect[]): Datagram {
  let words: AdvertWords = { version };
  for (const fault of faults) words = { ...words, ...fault.words };
  let packet = datagram(advertPdu(words));
  for (const fault of faults) packet = fault.packet?.(packet) ?? packet;
  return packet;
}

for (const version of [2, 3] as const) {
  const list = defects[version];
  for (const [index, defect] of list.entries()) {
    test(`a version ${version} packet that ${defect.name} counts as ${defect.counter}`, () => {
      const instance = backup({ version });
      const state = structuredClone(instance.state);
      assert.deepEqual(receive(instance, broken(version, defect)), [defect.counter]);
      assert.deepEqual(instance.state, state);
      // Whatever else is wrong with it comes later in the order.
      for (const later of list.slice(index + 1)) {
        const both = broken(version, later, defect);
        assert.deepEqual(receive(instance, both), [defect.counter], later.name);
      }
      assert.deepEqual(instance.state, state);
    });
  }

  test(`a version ${version} packet that is right counts as received`, () => {
    const instance = backup({ version });
    assert.deepEqual(receive(instance, broken(version)), ["advertReceived"]);
  });
}

test("a version 2 packet with a password is not for a router without one", () => {
  const words = { version: 2, authType: 1 };
  assert.deepEqual(receive(backup({ version: 2 }), datagram(advertPdu(words))), [
    "authTypeMismatch",
  ]);
});

test("an owner that ignores adverts counts those that are right in everything else", () => {
  const instance = backup({ priority: 255, ownerIgnoreAdverts: true });
  assert.deepEqual(receive(instance, datagram(advertPdu())), ["ownerAdvertIgnored"]);
  assert.deepEqual(receive(instance, datagram(advertPdu({ checksumOff: 1 }))), ["checksumErrors"]);
});

test("another interval in version 3 and other addresses are counted, the advert is taken", () => {
  for (
    const { words, counters } of [
      { words: { interval: 50 }, counters: ["advertReceived", "advertIntervalErrors"] },
      { words: { addresses: ["10.0.0.99"] }, counters: ["advertReceived", "addressListErrors"] },
      { words: { addresses: [] }, counters: ["advertReceived", "addressListErrors"] },
      { words: { priority: 0 }, counters: ["advertReceived", "priorityZeroReceived"] },
    ] as const
  ) {
    const instance = backup();
    assert.deepEqual(receive(instance, datagram(advertPdu(words))).sort(), [...counters].sort());
    assert.ok(instance.state.kind === "BACKUP" && instance.state.masterDownAt !== 3_609_475);
  }
});

test("an interval of 0 is not learned: the backup would rise at once", () => {
  const instance = backup();
  receive(instance, datagram(advertPdu({ interval: 0 })));
  assert.ok(instance.state.kind === "BACKUP");
  assert.equal(instance.state.masterDownAt, 500_000 + 3_609_375);
});

test("skip_check_adv_addr leaves the list alone while the master stays the same", () => {
  const instance = backup({ skipCheckAdvertAddresses: true });
  const other = { addresses: ["10.0.0.99"] };
  assert.deepEqual(receive(instance, datagram(advertPdu(other))), ["advertReceived"]);
  const source = "10.0.0.3";
  const stranger = datagram(advertPdu({ ...other, source }), { source: ip(source) });
  assert.deepEqual(receive(instance, stranger), ["advertReceived", "addressListErrors"]);
});

test("v3_checksum_as_v2 leaves the pseudo header out of the checksum", () => {
  const instance = backup({ checksumAsV2: true });
  assert.deepEqual(receive(instance, datagram(advertPdu())), ["checksumErrors"]);
});

test("the padding of a short Ethernet frame is left out of account, and nothing longer", () => {
  const pdu = advertPdu();
  for (let extra = 1; extra <= 64; extra++) {
    for (const fill of [0, 1]) {
      const payload = new Uint8Array(pdu.length + extra).fill(fill);
      payload.set(pdu);
      const padding = fill === 0 && extra % 4 === 0 && payload.length <= 46;
      const expected = padding ? "advertReceived" : "packetLengthErrors";
      assert.deepEqual(receive(backup(), datagram(payload)), [expected], `${extra} of ${fill}`);
    }
  }
});

const kinds: readonly { name: string; plan: InstancePlan; pdu: Uint8Array }[] = [
  { name: "version 2", plan: router({ version: 2 }), pdu: advertPdu({ version: 2 }) },
  { name: "version 3", plan: router(), pdu: advertPdu() },
  { name: "IPv6", plan: router({ family: "ipv6" }), pdu: advertPdu({ family: "ipv6" }) },
];

for (const { name, plan, pdu } of kinds) {
  const { family, version } = plan;
  const from = { ...ends[family], ttl: 255 };
  const kind = { family, version, id: 51, interval: 1, own: own[family], group: from.destination };

  test(`a ${name} advert that is cut short at any length changes nothing`, () => {
    const instance = backup({ family, version });
    const state = structuredClone(instance.state);
    for (let length = 0; length < pdu.length; length++) {
      const packet = datagram(pdu.subarray(0, length), { family });
      assert.deepEqual(receive(instance, packet), ["packetLengthErrors"], `${length}`);
    }
    assert.deepEqual(instance.state, state);
  });

  test(`a ${name} advert with a wrong count changes nothing`, () => {
    const instance = backup({ family, version });
    const state = structuredClone(instance.state);
    for (let count = 0; count < 256; count++) {
      if (count === 1) continue;
      const changed = pdu.slice();
      changed[3] = count;
      assert.equal(receive(instance, datagram(changed, { family })).length, 1);
    }
    assert.deepEqual(instance.state, state);
  });

  test(`a ${name} advert with one changed octet changes nothing, unless it is right`, () => {
    const instance = backup({ family, version });
    const state = structuredClone(instance.state);
    assert.ok(isValidAdvert(pdu, kind, from));
    for (let at = 0; at < pdu.length; at++) {
      for (let value = 0; value < 256; value++) {
        const changed = pdu.slice();
        changed[at] = value;
        if (isValidAdvert(changed, kind, from)) continue;
        // To whom it is addressed the engine has looked up before.
        if (at === 1) continue;
        const grown = receive(instance, datagram(changed, { family }));
        assert.equal(grown.length, 1, `octet ${at} is ${value}: ${grown}`);
        assert.notEqual(grown[0], "advertReceived");
      }
    }
    assert.deepEqual(instance.state, state);
  });

  test(`any octets at all instead of a ${name} advert count once and change nothing`, () => {
    const instance = backup({ family, version });
    const state = structuredClone(instance.state);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (octets) => {
        if (octets.length > 1) octets[1] = 51;
        if (isValidAdvert(octets, kind, from)) return;
        assert.equal(receive(instance, datagram(octets, { family })).length, 1);
        assert.deepEqual(instance.state, state);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
}
