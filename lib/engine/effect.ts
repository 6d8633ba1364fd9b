/**
 * Effects: all that the engine can ask for, in domain words. A host carries them out in order; what
 * the kernel refuses comes back as a `refused` event, what it did comes back as its own events.
 */
import type { Mail, MailServer, WebhookCall, WebhookPlan } from "../notify/mod.ts";
import type { AddressPlan, RoutePlan, RulePlan, VirtualLinkPlan } from "../vrrp/mod.ts";
import type { IpvsChange, IpvsSetting, OverriddenServer } from "../balance/mod.ts";
import type { CheckMemory, Probe } from "../check/mod.ts";
import type { ServerFlows } from "../netlink/mod.ts";
import type { FirewallState } from "./firewall.ts";
import type { Holding } from "./holding.ts";
import type { KeptStop } from "./resource_keep.ts";
import type { CommandPlan, Family, Identity, IfIndex, IpAddress } from "../base/mod.ts";
import type { GlobalPlan } from "../config/mod.ts";
import type { AskedSubject, FilePlan, LinkMethod, ProcessPlan } from "../track/mod.ts";
import type { Tell } from "./tell.ts";

/** Something to be done. */
export type Effect =
  /**
   * Receive VRRP on an interface, or on all of them, and as a member of the group, if there is one;
   * behind an authentication header, too, when `ah` says so. Asking twice is harmless.
   */
  | {
    readonly kind: "listen";
    readonly ifIndex: IfIndex;
    readonly family: Family;
    readonly group?: IpAddress;
    readonly ah?: boolean;
  }
  /**
   * Whose adverts are wanted there from now on: those for other virtual routers need not come at
   * all. Absent: all, so that they can be counted and told.
   */
  | {
    readonly kind: "admit";
    readonly ifIndex: IfIndex;
    readonly family: Family;
    readonly vrids?: readonly number[];
  }
  /** Stop receiving there. */
  | { readonly kind: "unlisten"; readonly ifIndex: IfIndex; readonly family: Family }
  /**
   * Send a VRRP packet. `bytes` is the whole packet for IPv4 (the kernel fills in the header
   * checksum) and the part after the header for IPv6 (the kernel writes header and checksum). They
   * are only valid while the effect is carried out.
   */
  | {
    readonly kind: "send-vrrp";
    readonly ifIndex: IfIndex;
    readonly family: Family;
    readonly source: IpAddress;
    readonly destination: IpAddress;
    /** IPv6 unicast; the kernel's own when absent. An IPv4 packet has its TTL in it. */
    readonly hopLimit?: number;
    readonly bytes: Uint8Array;
  }
  /** Send an Ethernet frame as it is: gratuitous ARP or neighbour advertisement. */
  | { readonly kind: "send-frame"; readonly ifIndex: IfIndex; readonly bytes: Uint8Array }
  /**
   * Tell of ARP packets and neighbour advertisements from an interface in which one of these
   * addresses is somebody else's, in place of those that were watched there before. None ends it.
   */
  | {
    readonly kind: "watch-claims";
    readonly ifIndex: IfIndex;
    readonly addresses: readonly IpAddress[];
  }
  | {
    readonly kind: "add-address";
    readonly ifIndex: IfIndex;
    readonly plan: AddressPlan;
    /** Whole seconds after which the kernel drops it; absent: it stays. */
    readonly leaseSeconds?: number;
  }
  /** Give addresses lifetimes anew, from now on: so many whole seconds, or no end. */
  | {
    readonly kind: "renew-addresses";
    readonly holdings: readonly Holding[];
    readonly leaseSeconds?: number;
  }
  | { readonly kind: "delete-address"; readonly ifIndex: IfIndex; readonly plan: AddressPlan }
  /**
   * Make an interface, or take the one that is there, and bring it up. That it is there is answered
   * with a `link` event at once.
   */
  | {
    readonly kind: "add-link";
    readonly name: string;
    readonly plan: VirtualLinkPlan;
    readonly base: IfIndex;
    readonly present?: IfIndex;
  }
  | { readonly kind: "delete-link"; readonly ifIndex: IfIndex; readonly name: string }
  /** Read a setting below net/ipv4/conf; the answer is a `sysctl` event. */
  | { readonly kind: "read-sysctl"; readonly scope: string; readonly name: string }
  /** Set one; the answer is a `sysctl` event. */
  | {
    readonly kind: "set-sysctl";
    readonly scope: string;
    readonly name: string;
    readonly value: number;
    /** A lower value is raised, a higher one stays. */
    readonly onlyRaise?: true;
    /** Whether it has to be put back when the daemon is gone. */
    readonly restore: boolean;
  }
  /**
   * Open the sockets of a BFD session; answered by `bfd-opened` or `bfd-refused`. A session that
   * has sockets already gets others.
   */
  | {
    readonly kind: "open-bfd";
    readonly session: string;
    readonly neighbor: IpAddress;
    /** Absent: the kernel chooses. */
    readonly source?: IpAddress;
    readonly ttl: number;
    readonly multihop: boolean;
  }
  | { readonly kind: "close-bfd"; readonly session: string }
  /** Send a BFD Control packet to the neighbour of a session. */
  | { readonly kind: "send-bfd"; readonly session: string; readonly bytes: Uint8Array }
  /** Routes and rules name their interfaces; one that is missing is a refusal. */
  | { readonly kind: "add-route" | "delete-route"; readonly route: RoutePlan }
  | { readonly kind: "add-rule" | "delete-rule"; readonly rule: RulePlan }
  /** The firewall as it has to be from now on; none when nobody needs it. */
  | { readonly kind: "firewall"; readonly state?: FirewallState }
  /**
   * Run a command in a process group of its own; its end comes back with the number, and with the
   * last lines that it has said where somebody listens.
   */
  | {
    readonly kind: "run-command";
    readonly run: number;
    readonly command: CommandPlan;
    readonly listen?: true;
  }
  /**
   * Keep how the resources of an owner are stopped, in this order, in place of what was kept for it
   * before: whoever finds the daemon killed has to do it. None ends it.
   */
  | { readonly kind: "keep-stops"; readonly owner: string; readonly stops: readonly KeptStop[] }
  /** Send a signal to the process group of a command that has not ended. */
  | { readonly kind: "signal-command"; readonly run: number; readonly signal: "TERM" | "KILL" }
  /** Tell the beginning of a file now and after every change; make it first where that is asked. */
  | { readonly kind: "watch-file"; readonly path: string; readonly init?: FilePlan["init"] }
  | { readonly kind: "unwatch-file"; readonly path: string }
  /** Tell how many processes each tracker means, in place of all that were asked for before. */
  | {
    readonly kind: "watch-processes";
    readonly plans: readonly ProcessPlan[];
    readonly buffer?: GlobalPlan["processBuffer"];
  }
  /** Ask these interfaces for their links, in place of all that were asked for before. */
  | {
    readonly kind: "poll-links";
    readonly links: readonly { readonly name: string; readonly method: LinkMethod }[];
  }
  /** Make a FIFO where there is none, and open it. */
  | { readonly kind: "open-fifo"; readonly path: string; readonly owner?: Identity }
  | { readonly kind: "write-fifo"; readonly path: string; readonly line: string }
  | { readonly kind: "close-fifo"; readonly path: string }
  /** Send a mail; `mail-ended` comes before there is another one. */
  | { readonly kind: "send-mail"; readonly server: MailServer; readonly mail: Mail }
  /** Call a webhook; `webhook-ended` says what came of it. */
  | { readonly kind: "call-webhook"; readonly plan: WebhookPlan; readonly call: WebhookCall }
  /** Tell what IPVS has: `ipvs-table`, or `ipvs-refused` where there is no IPVS. */
  | { readonly kind: "read-ipvs" }
  | { readonly kind: "ipvs"; readonly change: IpvsChange }
  /**
   * Carry a text in the words of nft out as one transaction, which concerns the table of virtual
   * servers; without a text the table goes, if an earlier run or this one made it.
   */
  | { readonly kind: "nft-table"; readonly text?: string }
  /** The same for the tables that give marks to packets of groups; `removal` removes them. */
  | { readonly kind: "mark-table"; readonly text?: string; readonly removal: string }
  /** Have conntrack forget flows, so that their next packets are led anew. */
  | { readonly kind: "forget-flows"; readonly flows: readonly ServerFlows[] }
  /** Virtual servers are in this network namespace from now on; without a name, in our own. */
  | { readonly kind: "enter-balance"; readonly namespace?: string }
  /** A step that is about IPVS as a whole. */
  | { readonly kind: "ipvs-setting"; readonly setting: IpvsSetting }
  /** Tell what is remembered of checks, also when it is nothing: `checks-remembered`. */
  | { readonly kind: "recall-checks" }
  /** Keep this beyond the end of the daemon, in place of what was kept before. */
  | { readonly kind: "remember-checks"; readonly checks: readonly CheckMemory[] }
  /** Keep what people said of servers, in place of what was kept before. */
  | { readonly kind: "keep-overrides"; readonly overrides: readonly OverriddenServer[] }
  /**
   * Ask a server something; `probe-ended` comes with the number, and before it `probe-connected`
   * where there is a connection to talk over. The token is a random number of 16 bits.
   */
  | {
    readonly kind: "probe";
    readonly run: number;
    readonly token: number;
    readonly probe: Probe;
  }
  /** Give a probe up that has not ended; nothing comes of it. */
  | { readonly kind: "cancel-probe"; readonly run: number }
  /** Find out what a `track_probe` asks; `track-probe-ended` comes with the number. */
  | {
    readonly kind: "track-probe";
    readonly run: number;
    /** A random number of 16 bits. */
    readonly token: number;
    readonly subject: AskedSubject;
  }
  /** Give it up; nothing comes of it. */
  | { readonly kind: "cancel-track-probe"; readonly run: number }
  /** Tell people: the log, event streams, notifications. */
  | { readonly kind: "tell"; readonly tell: Tell }
  /** Everything is put back as it was; the process may end. */
  | { readonly kind: "stopped" };

/** An effect on routes or rules. */
export type RoutingEffect = Extract<Effect, { kind: `${"add" | "delete"}-${"route" | "rule"}` }>;

/** The effects that are about the machine and not about its network. */
export type MachineEffect = Extract<
  Effect,
  {
    kind:
      | "run-command"
      | "signal-command"
      | "keep-stops"
      | "watch-file"
      | "unwatch-file"
      | "watch-processes"
      | "poll-links"
      | "open-fifo"
      | "write-fifo"
      | "close-fifo"
      | "send-mail"
      | "call-webhook";
  }
>;

/** The effects of built-in probes. */
export type ProbeEffect = Extract<Effect, { kind: "track-probe" | "cancel-track-probe" }>;

/** The effects that are about virtual servers. */
export type BalanceEffect = Extract<
  Effect,
  {
    kind:
      | "read-ipvs"
      | "ipvs"
      | "ipvs-setting"
      | "nft-table"
      | "mark-table"
      | "enter-balance"
      | "forget-flows"
      | "recall-checks"
      | "remember-checks"
      | "keep-overrides"
      | "probe"
      | "cancel-probe";
  }
>;
