/**
 * What a virtual router asks for, in its own words. The engine turns these into effects: it knows
 * the interface, its Ethernet address and who else wants the same address.
 */
import type { Duration, IpAddress, Priority } from "../base/mod.ts";
import type { Announced } from "./announcement.ts";
import type { TwoMastersCause } from "./contender.ts";
import type { HeardAdvert, Peer } from "./instance_state.ts";
import type { Reason, StateName } from "./state.ts";

/** One thing to be done or told, in order. */
export type Output =
  /** Send an advert with this priority; 0 gives the role away. */
  | { readonly kind: "advertise"; readonly priority: Priority }
  /** Put all addresses of the plan on their interfaces. */
  | { readonly kind: "acquire" }
  /** Take them off again. */
  | { readonly kind: "yield" }
  /** Announce every address, or every one that was added, so many times. */
  | { readonly kind: "announce"; readonly repeat: number; readonly which: Announced }
  /** Tell the segment once where the address is that adverts are sent from. */
  | { readonly kind: "announce-source" }
  /** The timer of a member of a sync group ran out. */
  | { readonly kind: "wants-master" }
  | {
    readonly kind: "transition";
    readonly from: StateName;
    readonly to: StateName;
    readonly reason: Reason;
  }
  /** Trackers changed the effective priority. */
  | { readonly kind: "priority-changed"; readonly from: Priority; readonly to: Priority }
  | { readonly kind: "master-changed"; readonly master: Peer }
  | {
    readonly kind: "preempt-delay-started";
    readonly source: IpAddress;
    readonly delay: Duration;
  }
  | {
    readonly kind: "lower-priority-advert";
    readonly advert: HeardAdvert;
    readonly answered: boolean;
  }
  /** It would have become master if its witness were there. */
  | { readonly kind: "witness-missed"; readonly probe: string }
  /** Another router is master, too, and has to yield. */
  | {
    readonly kind: "two-masters";
    readonly contender: Peer;
    readonly adverts: number;
    readonly cause: TwoMastersCause;
  }
  | { readonly kind: "two-masters-over"; readonly contender: Peer; readonly lasted: Duration }
  /** The master was heard when the timer of this backup was nearly out. */
  | {
    readonly kind: "near-failover";
    readonly master: Peer;
    readonly silentFor: Duration;
    /** What was left of the timer. */
    readonly left: Duration;
    /** How often it has happened by now. */
    readonly count: number;
  }
  /** Another router says that it owns the addresses, as this one does. */
  | { readonly kind: "two-owners"; readonly rival: Peer; readonly priority: Priority };
