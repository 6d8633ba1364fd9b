/**
 * The keywords of load balancing, as data: none of them is in effect yet. The checkers of a real
 * server have a file of their own.
 */
import { notYetTable, type Table } from "../keyword.ts";

/** One IPVS service. */
export const virtualServer: Table<unknown> = notYetTable(`
ip_family | inet or inet6 | family of fwmark service
retry | <n >=1> | default checker retries
delay_before_retry | <timer> | default wait between retries
warmup | <timer> | maximum random initial delay
connect_timeout | <timer> | default connection timeout
delay_loop | <timer> | default interval between checks
inhibit_on_failure | | weight 0 instead of removal on failure
lb_algo | <scheduler> | alias of lvs_sched
lvs_sched | rr wrr lc wlc lblc lblcr sh mh dh fo ovf sed nq twos | IPVS scheduler
hashed | | obsolete; accepted only to be ignored or reported
ops | | one packet scheduling (UDP or fwmark only)
flag-1 | | scheduler flag 1
flag-2 | | scheduler flag 2
flag-3 | | scheduler flag 3
sh-port | | sh scheduler: hash port (scheduler must precede)
sh-fallback | | sh scheduler: fallback
mh-port | | mh scheduler: hash port
mh-fallback | | mh scheduler: fallback
lb_kind | NAT / DR / TUN [type ..] | alias of lvs_method
lvs_method | NAT / DR / TUN [type …] [csum…] | forwarding method
persistence_engine | <name> | persistence engine such as sip
persistence_timeout | [<1..2678400 s>] | persistence; bare = 360
persistence_granularity | <mask or prefix length> | persistence mask; switches persistence on
protocol | TCP / UDP / SCTP (any case) | service protocol
ha_suspend | | run checks only while VIP is present locally
smtp_alert | [<bool>] | mail on quorum changes
virtualhost | <name> | default HTTP Host
snmp_name | <string> | label in SNMP
alpha | | checks start in failed state
omega | | run down notifies at shutdown
quorum_up | <script> [<user> [[:]<group>]] | run when quorum gained
quorum_down | <script> [<user> [[:]<group>]] | run when quorum lost
quorum | <n >=1> | needed total weight of live servers
hysteresis | <n> | dead band around quorum (must be < quorum)
weight | <1..2^31-1> | default real server weight
sorry_server | <ip> [<port>] | fallback server while quorum is lost
sorry_server_inhibit | | keep sorry server with weight 0 when unused
sorry_server_lvs_method | as lvs_method | forwarding method of sorry server
real_server | <ip> [<port>] {…} | one destination
`);

/** One destination of a service. */
export const realServer: Table<unknown> = notYetTable(`
weight | <0..2^31-1> | weight
lvs_method | NAT / DR / TUN [type …] [csum…] | forwarding method
uthreshold | <n> | upper connection threshold
lthreshold | <n> | lower connection threshold
inhibit_on_failure | [<bool>] | weight 0 on failure
notify_up | <script> [<user> [[:]<group>]] | run when server up
notify_down | <script> [<user> [[:]<group>]] | run when server down
alpha | [<bool>] | start failed
retry | <n >=1> | retries
delay_before_retry | <timer> | retry gap
warmup | <timer> | random initial delay
connect_timeout | <timer> | connection timeout
delay_loop | <timer> | check interval
smtp_alert | [<bool>] | mail on changes
virtualhost | <name> | HTTP Host default
snmp_name | <string> | label in SNMP
MISC_CHECK | {…} | script checker
SMTP_CHECK | {…} | SMTP greeting checker
TCP_CHECK | {…} | TCP connect checker
PING_CHECK | {…} | ICMP echo checker
UDP_CHECK | {…} | UDP checker
HTTP_GET | {…} | HTTP checker
SSL_GET | {…} | HTTPS checker
DNS_CHECK | {…} | DNS query checker
FILE_CHECK | {…} | track_file driven checker
BFD_CHECK | {…} | BFD session driven checker
`);

/** Client certificates of all `SSL_GET` checks. */
export const tls: Table<unknown> = notYetTable(`
password | <string> | key passphrase
ca | <file> | CA bundle
certificate | <file> | client certificate
key | <file> | client key
`);
