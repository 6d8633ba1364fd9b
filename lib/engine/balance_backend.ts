/**
 * Where virtual servers are: IPVS, nftables, or the first of them that the kernel has. A reload may
 * move them; what the old place has of them goes then.
 */
import type { BalancerChoice, BalanceSettings } from "../balance/mod.ts";
import { dropMarks, settleMarks } from "./balance_marks.ts";
import { dropNft } from "./balance_nft.ts";
import { settleTimeouts } from "./balance_settings.ts";
import { ipvsRead, ipvsRefused, performTables, settleServer } from "./balance_table.ts";
import type { IpvsRefused } from "./balance_world.ts";
import type { EngineEvent } from "./event.ts";
import { tell } from "./slot.ts";
import type { World } from "./world.ts";

/** Leaves a place that is no longer wanted. */
export function chooseBackend(
  world: World,
  wanted: BalancerChoice,
  namespace: string | undefined,
): void {
  const { balance } = world;
  if (wanted === balance.wanted && namespace === balance.namespace) return;
  for (const slot of balance.slots.values()) performTables(world, slot, new Map());
  if (balance.nft.state !== undefined) dropNft(world);
  if (namespace !== balance.namespace) {
    dropMarks(world);
    const where = namespace === undefined ? {} : { namespace };
    world.effects.push({ kind: "enter-balance", ...where });
  }
  balance.wanted = wanted;
  balance.namespace = namespace;
  balance.backend = "ipvs";
  balance.table = "unknown";
}

/** Brings the place in line with what is wanted; what IPVS has must be read first. */
export function settleBackend(world: World): void {
  const { balance } = world;
  const isNeeded = balance.slots.size > 0 || hasSteps(world.model?.global.balance);
  if (balance.table === "known") {
    settleTimeouts(world);
    settleMarks(world);
    for (const slot of balance.slots.values()) settleServer(world, slot);
  } else if (isNeeded && balance.table !== "asked") {
    if (balance.wanted === "nftables") return useNftables(world);
    balance.table = "asked";
    world.effects.push({ kind: "read-ipvs" });
  }
}

/** Settings that have something done without a virtual server. */
function hasSteps({ timeouts, flush, flushAtEnd, sync }: BalanceSettings = {}): boolean {
  return [timeouts, flush, flushAtEnd, sync].some((one) => one !== undefined);
}

/** What IPVS has, or that there is none. */
export function ipvsTold(
  world: World,
  event: Extract<EngineEvent, { kind: "ipvs-table" }> | IpvsRefused,
): void {
  const { balance } = world;
  // Meanwhile a reload may have chosen another place.
  if (balance.backend === "nftables") return;
  if (event.kind === "ipvs-table") {
    // An earlier run may have balanced without IPVS.
    dropNft(world);
    ipvsRead(world, event);
    return settleMarks(world);
  }
  if (event.change !== undefined || balance.wanted !== "auto") return ipvsRefused(world, event);
  if (world.stopping) return;
  tell(world, { kind: "ipvs-replaced", refusal: event.refusal });
  useNftables(world);
}

function useNftables(world: World): void {
  const { balance } = world;
  balance.backend = "nftables";
  balance.table = "known";
  settleMarks(world);
  for (const slot of balance.slots.values()) settleServer(world, slot);
}
