/**
 * A line of `virtual_ipaddress` as a netlink request.
 */
import type { IfIndex } from "../../base/mod.ts";
import type { AddressRequest } from "../../netlink/mod.ts";
import type { AddressPlan } from "../../vrrp/mod.ts";

/** The request that adds or deletes the address. */
export function toAddressRequest(
  ifIndex: IfIndex,
  plan: AddressPlan,
  leaseSeconds?: number,
): AddressRequest {
  const { address, prefixLength, scope, peer, broadcast, label } = plan;
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
    ...lifetimesOf(plan, leaseSeconds),
  };
}

/** An address is never preferred for longer than it is valid; one that is deprecated stays so. */
function lifetimesOf(
  { preferredLifetimeSeconds: preferredLft }: AddressPlan,
  validLft: number | undefined,
): Pick<AddressRequest, "preferredLft" | "validLft"> {
  if (validLft === undefined) return preferredLft === undefined ? {} : { preferredLft };
  return { validLft, preferredLft: Math.min(preferredLft ?? validLft, validLft) };
}
