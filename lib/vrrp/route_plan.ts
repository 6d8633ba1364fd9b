/**
 * What a configuration asks of one route and of one policy rule: names are numbers by then, only
 * interfaces keep their names, because they may come later. Units are those of the kernel.
 */
import type { Family, IpAddress, IpPrefix, RuleWords } from "../base/mod.ts";

/** The types of routes, as `ip route` calls them. */
export const routeKinds = [
  "unicast",
  "local",
  "broadcast",
  "anycast",
  "multicast",
  "throw",
  "unreachable",
  "prohibit",
  "blackhole",
  "nat",
] as const;

/** The type of a route. */
export type RouteKind = typeof routeKinds[number];

/** Metrics of a route, as `ip route` calls them. */
export type RouteMetricName =
  | "mtu"
  | "hoplimit"
  | "advmss"
  | "rtt"
  | "rttvar"
  | "reordering"
  | "window"
  | "cwnd"
  | "ssthresh"
  | "rto_min"
  | "initcwnd"
  | "initrwnd"
  | "features"
  | "quickack"
  | "congctl"
  | "fastopen_no_cookie";

/** One metric; a text for `congctl`. `rtt` is in eighths of a millisecond, `rttvar` in quarters. */
export interface RouteMetricPlan {
  readonly name: RouteMetricName;
  readonly value: number | string;
  /** Whether the kernel must not learn a better value. */
  readonly locked: boolean;
}

/** A tunnel without an interface. */
export type EncapPlan =
  | {
    readonly kind: "ip" | "ip6";
    readonly id?: number;
    readonly dst?: IpAddress;
    readonly src?: IpAddress;
    /** Of IPv6: the traffic class. */
    readonly tos?: number;
    /** Of IPv6: the hop limit. */
    readonly ttl?: number;
    readonly flags?: number;
  }
  | { readonly kind: "mpls"; readonly labels: readonly number[] }
  /** Eight octets. */
  | { readonly kind: "ila"; readonly locator: Uint8Array };

/** Where packets go next. */
export interface HopPlan {
  readonly gateway?: IpAddress;
  readonly device?: string;
  /** 1 to 256, of a route with several next hops. */
  readonly weight?: number;
  readonly onLink: boolean;
  readonly encap?: EncapPlan;
  /** The realm of the source in the upper 16 bits, that of the destination in the lower. */
  readonly realms?: number;
}

/** Whether somebody else's deletion matters, and to whom. */
export interface Watched {
  /** Whether somebody else's deletion is answered. */
  readonly tracked: boolean;
  /** Of a static line: the group whose instances go to FAULT while it can not be put back. */
  readonly trackGroup?: string;
}

/** One line of `virtual_routes` or `static_routes`. */
export interface RoutePlan extends HopPlan, Watched {
  readonly family: Family;
  readonly kind: RouteKind;
  readonly destination: IpPrefix;
  /** Source prefix (IPv6). */
  readonly from?: IpPrefix;
  /** Preferred source address. */
  readonly source?: IpAddress;
  readonly tos: number;
  /** Routing table; 254 is main. */
  readonly table: number;
  /** A VRF whose table is meant; its number is asked for when the route is added. */
  readonly vrf?: string;
  /** RTPROT_…; 18 is keepalived. */
  readonly protocol: number;
  /** RT_SCOPE_… of an IPv4 route; 0 is global. */
  readonly scope: number;
  readonly metric?: number;
  /** Seconds until the kernel removes it (IPv6). */
  readonly expiresSeconds?: number;
  /** Preference of the router (RFC 4191). */
  readonly preference?: "low" | "medium" | "high";
  readonly ttlPropagate?: boolean;
  readonly metrics: readonly RouteMetricPlan[];
  /** Several next hops in place of the one of the route itself; none for most. */
  readonly hops: readonly HopPlan[];
  /** Where it goes among routes to the same destination. */
  readonly insertion: "prepend" | "add" | "append";
}

/** One line of `virtual_rules` or `static_rules`. */
export interface RulePlan extends RuleWords, Watched {}
