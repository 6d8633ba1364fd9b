/** Which addresses a node holds, when several routers want the same one. */
import assert from "node:assert/strict";
import { type Holding, Holdings, sameHolding } from "../../../lib/engine/holding.ts";
import { eth0, vip } from "../../support/plan.ts";
import { otherInterface } from "../../support/engine.ts";
import { test } from "../../support/test.ts";

function holding(text: string, ifIndex = eth0): Holding {
  return { ifIndex, plan: vip(text) };
}

test("an address is added by the first who takes it and deleted by the last who drops it", () => {
  const holdings = new Holdings();
  assert.equal(holdings.take(holding("10.0.0.100/24"), false), true);
  assert.equal(holdings.take(holding("10.0.0.100/24"), false), false);
  assert.equal(holdings.drop(holding("10.0.0.100/24")), false);
  assert.ok(holdings.has(eth0, vip("10.0.0.100").address));
  assert.equal(holdings.drop(holding("10.0.0.100/24")), true);
  assert.ok(!holdings.has(eth0, vip("10.0.0.100").address));
  assert.equal(holdings.drop(holding("10.0.0.100/24")), false);
});

test("interface and prefix length tell addresses apart", () => {
  const holdings = new Holdings();
  assert.ok(holdings.take(holding("10.0.0.100/24"), false));
  assert.ok(holdings.take(holding("10.0.0.100/32"), false));
  assert.ok(holdings.take(holding("10.0.0.100/24", otherInterface), false));
  assert.ok(!sameHolding(holding("10.0.0.100/24"), holding("10.0.0.100/32")));
  assert.ok(sameHolding(holding("10.0.0.100/24"), holding("10.0.0.100/24")));
});

test("an address that was there before is neither added nor deleted, unless it is claimed", () => {
  const holdings = new Holdings();
  assert.equal(holdings.take(holding("10.0.0.1/24"), true), false);
  assert.ok(holdings.has(eth0, vip("10.0.0.1").address));
  assert.equal(holdings.drop(holding("10.0.0.1/24")), false);
  holdings.take(holding("10.0.0.1/24"), true);
  assert.equal(holdings.claim(holding("10.0.0.1/24")), true);
  assert.equal(holdings.claim(holding("10.0.0.1/24")), false);
  assert.equal(holdings.drop(holding("10.0.0.1/24")), true);
});
