/** The lines of keepalived's `-a`. */
import assert from "node:assert/strict";
import type { IfIndex } from "../../../lib/base/mod.ts";
import type { EngineEvent, InterfaceAddress } from "../../../lib/engine/mod.ts";
import { reportAddresses } from "../../../lib/host/linux/address_report.ts";
import { ip } from "../../support/plan.ts";
import { test } from "../../support/test.ts";

const eth0 = 2 as IfIndex;
const one: InterfaceAddress = {
  ifIndex: eth0,
  address: ip("10.0.0.1"),
  prefixLength: 24,
  secondary: false,
  tentative: false,
};
const other = { ...one, ifIndex: 7 as IfIndex, address: ip("2001:db8::1"), prefixLength: 64 };

function linesOf(event: EngineEvent): string[] {
  return reportAddresses(event, (ifIndex) => ifIndex === eth0 ? "eth0" : undefined);
}

test("addresses that are there, come and go have a line each, and nothing else has", () => {
  assert.deepEqual(linesOf({ kind: "kernel-tables", links: [], addresses: [one, other] }), [
    "address 10.0.0.1/24 is on eth0",
    "address 2001:db8::1/64 is on #7",
  ]);
  assert.deepEqual(linesOf({ kind: "address", address: one }), [
    "address 10.0.0.1/24 came to eth0",
  ]);
  assert.deepEqual(linesOf({ kind: "address-gone", address: one }), [
    "address 10.0.0.1/24 left eth0",
  ]);
  assert.deepEqual(linesOf({ kind: "link-gone", ifIndex: eth0 }), []);
});
