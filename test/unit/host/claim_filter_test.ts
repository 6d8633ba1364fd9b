/**
 * The filter of the sockets that listen for others who use our addresses, run by the kernel on a
 * socket that needs no rights; that of neighbour advertisements looks into the IP header, too,
 * which such a socket does not have, so the lab tries it.
 */
import assert from "node:assert/strict";
import { claimFilter } from "../../../lib/host/linux/claim_filter.ts";
import { arpOperation, encodeArp } from "../../../lib/wire/mod.ts";
import { ip, mac } from "../../support/plan.ts";
import { test } from "../../support/test.ts";
import { passing } from "./passing.ts";

function arp(sender: string, target: string): Uint8Array {
  return encodeArp({
    operation: arpOperation.request,
    senderMac: mac("02:00:00:00:00:99"),
    senderAddress: ip(sender),
    targetMac: mac("00:00:00:00:00:00"),
    targetAddress: ip(target),
  });
}

test("only ARP packets whose sender has a watched address pass, of one or of a thousand", () => {
  const packets = [
    arp("10.0.0.100", "10.0.0.100"),
    arp("10.0.0.7", "10.0.0.100"),
    arp("0.0.0.0", "10.0.0.100"),
    arp("10.0.0.101", "10.0.0.1"),
    arp("200.0.3.231", "10.0.0.1"),
    new Uint8Array(10),
  ];
  assert.deepEqual(passing(claimFilter("ipv4", [ip("10.0.0.100")]), packets), [0]);
  const both = [ip("10.0.0.100"), ip("10.0.0.101")];
  assert.deepEqual(passing(claimFilter("ipv4", both), packets), [0, 3]);
  const many = Array.from({ length: 2000 }, (_, at) => ip(`200.0.${at >> 8}.${at & 255}`));
  assert.deepEqual(passing(claimFilter("ipv4", many), packets), [4]);
});

test("the longest program for neighbour advertisements is one that the kernel takes", () => {
  const many = Array.from({ length: 300 }, (_, at) => ip(`2001:db8::${at.toString(16)}`));
  assert.deepEqual(passing(claimFilter("ipv6", many), []), []);
});
