/**
 * A line of `virtual_ipaddress` as a netlink request.
 */
import type { IfIndex } from "../../base/mod.ts";
import type { AddressRequest } from "../../netlink/mod.ts";
import type { AddressPlan } from "../../vrrp/mod.ts";

/** The request that adds or deletes the address. */
export function toAddressRequest(ifIndex: IfIndex, plan: AddressPlan): AddressRequest {
  const { address, prefixLength, scope, peer, broadcast, label, preferredLifetimeSeconds } = plan;
  const ipv6 = address.family === "ipv6";
  return {
    ifIndex,
    address,
    prefixLength,
    scope: ipv6 ? 0 : scope,
    flags: {
      nodad: ipv6 && !plan.duplicateDetection,
      home: plan.home,
      mngtmpaddr: plan.manageTemporary,
      noprefixroute: plan.noPrefixRoute,
      autojoin: plan.autoJoin,
    },
    ...(peer === undefined ? {} : { peer }),
    ...(broadcast === undefined ? {} : { broadcast }),
    ...(label === undefined ? {} : { label }),
    ...(preferredLifetimeSeconds === undefined ? {} : { preferredLft: preferredLifetimeSeconds }),
  };
}
