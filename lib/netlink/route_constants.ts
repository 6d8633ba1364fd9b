/**
 * Numbers of routes and policy rules, by the names that the kernel's headers give them.
 */

/** Attributes of a route (linux/rtnetlink.h, RTA_*). */
export const routeAttribute = {
  destination: 1,
  source: 2,
  outputInterface: 4,
  gateway: 5,
  priority: 6,
  preferredSource: 7,
  metrics: 8,
  multipath: 9,
  flow: 11,
  table: 15,
  via: 18,
  preference: 20,
  encapType: 21,
  encap: 22,
  expires: 23,
  ttlPropagate: 26,
} as const;

/** Routing tables (linux/rtnetlink.h, RT_TABLE_*). */
export const routeTable = { unspecified: 0, default: 253, main: 254, local: 255 } as const;

/** Types of routes (linux/rtnetlink.h, RTN_*). */
export const routeType = {
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
  throw: 9,
  nat: 10,
} as const;

/** Flags of a next hop (linux/rtnetlink.h, RTNH_F_*). */
export const hopFlag = { onLink: 4 } as const;

/** Metrics of a route (linux/rtnetlink.h, RTAX_*), by the words of `ip route`. */
export const routeMetric = {
  lock: 1,
  mtu: 2,
  window: 3,
  rtt: 4,
  rttvar: 5,
  ssthresh: 6,
  cwnd: 7,
  advmss: 8,
  reordering: 9,
  hoplimit: 10,
  initcwnd: 11,
  features: 12,
  rto_min: 13,
  initrwnd: 14,
  quickack: 15,
  congctl: 16,
  fastopen_no_cookie: 17,
} as const;

/** Preferences of a router (RFC 4191; linux/icmpv6.h, ICMPV6_ROUTER_PREF_*). */
export const routerPreference = { medium: 0, high: 1, low: 3 } as const;

/** Kinds of tunnels without an interface (linux/lwtunnel.h, LWTUNNEL_ENCAP_*). */
export const encapType = { mpls: 1, ip: 2, ila: 3, ip6: 4 } as const;

/** Attributes of RTA_ENCAP of `ip` (LWTUNNEL_IP_*) and of `ip6` (LWTUNNEL_IP6_*), which agree. */
export const tunnelAttribute = { id: 1, dst: 2, src: 3, ttl: 4, tos: 5, flags: 6 } as const;

/** MPLS_IPTUNNEL_DST (linux/mpls_iptunnel.h) and ILA_ATTR_LOCATOR (linux/ila.h). */
export const labelAttribute = { mpls: 1, ila: 1 } as const;

/** Attributes of a rule (linux/fib_rules.h, FRA_*). */
export const ruleAttribute = {
  destination: 1,
  source: 2,
  inputInterface: 3,
  goto: 4,
  priority: 6,
  mark: 10,
  flow: 11,
  tunnelId: 12,
  suppressInterfaceGroup: 13,
  suppressPrefixLength: 14,
  table: 15,
  markMask: 16,
  outputInterface: 17,
  l3mdev: 19,
  userRange: 20,
  protocol: 21,
  ipProtocol: 22,
  sourcePorts: 23,
  destinationPorts: 24,
} as const;

/** What a rule does (linux/fib_rules.h, FR_ACT_*). */
export const ruleAction = {
  table: 1,
  goto: 2,
  nop: 3,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
} as const;

/** FIB_RULE_INVERT (linux/fib_rules.h): packets that do not match. */
export const ruleInvert = 2;
