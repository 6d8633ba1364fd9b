/**
 * Virtual servers in nftables, where IPVS is not wanted or not there: the table is brought in line
 * in one transaction for all that came at the same time. A change that is refused (somebody flushed
 * the table) is followed by the whole table; only when that is refused, too, it is told.
 */
import {
  nftObjections,
  type NftService,
  nftServiceOf,
  renderNft,
  renderNftChange,
  type ServiceTable,
  type ServiceTables,
} from "../balance/mod.ts";
import { type Instant, never } from "../base/mod.ts";
import type { NftCounter, ServerFlows } from "../netlink/mod.ts";
import { forgetFlows, noteFlows } from "./balance_flows.ts";
import type { BalanceSlot } from "./balance_world.ts";
import type { EngineEvent, KernelRefusal } from "./event.ts";
import { tell } from "./slot.ts";
import type { World } from "./world.ts";

/** What the table of nftables is known to have. */
export interface NftWorld {
  /** Services by their chains; absent when the table is not there, or nobody knows. */
  state: ReadonlyMap<string, NftService> | undefined;
  /** The services that were made of tables, which are made once. */
  readonly made: WeakMap<ServiceTable, NftService>;
  /** Flows that are to be forgotten when the table is in line. */
  readonly forgotten: ServerFlows[];
  /** What its counters say, as the host told last. */
  counters: ReadonlyMap<string, NftCounter>;
  /** Whether a virtual server changed in this step. */
  changed: boolean;
  /** Whether what was asked for last was the whole table. */
  whole: boolean;
  /** Why the whole table is not there; absent when nothing is known against it. */
  refusal: KernelRefusal | undefined;
}

/** No table. */
export function newNftWorld(): NftWorld {
  return {
    state: undefined,
    made: new WeakMap(),
    forgotten: [],
    counters: new Map(),
    changed: false,
    whole: false,
    refusal: undefined,
  };
}

/** What a virtual server wants from now on; one that needs IPVS gets nothing, which is told. */
export function nftTables(
  world: World,
  slot: BalanceSlot,
  wanted: ServiceTables,
  isUp: (server: string) => boolean,
): void {
  const before = slot.present;
  const [objection] = nftObjections(slot.plan);
  slot.present = objection === undefined ? wanted : new Map();
  slot.refusal = undefined;
  noteFlows(world, before, slot.present, isUp);
  world.balance.nft.changed = true;
  if (objection === undefined) return;
  const message = `"${objection.what}" needs IPVS; write ${objection.instead}`;
  slot.refusal = { errno: "EOPNOTSUPP", message };
  const key = `${slot.plan.name} ${message}`;
  if (world.toldRefusals.has(key)) return;
  world.toldRefusals.add(key);
  tell(world, { kind: "needs-ipvs", virtualServer: slot.plan.name, detail: message });
}

/**
 * Brings the table in line at the end of a step. Results of checks come many at a time, and each
 * transaction holds everything up: what they change is done by one, when all of them were read.
 */
export function passNft(world: World, { kind }: EngineEvent): void {
  if (kind !== "probe-ended" && kind !== "command-ended") settleNft(world);
}

/** At once when results of checks are still to be acted on: the clock comes after the reading. */
export function nftDeadline({ balance, steppedAt }: World): Instant {
  return balance.nft.changed ? steppedAt : never;
}

/** Brings the table in line with what was decided so far. */
export function settleNft(world: World): void {
  const { balance } = world;
  const { nft } = balance;
  if (!nft.changed) return;
  nft.changed = false;
  const state = new Map<string, NftService>();
  for (const slot of balance.slots.values()) {
    for (const table of slot.present.values()) {
      const service = nft.made.get(table) ?? nftServiceOf(table);
      nft.made.set(table, service);
      state.set(service.chain, service);
    }
  }
  const known = nft.state;
  if (state.size === 0) {
    dropNft(world);
    return forgetFlows(world);
  }
  const text = known === undefined ? renderNft(state) : renderNftChange(known, state);
  nft.state = state;
  nft.whole = known === undefined;
  nft.refusal = undefined;
  if (text !== "") world.effects.push({ kind: "nft-table", text });
  forgetFlows(world);
}

/** Removes the table, and what an earlier run left of it. */
export function dropNft({ balance: { nft }, effects }: World): void {
  nft.state = undefined;
  nft.refusal = undefined;
  nft.changed = false;
  effects.push({ kind: "nft-table" });
}

/** A transaction was refused, so nothing of it happened. */
export function nftRefused(world: World, refusal: KernelRefusal): void {
  const { balance } = world;
  const { nft } = balance;
  if (world.stopping || balance.backend !== "nftables") return;
  nft.state = undefined;
  if (!nft.whole) {
    nft.changed = true;
    return;
  }
  nft.refusal = refusal;
  const key = `nftables ${refusal.message}`;
  if (world.toldRefusals.has(key)) return;
  world.toldRefusals.add(key);
  tell(world, { kind: "nft-refused", refusal });
}
