/**
 * Decoders of packets and of netlink under noise: random octets, and valid packets with a few
 * octets changed, cut or doubled. Goal: nothing throws, nothing hangs, and what a decoder accepts
 * agrees with itself. FUZZ_RUNS sets how many inputs, FUZZ_SEED repeats a run.
 */
import assert from "node:assert/strict";
import fc from "../support/property.ts";
import { concatBytes, type Family } from "../../lib/base/mod.ts";
import {
  decodeAck,
  decodeAddress,
  decodeDone,
  decodeLink,
  splitMessages,
} from "../../lib/netlink/mod.ts";
import {
  advertLength,
  decodeAdvert,
  decodeArp,
  decodeEcho,
  decodeEthernet,
  decodeIpv4,
  decodeIpv6,
  decodeNeighborAdvertisement,
  printFrame,
  verifyAdvertChecksum,
} from "../../lib/wire/mod.ts";
import { test } from "../support/test.ts";
import * as netlinkVectors from "../unit/netlink/vectors.ts";
import * as wireVectors from "../unit/wire/vectors.ts";

const numRuns = Number(process.env["FUZZ_RUNS"] ?? 20_000);
const seed = process.env["FUZZ_SEED"];
const parameters = seed === undefined ? { numRuns } : { numRuns, seed: Number(seed) };

function recordedIn(module: Readonly<Record<string, unknown>>): Uint8Array[] {
  // Longer than an Ethernet address: a whole frame or message.
  return Object.values(module).filter((value): value is Uint8Array =>
    value instanceof Uint8Array && value.length > 6
  );
}

/** Noise, or one of the recorded inputs with up to four octets changed and a part repeated. */
function inputs(recorded: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const changed = fc.tuple(
    fc.constantFrom(...recorded),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
    fc.nat(),
    fc.nat(),
  ).map(([original, changes, end, again]) => {
    const bytes = original.slice();
    for (const [at, value] of changes) bytes[at % bytes.length] = value;
    const cut = bytes.subarray(0, end % 4 === 0 ? end % (bytes.length + 1) : bytes.length);
    return again % 4 === 0 ? concatBytes(cut, cut.subarray(again % (cut.length + 1))) : cut;
  });
  return fc.oneof(fc.uint8Array({ maxLength: 200 }), changed);
}

function checkAdvert(bytes: Uint8Array, family: Family): void {
  const decoded = decodeAdvert(bytes, family);
  if (!decoded.ok) return;
  const { version, count, addresses } = decoded.value;
  assert.equal(addresses.length, count);
  assert.equal(bytes.length, advertLength(version, family, count));
  const source = wireVectors.ip(family === "ipv4" ? "10.0.0.1" : "fe80::1");
  verifyAdvertChecksum(bytes, {
    family,
    version,
    source,
    destination: source,
    checksumAsV2: false,
  });
}

test("packet decoders survive noise", () => {
  const property = fc.property(inputs(recordedIn(wireVectors)), (frame) => {
    assert.ok(!printFrame(frame).includes("\n"));
    const ethernet = decodeEthernet(frame);
    const payload = ethernet.ok ? ethernet.value.payload : frame;
    decodeArp(payload);
    const ipv4 = decodeIpv4(payload);
    const ipv6 = decodeIpv6(payload);
    if (ipv4.ok) {
      const { header, payload: inner } = ipv4.value;
      assert.equal(inner.length, header.totalLength - header.headerLength);
      checkAdvert(inner, "ipv4");
      decodeEcho(inner, "ipv4");
    }
    if (ipv6.ok) {
      checkAdvert(ipv6.value.payload, "ipv6");
      decodeEcho(ipv6.value.payload, "ipv6");
      decodeNeighborAdvertisement(ipv6.value.payload);
    }
    checkAdvert(frame, "ipv4");
    checkAdvert(frame, "ipv6");
    decodeNeighborAdvertisement(frame);
  });
  fc.assert(property, parameters);
});

test("netlink decoders survive noise", () => {
  const property = fc.property(inputs(recordedIn(netlinkVectors)), (buffer) => {
    const split = splitMessages(buffer);
    const messages = split.ok ? split.value : split.error.messages;
    for (const message of messages) {
      const link = decodeLink(message);
      if (link.ok) assert.ok(message.payload.length >= 16);
      const address = decodeAddress(message);
      if (address.ok) assert.equal(address.value.local.family, address.value.family);
      assert.ok(decodeAck(message.payload, message.flags).errno >= 0);
      assert.ok(decodeDone(message.payload, message.flags).errno >= 0);
    }
  });
  fc.assert(property, parameters);
});
