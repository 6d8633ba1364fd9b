/**
 * What a configuration asks of an interface that standin makes for itself: a macvlan with the
 * virtual router's Ethernet address, or an ipvlan with an address of its own.
 */
import type { Family, IpAddress, MacAddress } from "../base/mod.ts";

interface AnyVirtualLinkPlan {
  /** The interface below. */
  readonly base: string;
  readonly family: Family;
  /**
   * Names to try in order; a single one when a person gave it. keepalived: `vrrp.51`, then
   * `vrrp1.51` and so on, with `vrrp6.51` before those for IPv6.
   */
  readonly names: readonly string[];
  /** Device group, for `ip link … group`; that of the interface below when absent. */
  readonly group?: number;
}

/** A macvlan of mode private. */
export interface MacvlanPlan extends AnyVirtualLinkPlan {
  readonly kind: "macvlan";
  /** RFC 9568 §7.3: 00-00-5e-00-01-VRID or 00-00-5e-00-02-VRID, unless a person gave another. */
  readonly mac: MacAddress;
  /** `netlink_notify_msg`: the kernel tells everybody of the interface below once more. */
  readonly notify?: true;
}

/** An ipvlan of mode L2. */
export interface IpvlanPlan extends AnyVirtualLinkPlan {
  readonly kind: "ipvlan";
  readonly flag: "bridge" | "private" | "vepa";
  /** The address that it gets; keepalived: IPv4 needs one, IPv6 makes a link-local one. */
  readonly address?: { readonly address: IpAddress; readonly prefixLength: number };
}

/** A virtual link. */
export type VirtualLinkPlan = MacvlanPlan | IpvlanPlan;

/** The virtual link of an instance. */
export interface InstanceLinkPlan {
  readonly link: VirtualLinkPlan;
  /** `vmac_xmit_base`: adverts are sent and received on the interface below. */
  readonly transmitOnBase: boolean;
}
