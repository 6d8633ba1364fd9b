/**
 * Tells as text, one line each, and how loud each is. The only place where the engine's sentences
 * are written; JSON logs carry the data of the tell itself beside this text.
 */
import {
  type Duration,
  formatDuration,
  formatIp,
  microseconds,
  milliseconds,
  unreachable,
} from "../base/mod.ts";
import {
  describeSkew,
  isWaiting,
  type Reason,
  renderReason,
  type TwoMastersCause,
} from "../vrrp/mod.ts";
import type { BalanceTell } from "./balance_tell.ts";
import { isBalanceTell, levelOfBalanceTell, renderBalanceTell } from "./render_balance.ts";
import { renderBfd } from "./render_bfd.ts";
import type { KernelRefusal } from "./event.ts";
import { renderDuplicate } from "./duplicate_status.ts";
import {
  isNotifyTell,
  levelOfNotifyTell,
  type NotifyTell,
  renderNotifyTell,
} from "./render_notify.ts";
import {
  isResourceTell,
  levelOfResourceTell,
  renderResourceTell,
  type ResourceTell,
} from "./resource_tell.ts";
import { isTrackTell, renderTrackTell, type TrackTell } from "./render_track.ts";
import type { Level, Tell } from "./tell.ts";

/** The sentence for people. */
export function renderTell(tell: Tell): string {
  if (isTrackTell(tell)) return renderTrackTell(tell);
  if (isNotifyTell(tell)) return renderNotifyTell(tell);
  if (isBalanceTell(tell)) return renderBalanceTell(tell);
  return isResourceTell(tell) ? renderResourceTell(tell) : renderOther(tell);
}

function renderOther(
  tell: Exclude<Tell, TrackTell | NotifyTell | BalanceTell | ResourceTell>,
): string {
  switch (tell.kind) {
    case "transition":
      return renderTransition(tell);
    case "group-transition":
      return `sync group ${tell.group}: ${tell.to}` + (tell.waiting === true ? ", waiting" : "");
    case "lower-priority-advert":
      return renderLower(tell);
    case "advert-dropped":
      return `${tell.instance}: bad advert from ${formatIp(tell.source)}: ${tell.detail} ` +
        `(counted as ${tell.counter}, told once)`;
    case "clock-skew":
      return renderSkew(tell);
    case "master-changed":
      return `${tell.instance}: master is ${formatIp(tell.source)} with priority ${tell.priority}`;
    case "preempt-delay-started":
      return `${tell.instance}: lower priority master ${formatIp(tell.source)} stays for ` +
        `${formatDuration(tell.delay)} (preempt_delay)`;
    case "two-owners":
    case "two-masters":
    case "two-masters-over":
    case "near-failover":
    case "duplicate-address":
      return renderRival(tell);
    case "stalled":
    case "packets-lost":
      return renderBehind(tell);
    case "old-checksum":
      return renderOldChecksum(tell);
    case "advert-room":
      return renderRoom(tell);
    case "maintenance-on":
    case "maintenance-off":
      return renderMaintenance(tell);
    case "clock-set":
      return renderClockSet(tell.by);
    case "unknown-vrid":
      return `${tell.interfaceName}: adverts for VRID ${tell.vrid}, which is not ours`;
    case "address-refused":
      return `Cannot ${tell.operation.replace("-address", "")} ${formatIp(tell.address)} on ` +
        `${tell.interfaceName}${why(tell)}`;
    case "routing-refused":
      return `Cannot ${tell.operation} ${tell.what} ${tell.line}${why(tell)}`;
    case "put-back":
      return putBack(tell);
    case "network-refused":
    case "link-refused":
      return renderRefused(tell);
    case "not-ethernet":
      return `Cannot make a ${tell.link} of ${tell.interfaceName}: it is no Ethernet interface`;
    case "sysctl-changed":
      return renderSysctl(tell);
    case "link-added":
    case "link-deleted":
      return renderMade(tell);
    case "bfd-transition":
    case "bfd-dropped":
    case "bfd-refused":
      return renderBfd(tell);
    case "leftover-removed":
      return `removed ${formatIp(tell.address)} from ${tell.interfaceName}: left by an earlier run`;
    case "configured":
      return renderConfigured(tell);
    default:
      return unreachable(tell);
  }
}

/** FAULT after FAULT: something is wrong after trackers were only waited for. */
function renderTransition(
  { instance, from, to, reason }: Extract<Tell, { kind: "transition" }>,
): string {
  const states = from === to ? to : `${from} → ${to}`;
  return `${instance}: ${states}, ${renderReason(reason)}`;
}

function renderMade(tell: Extract<Tell, { kind: "link-added" | "link-deleted" }>): string {
  const { kind, interfaceName } = tell;
  return `interface ${interfaceName} ${kind === "link-added" ? `made on ${tell.base}` : "deleted"}`;
}

function renderSysctl(
  { scope, name, before, after, restored }: Extract<Tell, { kind: "sysctl-changed" }>,
): string {
  const path = scope === "" ? "net.ipv4" : `net.ipv4.conf.${scope}`;
  return `${path}.${name}: ${before} → ${after}${restored ? ", put back" : ""}`;
}

function renderRoom(tell: Extract<Tell, { kind: "advert-room" }>): string {
  return `${tell.instance}: adverts on ${tell.interfaceName} (MTU ${tell.mtu}) have room for ` +
    `${tell.advertised} of ${tell.count} addresses; the others are not advertised`;
}

function renderMaintenance(
  tell: Extract<Tell, { kind: "maintenance-on" | "maintenance-off" }>,
): string {
  if (tell.kind === "maintenance-on") {
    return `maintenance: this node takes no part${renderWhile(tell.forMs)}`;
  }
  return `maintenance is over${tell.asked ? "" : ", its time has passed"}`;
}

function renderWhile(forMs: number | undefined): string {
  return forMs === undefined
    ? " until it is asked to"
    : ` for ${formatDuration(milliseconds(forMs))}`;
}

const linkVerbs = {
  "add-link": "make interface",
  "delete-link": "delete interface",
  "set-sysctl": "set",
  "set-firewall": "set",
} as const;

/** The likely cause of two masters in words. */
export function renderCause(cause: TwoMastersCause): string {
  switch (cause) {
    case "vrid-clash":
      return "its addresses are not ours: another virtual router uses the same VRID here";
    case "not-heard":
      return "it does not hear our adverts: multicast that goes one way (IGMP snooping), or a " +
        "firewall that drops protocol 112";
    case "held-up":
      return "this node was held up and it took over";
    case "split":
      return "the two did not hear each other before";
    default:
      return unreachable(cause);
  }
}

function often(adverts: number): string {
  return adverts === 1 ? "1 advert" : `${adverts} adverts`;
}

function renderRival(
  tell: Extract<
    Tell,
    {
      kind:
        | "two-owners"
        | "two-masters"
        | "two-masters-over"
        | "near-failover"
        | "duplicate-address";
    }
  >,
): string {
  switch (tell.kind) {
    case "two-owners":
      return `${tell.instance}: ${formatIp(tell.source)} says that it owns the addresses, too ` +
        `(priority 255); going on with priority ${tell.priority}`;
    case "two-masters":
      return `${tell.instance}: two masters: ${formatIp(tell.source)} with priority ` +
        `${tell.priority} is master, too (${often(tell.adverts)}); ${renderCause(tell.cause)}`;
    case "near-failover":
      return renderNearFailover(tell);
    case "duplicate-address":
      return renderDuplicate(tell);
    case "two-masters-over":
      return `${tell.instance}: ${formatIp(tell.source)} is no longer heard as a second master, ` +
        `after ${formatDuration(tell.lasted)}`;
  }
}

function renderNearFailover(tell: Extract<Tell, { kind: "near-failover" }>): string {
  const { instance, source, silentFor, left, count } = tell;
  return `${instance}: nearly took over: ${formatIp(source)} was not heard for ` +
    `${formatDuration(silentFor)}, ${formatDuration(left)} before the end of its time (${count} ` +
    "such times); adverts are lost, or a node is too slow";
}

function renderOldChecksum(tell: Extract<Tell, { kind: "old-checksum" }>): string {
  return `${tell.instance}: ${formatIp(tell.source)} makes the checksums of unicast adverts ` +
    "as keepalived did before 1.3.6, and so do we from now on";
}

/** Nothing is wrong: trackers have not spoken yet. */
function onlyWaits(reason: Reason): boolean {
  return reason.kind === "fault" && isWaiting(reason.fault);
}

/** How loud a tell is. */
export function levelOf(tell: Tell): Level {
  if (isNotifyTell(tell)) return levelOfNotifyTell(tell);
  if (isBalanceTell(tell)) return levelOfBalanceTell(tell);
  if (isResourceTell(tell)) return levelOfResourceTell(tell);
  switch (tell.kind) {
    case "transition":
      return tell.to === "FAULT" && !onlyWaits(tell.reason) ? "warning" : "notice";
    case "group-transition":
    case "configured":
    case "preempt-delay-started":
    case "two-masters-over":
    case "maintenance-on":
    case "maintenance-off":
    case "clock-set":
      return "notice";
    case "lower-priority-advert":
      return "debug";
    case "master-changed":
    case "sysctl-changed":
    case "link-added":
    case "link-deleted":
      return "info";
    case "bfd-transition":
      if (tell.from === "Up") return "warning";
      return tell.to === "Up" ? "notice" : "info";
    case "priority-changed":
    case "tracker-changed":
      return "notice";
    case "script-timed-out":
    case "watch-refused":
      return "warning";
    case "advert-dropped":
    case "two-masters":
    case "duplicate-address":
    case "near-failover":
    case "stalled":
    case "advert-room":
    case "bfd-dropped":
    case "clock-skew":
    case "old-checksum":
    case "unknown-vrid":
    case "packets-lost":
    case "leftover-removed":
    case "put-back":
    case "witness-missed":
      return "warning";
    case "two-owners":
    case "address-refused":
    case "routing-refused":
    case "network-refused":
    case "link-refused":
    case "not-ethernet":
    case "bfd-refused":
      return "error";
    default:
      return unreachable(tell);
  }
}

/** A node that did not keep up. */
function renderBehind(tell: Extract<Tell, { kind: "stalled" | "packets-lost" }>): string {
  if (tell.kind === "stalled") {
    const { instances, lateBy } = tell;
    const who = instances.length <= 3 ? instances.join(", ") : `${instances.length} instances`;
    return `held up for ${formatDuration(lateBy)}: ${who} listen before they act`;
  }
  const { interfaceName, family, count } = tell;
  const where = interfaceName === undefined ? "" : `${interfaceName}: `;
  const name = family === "ipv4" ? "IPv4" : "IPv6";
  return `${where}more adverts over ${name} arrive than can be read, ${count} were lost: a ` +
    "flood, or a node that is too slow";
}

function renderRefused(tell: Extract<Tell, { kind: "network-refused" | "link-refused" }>): string {
  const doing = tell.kind === "link-refused" ? linkVerbs[tell.operation] : `${tell.operation} on`;
  return `Cannot ${doing} ${tell.interfaceName}${why(tell)}`;
}

/** The kernel's own words. */
function why({ refusal }: { readonly refusal: KernelRefusal }): string {
  return `: ${refusal.message} (${refusal.errno})`;
}

function putBack({ instance, what, line, lapsed }: Extract<Tell, { kind: "put-back" }>): string {
  const owner = instance === undefined ? "" : `${instance}: `;
  const why = lapsed === true ? "lost its lease" : "was deleted by somebody else";
  return `${owner}${what} ${line} ${why} and is put back`;
}

function renderSkew(
  { instance, source, skewSeconds }: Extract<Tell, { kind: "clock-skew" }>,
): string {
  return `${instance}: signed adverts from ${formatIp(source)}: ${describeSkew(skewSeconds)}; ` +
    "beyond the window they are refused";
}

function renderConfigured(tell: Extract<Tell, { kind: "configured" }>): string {
  if (!tell.reload) return `configuration ${tell.file} is in effect`;
  const changes = tell.changes.length === 0 ? "nothing changed" : tell.changes.join("; ");
  return `configuration ${tell.file} reloaded: ${changes}`;
}

function renderLower(tell: Extract<Tell, { kind: "lower-priority-advert" }>): string {
  const heard = `advert with lower priority ${tell.priority} from ${formatIp(tell.source)}`;
  return `${tell.instance}: ${heard}, ${tell.answered ? "answered" : "left out of account"}`;
}

function renderClockSet(by: Duration): string {
  const moved = formatDuration(microseconds(Math.abs(by)));
  return `the wall clock was set ${
    by < 0 ? "back" : "forward"
  } by ${moved}; no timer depends on it`;
}
