/**
 * Virtual servers in the engine: who is up changes the quorum, and the kernel's table follows. A
 * reload touches only what is different; services of others are left alone.
 */
import type { Instant } from "../base/mod.ts";
import type { Model } from "../config/mod.ts";
import { chooseBackend, ipvsTold, settleBackend } from "./balance_backend.ts";
import { handOver } from "./balance_hand_over.ts";
import { flowsRefused } from "./balance_flows.ts";
import { marksRefused, settleMarks } from "./balance_marks.ts";
import { nftRefused, settleNft } from "./balance_nft.ts";
import { settingRefused, settleTimeouts, usesIpvs } from "./balance_settings.ts";
import { nftCounted, statisticsRead } from "./balance_statistics.ts";
import { performTables, removeServices, settleServer, tellEnd } from "./balance_table.ts";
import { checksRemembered, recallChecks, rememberChecks } from "./check_memory.ts";
import type { CheckSlot } from "./balance_world.ts";
import { configureChecks, dropChecks } from "./checks.ts";
import { endOverrides, overrideServers, overridesOf, restoreOverrides } from "./override.ts";
import type { EngineEvent } from "./event.ts";
import type { World } from "./world.ts";

/** Brings virtual servers and checks in line with a model. */
export function configureBalance(world: World, model: Model, now: Instant): void {
  const { balance } = world;
  const nothing = model.virtualServers.length === 0 && model.global.balance === undefined;
  if (nothing && balance.table === "unknown") return;
  if (world.reloads > 0) endOverrides(world);
  chooseBackend(world, model.global.balancer ?? "auto", model.global.balance?.namespace);
  const plans = new Map(model.virtualServers.map((plan) => [plan.name, plan]));
  const gone = [...balance.slots.values()].filter(({ plan }) => !plans.has(plan.name));
  for (const { plan } of gone) balance.slots.delete(plan.name);
  if (balance.table === "unknown" && model.checks.length > 0) recallChecks(world);
  const checks = configureChecks(world, model.checks, now);
  for (const plan of plans.values()) {
    const checkers = checks.get(plan.name) ?? new Map<string, CheckSlot[]>();
    const slot = balance.slots.get(plan.name);
    if (slot !== undefined) {
      slot.plan = plan;
      slot.checkers = checkers;
      continue;
    }
    const overrides = overridesOf(balance.overrides, plan.name);
    const state = {
      overrides,
      rising: new Map(),
      quorum: false,
      begun: false,
      present: new Map(),
      refusal: undefined,
    };
    balance.slots.set(plan.name, { plan, checkers, ...state });
  }
  handOver(world, gone);
  for (const slot of gone) performTables(world, slot, new Map());
  settleBackend(world);
}

/** What a host tells of IPVS, nftables and an earlier run, and what people say of servers. */
export function balanceTold(
  world: World,
  event: Extract<
    EngineEvent,
    {
      kind:
        | "ipvs-table"
        | "ipvs-refused"
        | "ipvs-setting-refused"
        | "nft-refused"
        | "marks-refused"
        | "flows-refused"
        | "nft-statistics"
        | "checks-remembered"
        | "override-server"
        | "overrides-kept"
        | "ipvs-statistics";
    }
  >,
  now: Instant,
): void {
  switch (event.kind) {
    case "nft-refused":
      return nftRefused(world, event.refusal);
    case "marks-refused":
      return marksRefused(world, event.refusal);
    case "flows-refused":
      return flowsRefused(world, event.refusal);
    case "nft-statistics":
      return nftCounted(world, event.counters);
    case "ipvs-setting-refused":
      return settingRefused(world, event);
    case "checks-remembered":
      return checksRemembered(world, event.checks, now);
    case "override-server":
      return overrideServers(world, event);
    case "overrides-kept":
      return restoreOverrides(world, event.overrides);
    case "ipvs-statistics":
      return statisticsRead(world, event.services);
    default:
      return ipvsTold(world, event);
  }
}

/** Ends all checks and removes our own services, or leaves them to whoever comes next. */
export function dropBalance(world: World, keep: boolean, now: Instant): void {
  const { balance } = world;
  dropChecks(world, now);
  for (const slot of balance.slots.values()) tellEnd(world, slot);
  if (keep) return;
  rememberChecks(world);
  const end = world.model?.global.balance?.flushAtEnd;
  if (end === "everything" && usesIpvs(world)) {
    world.effects.push({ kind: "ipvs-setting", setting: { kind: "flush" } });
  } else for (const slot of balance.slots.values()) removeServices(world, slot, end === "services");
  settleTimeouts(world);
  // Who never had virtual servers has nothing to remove.
  if (balance.table === "known") settleMarks(world);
  if (balance.nft.changed) settleNft(world);
}

/** Looks at the virtual servers whose servers changed in this step. */
export function settleServers(world: World): void {
  const { unsettled, slots } = world.balance;
  for (const slot of unsettled) {
    if (slots.get(slot.plan.name) === slot) settleServer(world, slot);
  }
  unsettled.clear();
  rememberChecks(world);
}
