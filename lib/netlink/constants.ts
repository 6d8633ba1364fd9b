/**
 * Numbers of the kernel's user interface, by the names that its headers give them. Only those that
 * we send or understand. Each table says which header it comes from.
 */

/** Types of messages every netlink family has (linux/netlink.h, NLMSG_*). */
export const controlType = { noop: 1, error: 2, done: 3, overrun: 4 } as const;

/** Types of rtnetlink messages (linux/rtnetlink.h, RTM_*). */
export const messageType = {
  newLink: 16,
  deleteLink: 17,
  getLink: 18,
  setLink: 19,
  newAddress: 20,
  deleteAddress: 21,
  getAddress: 22,
  newRoute: 24,
  deleteRoute: 25,
  getRoute: 26,
  newRule: 32,
  deleteRule: 33,
  getRule: 34,
  newNetconf: 80,
} as const;

/** Flags of a message header (linux/netlink.h, NLM_F_*); some share a bit, by kind of message. */
export const messageFlag = {
  request: 0x1,
  /** One of several parts; the last is of type `done`. */
  multi: 0x2,
  ack: 0x4,
  /** The table changed during the dump: it must be asked for again. */
  dumpInterrupted: 0x10,
  /** A get of the whole table: NLM_F_ROOT and NLM_F_MATCH. */
  dump: 0x300,
  /** On new. */
  replace: 0x100,
  exclusive: 0x200,
  create: 0x400,
  append: 0x800,
  /** On an acknowledgement: the request is not repeated in it. */
  capped: 0x100,
  /** On an acknowledgement: attributes follow. */
  ackAttributes: 0x200,
} as const;

/** Groups to join with NETLINK_ADD_MEMBERSHIP (linux/rtnetlink.h, RTNLGRP_*). */
export const multicastGroup = {
  link: 1,
  ipv4Address: 5,
  ipv4Route: 7,
  ipv4Rule: 8,
  ipv6Address: 9,
  ipv6Route: 11,
  ipv6Rule: 19,
  ipv6Netconf: 25,
} as const;

/** The same groups as bits of the socket address, for bind (RTMGRP_*). */
export const groupMask = {
  link: 0x1,
  ipv4Address: 0x10,
  ipv4Route: 0x40,
  ipv6Address: 0x100,
  ipv6Route: 0x400,
} as const;

/** Address families (linux/socket.h, AF_*). */
export const addressFamily = { unspecified: 0, ipv4: 2, bridge: 7, ipv6: 10 } as const;

/** Flags of an interface (linux/if.h, IFF_*). */
export const linkFlag = {
  up: 0x1,
  broadcast: 0x2,
  loopback: 0x8,
  pointToPoint: 0x10,
  running: 0x40,
  noArp: 0x80,
  multicast: 0x1000,
  lowerUp: 0x10000,
} as const;

/** Operational states of an interface (linux/if.h, IF_OPER_*; RFC 2863 §3.1.14), by number. */
export const operStates = [
  "unknown",
  "not-present",
  "down",
  "lower-layer-down",
  "testing",
  "dormant",
  "up",
] as const;

/** Attributes of a link (linux/if_link.h, IFLA_*). */
export const linkAttribute = {
  address: 1,
  broadcast: 2,
  name: 3,
  mtu: 4,
  link: 5,
  master: 10,
  operState: 16,
  linkInfo: 18,
  netnsPid: 19,
  afSpec: 26,
  group: 27,
  netnsFd: 28,
  extMask: 29,
  linkNetnsId: 37,
} as const;

/** Attributes within IFLA_LINKINFO (linux/if_link.h, IFLA_INFO_*). */
export const linkInfoAttribute = { kind: 1, data: 2 } as const;

/** RTEXT_FILTER_SKIP_STATS: leaves the counters out of a dump (linux/rtnetlink.h). */
export const skipStatistics = 8;

/** VETH_INFO_PEER (linux/veth.h). */
export const vethPeerAttribute = 1;

/** IFLA_MACVLAN_MODE and its values (linux/if_link.h). */
export const macvlanModeAttribute = 1;

/** IFLA_INET6_ADDR_GEN_MODE within AF_INET6 of IFLA_AF_SPEC (linux/if_link.h). */
export const addressGenModeAttribute = 8;

/** IN6_ADDR_GEN_MODE_NONE: the kernel makes no link-local address (linux/if_link.h). */
export const addressGenModeNone = 1;

/** Modes of a macvlan (linux/if_link.h, MACVLAN_MODE_*). */
export const macvlanMode = { private: 1, vepa: 2, bridge: 4, passthru: 8 } as const;

/** IFLA_IPVLAN_MODE (linux/if_link.h). */
export const ipvlanModeAttribute = 1;

/** IFLA_IPVLAN_FLAGS and its bits; bridge is none of them (linux/if_link.h, IPVLAN_F_*). */
export const ipvlanFlagsAttribute = 2;

/** Who may reach whom among the ipvlans of an interface. */
export const ipvlanFlag = { bridge: 0, private: 1, vepa: 2 } as const;

/** Modes of an ipvlan (linux/if_link.h, IPVLAN_MODE_*). */
export const ipvlanMode = { l2: 0, l3: 1, l3s: 2 } as const;

/** IFLA_VLAN_ID (linux/if_link.h). */
export const vlanIdAttribute = 1;

/** IFLA_VRF_TABLE (linux/if_link.h). */
export const vrfTableAttribute = 1;

/** Attributes of an address (linux/if_addr.h, IFA_*). */
export const addressAttribute = {
  address: 1,
  local: 2,
  label: 3,
  broadcast: 4,
  cacheInfo: 6,
  flags: 8,
  protocol: 11,
} as const;

/** Flags of an address (linux/if_addr.h, IFA_F_*). */
export const addressFlag = {
  /** IPv4: not the first of its subnet. IPv6: a temporary address. */
  secondary: 0x01,
  noDad: 0x02,
  optimistic: 0x04,
  dadFailed: 0x08,
  home: 0x10,
  deprecated: 0x20,
  tentative: 0x40,
  permanent: 0x80,
  manageTempAddress: 0x100,
  noPrefixRoute: 0x200,
  multicastAutoJoin: 0x400,
} as const;

/** Scopes of addresses and routes (linux/rtnetlink.h, RT_SCOPE_*). */
export const scope = { universe: 0, site: 200, link: 253, host: 254, nowhere: 255 } as const;

/** Who made an address or route (linux/rtnetlink.h, RTPROT_*); ours is that of VRRP daemons. */
export const protocol = { kernel: 2, boot: 3, static: 4, keepalived: 18 } as const;

/** A lifetime that never ends (net/addrconf.h, INFINITY_LIFE_TIME). */
export const foreverSeconds = 0xffffffff;

/** Attributes of the settings of an interface (linux/netconf.h, NETCONFA_*). */
export const netconfAttribute = { ifIndex: 1, forwarding: 2 } as const;

/** Attributes of an extended acknowledgement (linux/netlink.h, NLMSGERR_ATTR_*). */
export const ackAttribute = { message: 1, offset: 2 } as const;
