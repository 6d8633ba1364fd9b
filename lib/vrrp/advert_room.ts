/**
 * How many addresses an advert has room for. A packet that is longer than the MTU is never sent,
 * and a master that is not heard is a second master soon, so what is beyond moves with the state
 * without being advertised. keepalived counts alike, so that both advertise the same list: the
 * header of Ethernet is taken off, too, and at most 255 can be counted.
 */
import { addressLength } from "../base/mod.ts";
import { ahLength, authTrailerLength } from "../wire/mod.ts";
import type { InstancePlan } from "./plan.ts";

/** What the field of an advert can count. */
export const countMax = 255;

const [ethernetHeader, ipv4Header, ipv6Header, vrrpHeader, passwordLength] = [14, 20, 40, 8, 8];

/** The number of addresses that fit into one advert of the plan on a link. */
export function addressRoom({ family, version, ahKey, hmac }: InstancePlan, mtu: number): number {
  const header = family === "ipv4" ? ipv4Header : ipv6Header;
  const password = family === "ipv4" && version === 2 ? passwordLength : 0;
  const authentication = (ahKey === undefined ? 0 : ahLength) +
    (hmac === undefined ? 0 : authTrailerLength);
  const rest = mtu - ethernetHeader - header - vrrpHeader - password - authentication;
  return Math.min(countMax, Math.max(0, Math.floor(rest / addressLength(family))));
}
