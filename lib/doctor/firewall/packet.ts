/**
 * The packets that a firewall has to let through: adverts that leave and adverts that arrive, as
 * far as they are known beforehand.
 */
import { type Family, inNetwork, ipFromBytes, type IpPrefix } from "../../base/mod.ts";

/** The hooks of Netfilter that a packet passes, in their order. */
export const hooksOf = {
  in: ["ingress", "prerouting", "input"],
  out: ["output", "postrouting", "egress"],
} as const;

/** A kind of packet. */
export interface FirewallPacket {
  readonly direction: "in" | "out";
  readonly interfaceName: string;
  readonly family: Family;
  /** 112, or 51 for adverts behind an authentication header. */
  readonly protocol: number;
  /** Where it comes from and goes to: one of these addresses. */
  readonly source: IpPrefix;
  readonly destination: IpPrefix;
  readonly multicast: boolean;
}

/** Whether something holds for all packets of a kind, for none, or for some. */
export type Holds = "yes" | "no" | "some";

/** All of them hold. */
export function allOf(parts: readonly Holds[]): Holds {
  if (parts.includes("no")) return "no";
  return parts.includes("some") ? "some" : "yes";
}

/** One of them holds. */
export function anyOf(parts: readonly Holds[]): Holds {
  if (parts.includes("yes")) return "yes";
  return parts.includes("some") ? "some" : "no";
}

/** It does not hold. */
export function not(part: Holds): Holds {
  return part === "some" ? "some" : part === "yes" ? "no" : "yes";
}

/** Whether the addresses of one prefix are in another. */
export function within(inner: IpPrefix, outer: IpPrefix): Holds {
  if (outer.prefixLength <= inner.prefixLength) {
    return inNetwork(inner.address, outer) ? "yes" : "no";
  }
  return inNetwork(outer.address, inner) ? "some" : "no";
}

/** All addresses of a family. */
export function anywhere(family: Family): IpPrefix {
  return { address: ipFromBytes(new Uint8Array(family === "ipv4" ? 4 : 16)), prefixLength: 0 };
}
