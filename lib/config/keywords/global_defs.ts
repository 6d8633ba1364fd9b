/**
 * The keywords of `global_defs`. What concerns keepalived's separate processes is accepted without
 * effect: standin is one process.
 */
import type { GlobalDraft } from "../draft.ts";
import {
  inEffect,
  type Keyword,
  nothing,
  notYetTable,
  one,
  optional,
  orElse,
  type Table,
  timer,
  truth,
  withoutEffect,
} from "../keyword.ts";
import { decimalSeconds, group, oneOf, staysOnLink, text } from "../value.ts";
import { sharedKeywords } from "./shared.ts";

const word = "allow_if_changes";
const noChild = "standin is a single process";
const noDump = "the state is read from the status endpoint and the control socket";

const settings: Table<GlobalDraft> = {
  router_id: inEffect(one("<name>", text), "name of this node", (draft, value) => {
    draft.routerId = value;
  }),
  vrrp_mcast_group4: inEffect(
    one("<IPv4 group>", group("ipv4")),
    "where IPv4 adverts are sent",
    (draft, value) => {
      draft.multicastGroup4 = value;
    },
  ),
  vrrp_mcast_group6: inEffect(
    one("<IPv6 group>", group("ipv6")),
    "where IPv6 adverts are sent",
    (draft, value, place, { report }) => {
      if (!staysOnLink(value)) {
        const message = "vrrp_mcast_group6 is a group that routers may forward";
        report.warning("wide-group", place, message, "expected link-local scope, such as ff02::12");
      }
      draft.multicastGroup6 = value;
    },
  ),
  vrrp_version: inEffect(
    one("2|3", oneOf("2", "3")),
    "protocol version of IPv4 instances that say none",
    (draft, value) => {
      draft.version = value === "2" ? 2 : 3;
    },
  ),
  vrrp_min_garp: inEffect(
    truth,
    "one gratuitous ARP and no second burst, where nothing else is said",
    (draft, value) => {
      draft.minimalGarp = value;
    },
  ),
  vrrp_startup_delay: inEffect(
    timer("<seconds>", decimalSeconds(6, 0.001, 4294.967295)),
    "hold all VRRP timers this long after the start",
    (draft, value) => {
      draft.startupDelay = value;
    },
  ),
  log_unknown_vrids: inEffect(nothing, "log adverts of routers that are not ours", (draft) => {
    draft.logUnknownVrids = true;
  }),
  dynamic_interfaces: inEffect(
    orElse(optional("[allow_if_changes]", oneOf("allow_if_changes"), word), word),
    "wait for interfaces that are absent",
    (draft) => {
      draft.dynamicInterfaces = true;
    },
  ),
};

/** Settings of instances under the name of their default. */
const shared: Table<GlobalDraft> = Object.fromEntries(
  Object.entries(sharedKeywords).map(([name, row]): [string, Keyword<GlobalDraft>] => {
    if (name === "strict_mode") return ["vrrp_strict", row];
    return [name === "v3_checksum_as_v2" ? name : `vrrp_${name}`, row];
  }),
);

const process: Table<unknown> = {
  process_names: withoutEffect("", "standard names for the child processes", noChild),
  ...Object.fromEntries(
    ["process_name", "vrrp_process_name", "checker_process_name", "lvs_process_name"]
      .concat(["bfd_process_name"])
      .map((name) => [name, withoutEffect("<name>", "name of a process", noChild)]),
  ),
  ...Object.fromEntries(
    ["checker", "bfd"].flatMap((child) => [
      [`${child}_priority`, withoutEffect("<-20..19>", "nice value of a child", noChild)],
      [`${child}_no_swap`, withoutEffect("", "keep a child in memory", noChild)],
      [`${child}_rt_priority`, withoutEffect("<1..99>", "real-time priority of a child", noChild)],
      [`${child}_cpu_affinity`, withoutEffect("<cpu>…", "processors of a child", noChild)],
      [`${child}_rlimit_rttime`, withoutEffect("<µs>", "real-time limit of a child", noChild)],
      [`${child}_rlimit_rtime`, withoutEffect("<µs>", "older spelling", noChild)],
    ]),
  ),
  tmp_config_directory: withoutEffect(
    "<directory>",
    "keep a copy of the configuration here",
    "the configuration is read once, by one process",
  ),
  state_dump_file: withoutEffect("<path>", "template of dump files", noDump),
  stats_dump_file: withoutEffect("<path>", "file of statistics", noDump),
  json_dump_file: withoutEffect("<path>", "file of the JSON dump", noDump),
  data_use_instance: withoutEffect("[on|off]", "instance in the names of dump files", noDump),
};

const later: Table<unknown> = notYetTable(`
use_symlink_paths | [<bool>] | keep symbolic links in script paths instead of resolving them
set_supplementary_groups | [<bool>] | give every script its user's supplementary groups
notification_email_from | <address> | sender of alerts
smtp_server | <host or ip> [<port>] | mail relay; alerts are only sent when set
smtp_helo_name | <string> | name given in HELO
smtp_connect_timeout | <seconds> | mail relay timeout
notification_email | {…} | recipients of alerts
smtp_alert | [<bool>] | default of every smtp_alert setting
startup_script | <script> [<user> [[:]<group>]] | run once before everything else
startup_script_timeout | <1..1000 s> | limit of the startup script
shutdown_script | <script> [<user> [[:]<group>]] | run once after everything else
shutdown_script_timeout | <1..1000 s> | limit of the shutdown script
max_auto_priority | [<-1..99>] | ceiling for automatic real-time priority
min_auto_priority_delay | <1..10000000 µs> | lateness that raises the priority
smtp_alert_vrrp | [<bool>] | default smtp_alert of instances and sync groups
smtp_alert_checker | [<bool>] | default smtp_alert of virtual and real servers
checker_log_all_failures | [<bool>] | log failed checks that are still being retried
no_email_faults | | no mail when an instance goes to FAULT
default_interface | <ifname> | interface of static addresses without dev
disable_local_igmp | | no IGMP reports for link-local groups while running
lvs_timeouts | [tcp <s>] [tcpfin <s>] [udp <s>] | connection timeouts of IPVS
lvs_flush | | clear the IPVS table at the start
lvs_flush_on_stop | [VS] | clear the IPVS table at the end
lvs_flush_onstop | [VS] | older spelling of lvs_flush_on_stop
lvs_sync_daemon | <if> [[inst] <instance>] [id <n>] [port <n>] … | synchronise IPVS connections
vrrp_garp_interval | <seconds> | gap between gratuitous ARPs on an interface
vrrp_gna_interval | <seconds> | gap between neighbour advertisements on an interface
vrrp_garp_extra_if | [all] <1..86400 s> | gratuitous ARP on other interfaces of the addresses
vrrp_vmac_garp_intvl | [all] <1..86400 s> | older spelling of vrrp_garp_extra_if
vrrp_iptables | [<in chain> [<out chain>]] | firewall through iptables
vrrp_ipsets | [<name>…] | sets for the iptables firewall
nftables | [<table>] | firewall through nftables
nftables_priority | <int> | priority of the base chains
nftables_ifindex | | name interfaces by their index in the firewall
vrrp_check_unicast_src | | drop unicast adverts of routers that are no peers
vrrp_priority | <-20..19> | nice value
vrrp_no_swap | | keep the process in memory
vrrp_rt_priority | <1..99> | real-time priority
vrrp_cpu_affinity | <cpu>… | processors to run on
vrrp_rlimit_rttime | <µs> | real-time limit
vrrp_rlimit_rtime | <µs> | older spelling of vrrp_rlimit_rttime
nftables_ipvs | [<table>] | map groups of virtual servers to marks
nftables_ipvs_priority | <int> | priority of that chain
nftables_ipvs_start_fwmark | <1..2^32-1> | first mark that is used
nftables_counters | | counters in the firewall rules
notify_fifo | <path> [<user> [<group>]] | FIFO of all events
notify_fifo_script | <script> [<user> [[:]<group>]] | reader of that FIFO
vrrp_notify_fifo | <path> [<user> [<group>]] | FIFO of VRRP events
vrrp_notify_fifo_script | <script> [<user> [[:]<group>]] | reader of that FIFO
vrrp_notify_priority_changes | [<bool>] | changes of priority on the FIFOs
fifo_write_vrrp_states_on_reload | | say unchanged states again after a reload
lvs_notify_fifo | <path> [<user> [<group>]] | FIFO of checker events
lvs_notify_fifo_script | <script> [<user> [[:]<group>]] | reader of that FIFO
snmp_socket | <transport:address> | socket of the AgentX master
enable_traps | | send SNMP notifications
enable_snmp_vrrp | | serve the VRRP part of KEEPALIVED-MIB
enable_snmp_keepalived | | older spelling of enable_snmp_vrrp
enable_snmp_rfc | | serve both RFC MIBs
enable_snmp_rfcv2 | | serve the MIB of RFC 2787
enable_snmp_rfcv3 | | serve the MIB of RFC 6527
enable_snmp_checker | | serve the checker part of KEEPALIVED-MIB
snmp_vs_stats_update_interval | <0.001..30 s> | age of cached counters of virtual servers
snmp_rs_stats_update_interval | <0.001..30 s> | age of cached counters of real servers
enable_dbus | | offer the D-Bus service
dbus_service_name | <name> | its well-known name
dbus_no_interface_name | <name> | path element of instances without an interface
script_user | <user> [[:]<group>] | who scripts run as
enable_script_security | | refuse scripts that others could have written
vrrp_netlink_cmd_rcv_bufs | <bytes> | receive buffer for netlink answers
vrrp_netlink_cmd_rcv_bufs_force | [<bool>] | beyond the system's limit
vrrp_netlink_monitor_rcv_bufs | <bytes> | receive buffer for netlink events
vrrp_netlink_monitor_rcv_bufs_force | [<bool>] | beyond the system's limit
process_monitor_rcv_bufs | <bytes> | receive buffer for process events
process_monitor_rcv_bufs_force | [<bool>] | beyond the system's limit
lvs_netlink_cmd_rcv_bufs | <bytes> | receive buffer for netlink answers to checkers
lvs_netlink_cmd_rcv_bufs_force | [<bool>] | beyond the system's limit
lvs_netlink_monitor_rcv_bufs | <bytes> | receive buffer for netlink events of checkers
lvs_netlink_monitor_rcv_bufs_force | [<bool>] | beyond the system's limit
rs_init_notifies | [<bool>] | run notify_up of servers that are up at the start
no_checker_emails | [<bool>] | no mail for single checkers
vrrp_rx_bufs_policy | MTU / ADVERT / <bytes> | size of the receive buffers
vrrp_rx_bufs_multiplier | <n> | multiple of that size
vrrp_delay_after_boot | <seconds> | hold all VRRP timers until the machine is up this long
vmac_prefix | <string> | start of the names of macvlans
vmac_addr_prefix | <string> | start of the names of macvlans for addresses
umask | <number or names of bits> | mask for files that are created
random_seed | <unsigned> | seed for \${_RANDOM}
reload_check_config | [<log file>] | test a configuration before it is reloaded
reload_time_file | <path> | file with the time of a reload to come
reload_repeat | | keep that file after the reload
reload_file | [<path>] | file that is there while the configuration is read
include_check | [+/-]read / match / wildcard_match / brace_match … | what includes insist on
config_save_dir | <directory> | copies of the configuration around reloads
json_version | 1 or 2 | layout of the JSON dump
iproute_usr_dir | <directory> | tables of names of iproute2
iproute_etc_dir | <directory> | tables of names of iproute2 that win
`);

/** The keywords of `global_defs`. */
export const globalKeywords: Table<GlobalDraft> = { ...settings, ...shared, ...process, ...later };
