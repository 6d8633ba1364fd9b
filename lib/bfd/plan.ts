/**
 * What one BFD session is meant to be: a `bfd_instance` of keepalived, resolved and checked.
 */
import type { Duration, IpAddress } from "../base/mod.ts";

/** `max_hops` that means: look at no TTL. */
export const anyHops = 255;

/** One `bfd_instance`. */
export interface BfdPlan {
  readonly name: string;
  readonly neighbor: IpAddress;
  /** Absent: the kernel chooses the address to send from. */
  readonly source?: IpAddress;
  /** `min_rx`: bfd.RequiredMinRxInterval. */
  readonly minRx: Duration;
  /** `min_tx`: bfd.DesiredMinTxInterval while both sides are Up. */
  readonly minTx: Duration;
  /** `idle_tx`: the same while they are not; at least a second (RFC 5880 §6.8.3). */
  readonly idleTx: Duration;
  /** bfd.DetectMult, 1 to 255. */
  readonly multiplier: number;
  /** Says nothing until the neighbour has spoken (RFC 5880 §6.1). */
  readonly passive: boolean;
  /** TTL or hop limit of what is sent. */
  readonly ttl: number;
  /** How much lower than `ttl` that of a received packet may be; 255 for no limit. */
  readonly maxHops: number;
  /** RFC 5883: port 4784 in place of 3784. */
  readonly multihop: boolean;
}
