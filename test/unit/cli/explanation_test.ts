/** What `standin explain INSTANCE` says. */
import assert from "node:assert/strict";
import { explainInstance, type Explanation } from "../../../lib/cli/explanation.ts";
import { renderExplanation } from "../../../lib/cli/explanation_text.ts";
import type { InstanceStatus } from "../../../lib/engine/mod.ts";
import { test } from "../../support/test.ts";
import { example, inside, outside } from "../status/example.ts";

const now = Date.parse("2026-01-02T03:07:17.678Z");
const look = { now, columns: 80, colours: false };

const web: InstanceStatus["tracking"][number] = {
  kind: "script",
  name: "web",
  group: null,
  weight: 20,
  reverse: false,
  state: "bad",
  value: null,
  since: "2026-01-02T03:07:05.678Z",
  detail: "exit 1",
  effect: "priority",
  change: 0,
};

const backup: InstanceStatus = {
  ...inside,
  state: "BACKUP",
  syncGroup: null,
  tracking: [web],
  master: { address: "10.0.0.2", priority: 110 },
};

function explain(instance: InstanceStatus, ...others: InstanceStatus[]): Explanation {
  return explainInstance({ ...example, instances: [instance, ...others] }, instance);
}

test("a backup behind a better master reads like this", () => {
  const link = { ...web, kind: "interface", name: "eth1", weight: -30, change: -30, detail: null };
  const instance = { ...backup, effectivePriority: 70, tracking: [web, { ...link } as const] };
  assert.equal(
    renderExplanation(explain(instance as InstanceStatus), look),
    `\
VI_1 is BACKUP for 3m12s
  BACKUP to MASTER: no advert from 10.0.0.2 for 3.61 s

Priority
    100  configured
      0  script web: bad for 12s (exit 1), weight 20
    -30  interface eth1: bad for 12s, weight -30
     70  in effect

Master
  10.0.0.2 with priority 110

Who would win now
  10.0.0.2
  10.0.0.2 has 110, more than 70

What would change it
  it would need more than 110; with every tracker at its best it has 120, which
  is enough
  or 10.0.0.2 has to fall silent or give the role away`,
  );
});

test("who wins, and why", () => {
  function standing(change: Partial<InstanceStatus>): string {
    const { wins, why, change: changes } = explain({ ...backup, tracking: [], ...change });
    return [wins, ...why, ...changes].join(" | ");
  }
  const lesser = { master: { address: "10.0.0.2", priority: 90 } };
  assert.match(standing({ state: "MASTER" }), /^true .*need more than 100, or 100 and an address/);
  assert.match(standing({ state: "MASTER", basePriority: 255 }), /^true \| it owns the addresses/);
  assert.match(standing({ master: null }), /^true \| no master is heard/);
  assert.match(standing(lesser), /^true .* takes over when its timer runs out \| .* 100 or more$/);
  assert.match(standing({ ...lesser, preemptDelayMs: 5000 }), /preempt_delay of 5 s is over/);
  assert.match(standing({ ...lesser, preempt: false }), /^false .* nopreempt leaves it the role/);
  const equal = { master: { address: "10.0.0.2", priority: 100 } };
  assert.match(standing(equal), /^false .* 100 as well, .* would need more than 100 \|/);
  const owner = { master: { address: "10.0.0.2", priority: 255 } };
  assert.match(standing(owner), /only the owner of the addresses \(255\) has more/);
  assert.match(standing({ preempt: false }), /^false \| .* more than 100 \| .*\(nopreempt\)$/);
  assert.match(standing({ state: "FAULT" }), /^false \| a router in FAULT takes no part/);
  assert.match(standing({ state: "INIT" }), /^ \| it has not started yet/);
});

test("the most and the least that trackers can give stay between 1 and 254", () => {
  const turned = { ...web, weight: 60, reverse: true };
  const { priority } = explain({ ...backup, tracking: [turned, { ...turned, name: "b" }] });
  assert.deepEqual([priority.lowest, priority.highest], [1, 100]);
  const file = { ...web, kind: "file", state: "number", value: 3, weight: 2, change: 6 } as const;
  const withFile = explain({ ...backup, tracking: [file], effectivePriority: 106 }).priority;
  assert.deepEqual([withFile.sum, withFile.lowest, withFile.highest], [106, null, null]);
});

test("what the sum was before it was kept in bounds is said", () => {
  const tracking = [{ ...web, state: "good", change: 200, weight: 200 }] as const;
  const clamped = explain({ ...backup, tracking, effectivePriority: 254 });
  assert.match(renderExplanation(clamped, look), /^ {4}300 {2}is kept between 1 and 254$/m);
  const owner = { ...backup, tracking, basePriority: 255, effectivePriority: 255 };
  assert.match(renderExplanation(explain(owner), look), /the owner .* keeps its priority/);
});

test("members of a sync group that hold an instance back are named, with their reasons", () => {
  const free = { ...backup, syncGroup: "G1", tracking: [], master: null };
  const behind = { ...free, name: "VI_3", master: { address: "10.3.0.2", priority: 200 } };
  const held = explain(free, outside, behind);
  assert.equal(held.wins, false);
  assert.deepEqual(held.syncGroup?.heldBackBy, [
    { name: "VI_2", why: "interface eth1.100 is down" },
    { name: "VI_3", why: "10.3.0.2 has 200, more than 100" },
  ]);
  const dragged = { ...outside, faults: ["VI_1 of sync group G1 is in FAULT"] };
  assert.deepEqual(explain(free, dragged).syncGroup?.heldBackBy, []);
});

test("no line is wider than 80 columns, and no control character gets out", () => {
  const sly = {
    ...web,
    name: "\x1b[31m".repeat(30),
    detail: "x ".repeat(90),
    state: "good",
  } as const;
  const text = renderExplanation(explain({ ...backup, tracking: [sly] }), look);
  for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
  assert.doesNotMatch(text.replaceAll("\n", ""), /\p{Cc}/u);
});
