/**
 * Where virtual servers are: IPVS, nftables, or the first of them that the kernel has. A reload may
 * move them; what the old place has of them goes then.
 */
import type { BalancerChoice } from "../balance/mod.ts";
import { dropNft } from "./balance_nft.ts";
import { settleTimeouts } from "./balance_settings.ts";
import { ipvsRead, ipvsRefused, performTables, settleServer } from "./balance_table.ts";
import type { IpvsRefused } from "./balance_world.ts";
import type { EngineEvent } from "./event.ts";
import { tell } from "./slot.ts";
import type { World } from "./world.ts";

/** Leaves a place that is no longer wanted. */
export function chooseBackend(world: World, wanted: BalancerChoice): void {
  const { balance } = world;
  if (wanted === balance.wanted) return;
  for (const slot of balance.slots.values()) performTables(world, slot, new Map());
  if (balance.nft.state !== undefined) dropNft(world);
  balance.wanted = wanted;
  balance.backend = "ipvs";
  balance.table = "unknown";
}

/** Brings the place in line with what is wanted; what IPVS has must be read first. */
export function settleBackend(world: World): void {
  const { balance } = world;
  const isNeeded = balance.slots.size > 0 || world.model?.global.balance !== undefined;
  if (balance.table === "known") {
    settleTimeouts(world);
    for (const slot of balance.slots.values()) settleServer(world, slot);
  } else if (isNeeded && balance.table !== "asked") {
    if (balance.wanted === "nftables") return useNftables(world);
    balance.table = "asked";
    world.effects.push({ kind: "read-ipvs" });
  }
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
    return ipvsRead(world, event);
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
  for (const slot of balance.slots.values()) settleServer(world, slot);
}
