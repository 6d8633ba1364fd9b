/**
 * Whole frames as Debian's keepalived 2.2.7 sent them on a veth pair, recorded once with tcpdump.
 * The sender is 10.9.0.1 and fe80::ff:fe00:a with the Ethernet address 02:00:00:00:00:0a.
 */
import { type IpAddress, type MacAddress, parseIp, parseMac } from "../../../lib/base/mod.ts";
import { hex } from "../../support/hex.ts";

/** An address that is certain to be one. */
export function ip(text: string): IpAddress {
  const address = parseIp(text);
  if (address === undefined) throw new Error(`No address: ${text}`);
  return address;
}

/** An Ethernet address that is certain to be one. */
export function mac(text: string): MacAddress {
  const address = parseMac(text);
  if (address === undefined) throw new Error(`No Ethernet address: ${text}`);
  return address;
}

/** The Ethernet address of the sender. */
export const senderMac: MacAddress = mac("02:00:00:00:00:0a");

/** Version 2 with the password "secret" and two addresses. */
export const advertV2Password: Uint8Array = hex(`
  01005e000012 02000000000a 0800                 # Ethernet: group, sender, IPv4
  45 c0 002c 0001 0000 ff 70 d084                # 44 octets, TTL 255, protocol 112
  0a090001 e0000012                              # 10.9.0.1 > 224.0.0.18
  21 05 c8 02 01 01 c4cf                         # VRID 5, priority 200, 2 addresses, auth 1, 1 s
  0a090064 0a090065                              # 10.9.0.100, 10.9.0.101
  7365637265740000                               # "secret"
`);

/** Version 2 without authentication: its data is there and zero. */
export const advertV2: Uint8Array = hex(`
  01005e000012 02000000000a 0800
  45 c0 0028 0001 0000 ff 70 d088
  0a090001 e0000012
  21 08 c8 01 00 01 0c7e                         # VRID 8, priority 200, 1 address, no auth, 1 s
  0a09006e                                       # 10.9.0.110
  0000000000000000
`);

/** Version 3 over IPv4, at 0.5 s; the checksum covers the pseudo header. */
export const advertV3: Uint8Array = hex(`
  01005e000012 02000000000a 0800
  45 c0 0020 0001 0000 ff 70 d090
  0a090001 e0000012
  31 06 96 01 0032 43be                          # VRID 6, priority 150, 1 address, 50 cs
  0a090066                                       # 10.9.0.102
`);

/** The same router when it stops: priority 0, and an identification that has counted up. */
export const advertV3Release: Uint8Array = hex(`
  01005e000012 02000000000a 0800
  45 c0 0020 0010 0000 ff 70 d081
  0a090001 e0000012
  31 06 00 01 0032 d9be
  0a090066
`);

/** Version 3 over IPv6, at 0.25 s; the kernel wrote header, flow label and checksum. */
export const advertV6: Uint8Array = hex(`
  333300000012 02000000000a 86dd
  6c0075b5 0028 70 ff                            # class 0xc0, 40 octets, protocol 112, limit 255
  fe80000000000000 000000fffe00000a              # fe80::ff:fe00:a
  ff02000000000000 0000000000000012              # ff02::12
  31 07 fa 02 0019 aa5a                          # VRID 7, priority 250, 2 addresses, 25 cs
  fe80000000000000 0000000000000007              # fe80::7
  20010db800090000 0000000000000100              # 2001:db8:9::100
`);

/** Gratuitous ARP for 10.9.0.102. */
export const gratuitousArp: Uint8Array = hex(`
  ffffffffffff 02000000000a 0806
  0001 0800 06 04 0001                           # Ethernet, IPv4, request
  02000000000a 0a090066                          # sender
  ffffffffffff 0a090066                          # target: the same address, at everybody
`);

/** Unsolicited neighbor advertisement for 2001:db8:9::100, from a node that does not forward. */
export const neighborAdvertisement: Uint8Array = hex(`
  333300000001 02000000000a 86dd
  60000000 0020 3a ff                            # 32 octets, ICMPv6, hop limit 255
  20010db800090000 0000000000000100              # from the address itself
  ff02000000000000 0000000000000001              # to all nodes
  88 00 f711 20000000                            # neighbor advertisement, override
  20010db800090000 0000000000000100              # target
  02 01 02000000000a                             # target link-layer address
`);
