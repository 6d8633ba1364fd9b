/**
 * The keywords of `vrrp_instance`. Rows only note what was said; whether the values go together is
 * decided when all of them are known, with one exception: the family of the instance is that of the
 * first item that has one, so items are compared with it in the order of the file.
 */
import { type Family, formatIp } from "../../base/mod.ts";
import { readAddressLine } from "../address.ts";
import type { AddressDraft, InstanceDraft } from "../draft.ts";
import {
  blockOf,
  type Context,
  inEffect,
  nothing,
  notYet,
  notYetTable,
  one,
  orElse,
  type Table,
  timer,
  type Use,
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
  nameOf,
  oneOf,
  staysOnLink,
} from "../value.ts";
import { sharedKeywords } from "./shared.ts";

const identity: Table<InstanceDraft> = {
  state: inEffect(
    one("MASTER|BACKUP", oneOf("MASTER", "BACKUP")),
    "the state to begin with",
    (draft, value, place) => {
      draft.state = { value, place };
    },
  ),
  interface: inEffect(
    one("<interface>", interfaceName),
    "interface that carries the adverts",
    (draft, value, place) => {
      draft.interfaceName = { value, place };
    },
  ),
  virtual_router_id: inEffect(
    one("<1..255>", integer(1, 255)),
    "number of the virtual router on its network",
    (draft, value, place) => {
      draft.vrid = { value, place };
    },
  ),
  version: inEffect(
    one("2|3", oneOf("2", "3")),
    "protocol version",
    (draft, value, place) => {
      draft.version = { value: value === "2" ? 2 : 3, place };
    },
  ),
  priority: inEffect(
    // keepalived: a priority of no use counts as one, so that `state MASTER` does not make it 255.
    orElse(one("<1..255>", integer(1, 255)), 100),
    "the highest becomes master; 255 owns the addresses",
    (draft, value, place) => {
      draft.priority = { value, place };
    },
  ),
  advert_int: inEffect(
    timer("<seconds>", decimalSeconds(6, 0.01, 255)),
    "pause between adverts",
    (draft, value, place) => {
      draft.advertInterval = { value, place };
    },
  ),
  nopreempt: inEffect(nothing, "leave a master of lower priority alone", (draft, value, place) => {
    draft.nopreempt = { value, place };
  }),
  preempt: inEffect(nothing, "replace a master of lower priority", (draft) => {
    delete draft.nopreempt;
  }),
  preempt_delay: inEffect(
    timer("<seconds>", decimalSeconds(6, 0, 1000)),
    "wait this long before replacing a master of lower priority",
    (draft, value, place) => {
      draft.preemptDelay = { value, place };
    },
  ),
  debug: withoutEffect("<0..4>", "level of debugging", "nothing depends on it"),
  accept: inEffect(nothing, "packets to the virtual addresses are taken", () => {}),
  dont_track_primary: inEffect(
    nothing,
    "the interface going down is no fault",
    (draft) => {
      draft.dontTrackPrimary = true;
    },
  ),
};

const addressing: Table<InstanceDraft> = {
  native_ipv6: inEffect(nothing, "the instance is one of IPv6", (draft, _value, place, use) => {
    if (agrees(draft, "ipv6", place, use)) draft.nativeIpv6 = true;
  }),
  mcast_src_ip: inEffect(one("<address>", address), "source address of adverts", takeSource),
  unicast_src_ip: inEffect(
    one("<address>", address),
    "source address of adverts",
    (draft, value, place, use) => {
      const message = `"unicast_src_ip" only sets the source address: unicast is not built yet`;
      use.report.warning("not-yet", place, message);
      takeSource(draft, value, place, use);
    },
  ),
  mcast_dst_ip: inEffect(
    one("<group>", group()),
    "where adverts are sent",
    (draft, value, place, use) => {
      if (!agrees(draft, value.family, place, use)) return;
      if (!staysOnLink(value)) {
        const message = `Cannot use mcast_dst_ip "${formatIp(value)}" for ${use.owner}: ` +
          "expected a group of link-local scope, such as ff02::12";
        use.report.error("bad-value", place, message);
        return;
      }
      draft.multicastGroup = { value, place };
    },
  ),
  track_src_ip: inEffect(nothing, "losing the source address is a fault", (draft) => {
    draft.trackSourceAddress = true;
  }),
  no_virtual_ipaddress: inEffect(
    nothing,
    "having no addresses is intended",
    (draft, value, place) => {
      draft.noVirtualAddress = { value, place };
    },
  ),
  virtual_ipaddress: inEffect(
    blockOf("{ <address>[/<length>] [<option>…] … }"),
    "addresses that the master has and advertises",
    (draft, lines, _place, context) => {
      for (const line of lines) takeAddress(draft, line, context);
    },
  ),
  virtual_ipaddress_excluded: inEffect(
    blockOf("{ <address>[/<length>] [<option>…] … }"),
    "addresses that the master has but does not advertise, of either family",
    (draft, lines, _place, context) => {
      for (const line of lines) {
        const plan = readAddressLine(line, context);
        if (plan !== undefined) draft.excludedAddresses.push({ plan, place: line.place });
      }
    },
  ),
};

const later: Table<unknown> = {
  unicast_peer: notYet("{…}", "send adverts to these routers only", "adverts go to the group"),
  authentication: notYet(
    "{…}",
    "authentication of version 2",
    "adverts are sent and expected with authentication type 0",
  ),
  no_accept: notYet("", "drop packets to the virtual addresses", "such packets are taken"),
  ...notYetTable(`
use_vmac | [[name] <ifname>] [<mac>] [netlink_notify_msg] [group <id>] | run on a macvlan of its own
use_vmac_addr | | a macvlan for each other interface of the addresses
vmac_xmit_base | | send and receive adverts on the interface below
use_ipvlan | [[name] <ifname>] [<ip>] [bridge/private/vepa] [group <id>] | run on an ipvlan
unicast_fault_no_peer | | no peers is a fault instead of multicast
check_unicast_src | | drop unicast adverts of routers that are no peers
old_unicast_checksum | [never] | checksum of unicast adverts as it was before 1.3.6
vrf | <vrf if> | VRF of a unicast instance without an interface
track_interface | {…} | interfaces that matter to this instance
track_script | {…} | scripts that matter to this instance
track_file | {…} | files that matter to this instance
track_process | {…} | processes that matter to this instance
track_bfd | {…} | BFD sessions that matter to this instance
unicast_ttl | <0..255> | TTL of unicast adverts
promote_secondaries | | set that option of the interface
linkbeat_use_polling | | ask for the link instead of being told
virtual_routes | {…} | routes that the master has
virtual_rules | {…} | rules that the master has
notify_backup | <script> [<user> [[:]<group>]] | run on BACKUP
notify_master | <script> [<user> [[:]<group>]] | run on MASTER
notify_fault | <script> [<user> [[:]<group>]] | run on FAULT
notify_stop | <script> [<user> [[:]<group>]] | run at the end
notify_deleted | [<script> [<user> [[:]<group>]]] | run when a reload takes the instance away
notify | <script> [<user> [[:]<group>]] | run on every change
notify_master_rx_lower_pri | <script> [<user> […]] | run when a master hears a lower priority
smtp_alert | [<bool>] | mail on changes
notify_priority_changes | [<bool>] | changes of priority on the FIFOs
lvs_sync_daemon_interface | <ifname> | bind the sync daemon to this instance
timer_expired_backup | [<1..254>] | with nopreempt, step back after having been held up
thread_timer_expired | [<1..254>] | older spelling of timer_expired_backup
garp_extra_if | [all] <0..86400 s> | gratuitous ARP on other interfaces of the addresses
vmac_garp_intvl | [all] <0..86400 s> | older spelling of garp_extra_if
kernel_rx_buf_size | <bytes> | receive buffer of the socket
auth_hmac | {…} | signed adverts
`),
};

/** The keywords of `vrrp_instance`. */
export const instanceKeywords: Table<InstanceDraft> = {
  ...identity,
  ...addressing,
  ...sharedKeywords,
  ...later,
};

/** The keywords of `authentication`. */
export const authenticationKeywords: Table<unknown> = notYetTable(`
auth_type | PASS or AH | how adverts are authenticated
auth_pass | <string> | the password, of which eight octets count
`);

/** The keywords of `auth_hmac`. */
export const hmacKeywords: Table<unknown> = notYetTable(`
key | <id 1..255> <text / hex:… / file:…> | a key of 32 to 64 octets
active_key | <id> | the key that signs
time_window | <1..300 s> | how old an advert may be
anti_replay | time or monotonic | how old adverts are recognised
mode | enforce / permissive / receive-only | what happens to adverts without a signature
`);

/** The words of a line of `unicast_peer`. */
export const peerWords: Table<unknown> = notYetTable(`
min_ttl | <0..255> | lowest TTL of its adverts
max_ttl | <0..255> | highest TTL of its adverts
`);

function takeSource(
  draft: InstanceDraft,
  value: NonNullable<InstanceDraft["sourceAddress"]>["value"],
  place: Place,
  use: Use,
): void {
  if (!agrees(draft, value.family, place, use)) return;
  draft.sourceAddress = { value, place };
}

function takeAddress(draft: InstanceDraft, line: Statement, context: Context): void {
  const plan = readAddressLine(line, context);
  if (plan === undefined) return;
  const item: AddressDraft = { plan, place: line.place };
  const { family } = plan.address;
  const use = { ...context, keyword: `address ${line.keyword.text}` };
  const hint = "move it to virtual_ipaddress_excluded or to an instance of its own";
  if (agrees(draft, family, line.place, use, hint)) draft.addresses.push(item);
}

/** keepalived: the first item with a family decides, later ones of the other family are dropped. */
function agrees(
  draft: InstanceDraft,
  family: Family,
  place: Place,
  use: Use,
  hint?: string,
): boolean {
  draft.family ??= family;
  if (draft.family === family) return true;
  const message = `Cannot use ${use.keyword} for ${use.owner}: it is ${nameOf(family)}, ` +
    `the instance is ${nameOf(draft.family)}`;
  use.report.error("family-mismatch", place, message, hint);
  return false;
}
