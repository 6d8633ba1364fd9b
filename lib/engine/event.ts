/**
 * Events: all that can happen to the engine. Plain data, so that a running daemon can write them
 * down and a laptop can play them again. A host makes them from system calls; the simulator makes
 * them from its virtual network.
 */
import type {
  CommandEnd,
  Duration,
  Family,
  IfIndex,
  Instant,
  IpAddress,
  MacAddress,
  RuleWords,
} from "../base/mod.ts";
import type { OverriddenServer, OverrideAction } from "../balance/mod.ts";
import type { CheckMemory } from "../check/mod.ts";
import type { Model } from "../config/mod.ts";
import type {
  IpvsDestination,
  IpvsService,
  IpvsTimeouts,
  NftCounter,
  RouteMessage,
} from "../netlink/mod.ts";
import type { DeliveryOutcome } from "../notify/mod.ts";
import type { AddressPlan } from "../vrrp/mod.ts";
import type { SettingRefused } from "./balance_settings.ts";
import type { ServiceCounters } from "./balance_statistics.ts";
import type { IpvsRefused } from "./balance_world.ts";
import type { RoutingEffect } from "./effect.ts";

/** What the kernel says of one interface. */
export interface Link {
  readonly ifIndex: IfIndex;
  readonly name: string;
  /** Absent where the link layer has no Ethernet addresses. */
  readonly mac?: MacAddress;
  readonly mtu: number;
  /** IFF_UP and IFF_RUNNING: it is meant to be up, and it has a carrier. */
  readonly up: boolean;
  readonly loopback: boolean;
  /** Whether the interface forwards IPv6: the router flag of neighbour advertisements. */
  readonly forwardsIpv6: boolean;
  /** What kind of virtual link it is, and what it stands on. */
  readonly virtual?: VirtualLinkFacts;
}

/** What the kernel says of a macvlan or an ipvlan. */
export type VirtualLinkFacts =
  | {
    readonly kind: "macvlan";
    /** The interface below. */
    readonly base: IfIndex;
    /** MACVLAN_MODE_PRIVATE: no other macvlan of the same interface is reached. */
    readonly private: boolean;
  }
  | {
    readonly kind: "ipvlan";
    readonly base: IfIndex;
    /** Of mode L2; another mode has no flag that is looked at. */
    readonly flag: "bridge" | "private" | "vepa" | undefined;
  };

/** What the kernel says of one address. */
export interface InterfaceAddress {
  readonly ifIndex: IfIndex;
  readonly address: IpAddress;
  readonly prefixLength: number;
  /** IFA_F_SECONDARY for IPv4: not the one to send from. */
  readonly secondary: boolean;
  /** IFA_F_TENTATIVE or IFA_F_DADFAILED: not usable as a source. */
  readonly tentative: boolean;
}

/** A VRRP packet as a raw socket gives it. */
export interface ReceivedPacket {
  readonly ifIndex: IfIndex;
  readonly family: Family;
  /** IPv4: the packet with its IP header. IPv6: what follows the header. Valid during the step. */
  readonly bytes: Uint8Array;
  /** IPv6 only, from the ancillary data; an IPv4 packet carries these itself. */
  readonly source?: IpAddress;
  readonly destination?: IpAddress;
  readonly hopLimit?: number;
}

/** A BFD Control packet as a UDP socket gives it. */
export interface ReceivedBfd {
  readonly source: IpAddress;
  /** Absent where the kernel did not say it. */
  readonly destination?: IpAddress;
  /** TTL or hop limit. */
  readonly ttl: number;
  /** Whether it came to port 4784, not 3784. */
  readonly multihop: boolean;
  /** What follows the UDP header. Valid during the step. */
  readonly bytes: Uint8Array;
}

/** A packet in which somebody says that a watched address is its. */
export interface ReceivedClaim {
  readonly ifIndex: IfIndex;
  readonly family: Family;
  /** IPv4: an ARP packet. IPv6: a neighbour advertisement. Valid during the step. */
  readonly bytes: Uint8Array;
}

/** Why the kernel refused. */
export interface KernelRefusal {
  /** Symbolic name, such as `EEXIST`. */
  readonly errno: string;
  /** The kernel's extended acknowledgement text, else the text of the number. */
  readonly message: string;
}

/** Something that happened. */
export type EngineEvent =
  /** The mail that was on its way was sent, or not. */
  | { readonly kind: "mail-ended"; readonly outcome: DeliveryOutcome }
  /** The call of a webhook that was on its way was taken, or not. */
  | {
    readonly kind: "webhook-ended";
    readonly webhook: string;
    readonly outcome: DeliveryOutcome;
  }
  /** Somebody wants these instances and groups to give the role away. */
  | { readonly kind: "hand-over"; readonly names: readonly string[] }
  /** Everything that virtual routers counted is forgotten (keepalived's SIGRTMAX-1). */
  | { readonly kind: "clear-counters" }
  /** The node is to take no part until then (`never`: until it is ended); absent: it takes part. */
  | { readonly kind: "maintenance"; readonly until?: Instant }
  /** The first configuration, or one that was read again and found good. */
  | {
    readonly kind: "configure";
    readonly model: Model;
    readonly file: string;
    /** What is different from the model before, in the words of the configuration. */
    readonly changes: readonly string[];
  }
  /** The kernel's whole tables: at the start, and again after events were lost. */
  | {
    readonly kind: "kernel-tables";
    readonly links: readonly Link[];
    readonly addresses: readonly InterfaceAddress[];
    /** Routes and rules of keepalived's protocol; absent when nobody had asked to watch them. */
    readonly routing?: {
      readonly routes: readonly RouteMessage[];
      readonly rules: readonly RuleWords[];
    };
  }
  /** Somebody else deleted a route or a rule of keepalived's protocol. */
  | { readonly kind: "route-gone"; readonly route: RouteMessage }
  | { readonly kind: "rule-gone"; readonly rule: RuleWords }
  | { readonly kind: "link"; readonly link: Link }
  | { readonly kind: "link-gone"; readonly ifIndex: IfIndex }
  /** Somebody changed whether an interface forwards IPv6. */
  | { readonly kind: "forwarding"; readonly ifIndex: IfIndex; readonly forwards: boolean }
  | { readonly kind: "address"; readonly address: InterfaceAddress }
  | { readonly kind: "address-gone"; readonly address: InterfaceAddress }
  /** The interfaces that a model wants are to be made before the model comes into effect. */
  | { readonly kind: "prepare"; readonly model: Model }
  /** A setting below net/ipv4/conf was read (no `after`) or set. */
  | {
    readonly kind: "sysctl";
    readonly scope: string;
    readonly name: string;
    readonly before: number;
    readonly after?: number;
    /** Whether it has to be put back some day. */
    readonly restore: boolean;
  }
  /** The kernel did not make or delete an interface, or did not take a setting. */
  | {
    readonly kind: "link-refused";
    readonly operation: "add-link" | "delete-link" | "set-sysctl" | "set-firewall";
    /** The interface, or the setting. */
    readonly name: string;
    readonly refusal: KernelRefusal;
  }
  /** Addresses that an earlier run of this node left behind, found in the run directory. */
  | { readonly kind: "leftover"; readonly ifIndex: IfIndex; readonly plan: AddressPlan }
  | { readonly kind: "packet"; readonly packet: ReceivedPacket }
  /** The kernel dropped VRRP packets because nobody read them in time. */
  | {
    readonly kind: "packets-lost";
    readonly ifIndex: IfIndex;
    readonly family: Family;
    readonly count: number;
  }
  /** Somebody on the segment of an interface uses an address that is watched there. */
  | { readonly kind: "claim"; readonly claim: ReceivedClaim }
  | { readonly kind: "bfd-packet"; readonly packet: ReceivedBfd }
  /** The sockets of a session are there; `seed` is a random number of 32 bits. */
  | { readonly kind: "bfd-opened"; readonly session: string; readonly seed: number }
  | {
    readonly kind: "bfd-refused";
    readonly session: string;
    readonly operation: "open" | "send";
    readonly refusal: KernelRefusal;
  }
  /**
   * The clock that the engine asked for, or any other time: too early is harmless. While packets
   * may still wait unread, nothing is concluded from not having heard any.
   */
  | { readonly kind: "clock"; readonly unread?: boolean }
  /** The machine was suspended for so long: the engine's clock stood still meanwhile. */
  | { readonly kind: "slept"; readonly duration: Duration }
  /** A command that an effect asked for has ended, or could not be started. */
  | {
    readonly kind: "command-ended";
    readonly run: number;
    readonly end: CommandEnd;
    /** The last lines that it has said, where that was asked for. */
    readonly output?: readonly string[];
  }
  /** The beginning of a watched file; absent when there is no file that can be read. */
  | { readonly kind: "file-content"; readonly path: string; readonly text?: string }
  /** How many processes a tracker means. */
  | { readonly kind: "process-count"; readonly name: string; readonly count: number }
  /** A FIFO can not be had, or had no room for a line. */
  | {
    readonly kind: "fifo-refused";
    readonly operation: "open" | "write to";
    readonly path: string;
    readonly reason: string;
  }
  /** What an interface answers when it is asked for its link. */
  | { readonly kind: "link-beat"; readonly interfaceName: string; readonly up: boolean }
  /** The kernel's IPVS services with their destinations. */
  | {
    readonly kind: "ipvs-table";
    readonly tables: readonly {
      readonly service: IpvsService;
      readonly destinations: readonly IpvsDestination[];
    }[];
    /** The timeouts of connections, where the kernel says them. */
    readonly timeouts?: IpvsTimeouts;
  }
  /** A person says something of servers, which are named by address, with or without a port. */
  | {
    readonly kind: "override-server";
    readonly server: string;
    /** Absent: of every virtual server that has it. */
    readonly virtualServer?: string;
    readonly action: OverrideAction;
    /** Whether it outlives reloads and restarts. */
    readonly persist: boolean;
  }
  /** What people said to an earlier run, and was to persist. */
  | { readonly kind: "overrides-kept"; readonly overrides: readonly OverriddenServer[] }
  | IpvsRefused
  /** A text for nftables was refused, so nothing of it happened. */
  | { readonly kind: "nft-refused"; readonly refusal: KernelRefusal }
  /** The tables that give marks were refused, so they are as they were. */
  | { readonly kind: "marks-refused"; readonly refusal: KernelRefusal }
  | SettingRefused
  /** What the named counters of nftables say. */
  | { readonly kind: "nft-statistics"; readonly counters: readonly NftCounter[] }
  /** Flows of clients to a server that is gone were not forgotten. */
  | { readonly kind: "flows-refused"; readonly refusal: KernelRefusal }
  /** What the kernel counts of its services. */
  | { readonly kind: "ipvs-statistics"; readonly services: readonly ServiceCounters[] }
  /** What an earlier run of this node knew of its checks. */
  | { readonly kind: "checks-remembered"; readonly checks: readonly CheckMemory[] }
  /** The connection of a probe is there, and what has to be said over it begins. */
  | { readonly kind: "probe-connected"; readonly run: number }
  /** A probe that an effect asked for has ended, well when there is no failure. */
  | {
    readonly kind: "probe-ended";
    readonly run: number;
    readonly failure?: string;
    /** The line of an agent. */
    readonly answer?: string;
  }
  /** What a `track_probe` asked has been found out: it is right when there is no failure. */
  | { readonly kind: "track-probe-ended"; readonly run: number; readonly failure?: string }
  /** Something can not be watched; what depends on it stays as it was. */
  | { readonly kind: "watch-refused"; readonly what: string; readonly refusal: KernelRefusal }
  /** The kernel did not do what an effect asked for. */
  | {
    readonly kind: "refused";
    readonly operation: "add-address" | "delete-address" | "listen" | "send";
    readonly ifIndex: IfIndex;
    readonly address?: IpAddress;
    /** The whole address, where it was a single one. */
    readonly plan?: AddressPlan;
    /** Of a refused `listen`. */
    readonly family?: Family;
    readonly refusal: KernelRefusal;
  }
  | {
    readonly kind: "routing-refused";
    readonly effect: RoutingEffect;
    readonly refusal: KernelRefusal;
  }
  /**
   * The clock on the wall is so far ahead of the engine's: microseconds since 1970 when the
   * engine's instant is 0. Wanted before the first configuration and whenever it changes.
   */
  | { readonly kind: "wall-clock"; readonly offset: number }
  /**
   * A person or the system asked the daemon to end; `keepIpvs` leaves virtual servers as they are.
   */
  | { readonly kind: "stop"; readonly keepIpvs?: true };
