/**
 * An independent judge: tshark reads a capture of what we encode and must find every checksum right
 * and nothing malformed. A capture with one octet changed shows that the judge is awake.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { centiseconds, concatBytes, type IpAddress, seconds } from "../../../lib/base/mod.ts";
import {
  advertAuthType,
  type AdvertFields,
  encodeAdvert,
  encodeEcho,
  encodeEthernet,
  encodeGratuitousArp,
  encodeIpv4,
  encodeIpv6,
  encodeUnsolicitedNeighborAdvertisement,
  etherType,
  ipProtocol,
  multicastMac,
  vrrpMulticast4,
  vrrpMulticast6,
} from "../../../lib/wire/mod.ts";
import { test } from "../../support/test.ts";
import { ip, senderMac } from "./vectors.ts";

const found = spawnSync("tshark", ["--version"]).status === 0;
const skip = found ? undefined : "tshark is not installed";

const preferences = ["ip.check_checksum:TRUE", "vrrp.v3_checksum_as_in_v2:FALSE"];
const fields = [
  "frame.number",
  "_ws.malformed",
  "_ws.expert.message",
  "ip.checksum.status",
  "vrrp.checksum.status",
  "icmp.checksum.status",
  "icmpv6.checksum.status",
];

interface Row {
  readonly name: string;
  readonly frame: Uint8Array;
  /** ip, vrrp, icmp and icmpv6 checksum status: 1 is good, empty is not there. */
  readonly verdict: string;
}

function packet(
  source: IpAddress,
  destination: IpAddress,
  protocol: number,
  pdu: Uint8Array,
): Uint8Array {
  const four = source.family === "ipv4";
  const bytes = four
    ? encodeIpv4({ source, destination, protocol, ttl: 255, identification: 1, tos: 0xc0 }, pdu)
    : encodeIpv6({ source, destination, protocol, hopLimit: 255, trafficClass: 0xc0 }, pdu);
  const type = four ? etherType.ipv4 : etherType.ipv6;
  const group = four ? vrrpMulticast4 : vrrpMulticast6;
  return encodeEthernet(
    { destination: multicastMac(group), source: senderMac, etherType: type },
    bytes,
  );
}

function advert(fields: AdvertFields): Uint8Array {
  const source = ip(fields.family === "ipv4" ? "10.9.0.1" : "fe80::a");
  const destination = fields.family === "ipv4" ? vrrpMulticast4 : vrrpMulticast6;
  const pdu = encodeAdvert(fields, { source, destination, checksumAsV2: false });
  return packet(source, destination, ipProtocol.vrrp, pdu);
}

function rows(): Row[] {
  const vips4 = [ip("10.9.0.100"), ip("10.9.0.101")];
  const vips6 = [ip("fe80::100"), ip("2001:db8::100")];
  const v2 = { version: 2, family: "ipv4", vrid: 5, priority: 200 } as const;
  const auth = { type: advertAuthType.password, data: new TextEncoder().encode("secret") };
  const base2: AdvertFields = { ...v2, advertInterval: seconds(1), addresses: vips4 };
  const base3: AdvertFields = { ...base2, version: 3, advertInterval: centiseconds(4095) };
  const data = new TextEncoder().encode("are you there");
  const echo = { kind: "request", identifier: 1, sequence: 2, data } as const;
  const pair4 = { source: ip("10.9.0.2"), destination: ip("10.9.0.100") };
  const pair6 = { source: ip("fe80::b"), destination: ip("fe80::7") };
  const { icmp, icmpv6 } = ipProtocol;
  const echo4 = encodeEcho(echo, pair4);
  const echo6 = encodeEcho({ ...echo, kind: "reply" }, pair6);
  const vip6 = ip("2001:db8::100");
  return [
    { name: "v2", frame: advert(base2), verdict: "1|1||" },
    { name: "v2 with password", frame: advert({ ...base2, auth }), verdict: "1|1||" },
    { name: "v3", frame: advert(base3), verdict: "1|1||" },
    { name: "v3 without addresses", frame: advert({ ...base3, addresses: [] }), verdict: "1|1||" },
    {
      name: "v3 over IPv6",
      frame: advert({ ...base3, family: "ipv6", addresses: vips6 }),
      verdict: "|1||",
    },
    {
      name: "echo",
      frame: packet(pair4.source, pair4.destination, icmp, echo4),
      verdict: "1||1|",
    },
    {
      name: "echo over IPv6",
      frame: packet(pair6.source, pair6.destination, icmpv6, echo6),
      verdict: "|||1",
    },
    {
      name: "neighbor advertisement",
      frame: encodeUnsolicitedNeighborAdvertisement(senderMac, vip6, true),
      verdict: "|||1",
    },
    {
      name: "gratuitous ARP",
      frame: encodeGratuitousArp(senderMac, ip("10.9.0.100")),
      verdict: "|||",
    },
  ];
}

/** A capture file: the header of libpcap's format, then a record for each frame. */
function pcap(frames: readonly Uint8Array[]): Uint8Array {
  const linkTypeEthernet = 1;
  const header = [0xa1b2c3d4, 0x0002_0004, 0, 0, 65535, linkTypeEthernet];
  const records = frames.flatMap((frame, index) => [
    words([index, 0, frame.length, frame.length]),
    frame,
  ]);
  return concatBytes(words(header), ...records);
}

function words(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value);
  return bytes;
}

/** What tshark says of each frame, one line for each. */
function judge(frames: readonly Uint8Array[]): string[] {
  const directory = mkdtempSync(join(tmpdir(), "standin-tshark-"));
  try {
    const file = join(directory, "encoded.pcap");
    writeFileSync(file, pcap(frames));
    const options = preferences.flatMap((preference) => ["-o", preference]);
    const columns = fields.flatMap((field) => ["-e", field]);
    const output = ["-T", "fields", "-E", "separator=|", ...columns];
    const result = spawnSync("tshark", ["-n", "-r", file, ...options, ...output]);
    assert.equal(result.status, 0, String(result.stderr));
    return String(result.stdout).trimEnd().split("\n");
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test("tshark finds nothing wrong with the packets we encode", () => {
  const expected = rows().map(({ verdict }, index) => `${index + 1}|||${verdict}`);
  assert.deepEqual(judge(rows().map(({ frame }) => frame)), expected);
}, { skip });

test("tshark notices a changed octet in an advert of each version", () => {
  const changed = rows().slice(0, 3).map(({ frame }) => {
    const copy = frame.slice();
    copy[36] = 1;
    return copy;
  });
  for (const line of judge(changed)) assert.match(line, /Bad checksum.*\|1\|0\|\|$/);
}, { skip });
