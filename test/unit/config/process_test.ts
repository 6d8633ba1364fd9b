/** What a file says of the process that runs it: every keyword, and what a reload tells of it. */
import assert from "node:assert/strict";
import { describeChange, diffModels, loadConfig } from "../../../lib/config/mod.ts";
import { maskOf } from "../../../lib/config/keywords/process.ts";
import type { Model } from "../../../lib/config/mod.ts";
import { test } from "../../support/test.ts";
import { testEnvironment } from "./memory.ts";

const router = "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\n" +
  "virtual_ipaddress {\n10.0.0.1/24\n}\n}\n";

function modelOf(line: string): Model {
  const text = `global_defs {\n${line}\n}\n${router}`;
  const { model } = loadConfig("f", testEnvironment({ f: text }));
  assert.ok(model !== undefined, line);
  return model;
}

for (
  const [line, plan, change] of [
    ["vrrp_rt_priority 50", { realtimePriority: 50 }, "vrrp_rt_priority none → 50"],
    ["vrrp_rlimit_rttime 7", { realtimeLimit: 7 }, "vrrp_rlimit_rttime none → 7"],
    ["vrrp_rlimit_rtime 7", { realtimeLimit: 7 }, "vrrp_rlimit_rttime none → 7"],
    ["max_auto_priority 3", { autoPriority: 3 }, "max_auto_priority 0 → 3"],
    ["max_auto_priority", { autoPriority: 99 }, "max_auto_priority 0 → 99"],
    [
      "min_auto_priority_delay 5000",
      { autoPriorityDelay: 5000 },
      "min_auto_priority_delay 1000000 → 5000",
    ],
    ["vrrp_priority -5", { nice: -5 }, "vrrp_priority as started → -5"],
    ["vrrp_no_swap", { noSwap: true }, "vrrp_no_swap off → on"],
    [
      "vrrp_cpu_affinity 3 0 3",
      { processors: [0, 3] },
      "vrrp_cpu_affinity as started → 0 3",
    ],
    ["process_name gate", { name: "gate" }, "process_name as started → gate"],
    ["umask 022", { umask: 0o22 }, "umask as started → 022"],
  ] as const
) {
  test(`${line} reaches the process and is told by a reload`, () => {
    const [usual, model] = [modelOf(""), modelOf(line)];
    assert.equal(usual.global.process, undefined);
    assert.deepEqual(model.global.process, plan);
    assert.deepEqual(diffModels(usual, model).map(describeChange), [`global_defs: ${change}`]);
  });
}

test("words that are of no use leave the process as it is", () => {
  for (
    const line of [
      "vrrp_rt_priority",
      "vrrp_rt_priority 100",
      "vrrp_cpu_affinity 0 x",
      "vrrp_cpu_affinity",
      "umask 0x",
      "vrrp_priority nice",
      "checker_rt_priority 5",
      "bfd_no_swap",
    ]
  ) {
    assert.equal(modelOf(line).global.process, undefined, line);
  }
});

test("a mask is a number as C reads it, or names of bits", () => {
  const masks: [string, number][] = [
    ["022", 0o22],
    ["0x12", 0o22],
    ["18", 0o22],
    ["IRWXG|IRWXO", 0o77],
    ["IXUSR|IRWXG|IRWXO", 0o177],
    ["IRUSR|IWGRP|IXOTH", 0o421],
    ["01777", 0o777],
  ];
  for (const [text, mask] of masks) assert.equal(maskOf(text), mask, text);
});
