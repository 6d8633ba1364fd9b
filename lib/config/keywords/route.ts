/**
 * The words of route and rule lines, static and virtual, as data.
 */
import { plain, type Table } from "../keyword.ts";

/** How a route line begins, if not with other words: its destination. */
export const routeStart: string =
  "[to] [unicast|local|broadcast|anycast|multicast|throw|unreachable|prohibit|blackhole|nat] " +
  "<destination>";

/** The words of a route line. */
export const routeWords: Table<unknown> = plain(`
inet | | that of the addresses | the route is one of IPv4
inet6 | | that of the addresses | the route is one of IPv6
src | <ip> | none | source address to prefer
as | to | - | known, but nothing supports it
via | [inet|inet6] <ip> | none | gateway
gw | [inet|inet6] <ip> | none | older spelling of via | 2.2.7 | via
or | <ip> | none | second gateway, older form of a multipath route | 2.2.7 | nexthop
from | <prefix> | none | source prefix (IPv6)
tos | <symbol> | 0 | type of service (IPv4)
dsfield | <symbol> | 0 | other name of tos
table | <symbol> | main | routing table
protocol | <symbol> | keepalived | who made the route
scope | <symbol> | universe | scope (IPv4)
metric | <0..4294967295> | that of the kernel | the lowest is preferred
priority | <0..4294967295> | that of the kernel | other name of metric
preference | <0..4294967295> | that of the kernel | other name of metric
dev | <interface> | none | interface
oif | <interface> | none | other name of dev
onlink | | off | the gateway is on the link whatever the addresses say
encap | ip|ip6|mpls|ila <option>… | none | tunnel without an interface
expires | <0..4294967295> | none | seconds until it goes (IPv6)
mtu | [lock] <0..4294967295> | none | largest packet on the path
hoplimit | <0..255> | none | hop limit
advmss | [lock] <0..4294967295> | none | segment size that is told
rtt | [lock] <time> | none | round trip to begin with
rttvar | [lock] <time> | none | its variance
reordering | [lock] <0..4294967295> | none | how far packets may overtake
window | <0..4294967295> | none | largest TCP window
cwnd | [lock] <0..4294967295> | none | largest congestion window
ssthresh | [lock] <0..4294967295> | none | threshold of slow start
realms | <realms> | none | realms (IPv4)
rto_min | [lock] <time> | none | shortest retransmission timeout
initcwnd | <0..4294967295> | none | congestion window to begin with
initrwnd | <0..4294967295> | none | receive window to begin with
features | ecn | none | what the route can do
quickack | <0..1> | none | acknowledge at once
congctl | [lock] <name> | none | congestion control
pref | low|medium|high | none | preference of the router (IPv6)
ttl-propagate | enabled|disabled | none | copy the TTL into the label (MPLS)
fastopen_no_cookie | <0..1> | none | TCP fast open without a cookie
add | | prepend | an error if the route is there
prepend | | prepend | before routes that are equal
append | | prepend | after routes that are equal
vrf | <interface> | none | the table of a VRF
no_track | | tracked | its deletion by somebody else does not matter
nexthop | <option>… | none | member of a multipath route; must come last
`);

/** The words after `encap ip` of a route. */
export const encapIpWords: Table<unknown> = plain(`
id | <0..4294967295> | - | number of the tunnel
dst | <ip4> | - | destination of the outer packet
src | <ip4> | - | source of the outer packet
tos | <symbol> | - | type of service of the outer packet
ttl | <0..255> | - | TTL of the outer packet
flags | <0..65535> | - | flags of the tunnel
`);

/** The words after `encap ip6` of a route. */
export const encapIp6Words: Table<unknown> = plain(`
id | <0..4294967295> | - | number of the tunnel
dst | <ip6> | - | destination of the outer packet
src | <ip6> | - | source of the outer packet
tc | <symbol> | - | traffic class of the outer packet
hoplimit | <0..255> | - | hop limit of the outer packet
flags | <0..65535> | - | flags of the tunnel
`);

/** The words after `nexthop` of a route. */
export const nexthopWords: Table<unknown> = plain(`
via | [inet|inet6] <ip> | none | gateway
dev | <interface> | none | interface
weight | <1..256> | 1 | share of the packets
onlink | | off | the gateway is on the link whatever the addresses say (IPv4)
encap | ip|ip6|mpls|ila <option>… | none | tunnel without an interface
realms | <realms> | none | realms (IPv4)
as | to | - | known, but nothing supports it
`);

/** The words of a rule line. */
export const ruleWords: Table<unknown> = plain(`
inet | | that of the prefixes, else this | the rule is one of IPv4
inet6 | | that of the prefixes | the rule is one of IPv6
from | <prefix> | all | packets from here
to | <prefix> | all | packets to here
table | <symbol> | - | action: look into this table
lookup | <symbol> | - | other name of table
not | | off | packets that do not match
preference | <number> | from 16384 downwards | the lowest comes first
order | <number> | from 16384 downwards | other name of preference
priority | <number> | from 16384 downwards | other name of preference
tos | <symbol> | 0 | type of service
dsfield | <symbol> | 0 | other name of tos
fwmark | <fwmark> | none | firewall mark, with a mask perhaps
realms | <realms> | none | realms (IPv4, with a table)
suppress_prefixlength | <0..4294967295> | none | no route with a prefix this short (with a table)
sup_pl | <0..4294967295> | none | other name of suppress_prefixlength
suppress_ifgroup | <symbol> | none | no route to an interface of the group (with a table)
sup_group | <symbol> | none | other name of suppress_ifgroup
dev | <interface> | none | interface where packets come in
iif | <interface> | none | other name of dev
oif | <interface> | none | interface where packets go out
tunnel-id | <number 0..18446744073709551615> | none | number of the tunnel
uidrange | <range> | none | users whose packets match
l3mdev | | off | action: look into the table of the VRF
protocol | <0..255> | keepalived | who made the rule
ipproto | <symbol> | none | protocol
sport | <range> | none | source ports, always two
dport | <range> | none | destination ports, always two
no_track | | tracked | its deletion by somebody else does not matter
type | | - | may stand before the action
goto | <number> | - | action: go on at this preference
nop | | - | action: none
blackhole | | - | action: drop without a word
unreachable | | - | action: answer that it can not be reached
prohibit | | - | action: answer that it is forbidden
`);
