/**
 * How the list of addresses of another router's advert differs from ours, in words, and what is the
 * likely cause: keepalived only says that there is a difference.
 */
import { equalIp, formatIp, type IpAddress } from "../base/mod.ts";

/** The difference of two lists that are not the same. */
export function describeDifference(
  theirs: readonly IpAddress[],
  ours: readonly IpAddress[],
): string {
  const extra = without(theirs, ours);
  const missing = without(ours, theirs);
  if (extra.length === 0 && missing.length === 0) return "an address is in the list twice";
  if (ours.length > 0 && missing.length === ours.length) {
    return `none of our addresses, but ${listOf(theirs)}: another virtual router uses this VRID`;
  }
  const parts = [
    ...(extra.length === 0 ? [] : [`${listOf(extra)}, which we do not have`]),
    ...(missing.length === 0 ? [] : [`not ${listOf(missing)}, which we have`]),
  ];
  return `it has ${parts.join(", and ")}: the two configurations differ`;
}

function without(list: readonly IpAddress[], others: readonly IpAddress[]): IpAddress[] {
  return list.filter((address) => !others.some((other) => equalIp(address, other)));
}

function listOf(addresses: readonly IpAddress[]): string {
  return addresses.length === 0 ? "no addresses" : addresses.map(formatIp).join(" ");
}
