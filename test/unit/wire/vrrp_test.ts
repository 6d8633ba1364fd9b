/** Adverts: what keepalived sends is read, and what we send has the same octets. */
import assert from "node:assert/strict";
import {
  centiseconds,
  type Family,
  formatIp,
  formatMac,
  type IpAddress,
  microseconds,
  seconds,
  vrid,
} from "../../../lib/base/mod.ts";
import {
  advertAuthData,
  advertAuthType,
  type AdvertFields,
  advertLength,
  decodeAdvert,
  decodeAdvertHeader,
  encodeAdvert,
  maxAdvertInterval,
  verifyAdvertChecksum,
  virtualRouterMac,
  vrrpMulticast4,
  vrrpMulticast6,
} from "../../../lib/wire/mod.ts";
import { hex } from "../../support/hex.ts";
import { test } from "../../support/test.ts";
import { advertV2, advertV2Password, advertV3, advertV3Release, advertV6, ip } from "./vectors.ts";

interface Recorded {
  readonly name: string;
  readonly pdu: Uint8Array;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly fields: AdvertFields;
}

const from4 = { source: ip("10.9.0.1"), destination: vrrpMulticast4 };
const from6 = { source: ip("fe80::ff:fe00:a"), destination: vrrpMulticast6 };
const base4 = { version: 2, family: "ipv4", priority: 200, advertInterval: seconds(1) } as const;
const base3 = { version: 3, family: "ipv4", advertInterval: centiseconds(50) } as const;
const secret = { type: advertAuthType.password, data: new TextEncoder().encode("secret") };

const recorded: readonly Recorded[] = [
  {
    name: "v2 with password",
    pdu: advertV2Password.subarray(34),
    ...from4,
    fields: { ...base4, vrid: 5, addresses: [ip("10.9.0.100"), ip("10.9.0.101")], auth: secret },
  },
  {
    name: "v2",
    pdu: advertV2.subarray(34),
    ...from4,
    fields: { ...base4, vrid: 8, addresses: [ip("10.9.0.110")] },
  },
  {
    name: "v3",
    pdu: advertV3.subarray(34),
    ...from4,
    fields: { ...base3, vrid: 6, priority: 150, addresses: [ip("10.9.0.102")] },
  },
  {
    name: "v3 with priority 0",
    pdu: advertV3Release.subarray(34),
    ...from4,
    fields: { ...base3, vrid: 6, priority: 0, addresses: [ip("10.9.0.102")] },
  },
  {
    name: "v3 over IPv6",
    pdu: advertV6.subarray(54),
    ...from6,
    fields: {
      version: 3,
      family: "ipv6",
      vrid: 7,
      priority: 250,
      advertInterval: centiseconds(25),
      addresses: [ip("fe80::7"), ip("2001:db8:9::100")],
    },
  },
];

function pseudo(of: Recorded): Parameters<typeof verifyAdvertChecksum>[1] {
  const { source, destination, fields: { family, version } } = of;
  return { source, destination, family, version, checksumAsV2: false };
}

test("decodeAdvert reads what keepalived sent", () => {
  for (const vector of recorded) {
    const { name, pdu, fields } = vector;
    const decoded = decodeAdvert(pdu, fields.family);
    assert.ok(decoded.ok, name);
    assert.deepEqual(decoded.value, {
      version: fields.version,
      type: 1,
      vrid: fields.vrid,
      priority: fields.priority,
      count: fields.addresses.length,
      authType: fields.auth?.type ?? 0,
      advertInterval: fields.advertInterval,
      addresses: fields.addresses,
      checksum: ((pdu[6] ?? 0) << 8) | (pdu[7] ?? 0),
    }, name);
    assert.ok(verifyAdvertChecksum(pdu, pseudo(vector)), name);
  }
});

test("encodeAdvert makes the octets that keepalived sent", () => {
  for (const vector of recorded) {
    assert.deepEqual(encodeAdvert(vector.fields, pseudo(vector)), vector.pdu, vector.name);
  }
});

test("advertAuthData is the padded password", () => {
  assert.deepEqual(advertAuthData(advertV2Password.subarray(34)), hex("7365637265740000"));
});

test("every truncation of an advert is an error, and so is an octet too many", () => {
  for (const { name, pdu, fields } of recorded) {
    for (let length = 0; length < pdu.length; length++) {
      const decoded = decodeAdvert(pdu.subarray(0, length), fields.family);
      assert.equal(decoded.ok ? "ok" : decoded.error.kind, "truncated", `${name} at ${length}`);
    }
    const longer = Uint8Array.of(...pdu, 0);
    const decoded = decodeAdvert(longer, fields.family);
    assert.equal(decoded.ok ? "ok" : decoded.error.kind, "malformed", name);
  }
});

test("every change of a single octet fails the checksum or the length", () => {
  for (const vector of recorded) {
    const { name, pdu, fields } = vector;
    for (let at = 0; at < pdu.length; at++) {
      for (let change = 1; change < 256; change++) {
        const changed = pdu.slice();
        changed[at] = (pdu[at] ?? 0) ^ change;
        const decoded = decodeAdvert(changed, fields.family);
        if (!decoded.ok) continue;
        const how = { ...pseudo(vector), version: decoded.value.version };
        assert.ok(!verifyAdvertChecksum(changed, how), `${name}: octet ${at} xor ${change}`);
      }
    }
  }
});

test("decodeAdvertHeader reads any eight octets", () => {
  assert.ok(!decodeAdvertHeader(hex("31060001003200")).ok);
  const header = decodeAdvertHeader(hex("5f 06 00 ff 0032 d9be"));
  assert.ok(header.ok);
  assert.deepEqual(header.value, { version: 5, type: 15, vrid: 6, priority: 0, count: 255 });
});

test("decodeAdvert refuses versions other than 2 and 3", () => {
  for (const version of [0, 1, 4, 15]) {
    const decoded = decodeAdvert(Uint8Array.of((version << 4) | 1, 1, 1, 0, 0, 0, 0, 0), "ipv4");
    assert.equal(decoded.ok ? "ok" : decoded.error.kind, "malformed");
  }
});

test("the reserved bits of version 3 are no part of the interval", () => {
  const decoded = decodeAdvert(hex("31 06 96 00 f032 0000"), "ipv4");
  assert.ok(decoded.ok);
  assert.equal(decoded.value.advertInterval, centiseconds(50));
});

test("advertLength counts authentication data only in version 2 over IPv4", () => {
  const rows: readonly [number, Family, number, number][] = [
    [2, "ipv4", 0, 16],
    [2, "ipv4", 255, 1036],
    [2, "ipv6", 2, 40],
    [3, "ipv4", 1, 12],
    [3, "ipv6", 255, 4088],
  ];
  for (const [version, family, count, length] of rows) {
    assert.equal(advertLength(version, family, count), length);
  }
});

test("checksumAsV2 leaves the pseudo header out in version 3 over IPv4 and nowhere else", () => {
  const fields = { ...base3, vrid: 6, priority: 150, addresses: [ip("10.9.0.102")] };
  const how = { ...from4, family: "ipv4", version: 3 } as const;
  const pdu = encodeAdvert(fields, { ...from4, checksumAsV2: true });
  assert.ok(verifyAdvertChecksum(pdu, { ...how, checksumAsV2: true }));
  assert.ok(!verifyAdvertChecksum(pdu, { ...how, checksumAsV2: false }));
  const elsewhere = { ...how, source: ip("192.0.2.7"), checksumAsV2: true };
  assert.ok(verifyAdvertChecksum(pdu, elsewhere), "the sender does not matter");
  const v6 = { ...from6, family: "ipv6", version: 3, checksumAsV2: true } as const;
  assert.ok(verifyAdvertChecksum(advertV6.subarray(54), v6));
});

test("version 2 over IPv6 has no authentication data and a pseudo header", () => {
  const fields: AdvertFields = {
    version: 2,
    family: "ipv6",
    vrid: 11,
    priority: 250,
    advertInterval: seconds(1),
    addresses: [ip("fe80::8")],
  };
  const pdu = encodeAdvert(fields, { ...from6, checksumAsV2: false });
  assert.equal(pdu.length, 24);
  const how = { family: "ipv6", version: 2, checksumAsV2: false } as const;
  assert.ok(verifyAdvertChecksum(pdu, { ...how, ...from6 }));
  assert.ok(!verifyAdvertChecksum(pdu, { ...how, ...from6, source: ip("fe80::b") }));
});

test("intervals are rounded to the unit of the version and bounded by its field", () => {
  const rows: readonly [2 | 3, number, number][] = [
    [2, 1_500_000, 2_000_000],
    [3, 994_999, 990_000],
    [3, maxAdvertInterval(3), 40_950_000],
    [2, maxAdvertInterval(2), 255_000_000],
  ];
  for (const [version, given, expected] of rows) {
    const advertInterval = microseconds(given);
    const fields = { ...base3, version, vrid: 1, priority: 1, addresses: [], advertInterval };
    const decoded = decodeAdvert(encodeAdvert(fields, { ...from4, checksumAsV2: false }), "ipv4");
    assert.ok(decoded.ok);
    assert.equal(decoded.value.advertInterval, expected);
  }
  const tooLong = { ...base3, vrid: 1, priority: 1, addresses: [], advertInterval: seconds(41) };
  assert.throws(() => encodeAdvert(tooLong, { ...from4, checksumAsV2: false }));
});

test("the well-known addresses are those of RFC 9568", () => {
  assert.equal(formatIp(vrrpMulticast4), "224.0.0.18");
  assert.equal(formatIp(vrrpMulticast6), "ff02::12");
  const id = vrid(51);
  assert.ok(id.ok);
  assert.equal(formatMac(virtualRouterMac("ipv4", id.value)), "00:00:5e:00:01:33");
  assert.equal(formatMac(virtualRouterMac("ipv6", id.value)), "00:00:5e:00:02:33");
});
