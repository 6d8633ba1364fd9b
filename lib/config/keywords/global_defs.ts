/**
 * The keywords of `global_defs`; those about the process itself stand in `process.ts`.
 */
import type { GlobalDraft } from "../draft.ts";
import { keepBalance } from "../balance_lines.ts";
import { keepNotify } from "../notify_lines.ts";
import {
  type Apply,
  inEffect,
  keeping,
  nothing,
  notYet,
  one,
  optional,
  orElse,
  plain,
  type Table,
  takes,
  timer,
  truth,
  withoutEffect,
} from "../keyword.ts";
import {
  decimalSeconds,
  group,
  integer,
  interfaceName,
  oneOf,
  staysOnLink,
  text,
} from "../value.ts";
import { othersOfGlobal } from "./garp_extra.ts";
import { linkDefs } from "./link_defs.ts";
import { processKeywords } from "./process.ts";
import { reloadKeywords } from "./reload.ts";
import { sharedOfGlobal } from "./shared.ts";

const word = "allow_if_changes";
const gap = timer(decimalSeconds(6, 0.000001, 4294.967295));

const bindings: Readonly<Record<string, Apply<GlobalDraft>>> = {
  router_id: takes(one(text), (draft, value) => {
    draft.routerId = value;
  }),
  vrrp_mcast_group4: takes(one(group("ipv4")), (draft, value) => {
    draft.multicastGroup4 = value;
  }),
  vrrp_mcast_group6: takes(one(group("ipv6")), (draft, value, place, { report }) => {
    if (!staysOnLink(value)) {
      const message = "vrrp_mcast_group6 is a group that routers may forward";
      report.warning("wide-group", place, message, "expected link-local scope, such as ff02::12");
    }
    draft.multicastGroup6 = value;
  }),
  vrrp_version: takes(one(oneOf("2", "3")), (draft, value) => {
    draft.version = value === "2" ? 2 : 3;
  }),
  vrrp_min_garp: takes(truth, (draft, value) => {
    draft.minimalGarp = value;
  }),
  vrrp_startup_delay: takes(timer(decimalSeconds(6, 0.001, 4294.967295)), (draft, value) => {
    draft.startupDelay = value;
  }),
  vrrp_delay_after_boot: takes(timer(decimalSeconds(6, 0.001, 4294.967295)), (draft, value) => {
    draft.delayAfterBoot = value;
  }),
  default_interface: takes(one(interfaceName), (draft, value) => {
    draft.defaultInterface = value;
  }),
  iproute_usr_dir: takes(one(text), (_draft, value, _place, { known }) => {
    known.iproute.useDirectories({ usr: value });
  }),
  iproute_etc_dir: takes(one(text), (_draft, value, _place, { known }) => {
    known.iproute.useDirectories({ etc: value });
  }),
  on_external_delete: takes(one(oneOf("backup", "restore")), (draft, value) => {
    draft.onExternalDelete = value;
  }),
  vrrp_garp_interval: takes(gap, (draft, value) => {
    draft.garpInterval = value;
  }),
  vrrp_gna_interval: takes(gap, (draft, value) => {
    draft.gnaInterval = value;
  }),
  vrrp_check_unicast_src: takes(nothing, (draft) => {
    draft.checkUnicastSource = true;
  }),
  log_unknown_vrids: takes(nothing, (draft) => {
    draft.logUnknownVrids = true;
  }),
  disable_local_igmp: takes(nothing, (draft) => {
    draft.disableLocalIgmp = true;
  }),
  dynamic_interfaces: takes(orElse(optional(oneOf(word), word), word), (draft) => {
    draft.dynamicInterfaces = true;
  }),
};

const built: Table<GlobalDraft> = inEffect(
  `
router_id | <text> | name of the host | name of this node
default_interface | <device> | eth0 | interface of static addresses without dev
iproute_usr_dir | <directory> | /usr/share/iproute2 | tables of names of iproute2 | 2.3.2
iproute_etc_dir | <directory> | /etc/iproute2 | tables of names of iproute2 that win | 2.3.2
on_external_delete | backup|restore | backup
  | what a master does when somebody else deletes an address, route or rule of it | standin
vrrp_mcast_group4 | <group4> | 224.0.0.18 | where IPv4 adverts are sent
vrrp_mcast_group6 | <group6> | ff02::12 | where IPv6 adverts are sent
vrrp_version | 2|3 | 2 | protocol version of IPv4 instances that say none
vrrp_min_garp | [on|off] | off | one gratuitous ARP and no second burst, where nothing else is said
vrrp_garp_interval | <timer 0.000001..4294.967295> | 0 | gap between gratuitous ARPs on an interface
vrrp_gna_interval | <timer 0.000001..4294.967295> | 0
  | gap between neighbour advertisements on an interface
vrrp_startup_delay | <timer 0.001..4294.967295> | 0 | hold all VRRP timers this long after the start
vrrp_delay_after_boot | <timer 0.001..4294.967295> | 0
  | hold all VRRP timers until the machine is up this long | 2.4.0
vrrp_check_unicast_src | | off | drop unicast adverts of routers that are no peers
log_unknown_vrids | | off | log adverts of routers that are not ours
disable_local_igmp | | off | no IGMP reports for link-local groups while running
dynamic_interfaces | [allow_if_changes] | off | wait for interfaces that are absent
`,
  bindings,
);

/** Who scripts run as, and what is asked of them; what looks for processes. */
const scripts: Table<GlobalDraft> = {
  ...inEffect<GlobalDraft>(
    `
use_symlink_paths | [on|off] | off
  | keep symbolic links in script paths instead of resolving them | 2.3.0
set_supplementary_groups | [on|off] | off | give every script its user's supplementary groups
  | 2.4.4
enable_script_security | | off | refuse scripts that others could have written
process_monitor_rcv_bufs | <bytes 0..4294967295> | as the kernel has it
  | receive buffer for process events
process_monitor_rcv_bufs_force | [on|off] | off | beyond the system's limit
`,
    {
      use_symlink_paths: takes(truth, (draft, value) => {
        draft.useSymlinkPaths = value;
      }),
      set_supplementary_groups: takes(truth, (draft, value) => {
        draft.supplementaryGroups = value;
      }),
      enable_script_security: takes(nothing, (draft) => {
        draft.scriptSecurity = true;
      }),
      process_monitor_rcv_bufs: takes(one(integer(0, 0xffff_ffff)), (draft, value) => {
        draft.processBuffer = value;
      }),
      process_monitor_rcv_bufs_force: takes(truth, (draft, value) => {
        draft.processBufferForce = value;
      }),
    },
  ),
  ...keeping<GlobalDraft>(
    plain(`
script_user | <user> [<user>] | keepalived_script if there is one, else the daemon's
  | who scripts run as, and with which group
`),
    (draft, { args: [user, group] }) => {
      if (user === undefined) return;
      draft.scriptUser = { user: user.text, ...(group === undefined ? {} : { group: group.text }) };
    },
  ),
};

const files: Table<unknown> = withoutEffect(
  "the configuration is read once, by one process",
  "tmp_config_directory | <directory> | in memory | keep a copy of the configuration here",
);

const later: Table<unknown> = notYet(`
snmp_socket | <text> | unix:/var/agentx/master | socket of the AgentX master
enable_traps | | off | send SNMP notifications
enable_snmp_vrrp | | off | serve the VRRP part of KEEPALIVED-MIB
enable_snmp_keepalived | | off | older spelling of enable_snmp_vrrp
enable_snmp_rfc | | off | serve both RFC MIBs
enable_snmp_rfcv2 | | off | serve the MIB of RFC 2787
enable_snmp_rfcv3 | | off | serve the MIB of RFC 6527
enable_snmp_checker | | off | serve the checker part of KEEPALIVED-MIB
snmp_vs_stats_update_interval | <timer 0.001..30> | 5
  | age of cached counters of virtual servers | 2.3.0
snmp_rs_stats_update_interval | <timer 0.001..30> | snmp_vs_stats_update_interval
  | age of cached counters of real servers | 2.3.0
enable_dbus | | off | offer the D-Bus service
dbus_service_name | <name> | org.keepalived.Vrrp1 | its well-known name
dbus_no_interface_name | <name> | none | path element of instances without an interface | 2.3.0
`);

/** Read with the lines, because they are about the lines that follow. */
const lines: Table<unknown> = plain(`
include_check | [<option>…] | nothing, all when bare | what includes insist on
random_seed | <0..4294967295> | another one each time | seed for \${_RANDOM} in what follows
`);

/** Who is told of changes by mail. */
const mailing: Table<GlobalDraft> = {
  ...keeping(
    plain(`
notification_email_from | <text> | user@host of the daemon | sender of alerts
smtp_server | <host> [<port>] | none; port 25 | mail relay; alerts are only sent when set
smtp_helo_name | <text> | name of the host | name given in HELO
smtp_connect_timeout | <seconds 0..4294> | 30 | mail relay timeout; 0 counts as 1
notification_email | {…} | none | recipients of alerts
smtp_alert | [on|off] | not set | default of every smtp_alert setting
smtp_alert_vrrp | [on|off] | smtp_alert | default smtp_alert of instances and sync groups
smtp_alert_checker | [on|off] | smtp_alert | default smtp_alert of virtual and real servers
no_email_faults | | off | no mail when an instance goes to FAULT
`),
    keepNotify,
  ),
  ...withoutEffect(
    "mail tells of servers, not of single checks",
    "no_checker_emails | [on|off] | off | no mail for single checkers",
  ),
};

/** What the daemon runs for itself. */
const ownScripts: Table<GlobalDraft> = keeping(
  plain(`
startup_script | <script> | none | run once before everything else
startup_script_timeout | <seconds 1..1000> | 10 | how long it is waited for
shutdown_script | <script> | none | run once after everything else
shutdown_script_timeout | <seconds 1..1000> | 10 | how long it is waited for
`),
  keepNotify,
);

/** Who is told of changes by FIFOs. */
const telling: Table<GlobalDraft> = keeping(
  plain(`
notify_fifo | <path> [<user> <user>] | none | FIFO of all events, with its user and group
notify_fifo_script | <script> | none | reader of that FIFO
vrrp_notify_fifo | <path> [<user> <user>] | none | FIFO of VRRP events, with its user and group
vrrp_notify_fifo_script | <script> | none | reader of that FIFO
lvs_notify_fifo | <path> [<user> <user>] | none | FIFO of checker events, with its user and group
lvs_notify_fifo_script | <script> | none | reader of that FIFO
rs_init_notifies | [on|off] | off | run notify_up of servers that are up at the start
checker_log_all_failures | [on|off] | off | log failed checks that are still being retried
vrrp_notify_priority_changes | [on|off] | off | changes of priority on the FIFOs
fifo_write_vrrp_states_on_reload | | off | say unchanged states again after a reload
`),
  keepNotify,
);

/** IPVS as a whole. */
const balancing: Table<GlobalDraft> = keeping(
  plain(`
lvs_timeouts | <option>… | as the kernel has them | connection timeouts of IPVS
lvs_flush | | off | clear the IPVS table at the start
lvs_flush_on_stop | [VS] | off | clear the IPVS table at the end, or only the services
lvs_flush_onstop | [VS] | off | older spelling of lvs_flush_on_stop
lvs_sync_daemon | <device> [<instance>] [<option>…] | off
  | synchronise IPVS connections with other nodes
nftables_ipvs | [<name>] | off; keepalived_ipvs when bare
  | map groups of virtual servers to marks, in these tables
nftables_ipvs_priority | <-2147483648..2147483647> | -1 | priority of their chains
nftables_ipvs_start_fwmark | <1..4294967295> | 1000 | first mark that is used
`),
  keepBalance,
);

/** Checks as a whole. */
const checking: Table<GlobalDraft> = inEffect(
  "checker_alpha | [on|off] | off | servers are down until their first check succeeded | standin",
  {
    checker_alpha: takes(truth, (draft, value) => {
      draft.checkerAlpha = value;
    }),
  },
);

/** The keywords of `global_defs`. */
export const globalKeywords: Table<GlobalDraft> = {
  ...built,
  ...sharedOfGlobal,
  ...othersOfGlobal,
  ...scripts,
  ...ownScripts,
  ...mailing,
  ...telling,
  ...balancing,
  ...checking,
  ...processKeywords,
  ...reloadKeywords,
  ...files,
  ...linkDefs,
  ...lines,
  ...later,
};
