/**
 * A policy rule of the kernel in words that a configuration and netlink have in common
 * (linux/fib_rules.h).
 */
import type { Family, IpPrefix } from "./ip.ts";

/** Two numbers, the second not lower than the first. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

/** What happens to packets that match. */
export type RuleAction =
  | {
    readonly kind: "table";
    readonly table: number;
    /** No route with a prefix of this length or shorter. */
    readonly suppressPrefixLength?: number;
    /** No route to an interface of this group. */
    readonly suppressGroup?: number;
    readonly realms?: number;
  }
  | { readonly kind: "goto"; readonly target: number }
  | { readonly kind: "l3mdev" | "nop" | "blackhole" | "unreachable" | "prohibit" };

/** A policy rule: which packets are meant, and what happens to them. */
export interface RuleWords {
  readonly family: Family;
  /** The order in which rules are asked. */
  readonly preference: number;
  readonly action: RuleAction;
  /** `not`: packets that do not match are meant. */
  readonly invert: boolean;
  readonly from?: IpPrefix;
  readonly to?: IpPrefix;
  readonly tos: number;
  readonly mark?: number;
  /** Bits of the mark that count; all when absent. */
  readonly markMask?: number;
  readonly inputInterface?: string;
  readonly outputInterface?: string;
  /** Decimal digits: 64 bits are more than a number holds. */
  readonly tunnelId?: string;
  readonly users?: NumberRange;
  readonly ipProtocol?: number;
  readonly sourcePorts?: NumberRange;
  readonly destinationPorts?: NumberRange;
  /** RTPROT_…; 18 is keepalived. */
  readonly protocol: number;
}
