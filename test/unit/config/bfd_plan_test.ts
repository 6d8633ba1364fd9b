/**
 * Each keyword of `bfd_instance` reaches the plan of its session.
 */
import assert from "node:assert/strict";
import { formatIp, milliseconds } from "../../../lib/base/mod.ts";
import { anyHops, type BfdPlan } from "../../../lib/bfd/mod.ts";
import { modelOf } from "../../support/model.ts";
import { ip } from "../../support/plan.ts";
import { test } from "../../support/test.ts";

function planOf(lines: string): BfdPlan {
  const [plan] = modelOf(`bfd_instance peer {\n${lines}\n}\n`).bfdSessions;
  assert.ok(plan !== undefined);
  return plan;
}

const usual = planOf("neighbor_ip 10.0.0.2");

test("a session of which only the neighbour is said", () => {
  assert.deepEqual(usual, {
    name: "peer",
    neighbor: ip("10.0.0.2"),
    minRx: milliseconds(10),
    minTx: milliseconds(10),
    idleTx: milliseconds(1000),
    multiplier: 5,
    passive: false,
    ttl: 255,
    maxHops: 0,
    multihop: false,
  });
  const other = planOf("neighbour_ip 2001:db8::2");
  assert.equal(formatIp(other.neighbor), "2001:db8::2");
  assert.equal(other.ttl, 64);
});

const rows: readonly (readonly [line: string, change: Partial<BfdPlan>])[] = [
  ["source_ip 10.0.0.1", { source: ip("10.0.0.1") }],
  ["min_rx 20.5", { minRx: milliseconds(20.5) }],
  ["min_tx 30", { minTx: milliseconds(30) }],
  ["idle_tx 2000", { idleTx: milliseconds(2000) }],
  ["multiplier 7", { multiplier: 7 }],
  ["passive", { passive: true }],
  ["ttl 64", { ttl: 64 }],
  ["hoplimit 65", { ttl: 65 }],
  ["max_hops 3", { maxHops: 3 }],
  ["max_hops -1", { maxHops: anyHops }],
  ["multihop", { multihop: true }],
];

for (const [line, change] of rows) {
  test(`bfd_instance: ${line}`, () => {
    assert.deepEqual(planOf(`neighbor_ip 10.0.0.2\n${line}`), { ...usual, ...change });
  });
}
