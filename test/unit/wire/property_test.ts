/** Round trips: whatever is encoded decodes to the same, and no input makes a decoder throw. */
import assert from "node:assert/strict";
import fc from "../../support/property.ts";
import {
  centiseconds,
  type Family,
  type IpAddress,
  ipFromBytes,
  seconds,
} from "../../../lib/base/mod.ts";
import {
  type AdvertFields,
  decodeAdvert,
  decodeArp,
  decodeEcho,
  decodeIpv4,
  decodeIpv6,
  decodeNeighborAdvertisement,
  encodeAdvert,
  encodeEcho,
  encodeIpv4,
  encodeIpv6,
  printFrame,
  printIpPacket,
  verifyAdvertChecksum,
  verifyIcmpChecksum,
  verifyIpv4Checksum,
} from "../../../lib/wire/mod.ts";
import { test } from "../../support/test.ts";

const octet = fc.integer({ min: 0, max: 255 });
const word = fc.integer({ min: 0, max: 0xffff });

function octets(minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength, maxLength });
}

function addressOf(family: Family): fc.Arbitrary<IpAddress> {
  const length = family === "ipv4" ? 4 : 16;
  return octets(length, length).map(ipFromBytes);
}

const family = fc.constantFrom<Family>("ipv4", "ipv6");

interface Sent {
  readonly advert: AdvertFields;
  readonly pseudo: {
    readonly source: IpAddress;
    readonly destination: IpAddress;
    readonly checksumAsV2: boolean;
  };
}

const sent: fc.Arbitrary<Sent> = fc.tuple(family, fc.constantFrom<2 | 3>(2, 3)).chain(
  ([family, version]) =>
    fc.record({
      advert: fc.record({
        version: fc.constant(version),
        family: fc.constant(family),
        vrid: octet,
        priority: octet,
        advertInterval: version === 2
          ? octet.map(seconds)
          : fc.integer({ min: 0, max: 4095 }).map(centiseconds),
        addresses: fc.array(addressOf(family), { maxLength: 255 }),
      }),
      pseudo: fc.record({
        source: addressOf(family),
        destination: addressOf(family),
        checksumAsV2: fc.boolean(),
      }),
    }),
);

test("an advert that was encoded decodes to the same and has a right checksum", () => {
  fc.assert(fc.property(sent, ({ advert, pseudo }) => {
    const pdu = encodeAdvert(advert, pseudo);
    const decoded = decodeAdvert(pdu, advert.family);
    assert.ok(decoded.ok);
    const { version, vrid, priority, advertInterval, addresses } = decoded.value;
    assert.deepEqual(
      { version, vrid, priority, advertInterval, addresses, family: advert.family },
      { ...advert },
    );
    assert.ok(verifyAdvertChecksum(pdu, { ...pseudo, family: advert.family, version }));
  }));
});

test("an IP packet that was encoded decodes to the same", () => {
  const packet = family.chain((family) =>
    fc.record({
      source: addressOf(family),
      destination: addressOf(family),
      protocol: octet,
      ttl: octet,
      identification: word,
      tos: octet,
      payload: octets(0, 64),
    })
  );
  fc.assert(fc.property(packet, ({ payload, ...fields }) => {
    if (fields.source.family === "ipv4") {
      const bytes = encodeIpv4(fields, payload);
      assert.ok(verifyIpv4Checksum(bytes));
      const decoded = decodeIpv4(bytes);
      assert.ok(decoded.ok);
      const header = { ...fields, totalLength: 20 + payload.length, headerLength: 20 };
      assert.deepEqual(decoded.value, { header, payload });
    } else {
      const { source, destination, protocol, ttl, tos } = fields;
      const header = { source, destination, protocol, hopLimit: ttl, trafficClass: tos };
      const decoded = decodeIpv6(encodeIpv6(header, payload));
      assert.ok(decoded.ok);
      assert.deepEqual(decoded.value, { header, payload });
    }
  }));
});

test("an echo message that was encoded decodes to the same", () => {
  const message = family.chain((family) =>
    fc.record({
      echo: fc.record({
        kind: fc.constantFrom("request" as const, "reply" as const),
        identifier: word,
        sequence: word,
        data: octets(0, 65),
      }),
      addresses: fc.record({ source: addressOf(family), destination: addressOf(family) }),
    })
  );
  fc.assert(fc.property(message, ({ echo, addresses }) => {
    const bytes = encodeEcho(echo, addresses);
    assert.ok(verifyIcmpChecksum(bytes, addresses));
    const decoded = decodeEcho(bytes, addresses.source.family);
    assert.ok(decoded.ok);
    assert.deepEqual(decoded.value, { ...echo });
  }));
});

test("no octets make a decoder or printer throw", () => {
  fc.assert(fc.property(octets(0, 128), (bytes) => {
    for (const family of ["ipv4", "ipv6"] as const) {
      decodeAdvert(bytes, family);
      decodeEcho(bytes, family);
    }
    decodeArp(bytes);
    decodeNeighborAdvertisement(bytes);
    decodeIpv4(bytes);
    decodeIpv6(bytes);
    assert.ok(!printIpPacket(bytes).includes("\n"));
    assert.ok(!printFrame(bytes).includes("\n"));
  }));
});
