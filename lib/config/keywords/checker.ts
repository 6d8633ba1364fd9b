/**
 * The keywords of the health checkers, as data: none of them is in effect yet. Checkers share how
 * they connect and when they run, so those rows stand here once.
 */
import { notYetTable, type Table } from "../keyword.ts";

type Rows = Table<unknown>;

const connection: Rows = notYetTable(`
connect_ip | <ip> | address to contact
connect_port | <1..65535> | port to contact
bindto | <ip> | source address
bind_port | <1..65535> | source port
bind_if | <ifname> | source interface; needed for link-local target
connect_timeout | <timer> | connection timeout
fwmark | <uint32> | SO_MARK on checker packets
`);

const schedule: Rows = notYetTable(`
retry | <n >=0> | retries before failing
delay_before_retry | <timer> | gap between retries
warmup | <timer> | random initial delay
delay_loop | <timer> | check interval
alpha | [<bool>] | start failed
log_all_failures | [<bool>] | log failures that are still being retried
`);

const url: Rows = notYetTable(`
path | <string> | request path
digest | <32 hex> | expected MD5 of body
status_code | <code or range>... | accepted codes
virtualhost | <name> | Host header for this URL
regex | <quoted pattern> | PCRE2 pattern searched in body
regex_no_match | | invert match result
regex_options | <option>... | PCRE2 compile options
regex_min_offset | <n> | start offset
regex_max_offset | <n> | last start offset
regex_stack | <start> <max> | PCRE2 JIT stack sizes
`);

const http: Rows = {
  ...connection,
  ...schedule,
  ...notYetTable(`
nb_get_retry | <n> | deprecated alias of retry
virtualhost | <name> | Host header
http_protocol | 1.0 / 1.0C / 1.1 | request version
enable_sni | | send SNI
sni_name | <name> | explicit SNI value
fast_recovery | [<bool>] | no delay between URLs while coming up
url | {…} | one URL; at least one required
`),
};

/** The blocks of checkers by their keyword in a `real_server`. */
export const checkerTables: Readonly<Record<string, Rows>> = {
  MISC_CHECK: {
    ...schedule,
    ...notYetTable(`
misc_path | <script with args> | command to run
misc_timeout | <seconds integer> | run limit
misc_dynamic | | exit codes 2..255 set weight
user | <user> [[:]<group>] | identity of script
`),
  },
  SMTP_CHECK: {
    ...connection,
    ...schedule,
    ...notYetTable(`
helo_name | <string> | HELO argument
host | {…} | legacy nested target; becomes its own checker
`),
  },
  "SMTP_CHECK/host": { ...connection, ...schedule },
  TCP_CHECK: { ...connection, ...schedule },
  PING_CHECK: { ...connection, ...schedule },
  UDP_CHECK: {
    ...connection,
    ...schedule,
    ...notYetTable(`
payload | <hex string> | datagram content
require_reply | [<hex with x wildcards>] | fail without (matching) reply
min_reply_length | <0..65535> | shortest valid reply
max_reply_length | <0..65535> | longest valid reply
`),
  },
  HTTP_GET: http,
  "HTTP_GET/url": url,
  SSL_GET: { ...http, ...notYetTable("tls_compliant | [<bool>] | send close_notify") },
  "SSL_GET/url": { ...url, ...notYetTable("tls_compliant | [<bool>] | send close_notify") },
  DNS_CHECK: {
    ...connection,
    ...schedule,
    ...notYetTable(`
type | A NS CNAME SOA MX TXT AAAA RRSIG DNSKEY | query type (any case)
name | <domain> | query name
`),
  },
  FILE_CHECK: notYetTable(`
track_file | <name> | which track_file
weight | <int32> [reverse/noreverse] | multiplier for file value
`),
  BFD_CHECK: notYetTable(`
name | <bfd instance> | which BFD session
alpha | [<bool>] | start failed until BFD reports up
`),
};
