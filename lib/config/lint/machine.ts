/**
 * What is known of the machine that a file is for. Only a file that is checked where it will run
 * can be held against the addresses of the interfaces; of several files at most one is for here,
 * so none is.
 */
import { equalIp, type IpAddress, type IpPrefix } from "../../base/mod.ts";

/** Addresses by the name of their interface; absent when nobody looked. */
export interface Machine {
  readonly addresses: ReadonlyMap<string, readonly IpPrefix[]> | undefined;
}

/** A machine of which nothing is known. */
export const unknownMachine: Machine = { addresses: undefined };

/** Whether one of the interfaces has the address. */
export function hasAddress({ addresses }: Machine, wanted: IpAddress): boolean {
  if (addresses === undefined) return false;
  for (const known of addresses.values()) {
    if (known.some(({ address }) => equalIp(address, wanted))) return true;
  }
  return false;
}

/** Whether the prefix is that of one host alone. */
export function isHost({ address, prefixLength }: IpPrefix): boolean {
  return prefixLength === address.bytes.length * 8;
}
