/**
 * The world of one engine: every machine, and the tables between them. Only routes: what is decided
 * is decided in the rooms.
 */
import {
  type Duration,
  type Family,
  type IfIndex,
  type Instant,
  milliseconds,
} from "../base/mod.ts";
import type { Model } from "../config/mod.ts";
import type { SyncGroup } from "../vrrp/mod.ts";
import { type BalanceWorld, newBalanceWorld } from "./balance_world.ts";
import { type BfdWorld, newBfdWorld } from "./bfd_world.ts";
import type { ListenPlace } from "./admission.ts";
import { Deadlines } from "./deadlines.ts";
import { type DuplicateWatches, newDuplicateWatches } from "./duplicate_watch.ts";
import type { Effect } from "./effect.ts";
import type { FirewallState } from "./firewall.ts";
import { Holdings } from "./holding.ts";
import { KernelTables } from "./kernel.ts";
import { type Lease, newLease } from "./lease.ts";
import type { RoutingCounts } from "./routing.ts";
import { type Lost, newLost } from "./lost.ts";
import type { Pacer } from "./pace.ts";
import { type Hooked, newHooked } from "./hooked.ts";
import { type Mailed, newMailed } from "./mailed.ts";
import type { Maintenance } from "./maintenance.ts";
import type { RefusedAddresses } from "./refused_address.ts";
import { newResourced, type Resourced } from "./resource_world.ts";
import type { Slot } from "./slot.ts";
import { newSysctls, type Sysctls } from "./sysctl.ts";
import type { VirtualLinks } from "./virtual_link.ts";
import type { StaticThing } from "./static.ts";
import { newNotified, type Notified } from "./notified.ts";
import { newTracked, type Tracked } from "./tracked.ts";

/** Everything an engine knows. */
export interface World {
  readonly startedAt: Instant;
  readonly kernel: KernelTables;
  readonly holdings: Holdings;
  readonly lease: Lease;
  readonly refusedAddresses: RefusedAddresses;
  /** How often each route and rule is held. */
  readonly routing: RoutingCounts;
  readonly statics: StaticThing[];
  readonly slots: Map<string, Slot>;
  /**
   * Virtual routers by interface, family and VRID: the path of every packet. There is more than one
   * at a key when they have different multicast groups.
   */
  readonly routers: Map<number, readonly Slot[]>;
  /** Interfaces and families whose routers changed: the host has to know whom adverts are for. */
  readonly unadmitted: Map<number, ListenPlace>;
  readonly groups: Map<string, SyncGroup>;
  /** The interfaces that were made for virtual routers. */
  readonly virtualLinks: VirtualLinks;
  readonly sysctls: Sysctls;
  /** What the host was last told of the firewall. */
  firewall: FirewallState | undefined;
  readonly deadlines: Deadlines<Slot>;
  readonly bfd: BfdWorld;
  readonly balance: BalanceWorld;
  /** Limits of announcements, and when the next one of each may go. */
  readonly pacers: Map<string, Pacer>;
  readonly pacing: Deadlines<Pacer>;
  readonly duplicates: DuplicateWatches;
  readonly tracked: Tracked;
  readonly notified: Notified;
  readonly mailed: Mailed;
  readonly hooked: Hooked;
  readonly resourced: Resourced;
  /** Octets of every address of every plan, joined. */
  readonly virtualAddresses: Set<string>;
  /** VRIDs that were told once because nobody here has them. */
  readonly toldVrids: Set<number>;
  /** Refusals of the kernel that were told since an interface changed: once is enough. */
  readonly toldRefusals: Set<string>;
  /** How often the node was held up, and how long at most. */
  readonly stalls: { count: number; longest: Duration; lastAt: Instant | undefined };
  /** When something happened last. */
  steppedAt: Instant;
  readonly unmatched: { malformed: number; unknownVrid: number };
  readonly lost: Lost;
  /** What the current step asks for. */
  effects: Effect[];
  model: Model | undefined;
  file: string;
  loadedAt: Instant;
  reloads: number;
  stopping: boolean;
  /** While the node takes no part because somebody asked for it. */
  maintenance: Maintenance | undefined;
  /** Microseconds since 1970 at instant 0, as the host said last. */
  wallOffset: number;
  /** Microseconds since 1970 at the present step. */
  wall: number;
}

/** A world in which nothing happened yet. */
export function newWorld(now: Instant): World {
  return {
    startedAt: now,
    kernel: new KernelTables(),
    holdings: new Holdings(),
    lease: newLease(),
    refusedAddresses: new Map(),
    routing: new Map(),
    statics: [],
    slots: new Map(),
    routers: new Map(),
    unadmitted: new Map(),
    groups: new Map(),
    virtualLinks: new Map(),
    sysctls: newSysctls(),
    firewall: undefined,
    deadlines: new Deadlines(),
    bfd: newBfdWorld(),
    balance: newBalanceWorld(now),
    pacers: new Map(),
    pacing: new Deadlines(),
    duplicates: newDuplicateWatches(),
    tracked: newTracked(),
    notified: newNotified(),
    mailed: newMailed(now),
    hooked: newHooked(),
    resourced: newResourced(),
    virtualAddresses: new Set(),
    toldVrids: new Set(),
    toldRefusals: new Set(),
    stalls: { count: 0, longest: milliseconds(0), lastAt: undefined },
    steppedAt: now,
    unmatched: { malformed: 0, unknownVrid: 0 },
    lost: newLost(),
    effects: [],
    model: undefined,
    file: "",
    loadedAt: now,
    reloads: 0,
    stopping: false,
    maintenance: undefined,
    wallOffset: 0,
    wall: 0,
  };
}

/** The key of a virtual router on the wire: interface, family and VRID. */
export function routerKey(ifIndex: IfIndex, family: Family, vrid: number): number {
  return ifIndex * 512 + (family === "ipv4" ? 0 : 256) + vrid;
}
