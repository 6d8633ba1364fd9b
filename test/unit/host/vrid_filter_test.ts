/**
 * The filter of the raw sockets, run by the kernel: on a socket that needs no rights, whose
 * datagrams begin where a raw socket's packets do.
 */
import assert from "node:assert/strict";
import { concatBytes, type Family } from "../../../lib/base/mod.ts";
import { vridFilter } from "../../../lib/host/linux/vrid_filter.ts";
import { ipProtocol } from "../../../lib/wire/mod.ts";
import { test } from "../../support/test.ts";
import { passing } from "./passing.ts";

const everyVrid = Array.from({ length: 256 }, (_, vrid) => vrid);

function packets(headerLength: number, before: number): Uint8Array[] {
  const header = new Uint8Array(headerLength);
  header[0] = 0x40 | headerLength / 4;
  return everyVrid.map((vrid) => {
    return concatBytes(header, new Uint8Array(before), Uint8Array.of(0x31, vrid, 100, 0));
  });
}

const kinds: readonly (readonly [string, Family, number, number, number])[] = [
  ["IPv4", "ipv4", ipProtocol.vrrp, 20, 0],
  ["IPv4 with options", "ipv4", ipProtocol.vrrp, 32, 0],
  ["IPv4 with an authentication header", "ipv4", ipProtocol.ah, 20, 24],
  ["IPv6", "ipv6", ipProtocol.vrrp, 0, 0],
];

for (const [name, family, protocol, headerLength, before] of kinds) {
  test(`${name}: only what is for our routers passes`, () => {
    const all = packets(headerLength, before);
    for (const vrids of [[1], [255], [31, 32, 63, 64], [7, 77, 177], everyVrid.slice(1)]) {
      assert.deepEqual(passing(vridFilter(family, protocol, vrids), all), vrids);
    }
    assert.deepEqual(passing(vridFilter(family, protocol, undefined), all), everyVrid);
  });
}

test("what is too short to say whom it is for passes, to be counted", () => {
  const [whole = new Uint8Array()] = packets(20, 0);
  const cut = [20, 21, 22].map((length) => whole.subarray(0, length));
  assert.deepEqual(passing(vridFilter("ipv4", ipProtocol.vrrp, [51]), cut), [0, 1]);
});
