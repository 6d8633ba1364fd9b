/**
 * What the configuration says of a virtual server and its real servers.
 */
import type { Duration, IpAddress } from "../base/mod.ts";
import type { IpvsDestination, IpvsService } from "../netlink/mod.ts";

/** `balancer`: where virtual servers are; `auto` is IPVS where the kernel has it, else nftables. */
export type BalancerChoice = "ipvs" | "nftables" | "auto";

/** How packets get to a server. */
export type ForwardingPlan = Pick<IpvsDestination, "method" | "tunnel">;

/** One real server. */
export interface RealServerPlan {
  /** Address and port, as people see them. */
  readonly name: string;
  readonly address: IpAddress;
  /** With NAT; else that of the service counts. */
  readonly port: number;
  readonly weight: number;
  readonly forwarding: ForwardingPlan;
  /** `slow_start`: how long it takes to get its whole weight when it comes up. */
  readonly slowStart?: Duration;
  /** When it is down it stays with weight 0. */
  readonly inhibitOnFailure: boolean;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
}

/** Where clients go while there are too few servers. */
export interface SorryServerPlan {
  readonly address: IpAddress;
  readonly port: number;
  readonly forwarding: ForwardingPlan;
  /** While it is not needed it stays with weight 0. */
  readonly inhibit: boolean;
}

/** One virtual server. */
export interface VirtualServerPlan {
  /** Address, port and protocol, or the mark, or the group, as people see them. */
  readonly name: string;
  /** One, or those of a group; they differ in what tells them apart only. */
  readonly services: readonly IpvsService[];
  /** `nftables_ipvs`: what IPVS has in their place, a service by mark for each family. */
  readonly marked?: readonly IpvsService[];
  /** `omega`: at the end it is told that everything is down. */
  readonly omega?: true;
  /** `ha_suspend`: servers are only checked while an address of it is on this node. */
  readonly haSuspend?: true;
  /** `rs_init_notifies`: servers that are up at the start are told. */
  readonly tellsFirst?: true;
  /** Sum of weights that is enough. */
  readonly quorum: number;
  /** How far the sum must go past the quorum. */
  readonly hysteresis: number;
  readonly sorryServer?: SorryServerPlan;
  readonly servers: readonly RealServerPlan[];
}
