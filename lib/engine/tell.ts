/**
 * Tells: every sentence the engine can say, as data. `renderTell` makes the text for people;
 * JSON logs and event streams carry the data itself.
 */
import type { CommandEnd, CommandPlan, Duration, Family, IpAddress } from "../base/mod.ts";
import type { NotifiedState, NotifyPlan } from "../notify/mod.ts";
import type { CounterName, Reason, StateName, TwoMastersCause } from "../vrrp/mod.ts";
import type { BfdCause } from "../bfd/mod.ts";
import type { BfdState } from "../wire/mod.ts";
import type { BalanceTell } from "./balance_tell.ts";
import type { DuplicateCause } from "./duplicate_watch.ts";
import type { KernelRefusal } from "./event.ts";
import type { ResourceTell } from "./resource_tell.ts";

/** How loud a tell is. */
export type Level = "debug" | "info" | "notice" | "warning" | "error";

/** Of whom scripts are told. */
export type NotifySubject = Pick<NotifyPlan, "kind" | "name">;

/** A sentence about what happened. */
export type Tell =
  | BalanceTell
  | ResourceTell
  | {
    readonly kind: "transition";
    readonly instance: string;
    readonly from: StateName;
    readonly to: StateName;
    readonly reason: Reason;
  }
  | {
    readonly kind: "group-transition";
    readonly group: string;
    readonly to: StateName;
    /** FAULT only because first results of trackers are waited for. */
    readonly waiting?: true;
  }
  | {
    readonly kind: "lower-priority-advert";
    readonly instance: string;
    readonly source: IpAddress;
    readonly priority: number;
    /** A backup leaves the advert out of account; a master answers it. */
    readonly answered: boolean;
  }
  | {
    readonly kind: "advert-dropped";
    readonly instance: string;
    readonly source: IpAddress;
    readonly counter: CounterName;
    readonly detail: string;
  }
  /** Half of the window of `auth_hmac` is used up: beyond it adverts are refused. */
  | {
    readonly kind: "clock-skew";
    readonly instance: string;
    readonly source: IpAddress;
    /** How far the sender is ahead; negative when it is behind. */
    readonly skewSeconds: number;
  }
  | {
    readonly kind: "master-changed";
    readonly instance: string;
    readonly source: IpAddress;
    readonly priority: number;
  }
  /** Nobody is master, and this one is not because it does not reach its witness. */
  | { readonly kind: "witness-missed"; readonly instance: string; readonly probe: string }
  | {
    readonly kind: "preempt-delay-started";
    readonly instance: string;
    readonly source: IpAddress;
    readonly delay: Duration;
  }
  /** Another router says that it owns the addresses; this one goes on with a lower priority. */
  | {
    readonly kind: "two-owners";
    readonly instance: string;
    readonly source: IpAddress;
    readonly priority: number;
  }
  /** This node is master and hears another one that has to yield. */
  | {
    readonly kind: "two-masters";
    readonly instance: string;
    readonly source: IpAddress;
    readonly priority: number;
    /** How many of its adverts were heard. */
    readonly adverts: number;
    readonly cause: TwoMastersCause;
  }
  | {
    readonly kind: "two-masters-over";
    readonly instance: string;
    readonly source: IpAddress;
    readonly lasted: Duration;
  }
  /** This backup had nearly taken over when its master was heard again. */
  | {
    readonly kind: "near-failover";
    readonly instance: string;
    readonly source: IpAddress;
    readonly silentFor: Duration;
    /** What was left of the timer. */
    readonly left: Duration;
    /** How often it has happened by now; one in a minute is told. */
    readonly count: number;
  }
  /** Somebody else on the segment uses an address of this master. */
  | {
    readonly kind: "duplicate-address";
    readonly instance: string;
    readonly address: IpAddress;
    readonly interfaceName: string;
    /** Its Ethernet address, where it said. */
    readonly hardwareAddress?: string;
    /** How many packets of it said so. */
    readonly claims: number;
    readonly cause: DuplicateCause;
  }
  /** The node did not get to run; its routers listen before they act. */
  | {
    readonly kind: "stalled";
    readonly lateBy: Duration;
    readonly instances: readonly string[];
  }
  /** An advert has room for so many of the addresses, fewer or more than before. */
  | {
    readonly kind: "advert-room";
    readonly instance: string;
    readonly interfaceName: string;
    readonly mtu: number;
    readonly advertised: number;
    readonly count: number;
  }
  /** A peer makes its checksums as keepalived did before 1.3.6; from now on we do, too. */
  | { readonly kind: "old-checksum"; readonly instance: string; readonly source: IpAddress }
  /** Trackers changed the effective priority. */
  | {
    readonly kind: "priority-changed";
    readonly instance: string;
    readonly from: number;
    readonly to: number;
    /** What trackers add, each as `script check -20`. */
    readonly because: readonly string[];
  }
  /** A tracker has another verdict. */
  | {
    readonly kind: "tracker-changed";
    readonly tracker: string;
    readonly state: string;
    /** How it came to that, such as `exit 1`. */
    readonly detail?: string;
  }
  /** A script ran longer than its timeout. */
  | { readonly kind: "script-timed-out"; readonly script: string; readonly limit: Duration }
  | { readonly kind: "watch-refused"; readonly what: string; readonly refusal: KernelRefusal }
  /** A notification script has ended. */
  | {
    readonly kind: "script-ended";
    readonly about: NotifySubject;
    readonly command: CommandPlan;
    readonly end: CommandEnd;
    readonly took: Duration;
    /** The state that it was told of; absent when it was told of something else. */
    readonly state?: NotifiedState;
    /** The last lines that it has said; absent when it said nothing. */
    readonly output?: readonly string[];
  }
  /** A script that the daemon runs for itself has ended, or was ended. */
  | {
    readonly kind: "daemon-script-ended";
    readonly which: "startup" | "shutdown";
    readonly command: CommandPlan;
    readonly end: CommandEnd;
    readonly took: Duration;
    readonly output?: readonly string[];
    /** It took longer than it may. */
    readonly timedOut?: true;
  }
  /** A notification script is ended because the next one waits for it too long. */
  | {
    readonly kind: "script-held-up";
    readonly about: NotifySubject;
    readonly command: CommandPlan;
  }
  /** Scripts of a state that was left before they could run. */
  | {
    readonly kind: "scripts-overtaken";
    readonly about: NotifySubject;
    readonly commands: readonly CommandPlan[];
  }
  | {
    readonly kind: "fifo-refused";
    readonly operation: "open" | "write to";
    readonly path: string;
    readonly reason: string;
  }
  | { readonly kind: "mail-sent"; readonly subject: string; readonly to: readonly string[] }
  /** A mail that the server did not take; with the pause before the next try. */
  | {
    readonly kind: "mail-failed";
    readonly subject: string;
    readonly detail: string;
    readonly again?: Duration;
  }
  /** Mails that were given up because too many wait for the server. */
  | { readonly kind: "mails-dropped"; readonly count: number }
  | {
    readonly kind: "webhook-called";
    readonly webhook: string;
    readonly subject: string;
    /** `webhook-id`: told to the receiver, too; the same at every try. */
    readonly callId: string;
  }
  /** A call that was not taken; with the pause before the next try. */
  | {
    readonly kind: "webhook-failed";
    readonly webhook: string;
    readonly subject: string;
    readonly callId: string;
    readonly detail: string;
    readonly again?: Duration;
  }
  /** Calls that were given up because too many wait. */
  | { readonly kind: "webhooks-dropped"; readonly webhook: string; readonly count: number }
  /** The node takes no part; absent time: until it is asked to. */
  | { readonly kind: "maintenance-on"; readonly forMs?: number }
  | { readonly kind: "maintenance-off"; readonly asked: boolean }
  /** Somebody set the wall clock; negative is back. */
  | { readonly kind: "clock-set"; readonly by: Duration }
  /** Adverts of anybody may be among them. */
  | {
    readonly kind: "packets-lost";
    /** Absent for an instance of unicast that has none. */
    readonly interfaceName?: string;
    readonly family: Family;
    readonly count: number;
  }
  | { readonly kind: "unknown-vrid"; readonly interfaceName: string; readonly vrid: number }
  | {
    readonly kind: "address-refused";
    readonly operation: "add-address" | "delete-address";
    readonly address: IpAddress;
    readonly interfaceName: string;
    readonly refusal: KernelRefusal;
  }
  | {
    readonly kind: "routing-refused";
    readonly operation: "add" | "delete";
    readonly what: "route" | "rule";
    /** In the words of `ip`. */
    readonly line: string;
    readonly refusal: KernelRefusal;
  }
  /** Somebody else deleted an address, route or rule, and it was put back. */
  | {
    readonly kind: "put-back";
    /** Absent for what is static. */
    readonly instance?: string;
    readonly what: "address" | "route" | "rule";
    readonly line: string;
    /** The kernel dropped it because its lease was over. */
    readonly lapsed?: true;
  }
  | {
    readonly kind: "network-refused";
    readonly operation: "listen" | "send";
    readonly interfaceName: string;
    readonly refusal: KernelRefusal;
  }
  | {
    readonly kind: "link-refused";
    readonly operation: "add-link" | "delete-link" | "set-sysctl" | "set-firewall";
    /** The interface, or the setting. */
    readonly interfaceName: string;
    readonly refusal: KernelRefusal;
  }
  /** Virtual links stand on Ethernet only. */
  | {
    readonly kind: "not-ethernet";
    readonly interfaceName: string;
    readonly link: "macvlan" | "ipvlan";
  }
  /** A setting of the kernel below net/ipv4/conf was changed, or put back. */
  | {
    readonly kind: "sysctl-changed";
    readonly scope: string;
    readonly name: string;
    readonly before: number;
    readonly after: number;
    readonly restored: boolean;
  }
  | { readonly kind: "link-added"; readonly interfaceName: string; readonly base: string }
  | { readonly kind: "link-deleted"; readonly interfaceName: string }
  | {
    readonly kind: "bfd-transition";
    readonly session: string;
    readonly neighbor: IpAddress;
    readonly from: BfdState;
    readonly to: BfdState;
    readonly cause: BfdCause;
  }
  | {
    readonly kind: "bfd-dropped";
    readonly session: string;
    readonly source: IpAddress;
    readonly detail: string;
  }
  | {
    readonly kind: "bfd-refused";
    readonly session: string;
    readonly operation: "open" | "send";
    readonly refusal: KernelRefusal;
  }
  | {
    readonly kind: "leftover-removed";
    readonly address: IpAddress;
    readonly interfaceName: string;
  }
  | {
    readonly kind: "configured";
    readonly file: string;
    readonly reload: boolean;
    /** One line for each thing that is different, in the words of the configuration. */
    readonly changes: readonly string[];
  };
