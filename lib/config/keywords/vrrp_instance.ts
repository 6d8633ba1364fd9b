/**
 * The keywords of `vrrp_instance`. Rows only note what was said; whether the values go together is
 * decided when all of them are known, with one exception: the family of the instance is that of the
 * first item that has one, so items are compared with it in the order of the file.
 */
import { formatIp } from "../../base/mod.ts";
import { readAddressLine } from "../address.ts";
import { keepHmac } from "../keep_hmac.ts";
import { keepNotify } from "../notify_lines.ts";
import { type AddressDraft, type InstanceDraft, uselessVrid } from "../draft.ts";
import {
  type Apply,
  children,
  type Context,
  inEffect,
  keeping,
  nothing,
  one,
  optional,
  orElse,
  plain,
  type Table,
  takes,
  timer,
  withoutEffect,
} from "../keyword.ts";
import type { Statement } from "../parse.ts";
import type { Place } from "../source.ts";
import {
  address,
  decimalSeconds,
  group,
  integer,
  interfaceName,
  oneOf,
  staysOnLink,
} from "../value.ts";
import { keepAuthentication } from "./authentication.ts";
import { agrees } from "./family.ts";
import { othersOfInstance } from "./garp_extra.ts";
import { sharedOfInstance } from "./shared.ts";
import { unicastKeywords } from "./unicast.ts";
import { virtualLinkKeywords } from "./virtual_link.ts";

const identity: Readonly<Record<string, Apply<InstanceDraft>>> = {
  state: takes(one(oneOf("MASTER", "BACKUP")), (draft, value, place) => {
    draft.state = { value, place };
  }),
  interface: takes(one(interfaceName), (draft, value, place) => {
    draft.interfaceName = { value, place };
  }),
  virtual_router_id: takes(orElse(one(integer(1, 255)), uselessVrid), (draft, value, place) => {
    if (value === uselessVrid) draft.vrid ??= { value, place };
    else draft.vrid = { value, place };
  }),
  version: takes(one(oneOf("2", "3")), (draft, value, place) => {
    draft.version = { value: value === "2" ? 2 : 3, place };
  }),
  // keepalived: a priority of no use counts as one, so that `state MASTER` does not make it 255.
  priority: takes(orElse(one(integer(1, 255)), 100), (draft, value, place) => {
    draft.priority = { value, place };
  }),
  advert_int: takes(timer(decimalSeconds(6, 0.01, 255)), (draft, value, place) => {
    draft.advertInterval = { value, place };
  }),
  nopreempt: takes(nothing, (draft, value, place) => {
    draft.nopreempt = { value, place };
  }),
  preempt: takes(nothing, (draft) => {
    delete draft.nopreempt;
  }),
  preempt_delay: takes(timer(decimalSeconds(6, 0, 1000)), (draft, value, place) => {
    draft.preemptDelay = { value, place };
  }),
  timer_expired_backup: takes(optional(integer(1, 254), 254), takeExpiry),
  thread_timer_expired: takes(optional(integer(1, 254), 254), takeExpiry),
  accept: takes(nothing, (draft, value, place) => {
    draft.accept = { value, place };
  }),
  no_accept: takes(nothing, (draft, _value, place) => {
    draft.accept = { value: false, place };
  }),
  on_external_delete: takes(one(oneOf("backup", "restore")), (draft, value) => {
    draft.onExternalDelete = value;
  }),
  promote_secondaries: takes(nothing, (draft) => {
    draft.promoteSecondaries = true;
  }),
  dont_track_primary: takes(nothing, (draft) => {
    draft.dontTrackPrimary = true;
  }),
};

const addressing: Readonly<Record<string, Apply<InstanceDraft>>> = {
  native_ipv6: takes(nothing, (draft, _value, place, context, keyword) => {
    if (agrees(draft, "ipv6", place, context, keyword)) draft.nativeIpv6 = true;
  }),
  mcast_src_ip: takes(one(address), takeSource),
  unicast_src_ip: takes(one(address), takeSource),
  mcast_dst_ip: takes(one(group()), (draft, value, place, context, keyword) => {
    // keepalived: a group of no use decides the family all the same.
    if (!staysOnLink(value)) {
      const message = `Cannot use mcast_dst_ip "${formatIp(value)}" for ${context.owner}: ` +
        "expected a group of link-local scope, such as ff02::12";
      context.report.error("bad-value", place, message);
      return;
    }
    if (!agrees(draft, value.family, place, context, keyword)) return;
    draft.multicastGroup = { value, place };
  }),
  track_src_ip: takes(nothing, (draft) => {
    draft.trackSourceAddress = true;
  }),
  no_virtual_ipaddress: takes(nothing, (draft, value, place) => {
    draft.noVirtualAddress = { value, place };
  }),
  virtual_ipaddress: takes(children, (draft, lines, _place, context) => {
    for (const line of lines) takeAddress(draft, line, context);
  }),
  virtual_ipaddress_excluded: takes(children, (draft, lines, _place, context) => {
    for (const line of lines) {
      const plan = readAddressLine(line, context);
      if (plan !== undefined) draft.excludedAddresses.push(itemOf(plan, line));
    }
  }),
};

const built: Table<InstanceDraft> = inEffect(
  `
state | MASTER|BACKUP | BACKUP, MASTER at priority 255 | the state to begin with
interface | <interface> | required, but for unicast with a source
  | interface that carries the adverts
virtual_router_id | <1..255> | required | number of the virtual router on its network
version | 2|3 | vrrp_version, 3 with IPv6 | protocol version
priority | <1..255> | 100, 255 with state MASTER
  | the highest becomes master; 255 owns the addresses
advert_int | <timer 0.01..255> | 1
  | pause between adverts: whole seconds in version 2, up to 40.95 in version 3
nopreempt | | off | leave a master of lower priority alone
preempt | | on | replace a master of lower priority
preempt_delay | <timer 0..1000> | 0 | wait this long before replacing a master of lower priority
timer_expired_backup | [<1..254>] | off, 254 when bare
  | with nopreempt, step back after having been held up | 2.2.8
thread_timer_expired | [<1..254>] | off | older spelling of timer_expired_backup | 2.3.2
  | timer_expired_backup
accept | | on unless strict | packets to the virtual addresses are taken
no_accept | | off unless strict | drop packets to the virtual addresses
on_external_delete | backup|restore | global value
  | what a master does when somebody else deletes an address, route or rule of it | standin
promote_secondaries | | off, on for macvlans
  | removing an address leaves the others of its subnet on the interface
dont_track_primary | | off | the interface going down is no fault
native_ipv6 | | off | the instance is one of IPv6
mcast_src_ip | <ip> | primary address of the interface | source address of adverts
unicast_src_ip | <ip> | primary address of the interface | source address of adverts
mcast_dst_ip | <group> | vrrp_mcast_group4 or 6 | where adverts are sent
track_src_ip | | off | losing the source address is a fault
no_virtual_ipaddress | | off | having no addresses is intended | 2.2.8
virtual_ipaddress | {…} | none | addresses that the master has and advertises
virtual_ipaddress_excluded | {…} | none
  | addresses that the master has but does not advertise, of either family
`,
  { ...identity, ...addressing },
);

const later: Table<InstanceDraft> = {
  ...keeping<InstanceDraft>(
    plain(`
lvs_sync_daemon_interface | <interface> | none | bind the sync daemon to this instance | 2.2.7
  | lvs_sync_daemon in global_defs
`),
    (draft, { args: [device] }) => {
      if (device !== undefined) draft.syncInterface = device.text;
    },
  ),
};

/** Blocks that decide whether the others of a virtual router are heard at all. */
const hearing: Table<InstanceDraft> = {
  ...keeping(plain("authentication | {…} | none | password of version 2"), keepAuthentication),
  ...keeping(plain("auth_hmac | {…} | none | signed adverts | 2.4.0"), keepHmac),
  ...unicastKeywords,
};

/** Blocks of lines that are read where they stand and asked for later. */
const witness: Table<InstanceDraft> = keeping(
  plain(
    `witness | <track_probe> [keep] | none
  | no master without it, unless a peer gave the role away; keep: a master goes on | standin`,
  ),
  (draft, { args }, { known }) => {
    const [probe, keep] = args.map(({ text }) => text);
    if (probe === undefined || !known.has("track_probe", probe)) return;
    draft.witness = { probe, keeps: keep === "keep" };
  },
);

const routing: Table<InstanceDraft> = keeping(
  plain(`
virtual_routes | {…} | none | routes that the master has
virtual_rules | {…} | none | rules that the master has
`),
  (draft, statement) => void draft.blocks.push(statement),
);

/** What matters to the instance besides its own interface; `build_tracking.ts` looks into it. */
const tracking: Table<InstanceDraft> = {
  ...keeping(
    plain(`
track_interface | {…} | none | interfaces that matter to this instance
track_script | {…} | none | scripts that matter to this instance
track_file | {…} | none | files that matter to this instance
track_process | {…} | none | processes that matter to this instance
track_bfd | {…} | none | BFD sessions that matter to this instance
track_probe | {…} | none | probes that matter to this instance | standin
track_virtual_server | {…} | none | virtual servers whose quorum matters to this instance | standin
`),
    (draft, block) => void draft.tracks.push(block),
  ),
  ...keeping(
    plain(
      "linkbeat_use_polling | | off | ask for the link instead of being told | 2.2.7 | " +
        "linkbeat_interfaces",
    ),
    (draft) => {
      draft.linkPolling = true;
    },
  ),
};

/** What the master has besides addresses; `build_resources.ts` looks into it. */
const owning: Table<InstanceDraft> = keeping(
  plain("resources | {…} | none | what is started here as master, in order | standin"),
  (draft, block) => void (draft.resources ??= []).push(block),
);

/** Who is told of changes; `build_notify.ts` looks into it. */
const telling: Table<InstanceDraft> = keeping(
  plain(`
notify_backup | <script> | none | run on BACKUP
notify_master | <script> | none | run on MASTER
notify_fault | <script> | none | run on FAULT
notify_stop | <script> | none | run at the end
notify_deleted | [<script>] | FAULT is told | run when a reload takes the instance away
notify | <script> | none | run on every change, with INSTANCE, name, state and priority after it
notify_master_rx_lower_pri | <script> | none | run when a master hears a lower priority
notify_conflict | <script> | none
  | run when another node acts as if the addresses were its | standin
notify_priority_changes | [on|off] | that of the group, else the global value
  | changes of priority on the FIFOs
smtp_alert | [on|off] | smtp_alert_vrrp, else smtp_alert, else off | mail on changes
`),
  keepNotify,
);

/** The keywords of `vrrp_instance`. */
export const instanceKeywords: Table<InstanceDraft> = {
  ...built,
  ...sharedOfInstance,
  ...othersOfInstance,
  ...withoutEffect(
    "receive buffers hold 1 MiB, whatever the limit of the system is",
    `
kernel_rx_buf_size | <bytes 0..4294967295> | vrrp_rx_bufs_policy | receive buffer of the socket
`,
  ),
  ...withoutEffect("nothing depends on it", "debug | <0..4> | 0 | level of debugging"),
  ...hearing,
  ...virtualLinkKeywords,
  ...routing,
  ...witness,
  ...tracking,
  ...owning,
  ...telling,
  ...later,
};

function takeExpiry(draft: InstanceDraft, value: number, place: Place): void {
  draft.timerExpiredBackup = { value, place };
}

function takeSource(
  draft: InstanceDraft,
  value: NonNullable<InstanceDraft["sourceAddress"]>["value"],
  place: Place,
  context: Context,
  keyword: string,
): void {
  if (!agrees(draft, value.family, place, context, keyword)) return;
  draft.sourceAddress = { value, place };
}

/** Takes a line of `virtual_ipaddress`. */
export function takeAddress(draft: InstanceDraft, line: Statement, context: Context): void {
  const plan = readAddressLine(line, context);
  if (plan === undefined) return;
  const item = itemOf(plan, line);
  const { family } = plan.address;
  draft.family ??= family;
  if (draft.family === family) {
    draft.addresses.push(item);
    return;
  }
  const hint = "move it to virtual_ipaddress_excluded or to an instance of its own";
  agrees(draft, family, line.place, context, `address ${line.name}`, hint);
}

function itemOf(plan: AddressDraft["plan"], statement: Statement): AddressDraft {
  const { words, place } = statement;
  if (words.length === 0) return { plan, place };
  const item = words.includes("use_vmac") ? { plan, place, onMacvlan: true } : { plan, place };
  const device = plan.device === undefined
    ? undefined
    : statement.args[words.lastIndexOf("dev") + 1]?.place;
  return device === undefined ? item : { ...item, device };
}
