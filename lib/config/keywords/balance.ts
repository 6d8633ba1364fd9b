/**
 * The keywords of load balancing, as data; `build_balance.ts` looks into their blocks. The checkers
 * of a real server have a file of their own.
 */
import { notYet, plain, type Table, withoutEffect } from "../keyword.ts";

/** One IPVS service. */
export const virtualServer: Table<unknown> = {
  ...plain(`
ip_family | inet|inet6 | that of the servers, else inet | family of a service by firewall mark
retry | <1..4294967295> | that of the checker | repetitions of a failed check
delay_before_retry | <timer 0..18446744073709> | that of the checker | pause before a repetition
warmup | <timer 0..18446744073709> | delay_loop | longest random wait before the first check
connect_timeout | <timer 0.000001..4294.967295> | 5 | limit of a connection
delay_loop | <timer 0.000001..18446744073709> | 60 | interval of the checks
rise | <1..4294967295> | that of the checker | successes that bring a server up | standin
fastinter | <timer 0.000001..18446744073709> | that of the checker
  | pause while a failure is repeated, or successes are still too few | standin
slow_start | <timer 0..86400> | 0
  | how long a server that comes up takes to get its whole weight | standin
inhibit_on_failure | | off | a failed server stays with weight 0
lb_algo | <scheduler> | wlc | other name of lvs_sched
lvs_sched | <scheduler> | wlc | scheduler of IPVS
ops | | off | every packet is scheduled by itself (UDP and marks)
flag-1 | | off | first flag of the scheduler
flag-2 | | off | second flag of the scheduler
flag-3 | | off | third flag of the scheduler
sh-port | | off | scheduler sh looks at the port, too
sh-fallback | | off | scheduler sh passes over servers of weight 0
mh-port | | off | scheduler mh looks at the port, too
mh-fallback | | off | scheduler mh passes over servers of weight 0
lb_kind | NAT|DR|TUN [<option>…] | NAT | other name of lvs_method
lvs_method | NAT|DR|TUN [<option>…] | NAT | how packets get to the servers
persistence_engine | <name> | none | what keeps connections together, such as sip
persistence_timeout | [<seconds 1..2678400>] | off, 360 when bare
  | a client stays with its server this long
persistence_granularity | <mask> | 255.255.255.255 or 128 | clients of one network count as one
protocol | TCP|UDP|SCTP/i | UDP | protocol of the service
alpha | | off | servers are down until a check says otherwise
quorum | <1..4294967295> | 1 | sum of weights that is enough
hysteresis | <0..4294967295> | 0 | how far the sum must go past the quorum
weight | <1..2147483647> | 1 | weight of servers that say none
sorry_server | <ip> [<0..65535>] | none | where clients go while there are too few servers
sorry_server_inhibit | | off | the sorry server stays with weight 0
sorry_server_lvs_method | NAT|DR|TUN [<option>…] | lvs_method | how packets get to the sorry server
virtualhost | <text> | none | name of the host in HTTP checks
real_server | <ip> [<0..65535>] {…} | - | one server
ha_suspend | | off | check only while the address is on this node
omega | | off | run scripts for going down at the end
quorum_up | <script> | none | run when there are enough servers
quorum_down | <script> | none | run when there are too few servers
smtp_alert | [on|off] | smtp_alert_checker, else smtp_alert, else off
  | mail when the quorum comes or goes
`),
  ...withoutEffect("every service of IPVS is hashed", "hashed | | on | obsolete"),
  ...notYet(`
snmp_name | <text> | none | label in SNMP
`),
};

/** One destination of a service. */
export const realServer: Table<unknown> = {
  ...plain(`
weight | <0..2147483647> | that of the virtual server | share of the connections
lvs_method | NAT|DR|TUN [<option>…] | that of the virtual server | how packets get to the server
uthreshold | <0..4294967295> | 0 | connections at which no more come
lthreshold | <0..4294967295> | 0 | connections at which more may come again
inhibit_on_failure | [on|off] | that of the virtual server
  | when it has failed, it stays with weight 0
alpha | [on|off] | that of the virtual server | down until a check says otherwise
retry | <1..4294967295> | that of the virtual server | repetitions of a failed check
delay_before_retry | <timer 0..18446744073709> | that of the virtual server
  | pause before a repetition
warmup | <timer 0..18446744073709> | that of the virtual server
  | longest random wait before the first check
connect_timeout | <timer 0.000001..4294.967295> | that of the virtual server | limit of a connection
delay_loop | <timer 0.000001..18446744073709> | that of the virtual server | interval of the checks
rise | <1..4294967295> | that of the virtual server | successes that bring a server up | standin
fastinter | <timer 0.000001..18446744073709> | that of the virtual server
  | pause while a failure is repeated, or successes are still too few | standin
slow_start | <timer 0..86400> | that of the virtual server
  | how long a server that comes up takes to get its whole weight | standin
notify_up | <script> | none | run when the server comes up
notify_down | <script> | none | run when the server goes down
TCP_CHECK | {…} | - | check by a TCP connection
MISC_CHECK | {…} | - | check by a script
FILE_CHECK | {…} | - | check by the number in a track_file
BFD_CHECK | {…} | - | check by a BFD session
SMTP_CHECK | {…} | - | check by the greeting of a mail server
PING_CHECK | {…} | - | check by an ICMP echo
UDP_CHECK | {…} | - | check by a UDP datagram
HTTP_GET | {…} | - | check by HTTP
SSL_GET | {…} | - | check by HTTPS
DNS_CHECK | {…} | - | check by a DNS query
AGENT_CHECK | {…} | - | ask a program on the server how it is, as agent-check of HAProxy | standin
virtualhost | <text> | that of the virtual server | name of the host in HTTP checks
smtp_alert | [on|off] | smtp_alert_checker, else smtp_alert, else on | mail when it comes or goes
`),
  ...notYet(`
snmp_name | <text> | none | label in SNMP
`),
};

/** The words after `NAT`, `DR` or `TUN`. */
export const methodWords: Table<unknown> = plain(`
type | ipip|gue|gre | ipip | kind of tunnel
port | <port> | required for gue | port of a gue tunnel
nocsum | | on | no checksum in the tunnel
csum | | off | checksum in a gue or gre tunnel
remcsum | | off | remote checksum in a gue tunnel
`);

/** What may stand instead of an address after `virtual_server`. */
export const headWords: Table<unknown> = plain(`
fwmark | <number> | - | the service of a firewall mark
group | <virtual_server_group> | - | the services of a group
`);

/** What may stand instead of an address in a line of `virtual_server_group`. */
export const markWords: Table<unknown> = plain(`
fwmark | <number> | - | the service of a firewall mark
inet | | not set | the mark is one of IPv4
inet6 | | not set | the mark is one of IPv6
`);

/** Client certificates of all `SSL_GET` checks. */
export const tls: Table<unknown> = plain(`
password | <text> | none | password of the key
ca | <path> | none | certificates of authorities
certificate | <path> | none | certificate of this client
key | <path> | none | key of this client
`);
