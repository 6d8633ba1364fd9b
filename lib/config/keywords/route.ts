/**
 * The words of route and rule lines, static and virtual, as data. None of them is in effect yet.
 */
import { notYetTable, type Table } from "../keyword.ts";

/** The words of a route line. */
export const routeWords: Table<unknown> = notYetTable(`
inet | | force IPv4
inet6 | | force IPv6
src | <ip> | preferred source
as | [to] | recognised but unsupported
via | [inet/inet6] <ip> | gateway
gw | [inet/inet6] <ip> | legacy alias of via (reported)
or | <ip> | legacy second gateway making a multipath route
from | <prefix> | source prefix (IPv6 only)
tos | <name or number> | TOS / dsfield (IPv4)
dsfield | <name or number> | alias of tos
table | <name or number> | routing table
protocol | <name or number> | route protocol; forced to keepalived (18) if tracked
scope | <name or number> | scope (IPv4)
metric | <uint32> | route metric
priority | <uint32> | alias of metric
preference | <uint32> | alias of metric
dev | <ifname> | output interface
oif | <ifname> | alias of dev
onlink | | gateway is on link
encap | ip/ip6/mpls/ila ... | lightweight tunnel encapsulation
expires | <seconds> | IPv6 route lifetime
mtu | [lock] <n> | path MTU
hoplimit | <0..255> | hop limit
advmss | [lock] <n> | advertised MSS
rtt | [lock] <time> | initial RTT (1/8 ms units)
rttvar | [lock] <time> | RTT variance (1/4 ms units)
reordering | [lock] <n> | reordering
window | <n> | TCP window clamp
cwnd | [lock] <n> | congestion window clamp
ssthresh | [lock] <n> | slow start threshold
realms | [<from>/]<to> | realms (IPv4)
rto_min | [lock] <time> | minimum RTO in ms
initcwnd | <n> | initial congestion window
initrwnd | <n> | initial receive window
features | ecn | route features
quickack | 0 or 1 | quick ACK
congctl | [lock] <algorithm> | congestion control
pref | low/medium/high/<n> | IPv6 router preference
ttl-propagate | enabled or disabled | MPLS TTL propagation
fastopen_no_cookie | 0 or 1 | TFO without cookie
add | | fail if route exists (iproute2 add)
prepend | | insert before equals
append | | insert after equals
vrf | <ifname> | use table of VRF device
no_track | | do not react to route deletion
nexthop | [via …] [dev …] [weight …] … | member of a multipath route; must come last
`);

/** The words after `encap ip` of a route. */
export const encapIpWords: Table<unknown> = notYetTable(`
id | <n> | tunnel id
dst | <ip> | outer destination
src | <ip> | outer source
tos | <n> | outer TOS
ttl | <n> | outer TTL
flags | <n> | tunnel flags
`);

/** The words after `encap ip6` of a route. */
export const encapIp6Words: Table<unknown> = notYetTable(`
id | <n> | tunnel id
dst | <ip> | outer destination
src | <ip> | outer source
tc | <n> | traffic class
hoplimit | <n> | hop limit
flags | <n> | tunnel flags
`);

/** The words after `nexthop` of a route. */
export const nexthopWords: Table<unknown> = notYetTable(`
via | [inet/inet6] <ip> | gateway
dev | <ifname> | interface
weight | <1..256> | path weight
onlink | | on-link gateway (IPv4)
encap | see encap | encapsulation
realms | [<from>/]<to> | realms (IPv4)
as | [to] | recognised but unsupported
`);

/** The words of a rule line. */
export const ruleWords: Table<unknown> = notYetTable(`
inet | | force IPv4
inet6 | | force IPv6
from | <prefix> | source selector
to | <prefix> | destination selector
table | <name or number> | action: lookup table (0 refused)
lookup | <name or number> | alias of table
not | | invert selector
preference | <uint32, any base> | rule priority
order | <uint32> | alias of preference
priority | <uint32> | alias of preference
tos | <name or number> | TOS selector
dsfield | <name or number> | alias of tos
fwmark | <n>[/<mask>] | mark selector
realms | [<from>/]<to> | realms (IPv4, table action only)
suppress_prefixlength | <n> | suppressor (table action only)
sup_pl | <n> | alias
suppress_ifgroup | <group> | suppressor by interface group
sup_group | <group> | alias
dev | <ifname> | input interface
iif | <ifname> | alias of dev
oif | <ifname> | output interface
tunnel-id | <uint64> | tunnel id selector
uidrange | <a>-<b> | uid selector
l3mdev | | action: l3mdev table lookup
protocol | <0..255> | rule originator; forced to keepalived if tracked
ipproto | <name or number> | IP protocol selector (man page misspells ip_proto)
sport | <a>-<b> | source port range; single port is rejected by parser
dport | <a>-<b> | destination port range; single port is rejected
no_track | | do not react to rule deletion
type | <action> | optional word before action
goto | <preference> | action: jump; needs own lower preference
nop | | action: no operation
blackhole | | action
unreachable | | action
prohibit | | action
`);
