/**
 * What a configuration asks of one virtual router, of one sync group and of one virtual address:
 * everything resolved, every default filled in, nothing left to look up. The configuration room
 * makes these; the state machines read them and never write them.
 */
import type { Duration, Family, IpAddress, Priority, Vrid } from "../base/mod.ts";
import type { HmacPlan } from "./authentication/plan.ts";
import type { UnicastPlan } from "./unicast.ts";
import type { InstanceLinkPlan, VirtualLinkPlan } from "./virtual_link_plan.ts";
import type { RoutePlan, RulePlan } from "./route_plan.ts";

/** One line of `virtual_ipaddress` or `virtual_ipaddress_excluded`. */
export interface AddressPlan {
  readonly address: IpAddress;
  readonly prefixLength: number;
  /** Interface that gets the address; the instance's own when absent. */
  readonly device?: string;
  /** A macvlan of its device that gets the address instead (`use_vmac`, `use_vmac_addr`). */
  readonly virtualLink?: VirtualLinkPlan;
  /** Address of the other end of a point-to-point link; the prefix length is then its. */
  readonly peer?: IpAddress;
  /** IPv4 broadcast address. */
  readonly broadcast?: IpAddress;
  /** IPv4 label, at most 15 octets. */
  readonly label?: string;
  /** RT_SCOPE_… of an IPv4 address; 0 is global. */
  readonly scope: number;
  /** IPv6 preferred lifetime in seconds; absent is for ever. keepalived: 0 for a /128. */
  readonly preferredLifetimeSeconds?: number;
  /** Whether the kernel runs duplicate address detection. keepalived: off unless `-nodad`. */
  readonly duplicateDetection: boolean;
  readonly home: boolean;
  readonly manageTemporary: boolean;
  readonly noPrefixRoute: boolean;
  readonly autoJoin: boolean;
  /** Whether somebody else's deletion of the address makes a master step down. */
  readonly tracked: boolean;
  /** Of a static address: the group whose instances go to FAULT while it can not be put back. */
  readonly trackGroup?: string;
}

/** When gratuitous ARP and unsolicited neighbour advertisements are sent, and how many. */
export interface AnnouncePlan {
  /** Pause before the second burst after becoming master; 0 for no second burst. */
  readonly masterDelay: Duration;
  /** Announcements of each address in a burst, at least 1. */
  readonly masterRepeat: number;
  /** Pause between refreshes while master; 0 for none. */
  readonly refresh: Duration;
  readonly refreshRepeat: number;
  /** Second burst after an advert of lower priority was heard. */
  readonly lowerPriorityDelay: Duration;
  /** Burst size after an advert of lower priority was heard; 0 for no burst. */
  readonly lowerPriorityRepeat: number;
  /** Announcements on the other interfaces of its addresses, which no adverts keep known. */
  readonly others?: OthersPlan;
}

/**
 * `garp_extra_if`: switches forget where an address is that is on another interface than the one
 * that adverts leave by, so it is announced there as long as the router is master.
 */
export interface OthersPlan {
  /** Pause between two announcements, and before the first. */
  readonly interval: Duration;
  /** Every other interface; else only those that were made for the virtual router. */
  readonly all: boolean;
}

/** Least gaps between announcements on some interfaces together (`garp_group`). */
export interface AnnounceGapPlan {
  /** Interfaces that share the limit; none for every other interface, each by itself. */
  readonly interfaces: readonly string[];
  /** Between gratuitous ARPs; 0 for none. */
  readonly ipv4: Duration;
  /** Between neighbour advertisements; 0 for none. */
  readonly ipv6: Duration;
}

/** One `vrrp_instance`. */
export interface InstancePlan {
  readonly name: string;
  /**
   * Interface that carries the adverts; with a virtual link the one below it; empty for an instance
   * of unicast that has none.
   */
  readonly interfaceName: string;
  /** The macvlan or ipvlan that the virtual router runs on (`use_vmac`, `use_ipvlan`). */
  readonly virtualLink?: InstanceLinkPlan;
  readonly family: Family;
  readonly version: 2 | 3;
  readonly vrid: Vrid;
  /** Configured priority, 1 to 255. */
  readonly basePriority: Priority;
  /** `state MASTER`: the first takeover waits one advert interval instead of three. */
  readonly initialState: "MASTER" | "BACKUP";
  /** Advertisement_Interval; whole seconds in version 2, whole centiseconds in version 3. */
  readonly advertInterval: Duration;
  /** Preempt_Mode: whether a master of lower priority is replaced. */
  readonly preempt: boolean;
  readonly preemptDelay: Duration;
  /** Missed adverts until the master counts as down; RFC 9568: 3. */
  readonly downTimerAdverts: number;
  readonly addresses: readonly AddressPlan[];
  /** Addresses that move with the state but are not advertised. */
  readonly excludedAddresses: readonly AddressPlan[];
  /** Routes that only the master has. */
  readonly routes: readonly RoutePlan[];
  /** Policy rules that only the master has. */
  readonly rules: readonly RulePlan[];
  /** Removing an address leaves the others of its subnet on the interface. */
  readonly promoteSecondaries?: true;
  /** What a master does when somebody else deletes an address, route or rule of it. */
  readonly onExternalDelete: "backup" | "restore";
  readonly announce: AnnouncePlan;
  /** Source of adverts; the interface's primary address when absent. */
  readonly sourceAddress?: IpAddress;
  /** Whether losing the configured source address is a fault. */
  readonly trackSourceAddress: boolean;
  /** Destination of adverts, unless they are unicast. */
  readonly multicastGroup: IpAddress;
  /** Adverts go to named routers instead. */
  readonly unicast?: UnicastPlan;
  /** Whether the interface going down is a fault. */
  readonly trackPrimary: boolean;
  readonly lowerPriorityNoAdvert: boolean;
  readonly higherPrioritySendAdvert: boolean;
  readonly ownerIgnoreAdverts: boolean;
  readonly skipCheckAdvertAddresses: boolean;
  /** Simple text password of version 2 over IPv4 (RFC 2338 §5.3.6), padded to eight octets. */
  readonly password?: Uint8Array;
  /** Key of the authentication header of version 2 over IPv4 (`auth_type AH`), eight octets. */
  readonly ahKey?: Uint8Array;
  /** Signed adverts (`auth_hmac`). */
  readonly hmac?: HmacPlan;
  /**
   * `timer_expired_backup`: a master that was held up longer than a router of this priority needs
   * to take over steps back; absent where it goes on.
   */
  readonly timerExpiredBackup?: Priority;
  /**
   * The `track_probe` without which it does not become master unless a peer gave the role away; a
   * master that loses it steps down, or `keeps` the role.
   */
  readonly witness?: { readonly probe: string; readonly keeps: boolean };
  /** RFC 9568 §6.1 Accept_Mode is false: packets to its addresses are dropped. */
  readonly dropsTraffic?: true;
  /** Leave the IPv4 pseudo header out of the version 3 checksum. */
  readonly checksumAsV2: boolean;
  readonly strict: boolean;
}

/** One `vrrp_sync_group`: its members rise and fall together. */
export interface SyncGroupPlan {
  readonly name: string;
  /** Names of instances, at least one, in the order of the file. */
  readonly members: readonly string[];
}
