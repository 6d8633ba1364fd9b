/**
 * Well-known addresses of VRRP (RFC 9568 §5.1.1.2, §5.1.2.2, §7.3): the groups that adverts go
 * to, and the Ethernet address that a virtual router has where it has one of its own.
 */
import {
  type Family,
  type IpAddress,
  ipFromBytes,
  type MacAddress,
  type Vrid,
} from "../base/mod.ts";
import { readMac } from "./field.ts";

/** 224.0.0.18, where IPv4 adverts go. */
export const vrrpMulticast4: IpAddress = ipFromBytes(Uint8Array.of(224, 0, 0, 18));

/** ff02::12, where IPv6 adverts go. */
export const vrrpMulticast6: IpAddress = ipFromBytes(
  Uint8Array.of(0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12),
);

/** Type of service, or traffic class, of adverts: network control (RFC 4594 §3.2, CS6). */
export const vrrpTos = 0xc0;

/** The TTL or hop limit that proves that a packet did not cross a router (RFC 9568 §5.1.1.3). */
export const vrrpTtl = 255;

/** The Ethernet address of a virtual router: 00:00:5e:00:01:VRID, or 02 for IPv6. */
export function virtualRouterMac(family: Family, vrid: Vrid): MacAddress {
  return readMac(Uint8Array.of(0, 0, 0x5e, 0, family === "ipv4" ? 1 : 2, vrid), 0);
}
