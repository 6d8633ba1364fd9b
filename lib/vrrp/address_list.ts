/**
 * How the list of addresses of another router's advert differs from ours, as data and in words, and
 * what is the likely cause: keepalived only says that there is a difference.
 */
import { equalIp, formatIp, type IpAddress } from "../base/mod.ts";

/** Two lists that are not the same; both empty where one of them has an address twice. */
export interface AddressDifference {
  /** Addresses of ours that the other router does not advertise. */
  readonly onlyHere: readonly IpAddress[];
  /** Addresses that it advertises and we do not have. */
  readonly onlyThere: readonly IpAddress[];
}

/** The difference of two lists. */
export function differenceOf(
  theirs: readonly IpAddress[],
  ours: readonly IpAddress[],
): AddressDifference {
  return { onlyHere: without(ours, theirs), onlyThere: without(theirs, ours) };
}

/** The difference of two lists that are not the same, in words. */
export function describeDifference(
  { onlyHere, onlyThere }: AddressDifference,
  ours: readonly IpAddress[],
): string {
  if (onlyThere.length === 0 && onlyHere.length === 0) return "an address is in the list twice";
  if (ours.length > 0 && onlyHere.length === ours.length) {
    return `none of our addresses, but ${listOf(onlyThere)}: another virtual router uses this VRID`;
  }
  const parts = [
    ...(onlyThere.length === 0 ? [] : [`${listOf(onlyThere)}, which we do not have`]),
    ...(onlyHere.length === 0 ? [] : [`not ${listOf(onlyHere)}, which we have`]),
  ];
  return `it has ${parts.join(", and ")}: the two configurations differ`;
}

function without(list: readonly IpAddress[], others: readonly IpAddress[]): IpAddress[] {
  return list.filter((address) => !others.some((other) => equalIp(address, other)));
}

function listOf(addresses: readonly IpAddress[]): string {
  return addresses.length === 0 ? "no addresses" : addresses.map(formatIp).join(" ");
}
