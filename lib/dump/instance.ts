/**
 * One virtual router in `keepalived.data`.
 */
import { formatIp, inSeconds } from "../base/mod.ts";
import type { TrackUseStatus } from "../engine/mod.ts";
import type { InstancePlan } from "../vrrp/mod.ts";
import { notifiedOf, notifyLines } from "./notify.ts";
import { addressText, type DumpedInstance, type DumpView, interfacesOf, yesNo } from "./view.ts";

/** Its lines. */
export function instanceLines(instance: DumpedInstance, view: DumpView): string[] {
  const { plan, status } = instance;
  const told = notifiedOf(view, "INSTANCE", plan.name);
  return [
    ` VRRP Instance = ${plan.name}`,
    `   VRRP Version = ${plan.version}`,
    ...(status.syncGroup === null ? [] : [`   Sync group = ${status.syncGroup}`]),
    ...(plan.family === "ipv6" ? ["   Using Native IPv6"] : []),
    ...stateLines(instance),
    ...linkLines(instance),
    ...announceLines(plan),
    ...electionLines(instance),
    ...authenticationLines(plan),
    ...listLines(`Virtual IP (${plan.addresses.length}):`, addressesOf(instance, "addresses")),
    ...listLines("Virtual IP Excluded :", addressesOf(instance, "excludedAddresses")),
    ...unicastLines(plan),
    ...listLines("Virtual Routes :", status.routes),
    ...listLines("Virtual Rules :", status.rules),
    ...trackLines(status.tracking.filter(({ group }) => group === null)),
    `   Using smtp notification = ${yesNo(told?.mails === true)}`,
    `   Notify deleted = ${told?.tellsDeleted === true ? "Deleted" : "Fault"}`,
    ...notifyLines(told),
    `   Notify priority changes = ${told?.priorityChanges === true}`,
  ];
}

/** What an instance or a group tracks. */
export function trackLines(uses: readonly TrackUseStatus[]): string[] {
  const kinds = [
    ["Tracked interfaces :", "interface", ""],
    ["Tracked scripts :", "script", ""],
    ["Tracked files :", "file", ","],
    ["Tracked processes :", "process", ","],
    ["Tracked BFDs :", "bfd", ","],
  ] as const;
  return kinds.flatMap(([title, kind, comma]) =>
    listLines(
      title,
      uses.filter((use) => use.kind === kind).map(({ name, weight, reverse }) =>
        `${name}${comma} weight ${weight}${reverse ? " reverse" : ""}`
      ),
    )
  );
}

function listLines(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`   ${title}`, ...items.map((item) => `     ${item}`)];
}

function addressesOf(
  instance: DumpedInstance,
  which: "addresses" | "excludedAddresses",
): string[] {
  return instance.plan[which].map((address) => addressText(address, instance));
}

function stateLines({ plan, status }: DumpedInstance): string[] {
  const { state, master } = status;
  const since = new Date(status.lastTransition.at);
  return [
    `   State = ${state}`,
    ...(state === "BACKUP" && master !== null
      ? [`   Master router = ${master.address}`, `   Master priority = ${master.priority}`]
      : []),
    ...(plan.unicast === undefined ? ["   Flags: none"] : ["   Flags:", "     Using unicast"]),
    `   Wantstate = ${state}`,
    "   Number of config faults = 0",
    `   Number of interface and track script faults = ${status.faults.length}`,
    `   Number of track scripts init = ${
      status.tracking.filter(({ effect }) => effect === "untested").length
    }`,
    `   Last transition = ${timeText(since)}`,
    `   Master down timer = ${masterDownMicroseconds(plan, status.effectivePriority)} usecs`,
  ];
}

/** Master_Down_Interval (RFC 9568 §6.1; in version 2 the skew is in parts of a second). */
function masterDownMicroseconds(plan: InstancePlan, priority: number): number {
  const unit = plan.version === 2 ? 1_000_000 : plan.advertInterval;
  const skew = Math.floor(((256 - priority) * unit) / 256);
  return plan.downTimerAdverts * plan.advertInterval + skew;
}

function linkLines(instance: DumpedInstance): string[] {
  const { plan, status } = instance;
  const { own, below } = interfacesOf(instance);
  const link = plan.virtualLink;
  const kind = link?.link.kind === "ipvlan" ? "ipvlan" : "vmac";
  const up = status.waitingFor === null;
  const source = plan.sourceAddress === undefined ? "" : " (from configuration)";
  const vrf = plan.unicast?.vrf;
  return [
    ...(link?.link.kind === "macvlan"
      ? [`   Use VMAC, i/f name ${own}, is_up = ${up}, xmit_base = ${link.transmitOnBase}`]
      : []),
    ...(link?.link.kind === "ipvlan"
      ? [`   Use IPVLAN, i/f ${own}, is_up = ${up}, type ${link.link.flag}`]
      : []),
    `   Interface = ${own}${below === undefined ? "" : `, ${kind} on ${below}`}`,
    ...(vrf === undefined ? [] : [`   VRF = ${vrf}`]),
    ...(plan.trackPrimary ? [] : ["   VRRP interface tracking disabled"]),
    ...(plan.skipCheckAdvertAddresses ? ["   Skip checking advert IP addresses"] : []),
    ...(plan.strict ? ["   Enforcing strict VRRP compliance"] : []),
    ...(status.sourceAddress === null
      ? []
      : [`   Using src_ip = ${status.sourceAddress}${source}`]),
    ...(plan.unicast === undefined
      ? [`   Multicast address ${formatIp(plan.multicastGroup)}`]
      : []),
  ];
}

function announceLines({ announce, ...plan }: InstancePlan): string[] {
  return [
    `   Gratuitous ARP delay = ${inSeconds(announce.masterDelay)}`,
    `   Gratuitous ARP repeat = ${announce.masterRepeat}`,
    `   Gratuitous ARP refresh = ${inSeconds(announce.refresh)}`,
    `   Gratuitous ARP refresh repeat = ${announce.refreshRepeat}`,
    `   Gratuitous ARP lower priority delay = ${inSeconds(announce.lowerPriorityDelay)}`,
    `   Gratuitous ARP lower priority repeat = ${announce.lowerPriorityRepeat}`,
    `   Down timer adverts = ${plan.downTimerAdverts}`,
    `   Send advert after receive lower priority advert = ${!plan.lowerPriorityNoAdvert}`,
    `   Send advert after receive higher priority advert = ${plan.higherPrioritySendAdvert}`,
  ];
}

function electionLines({ plan, status }: DumpedInstance): string[] {
  const interval = plan.version === 2
    ? `${inSeconds(plan.advertInterval)} sec`
    : `${status.advertIntervalMs} milli-sec`;
  return [
    `   Virtual Router ID = ${plan.vrid}`,
    `   Priority = ${status.basePriority}`,
    `   Effective priority = ${status.effectivePriority}`,
    `   Total priority = ${totalPriority(status)}`,
    `   Advert interval = ${interval}`,
    `   Accept = ${plan.dropsTraffic === true ? "disabled" : "enabled"}`,
    `   Preempt = ${plan.preempt ? "enabled" : "disabled"}`,
    ...(plan.preemptDelay === 0 ? [] : [`   Preempt delay = ${inSeconds(plan.preemptDelay)} secs`]),
    `   Promote_secondaries = ${plan.promoteSecondaries === true ? "enabled" : "disabled"}`,
  ];
}

/** What the priority would be if it had no bounds. */
function totalPriority(status: DumpedInstance["status"]): number {
  return status.tracking.reduce((sum, { change }) => sum + change, status.basePriority);
}

function authenticationLines(plan: InstancePlan): string[] {
  if (plan.version !== 2) return [];
  if (plan.ahKey !== undefined) return ["   Authentication type = IPSEC_AH"];
  if (plan.password === undefined) return ["   Authentication type = none"];
  return ["   Authentication type = SIMPLE_PASSWORD", "   Password = ********"];
}

function unicastLines({ unicast }: InstancePlan): string[] {
  if (unicast === undefined) return [];
  const compatibility = { always: "yes", detect: "no", never: "never" } as const;
  return [
    `   Unicast TTL = ${unicast.ttl ?? 255}`,
    `   Check unicast src : ${yesNo(unicast.checkSource)}`,
    ...listLines(
      "Unicast Peer :",
      unicast.peers.map(({ address, minTtl, maxTtl }) =>
        `${formatIp(address)} min_ttl ${minTtl} max_ttl ${maxTtl}`
      ),
    ),
    `   Unicast checksum compatibility = ${compatibility[unicast.oldChecksum]}`,
  ];
}

/** Seconds since 1970 with microseconds, and the same as ctime(3) has it, in local time. */
function timeText(date: Date): string {
  const micro = `${String(date.getMilliseconds()).padStart(3, "0")}000`;
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][date.getDay()];
  const month = date.toDateString().slice(4, 7);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  const dayOfMonth = String(date.getDate()).padStart(2, " ");
  const text = `${day} ${month} ${dayOfMonth} ${clock}.${micro} ${date.getFullYear()}`;
  return `${Math.floor(date.getTime() / 1000)}.${micro} (${text})`;
}
