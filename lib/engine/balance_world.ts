/**
 * Virtual servers of one engine, their checks, and what the kernel has of them. Empty, and looked
 * at by nobody, when no `virtual_server` is configured.
 */
import type {
  BalancerChoice,
  IpvsChange,
  RisingServer,
  ServerOverride,
  ServiceTables,
  VirtualServerPlan,
} from "../balance/mod.ts";
import { type Instant, Random } from "../base/mod.ts";
import type { Checker, CheckPlan } from "../check/mod.ts";
import { type MarksWorld, newMarksWorld } from "./balance_marks.ts";
import { newNftWorld, type NftWorld } from "./balance_nft.ts";
import { type BalanceSettingsWorld, newBalanceSettings } from "./balance_settings.ts";
import type { Statistics } from "./balance_statistics.ts";
import { Deadlines } from "./deadlines.ts";
import type { Overrides } from "./override.ts";
import type { KernelRefusal } from "./event.ts";

/** A virtual server in its place. */
export interface BalanceSlot {
  plan: VirtualServerPlan;
  /** Its checks by the names of its servers; servers without checks are up. */
  checkers: ReadonlyMap<string, readonly CheckSlot[]>;
  /** What people said of its servers. */
  readonly overrides: ReadonlyMap<string, ServerOverride>;
  /** Servers that came up not long ago and have `slow_start`. */
  readonly rising: Map<string, RisingServer>;
  quorum: boolean;
  /** Whether it was looked at for the first time. */
  begun: boolean;
  /** What the kernel has, as far as we know. */
  present: ServiceTables;
  /** What the kernel refused last. */
  refusal: KernelRefusal | undefined;
}

/** Somebody who wants to know what a check says. */
export type CheckUser = Pick<CheckPlan, "virtualServer" | "realServer">;

/** A check in its place. */
export interface CheckSlot {
  readonly checker: Checker;
  /** The servers that it is for, of one virtual server or several. */
  users: readonly CheckUser[];
  /** Number of the probe or command that is under way, or was last. */
  run: number;
  /** A command that was told to end, and when it is told again. */
  overdue: { readonly run: number; signalAt: Instant } | undefined;
}

/** All virtual servers. */
export interface BalanceWorld {
  readonly slots: Map<string, BalanceSlot>;
  /** By what they ask. */
  checks: ReadonlyMap<string, CheckSlot>;
  /** The same by the names of their plans. */
  checksByName: ReadonlyMap<string, CheckSlot>;
  /** Checks by the number of their probe. */
  readonly running: Map<number, CheckSlot>;
  /** Checks by the number of their command. */
  readonly commands: Map<number, CheckSlot>;
  /** Virtual servers whose servers changed in this step. */
  readonly unsettled: Set<BalanceSlot>;
  /** What people said of servers. */
  readonly overrides: Overrides;
  readonly deadlines: Deadlines<CheckSlot>;
  /** Virtual servers with servers that get more weight. */
  readonly rises: Deadlines<BalanceSlot>;
  readonly random: Random;
  runs: number;
  /** What the configuration asks for. */
  wanted: BalancerChoice;
  /** Where virtual servers are. */
  backend: "ipvs" | "nftables";
  readonly nft: NftWorld;
  readonly marks: MarksWorld;
  /** `net_namespace_ipvs`. */
  namespace: string | undefined;
  readonly settings: BalanceSettingsWorld;
  /** What the kernel counted when somebody asked last. */
  statistics: Statistics;
  /** Whether the kernel's table was read. */
  table: "unknown" | "asked" | "known" | KernelRefusal;
}

/** The event of a step that the kernel did not take. */
export interface IpvsRefused {
  readonly kind: "ipvs-refused";
  /** Absent: there is no IPVS at all. */
  readonly change?: IpvsChange;
  readonly refusal: KernelRefusal;
}

/** Microseconds by which a check may be late, so that thousands of them share turns. */
const checkGrid = 4000;

/** No virtual servers; the seed decides when first checks come. */
export function newBalanceWorld(seed: number): BalanceWorld {
  return {
    slots: new Map(),
    checks: new Map(),
    checksByName: new Map(),
    running: new Map(),
    commands: new Map(),
    unsettled: new Set(),
    overrides: new Map(),
    deadlines: new Deadlines(checkGrid),
    rises: new Deadlines(),
    random: new Random(seed),
    runs: 0,
    wanted: "auto",
    backend: "ipvs",
    nft: newNftWorld(),
    marks: newMarksWorld(),
    namespace: undefined,
    settings: newBalanceSettings(),
    statistics: new Map(),
    table: "unknown",
  };
}
