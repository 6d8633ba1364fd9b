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
  type Vrid,
  vrid,
} from "../base/mod.ts";
import type { AnnouncePlan, InstancePlan } from "../vrrp/mod.ts";
import { addressesOf } from "./build_addresses.ts";
import { announcePlan } from "./build_announce.ts";
import { passwordOf } from "./build_authentication.ts";
import {
  acceptOf,
  downTimerAdvertsOf,
  electionOf,
  ownerIgnores,
  preemptOf,
  strictly,
  timerExpiryOf,
} from "./build_election.ts";
import { hmacOf } from "./build_hmac.ts";
import { interfaceOf } from "./build_interface.ts";
import { advertIntervalOf } from "./build_interval.ts";
import { isUnicast, unicastOf } from "./build_unicast.ts";
import { instanceLinkOf, withMacvlans } from "./build_virtual_link.ts";
import { type GlobalDraft, type InstanceDraft, uselessVrid } from "./draft.ts";
import type { Report } from "./report.ts";

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

/** keepalived: strict mode speaks multicast where there is an interface. */
function mayBeStrict({ draft, report, owner }: Building): boolean {
  const [peer] = draft.unicast.peers;
  if (peer === undefined || draft.interfaceName === undefined) return true;
  const message = `Cannot run ${owner}: strict mode has no unicast peers`;
  report.error("strict-mode", peer.place, message, "switch strict_mode off for the instance");
  return false;
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

function groupOf({ draft, global }: Building, family: Family): IpAddress {
  const given = isUnicast(draft) ? undefined : draft.multicastGroup?.value;
  if (given !== undefined) return given;
  const known = family === "ipv4" ? global.multicastGroup4 : global.multicastGroup6;
  return known ?? defaultGroups[family];
}
