/**
 * What the messages of netfilter have in common (linux/netfilter/nfnetlink.h): a header of its own
 * behind that of netlink, and numbers in network order.
 */
import { viewOf } from "../base/mod.ts";
import { AttributeWriter } from "./attributes.ts";

/** Length of struct nfgenmsg: family, version, two octets of a resource. */
export const netfilterHeaderLength = 4;

/** NFNL_SUBSYS_CTNETLINK and NFNL_SUBSYS_NFTABLES: the upper octet of a type. */
const subsystems = { conntrack: 1, nftables: 10 } as const;

/** The type of a message. */
export function netfilterType(subsystem: keyof typeof subsystems, message: number): number {
  return subsystems[subsystem] << 8 | message;
}

/** The beginning of a message: struct nfgenmsg. */
export function netfilterBody(family: number): AttributeWriter {
  return new AttributeWriter().raw(Uint8Array.of(family, 0, 0, 0));
}

/** A number in network order. */
export function wide(value: number, length: 2 | 4): Uint8Array {
  const bytes = new Uint8Array(length);
  if (length === 2) viewOf(bytes).setUint16(0, value, false);
  else viewOf(bytes).setUint32(0, value, false);
  return bytes;
}
