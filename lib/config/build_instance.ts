/**
 * From the draft of one `vrrp_instance` to its plan: defaults are filled in and what does not go
 * together is put right the way keepalived does it, each time with a remark. An instance that can
 * not run is left out with an error; the others stay.
 */
import {
  assert,
  type Family,
  type IpAddress,
  ipFromBytes,
  ownerPriority,
  type Priority,
  priority,
  seconds,
  type Vrid,
  vrid,
} from "../base/mod.ts";
import type { AnnouncePlan, InstancePlan } from "../vrrp/mod.ts";
import { addressesOf } from "./build_addresses.ts";
import { announcePlan } from "./build_announce.ts";
import { hmacOf } from "./build_hmac.ts";
import { advertIntervalOf } from "./build_interval.ts";
import { canDoWithout, isUnicast, unicastOf } from "./build_unicast.ts";
import { instanceLinkOf, withMacvlans } from "./build_virtual_link.ts";
import { type GlobalDraft, type InstanceDraft, uselessVrid } from "./draft.ts";
import type { Report } from "./report.ts";
import type { Place } from "./source.ts";

/** 224.0.0.18 and ff02::12 (RFC 9568 §5.1.1.2, §5.1.2.2). */
const defaultGroups: Readonly<Record<Family, IpAddress>> = {
  ipv4: ipFromBytes(Uint8Array.of(224, 0, 0, 18)),
  ipv6: ipFromBytes(Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12)),
};

/** What the builders of all instances have at hand. */
export interface Common {
  readonly global: GlobalDraft;
  /** What is announced by those that say nothing of it. */
  readonly announce: AnnouncePlan;
  /** Interfaces of this machine, when they are to be checked. */
  readonly interfaces: readonly string[] | undefined;
  readonly report: Report;
}

/** What the builder of an instance has at hand. */
export interface Building extends Common {
  readonly draft: InstanceDraft;
  /** The instance in the words of the file. */
  readonly owner: string;
  readonly strict: boolean;
}

function buildingOf(draft: InstanceDraft, common: Common): Building {
  const { global, announce, interfaces, report } = common;
  const owner = `vrrp_instance "${draft.name}"`;
  const strict = draft.strict ?? global.strict ?? false;
  return { draft, global, announce, interfaces, report, owner, strict };
}

/** The plan of an instance; `undefined` when it can not run, which has been reported. */
export function buildInstance(draft: InstanceDraft, common: Common): InstancePlan | undefined {
  const building = buildingOf(draft, common);
  const { global, strict } = building;
  const interfaceName = interfaceOf(building);
  const id = vridOf(building);
  const family = draft.family ?? "ipv4";
  const version = versionOf(building, family);
  const found = addressesOf(building, version);
  if (interfaceName === undefined || id === undefined || found === undefined) return undefined;
  if (strict && !mayBeStrict(building)) return undefined;
  const election = electionOf(building, { family, version });
  const owns = election.basePriority === 255;
  const router = { interfaceName, family, vrid: id };
  const advertInterval = advertIntervalOf(building, version);
  const { preempt, preemptDelay } = preemptOf(building, election);
  const { addresses, excludedAddresses } = addressPlans(building, found, router);
  const plan: InstancePlan = {
    name: draft.name,
    interfaceName,
    family,
    version,
    vrid: id,
    basePriority: election.basePriority,
    initialState: election.initialState,
    preempt,
    preemptDelay,
    advertInterval,
    downTimerAdverts: downTimerAdvertsOf(building),
    addresses,
    excludedAddresses,
    routes: draft.routes,
    rules: draft.rules,
    onExternalDelete: draft.onExternalDelete ?? global.onExternalDelete ?? "backup",
    announce: announcePlan(building),
    trackSourceAddress: draft.trackSourceAddress === true && draft.sourceAddress !== undefined,
    multicastGroup: groupOf(building, family),
    trackPrimary: draft.dontTrackPrimary !== true,
    lowerPriorityNoAdvert: strictly(building, "lowerPriorityNoAdvert", true),
    higherPrioritySendAdvert: strictly(building, "higherPrioritySendAdvert", false),
    ownerIgnoreAdverts: ownerIgnores(building, owns),
    skipCheckAdvertAddresses: draft.skipCheckAdvertAddresses ?? global.skipCheckAdvertAddresses ??
      false,
    checksumAsV2: draft.checksumAsV2 ?? global.checksumAsV2 ?? false,
    strict,
  };
  const parts = besides(building, plan);
  return parts.length === 0 ? plan : Object.assign(plan, ...parts);
}

/** The plan of an instance that is like another, of which there was nothing to say. */
export function buildTwin(
  draft: InstanceDraft,
  model: InstancePlan,
  common: Common,
): InstancePlan | undefined {
  const building = buildingOf(draft, common);
  const id = vridOf(building);
  const found = addressesOf(building, model.version);
  if (id === undefined || found === undefined) return undefined;
  const { addresses, excludedAddresses } = found;
  return { ...model, name: draft.name, vrid: id, addresses, excludedAddresses };
}

/** What most instances say nothing of. */
function besides(building: Building, plan: InstancePlan): Partial<InstancePlan>[] {
  const { draft, strict } = building;
  const { advertInterval, basePriority, version } = plan;
  const parts: Partial<InstancePlan>[] = [];
  if (draft.timerExpiredBackup !== undefined) parts.push(timerExpiryOf(building, plan));
  if (draft.virtualLink !== undefined || draft.transmitOnBase !== undefined) {
    parts.push(instanceLinkOf(building, plan));
  }
  if (draft.witness !== undefined) parts.push({ witness: draft.witness });
  if (draft.promoteSecondaries !== undefined) parts.push({ promoteSecondaries: true });
  if (draft.sourceAddress !== undefined) parts.push({ sourceAddress: draft.sourceAddress.value });
  const hmac = hmacOf(building, advertInterval);
  if (draft.password !== undefined) {
    parts.push(passwordOf(building, plan, hmac.hmac !== undefined));
  }
  if (draft.hmac !== undefined) parts.push(hmac);
  if (isUnicast(draft)) parts.push(unicastOf(building));
  if (strict || draft.accept !== undefined) {
    parts.push(acceptOf(building, basePriority === ownerPriority, version));
  }
  return parts;
}

/** The addresses, those with an interface of their own told which. */
function addressPlans(
  building: Building,
  { addresses, excludedAddresses }: Pick<InstancePlan, "addresses" | "excludedAddresses">,
  router: Parameters<typeof withMacvlans>[3],
): Pick<InstancePlan, "addresses" | "excludedAddresses"> {
  const { draft } = building;
  const drafts = [...draft.addresses, ...draft.excludedAddresses];
  const isPlain = draft.virtualLink === undefined &&
    draft.macvlansForAddresses === undefined &&
    !drafts.some(({ onMacvlan }) => onMacvlan === true);
  if (isPlain) return { addresses, excludedAddresses };
  const asked = new Set(drafts.flatMap(({ plan, onMacvlan }) => onMacvlan === true ? [plan] : []));
  return {
    addresses: withMacvlans(building, addresses, asked, router),
    excludedAddresses: withMacvlans(building, excludedAddresses, asked, router),
  };
}

/** keepalived: only version 2 over IPv4 has passwords, eight octets count, strict mode has none. */
function passwordOf(
  building: Building,
  protocol: Protocol,
  signed: boolean,
): Pick<InstancePlan, "password" | "ahKey"> {
  const { draft, report, owner } = building;
  const given = draft.password;
  if (given === undefined || signed) return {};
  const obstacle = whyNoPassword(building, protocol);
  if (obstacle !== undefined) {
    const message = `authentication of ${owner} has no effect: ${obstacle} has none`;
    const hint = "remove it, or sign adverts with auth_hmac";
    report.warning("authentication-ignored", given.place, message, hint);
    return {};
  }
  const password = new Uint8Array(8);
  password.set(new TextEncoder().encode(given.value).subarray(0, 8));
  return draft.authType === "AH" ? { ahKey: password } : { password };
}

interface Protocol {
  readonly family: Family;
  readonly version: 2 | 3;
}

function whyNoPassword({ strict }: Building, { family, version }: Protocol): string | undefined {
  if (strict) return "strict mode";
  if (version === 3) return "version 3";
  return family === "ipv6" ? "IPv6" : undefined;
}

/**
 * RFC 9568 §6.1 Accept_Mode; the owner of the addresses always accepts. keepalived: strict mode of
 * version 2, whose RFC has no such thing, can not be told to accept; that of version 3 can.
 */
function acceptOf(
  { draft, report, owner, strict }: Building,
  owns: boolean,
  version: 2 | 3,
): Pick<InstancePlan, "dropsTraffic"> {
  const given = draft.accept;
  const refused = strict && version === 2 && given?.value === true && !owns;
  if (refused) {
    const message = `Cannot use accept in strict mode of version 2 for ${owner}`;
    report.error("strict-mode", given.place, message, "version 3 knows it");
  }
  const accepts = refused ? false : given?.value ?? !strict;
  return owns || accepts ? {} : { dropsTraffic: true };
}

/** keepalived: strict mode speaks multicast where there is an interface. */
function mayBeStrict({ draft, report, owner }: Building): boolean {
  const [peer] = draft.unicast.peers;
  if (peer === undefined || draft.interfaceName === undefined) return true;
  const message = `Cannot run ${owner}: strict mode has no unicast peers`;
  report.error("strict-mode", peer.place, message, "switch strict_mode off for the instance");
  return false;
}

function interfaceOf(building: Building): string | undefined {
  const { draft, report, interfaces, owner } = building;
  const given = draft.interfaceName;
  if (given === undefined && !canDoWithout(building)) {
    report.error("missing-interface", draft.place, `Cannot run ${owner}: it has no interface`);
    return undefined;
  }
  if (given?.value === "lo") {
    const message = `Cannot run ${owner} on the loopback interface`;
    report.error("loopback-interface", given.place, message);
    return undefined;
  }
  if (interfaces !== undefined) tellAbsent(building, interfaces);
  return given?.value ?? "";
}

/** Tells of interfaces that are named and that the machine does not have. */
function tellAbsent(
  { draft, global, report, owner }: Building,
  interfaces: readonly string[],
): void {
  look(draft.interfaceName?.value, draft.interfaceName?.place);
  look(draft.unicast.vrf?.value, draft.unicast.vrf?.place);
  for (const { plan, device } of draft.addresses) look(plan.device, device);
  for (const { plan, device } of draft.excludedAddresses) look(plan.device, device);

  function look(name: string | undefined, place: Place | undefined): void {
    if (name === undefined || interfaces.includes(name)) return;
    const message = `Cannot find interface "${name}" of ${owner}`;
    if (global.dynamicInterfaces === true) report.warning("no-interface", place, message);
    else report.fatal("no-interface", place, message, "dynamic_interfaces waits for it");
  }
}

function vridOf({ draft, report, owner }: Building): Vrid | undefined {
  if (draft.vrid === undefined) {
    const message = `Cannot run ${owner}: it has no virtual_router_id`;
    report.error("missing-vrid", draft.place, message);
    return undefined;
  }
  if (draft.vrid.value === uselessVrid) return undefined;
  const id = vrid(draft.vrid.value);
  assert(id.ok, "the schema has checked the range");
  return id.value;
}

function versionOf({ draft, global, report, owner, strict }: Building, family: Family): 2 | 3 {
  const given = draft.version;
  if (family === "ipv4") return given?.value ?? global.version ?? 2;
  if (given?.value === 2 && (strict || draft.nativeIpv6 === true)) {
    const message = `Cannot use version 2 with IPv6 for ${owner}: version 3 is used`;
    report.error("version-mismatch", given.place, message);
    return 3;
  }
  return given?.value ?? 3;
}

type Election = Pick<InstancePlan, "basePriority" | "initialState">;

/** keepalived: 100, or 255 when only `state MASTER` is given; without a state 255 is MASTER. */
function electionOf(building: Building, protocol: Protocol): Election {
  const { draft, report, owner, strict } = building;
  const state = draft.state?.value;
  const base = draft.priority?.value ?? (state === "MASTER" ? 255 : 100);
  const fromPriority = base === 255 ? "MASTER" : "BACKUP";
  const initialState = strict ? fromPriority : state ?? fromPriority;
  if (state !== undefined && state !== initialState) {
    const message =
      `Cannot use state ${state} with priority ${base} in strict mode for ${owner}: ` +
      `${initialState} is used`;
    const hint = state === "MASTER"
      ? "remove the line; only the owner of the addresses, priority 255, begins as MASTER"
      : "remove the line";
    report.error("strict-mode", draft.state?.place, message, hint);
  }
  // keepalived: whoever has heard no advert does not know which sequence numbers were used.
  const counts = draft.authType === "AH" && whyNoPassword(building, protocol) === undefined;
  if (initialState === "MASTER" && base !== 255 && counts) {
    const message = `Cannot use state MASTER with auth_type AH for ${owner}: BACKUP is used`;
    report.error("excluded-keyword", draft.state?.place, message, "remove the line");
    return { basePriority: asPriority(base), initialState: "BACKUP" };
  }
  return { basePriority: asPriority(base), initialState };
}

function asPriority(value: number): Priority {
  const result = priority(value);
  assert(result.ok, "the schema has checked the range");
  return result.value;
}

type Preempt = Pick<InstancePlan, "preempt" | "preemptDelay">;

function preemptOf(
  { draft, report, owner, strict }: Building,
  { initialState: state, basePriority: base }: Election,
): Preempt {
  const { nopreempt, preemptDelay } = draft;
  let preempt = nopreempt === undefined;
  if (nopreempt !== undefined && (state === "MASTER" || base === 255)) {
    const why = base === 255 ? "priority 255" : "state MASTER";
    const message = `Cannot use nopreempt with ${why} for ${owner}: it has no effect`;
    const hint = base === 255 ? "remove the line" : "write state BACKUP, or remove the line";
    report.error("nopreempt", nopreempt.place, message, hint);
    preempt = true;
  }
  const none = seconds(0);
  if (preemptDelay === undefined || preemptDelay.value === 0) {
    return { preempt, preemptDelay: none };
  }
  const obstacle = strict
    ? "strict mode"
    : !preempt
    ? "nopreempt"
    : state === "MASTER"
    ? "state MASTER"
    : undefined;
  if (obstacle === undefined) return { preempt, preemptDelay: preemptDelay.value };
  const message = `Cannot use preempt_delay with ${obstacle} for ${owner}: it has no effect`;
  report.error("preempt-delay", preemptDelay.place, message, "remove the line");
  return { preempt, preemptDelay: none };
}

/** keepalived: only a router that does not preempt leaves the role to whoever took it. */
function timerExpiryOf(
  building: Building,
  { initialState, basePriority }: Election,
): Pick<InstancePlan, "timerExpiredBackup"> {
  const { draft, report, owner } = building;
  const given = draft.timerExpiredBackup;
  if (given === undefined) return {};
  const sticky = draft.nopreempt !== undefined && initialState !== "MASTER" &&
    basePriority !== 255;
  if (sticky) return { timerExpiredBackup: asPriority(given.value) };
  const message = `Cannot use timer_expired_backup without nopreempt for ${owner}: ` +
    "it has no effect";
  report.error("timer-expired-backup", given.place, message);
  return {};
}

function downTimerAdvertsOf({ draft, global, report, owner, strict }: Building): number {
  const given = draft.downTimerAdverts ?? global.downTimerAdverts;
  if (!strict || given === undefined || given.value === 3) return given?.value ?? 3;
  const message =
    `Cannot use down_timer_adverts ${given.value} in strict mode for ${owner}: 3 is used`;
  report.error("strict-mode", given.place, message, "remove the line");
  return 3;
}

/** A setting that strict mode decides, whatever was said. */
function strictly(
  { draft, global, report, owner, strict }: Building,
  setting: "lowerPriorityNoAdvert" | "higherPrioritySendAdvert",
  required: boolean,
): boolean {
  const own = draft[setting];
  if (!strict) return (own ?? global[setting])?.value === true;
  if (own !== undefined && own.value !== required) {
    const message = `Cannot use ${strictWords[setting]} in strict mode for ${owner}`;
    report.error("strict-mode", own.place, message, "remove the line");
  }
  return required;
}

const strictWords = {
  lowerPriorityNoAdvert: "lower_prio_no_advert off",
  higherPrioritySendAdvert: "higher_prio_send_advert",
} as const;

function groupOf({ draft, global }: Building, family: Family): IpAddress {
  const given = isUnicast(draft) ? undefined : draft.multicastGroup?.value;
  if (given !== undefined) return given;
  const known = family === "ipv4" ? global.multicastGroup4 : global.multicastGroup6;
  return known ?? defaultGroups[family];
}

/** keepalived: an owner can not be told to listen, others can not be told not to. */
function ownerIgnores({ draft, global, report, owner, strict }: Building, owns: boolean): boolean {
  const given = draft.ownerIgnoreAdverts;
  if (!owns) return false;
  if (given?.value === false) {
    const message = `Cannot switch owner_ignore_adverts off at priority 255 for ${owner}`;
    report.error("owner-ignore-adverts", given.place, message);
    return true;
  }
  return given?.value ?? (strict || global.ownerIgnoreAdverts?.value === true);
}
