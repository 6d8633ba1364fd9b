/**
 * The keywords of the health checkers, as data. Checkers share
 * how they connect and when they run, so those rows stand here once.
 */
import { plain, type Table, withoutEffect } from "../keyword.ts";

type Rows = Table<unknown>;

const connectionRows = `
connect_ip | <ip> | address of the real server | address to ask
connect_port | <port> | port of the real server | port to ask
bindto | <ip> | chosen by the kernel | source address
bind_port | <port> | chosen by the kernel | source port
bind_if | <device> | none | source interface; link-local addresses need it
connect_timeout | <timer 0.000001..4294.967295> | that of the real server | limit of a connection
fwmark | <0..4294967295> | 0 | firewall mark of what the check sends
`;

const connection: Rows = plain(connectionRows);

/** Checkers differ in how often they repeat, and how soon. */
function scheduleRows(retry: string, pause: string): string {
  return `
retry | <0..4294967295> | that of the real server, else ${retry} | repetitions of a failed check
delay_before_retry | <timer 0..18446744073709> | that of the real server, else ${pause}
  | pause before a repetition
warmup | <timer 0..18446744073709> | that of the real server
  | longest random wait before the first check
delay_loop | <timer 0.000001..18446744073709> | that of the real server | interval of the checks
alpha | [on|off] | that of the real server | down until the check says otherwise
log_all_failures | [on|off] | off | log failures that are still being repeated
rise | <1..4294967295> | that of the real server, else 1
  | successes that bring a server up | standin
fastinter | <timer 0.000001..18446744073709> | that of the real server, else none
  | pause while a failure is repeated, or successes are still too few | standin
`;
}

function schedule(retry: string, pause: string): Rows {
  return plain(scheduleRows(retry, pause));
}

const usual: Rows = { ...connection, ...schedule("1", "1") };

const url: Rows = {
  ...plain(`
path | <text> | required | path of the request
digest | <md5> | none | MD5 sum that the body must have
status_code | <code>… | 200-299 | status codes that are right
virtualhost | <text> | that of the checker | name of the host for this URL
regex | <pattern> | none | pattern that the body must match
regex_no_match | | off | the body must not match
regex_options | [<option>…] | none | options of the pattern
regex_min_offset | <0..9007199254740991> | 0 | where the search begins
regex_max_offset | <0..9007199254740991> | no limit | where a match must begin at last
`),
  ...withoutEffect(
    "patterns run without compiled code, and need no stack of their own",
    `
regex_stack | <0..9007199254740991> <0..9007199254740991> | none
  | first and largest size of the stack of the pattern
`,
  ),
};

const http: Rows = {
  ...connection,
  ...schedule("1", "3"),
  ...plain(`
nb_get_retry | <0..4294967295> | 1 | older spelling of retry | 2.2.7 | retry
virtualhost | <text> | that of the real server | name of the host
http_protocol | 1.0|1.0C|1.1/i | 1.0 | version of the request; C for Connection: close
enable_sni | [on|off] | off | say the name of the host in the TLS greeting
sni_name | <text> | virtualhost | the name to say there | 2.4.4
fast_recovery | [on|off] | off | no pause between URLs while the server comes up
url | {…} | required | one URL
`),
};

const closeNotify = plain("tls_compliant | [on|off] | off | end TLS in due form | 2.2.8");

/** The blocks of checkers by their keyword in a `real_server`. */
export const checkerTables: Readonly<Record<string, Rows>> = {
  MISC_CHECK: {
    ...schedule("0", "1"),
    ...plain(`
misc_path | <script> | required | command to run
misc_timeout | <seconds 0..4294> | delay_loop | limit of a run
misc_dynamic | | off | exit codes from 2 to 255 set the weight
user | <user> [<user>] | script_user | who the command runs as, and with which group
`),
  },
  SMTP_CHECK: {
    ...usual,
    ...plain(`
helo_name | <text> | smtpchecker.keepalived.org | name given in HELO
host | {…} | none | older form: one more check with a target of its own
`),
  },
  "SMTP_CHECK/host": usual,
  TCP_CHECK: usual,
  PING_CHECK: usual,
  UDP_CHECK: {
    ...usual,
    ...plain(`
payload | <hex>… | filler | what is sent
require_reply | [<hexmask>…] | off | fail without a reply, or one that matches
min_reply_length | <0..65535> | 0 | shortest reply that is right
max_reply_length | <0..65535> | 255 | longest reply that is right
`),
  },
  HTTP_GET: http,
  "HTTP_GET/url": url,
  SSL_GET: { ...http, ...closeNotify },
  "SSL_GET/url": { ...url, ...closeNotify },
  DNS_CHECK: {
    ...connection,
    ...schedule("3", "delay_loop"),
    ...plain(`
type | A|NS|CNAME|SOA|MX|TXT|AAAA|RRSIG|DNSKEY/i | SOA | what is asked for
name | <domain> | the root | the name that is asked for
`),
  },
  AGENT_CHECK: {
    ...connection,
    ...plain(`
send | <text> | none | what the agent is asked; \\r, \\n and \\t mean what they mean in C
warmup | <timer 0..18446744073709> | that of the real server
  | longest random wait before the first check
delay_loop | <timer 0.000001..18446744073709> | that of the real server | interval of the checks
alpha | [on|off] | that of the real server | down until the agent has said something
`),
  },
  FILE_CHECK: plain(`
track_file | <track_file> | required | the file
weight | <-2147483647..2147483647> [reverse|noreverse] | that of the track_file
  | the number in the file is multiplied by it
`),
  BFD_CHECK: plain(`
name | <bfd_instance> | required | the session
alpha | [on|off] | that of the real server | down until the session says otherwise
`),
};

/** The options of a pattern, named as PCRE2 has them. */
export const patternWords: Rows = plain(`
allow_empty_class | | off | [] is a class without characters
alt_bsux | | off | backslash u and x as in JavaScript
auto_callout | | off | call out before each item
caseless | | off | case does not matter
dollar_endonly | | off | $ is the end of the text only
dotall | | off | a dot is a newline, too
dupnames | | off | groups may have the same name
extended | | off | white space in the pattern does not matter
firstline | | off | a match begins in the first line
match_unset_backref | | off | a group that is not set is empty
multiline | | off | ^ and $ are those of each line
never_ucp | | off | refuse to use properties of Unicode
never_utf | | off | refuse UTF in the pattern
no_auto_capture | | off | plain parentheses do not capture
no_auto_possess | | off | no automatic possessive repetition
no_dotstar_anchor | | off | no automatic anchor before .*
no_start_optimize | | off | no shortcuts at the start of a match
ucp | | off | use properties of Unicode
ungreedy | | off | repetitions are short
utf | | off | pattern and body are UTF-8
never_backslash_c | | off | refuse backslash C
alt_circumflex | | off | ^ matches after a final newline, too
alt_verbnames | | off | escapes in names of verbs
use_offset_limit | | off | regex_max_offset counts, as it does anyway
`);
