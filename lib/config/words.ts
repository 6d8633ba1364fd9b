/**
 * Plans in the words of the configuration: each setting as a keyword and a text, each address as
 * the line that would ask for it. What a reload changes is told in these words.
 */
import {
  type Duration,
  formatIp,
  formatMac,
  formatPrefix,
  inMilliseconds,
  inSeconds,
} from "../base/mod.ts";
import type { BfdPlan } from "../bfd/mod.ts";
import type {
  AddressPlan,
  AnnounceGapPlan,
  AnnouncePlan,
  HmacKey,
  InstancePlan,
  PeerPlan,
  VirtualLinkPlan,
} from "../vrrp/mod.ts";
import { balanceSettingsWords } from "./balance_words.ts";
import { daemonScriptWords } from "./build_daemon_scripts.ts";
import { webhookWord } from "./build_webhook.ts";
import { defaultFirewall, type GlobalPlan } from "./model.ts";
import { processWords } from "./process_plan.ts";
import { reloadWords } from "./reload_plan.ts";

/** A keyword and what stands after it; a secret is compared, too, and never shown. */
export type Words = readonly (readonly [keyword: string, text: string, secret?: Uint8Array])[];

/** What is shown instead of a secret. */
const mask = "********";

/** The settings of the daemon. */
export function globalWords(plan: GlobalPlan): Words {
  const { firewall = defaultFirewall } = plan;
  return [
    ["router_id", plan.routerId],
    ["status_listen", plan.statusListen === undefined ? "off" : formatListen(plan.statusListen)],
    ["status_token_file", plan.statusTokenFile ?? "none"],
    ["address_lease", String(plan.addressLease ?? "no end")],
    ["balancer", plan.balancer ?? "auto"],
    ["dynamic_interfaces", onOff(plan.dynamicInterfaces)],
    ["vrrp_startup_delay", secondsOf(plan.startupDelay)],
    ...plan.announceGaps.map(gapWords),
    ["vrrp_delay_after_boot", secondsOf(plan.delayAfterBoot)],
    ["disable_local_igmp", onOff(plan.disableLocalIgmp === true)],
    ["log_unknown_vrids", onOff(plan.logUnknownVrids)],
    ["nftables", firewall.table],
    ["nftables_priority", String(firewall.priority)],
    ["nftables_counters", onOff(firewall.counters === true)],
    ["nftables_ifindex", onOff(firewall.byIndex === true)],
    ["process_monitor_rcv_bufs", bufferOf(plan.processBuffer)],
    ...processWords(plan.process),
    ...reloadWords(plan.reload, plan.dump),
    ...daemonScriptWords(plan.daemonScripts),
    webhookWord(plan.webhooks),
    ...balanceSettingsWords(plan.balance),
  ];
}

function gapWords({ interfaces, ipv4, ipv6 }: AnnounceGapPlan): [keyword: string, text: string] {
  const who = interfaces.length === 0 ? "all other interfaces" : interfaces.join(" ");
  return [`garp_group of ${who}`, `${secondsOf(ipv4)} ARP, ${secondsOf(ipv6)} ND`];
}

/** The settings of an instance, without its addresses. */
export function instanceWords(plan: InstancePlan): Words {
  const { announce } = plan;
  return [
    ["interface", plan.interfaceName === "" ? "none" : plan.interfaceName],
    ["use_vmac", linkWords(plan, "macvlan")],
    ["use_ipvlan", linkWords(plan, "ipvlan")],
    ["vmac_xmit_base", onOff(plan.virtualLink?.transmitOnBase === true)],
    ["virtual_router_id", String(plan.vrid)],
    ["family", plan.family],
    ["version", String(plan.version)],
    ["state", plan.initialState],
    ["priority", String(plan.basePriority)],
    ["advert_int", secondsOf(plan.advertInterval)],
    ["nopreempt", onOff(!plan.preempt)],
    ["preempt_delay", secondsOf(plan.preemptDelay)],
    ["timer_expired_backup", String(plan.timerExpiredBackup ?? "off")],
    ["down_timer_adverts", String(plan.downTimerAdverts)],
    ["garp_master_delay", secondsOf(announce.masterDelay)],
    ["garp_master_repeat", String(announce.masterRepeat)],
    ["garp_master_refresh", secondsOf(announce.refresh)],
    ["garp_master_refresh_repeat", String(announce.refreshRepeat)],
    ["garp_lower_prio_delay", secondsOf(announce.lowerPriorityDelay)],
    ["garp_lower_prio_repeat", String(announce.lowerPriorityRepeat)],
    ["garp_extra_if", othersWords(announce)],
    ["promote_secondaries", onOff(plan.promoteSecondaries === true)],
    ["mcast_src_ip", plan.sourceAddress === undefined ? "none" : formatIp(plan.sourceAddress)],
    ["track_src_ip", onOff(plan.trackSourceAddress)],
    ["mcast_dst_ip", formatIp(plan.multicastGroup)],
    ...unicastWords(plan),
    ["dont_track_primary", onOff(!plan.trackPrimary)],
    ["lower_prio_no_advert", onOff(plan.lowerPriorityNoAdvert)],
    ["higher_prio_send_advert", onOff(plan.higherPrioritySendAdvert)],
    ["owner_ignore_adverts", onOff(plan.ownerIgnoreAdverts)],
    ["skip_check_adv_addr", onOff(plan.skipCheckAdvertAddresses)],
    ["v3_checksum_as_v2", onOff(plan.checksumAsV2)],
    ["no_accept", onOff(plan.dropsTraffic === true)],
    ["strict_mode", onOff(plan.strict)],
    ["on_external_delete", plan.onExternalDelete],
    ["witness", witnessWords(plan)],
    ["auth_type", plan.ahKey !== undefined ? "AH" : plan.password !== undefined ? "PASS" : "none"],
    secretWord("auth_pass", plan.ahKey ?? plan.password),
    ["auth_hmac", plan.hmac?.mode ?? "none"],
    ["active_key", String(plan.hmac?.activeKey ?? "none")],
    ["time_window", String(plan.hmac?.windowSeconds ?? "none")],
    ["anti_replay", plan.hmac?.antiReplay ?? "none"],
    keyWords(plan.hmac?.keys ?? []),
  ];
}

function witnessWords({ witness }: InstancePlan): string {
  return witness === undefined ? "none" : `${witness.probe}${witness.keeps ? " keep" : ""}`;
}

function othersWords({ others }: AnnouncePlan): string {
  if (others === undefined) return "off";
  return `${others.all ? "all " : ""}${secondsOf(others.interval)}`;
}

/** The settings of a BFD session. */
export function sessionWords(plan: BfdPlan): Words {
  return [
    ["neighbor_ip", formatIp(plan.neighbor)],
    ["source_ip", plan.source === undefined ? "none" : formatIp(plan.source)],
    ["min_rx", String(inMilliseconds(plan.minRx))],
    ["min_tx", String(inMilliseconds(plan.minTx))],
    ["idle_tx", String(inMilliseconds(plan.idleTx))],
    ["multiplier", String(plan.multiplier)],
    ["passive", onOff(plan.passive)],
    ["ttl", String(plan.ttl)],
    ["max_hops", String(plan.maxHops)],
    ["multihop", onOff(plan.multihop)],
  ];
}

/** What a plan says of unicast, beside its peers. */
function unicastWords({ unicast }: InstancePlan): Words {
  return [
    ["unicast_ttl", String(unicast?.ttl ?? "none")],
    ["check_unicast_src", onOff(unicast?.checkSource === true)],
    ["old_unicast_checksum", unicast?.oldChecksum ?? "none"],
    ["vrf", unicast?.vrf ?? "none"],
  ];
}

/** The line of a unicast peer. */
export function peerLine({ address, minTtl, maxTtl }: PeerPlan): string {
  return [
    formatIp(address),
    ...(minTtl === 0 ? [] : [`min_ttl ${minTtl}`]),
    ...(maxTtl === 255 ? [] : [`max_ttl ${maxTtl}`]),
  ].join(" ");
}

/** The line of an address. */
export function addressLine(plan: AddressPlan): string {
  const { address, prefixLength, peer, preferredLifetimeSeconds: lifetime } = plan;
  const host = address.bytes.length * 8;
  const usual = address.family === "ipv6" && prefixLength === host ? 0 : undefined;
  return [
    peer === undefined ? formatPrefix({ address, prefixLength }) : formatIp(address),
    ...(peer === undefined ? [] : [`peer ${formatPrefix({ address: peer, prefixLength })}`]),
    ...(plan.device === undefined ? [] : [`dev ${plan.device}`]),
    ...(plan.virtualLink === undefined ? [] : ["use_vmac"]),
    ...(plan.broadcast === undefined ? [] : [`brd ${formatIp(plan.broadcast)}`]),
    ...(plan.label === undefined ? [] : [`label ${plan.label}`]),
    ...(plan.scope === 0 ? [] : [`scope ${plan.scope}`]),
    ...(lifetime === usual ? [] : [`preferred_lft ${lifetime ?? "forever"}`]),
    ...(plan.duplicateDetection ? ["-nodad"] : []),
    ...(plan.home ? ["home"] : []),
    ...(plan.manageTemporary ? ["mngtmpaddr"] : []),
    ...(plan.noPrefixRoute ? ["noprefixroute"] : []),
    ...(plan.autoJoin ? ["autojoin"] : []),
    ...(plan.tracked ? [] : ["no_track"]),
    ...(plan.trackGroup === undefined ? [] : [`track_group ${plan.trackGroup}`]),
  ].join(" ");
}

/** The words after `use_vmac` or `use_ipvlan`; only a name that a person gave is a name. */
function linkWords({ virtualLink }: InstancePlan, kind: VirtualLinkPlan["kind"]): string {
  const link = virtualLink?.link;
  if (link === undefined || link.kind !== kind) return "off";
  const [name, ...others] = link.names;
  const words = link.kind === "macvlan"
    ? [formatMac(link.mac), ...(link.notify === true ? ["netlink_notify_msg"] : [])]
    : [...(link.address === undefined ? [] : [formatPrefix(link.address)]), link.flag];
  const group = link.group === undefined ? [] : [`group ${link.group}`];
  return [...(others.length === 0 ? [`name ${name}`] : []), ...words, ...group].join(" ");
}

function bufferOf(buffer: GlobalPlan["processBuffer"]): string {
  if (buffer === undefined) return "none";
  return buffer.force ? `${buffer.octets} force` : String(buffer.octets);
}

function formatListen({ address, port }: { address: string; port: number }): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The numbers of all keys, and their octets to compare. */
function keyWords(keys: readonly HmacKey[]): Words[number] {
  if (keys.length === 0) return ["key", "none"];
  const octets = keys.flatMap((key) => [key.id, key.octets.length, ...key.octets]);
  return ["key", keys.map(({ id }) => `${id} ${mask}`).join(", "), Uint8Array.from(octets)];
}

function secretWord(keyword: string, secret: Uint8Array | undefined): Words[number] {
  return secret === undefined ? [keyword, "none"] : [keyword, mask, secret];
}

/** A switch. */
export function onOff(value: boolean): string {
  return value ? "on" : "off";
}

function secondsOf(duration: Duration): string {
  return String(inSeconds(duration));
}
