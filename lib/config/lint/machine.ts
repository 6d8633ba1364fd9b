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

/** Whether an address lies in the network of a prefix. */
export function inNetwork(address: IpAddress, network: IpPrefix): boolean {
  if (address.family !== network.address.family) return false;
  for (let bit = 0; bit < network.prefixLength; bit += 8) {
    const left = network.prefixLength - bit;
    const mask = left >= 8 ? 0xff : 0xff << (8 - left) & 0xff;
    const at = bit >> 3;
    const mine = address.bytes[at] ?? 0;
    const theirs = network.address.bytes[at] ?? 0;
    if ((mine & mask) !== (theirs & mask)) return false;
  }
  return true;
}

/** Whether the prefix is that of one host alone. */
export function isHost({ address, prefixLength }: IpPrefix): boolean {
  return prefixLength === address.bytes.length * 8;
}
