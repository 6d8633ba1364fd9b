/**
 * What one virtual router knows: its plan, its state with the data that only that state has, its
 * timers, faults and counters. Written to by the machine (`instance.ts`, `hear.ts` and the files
 * beside them) and by nobody else.
 */
import type { Duration, Instant, IpAddress, Priority } from "../base/mod.ts";
import { countMax } from "./advert_room.ts";
import { type AnnouncementSchedule, noAnnouncements } from "./announcement.ts";
import { type AuthenticationState, newAuthenticationState } from "./authentication/state.ts";
import type { Contender } from "./contender.ts";
import type { InstancePlan } from "./plan.ts";
import type { HeldUp } from "./stall.ts";
import { type Counters, type Fault, newCounters, type Reason, type StateName } from "./state.ts";
import type { Rival } from "./two_owners.ts";
import type { WitnessWord } from "./witness.ts";

/** Another router of the same virtual router, as its adverts show it. */
export interface Peer {
  readonly address: IpAddress;
  readonly priority: number;
}

/** An advert that passed all checks. */
export interface HeardAdvert extends Peer {
  readonly advertInterval: Duration;
  /** None of its addresses is one of ours. */
  readonly foreign?: boolean;
}

/** Listening for a master. */
export interface BackupState {
  readonly kind: "BACKUP";
  /** Master_Down_Timer. */
  masterDownAt: Instant;
  /** Active_Adver_Interval: the master's own in version 3, ours in version 2. */
  activeAdvertInterval: Duration;
  /** When the last accepted advert came, or when listening began. */
  heardAt: Instant;
  master: Peer | undefined;
  /** The master gave the role away with priority 0. */
  released: boolean;
  /** A master of lower priority that is being left to run out, and when it was last heard. */
  preempting: { readonly peer: Peer; readonly at: Instant } | undefined;
  /** When `preempt_delay` ends; `never` until a lower advert starts it. */
  preemptAt: Instant;
  /** The timer has run out, but there was mail to read first: which deadline, and since when. */
  deferred: { readonly deadline: Instant; readonly since: Instant } | undefined;
  /** Before then a takeover that nearly happened is only counted. */
  nearTellAt: Instant;
  /** The timer has run out, but the sync group does not let it rise yet. */
  wantsMaster: boolean;
  /** It would have become master, but does not reach its witness. */
  unwitnessed: boolean;
}

/** Holding the addresses. */
export interface MasterState {
  readonly kind: "MASTER";
  /** Adver_Timer. */
  advertAt: Instant;
  /** Another owner, while this one owns the addresses, too. */
  rival: Rival | undefined;
  /** The master whose silence made this one rise: when it is heard again, a split has healed. */
  readonly silent: IpAddress | undefined;
  /** The master that was preempted, until its last word came, which may cross our first. */
  preempted: IpAddress | undefined;
  /** Another master that was heard and has to yield. */
  contender: Contender | undefined;
  /** When such a one was answered last. */
  answeredAt: Instant;
  /** The router was held up and has not looked at its mail yet. */
  heldUp: HeldUp | undefined;
}

/** The state with the data that only it has. */
export type InstanceState =
  | { readonly kind: "INIT" }
  | BackupState
  | MasterState
  | { readonly kind: "FAULT" }
  | { readonly kind: "STOPPED" };

/** One virtual router. Only the machine of this room writes to it. */
export interface Instance {
  plan: InstancePlan;
  state: InstanceState;
  effectivePriority: Priority;
  /** What trackers add to the configured priority. */
  adjustment: number;
  /** Primary address that adverts are sent from; absent while there is none. */
  source: IpAddress | undefined;
  /** How many of its addresses an advert has room for. */
  addressesMax: number;
  /** A unicast peer makes the checksums of its adverts as keepalived did before 1.3.6. */
  oldChecksum: boolean;
  /** Whether it belongs to a sync group and must ask before it rises. */
  grouped: boolean;
  /** Where its beat lies, counted from the zero of the clock; wherever it began when absent. */
  beatOffset: Duration | undefined;
  /** `vrrp_startup_delay`: whatever a backup waits for is counted from this time on. */
  holdUntil: Instant;
  /** It gave the role away on purpose, and does not preempt whoever took it. */
  yielded: boolean;
  /** What is known of the witness of the plan, if it has one. */
  witness: WitnessWord;
  readonly faults: Fault[];
  readonly announcements: AnnouncementSchedule;
  readonly counters: Counters;
  readonly authentication: AuthenticationState;
  lastTransition: { from: StateName; to: StateName; at: Instant; reason: Reason };
}

/** An instance in INIT. */
export function newInstance(plan: InstancePlan, now: Instant): Instance {
  return {
    plan,
    state: { kind: "INIT" },
    effectivePriority: plan.basePriority,
    adjustment: 0,
    source: undefined,
    addressesMax: countMax,
    oldChecksum: plan.unicast?.oldChecksum === "always",
    grouped: false,
    beatOffset: undefined,
    holdUntil: now,
    yielded: false,
    witness: "unknown",
    faults: [],
    announcements: noAnnouncements(),
    counters: newCounters(),
    authentication: newAuthenticationState(),
    lastTransition: { from: "INIT", to: "INIT", at: now, reason: { kind: "startup" } },
  };
}
