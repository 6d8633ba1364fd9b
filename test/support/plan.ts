/**
 * Plans and models for tests: what the configuration room makes of a short file, without the file.
 * Every default is keepalived's; a test says only what it is about.
 */
import assert from "node:assert/strict";
import {
  type IfIndex,
  ifIndex,
  type IpAddress,
  type IpPrefix,
  type MacAddress,
  milliseconds,
  parseIp,
  parseMac,
  parsePrefix,
  type Priority,
  priority,
  seconds,
  vrid,
} from "../../lib/base/mod.ts";
import type { Model } from "../../lib/config/mod.ts";
import {
  type AddressPlan,
  type AdvertCache,
  advertPacket,
  type AnnouncePlan,
  type InstancePlan,
} from "../../lib/vrrp/mod.ts";
import { vrrpMulticast4, vrrpMulticast6 } from "../../lib/wire/mod.ts";

/** An address from text that is one. */
export function ip(text: string): IpAddress {
  const address = parseIp(text);
  assert.ok(address !== undefined, text);
  return address;
}

/** A prefix from text that is one. */
export function prefix(text: string): IpPrefix {
  const parsed = parsePrefix(text);
  assert.ok(parsed !== undefined, text);
  return parsed;
}

/** An Ethernet address from text that is one. */
export function mac(text: string): MacAddress {
  const parsed = parseMac(text);
  assert.ok(parsed !== undefined, text);
  return parsed;
}

/** The first interface of a node that has only one. */
export const eth0: IfIndex = ifIndex(2);

/** A virtual address. */
export function vip(text: string, rest: Partial<AddressPlan> = {}): AddressPlan {
  return {
    ...prefix(text),
    scope: 0,
    duplicateDetection: false,
    home: false,
    manageTemporary: false,
    noPrefixRoute: false,
    autoJoin: false,
    tracked: true,
    ...rest,
  };
}

/** What a test says about a virtual router; the rest is as in keepalived. */
export interface RouterWords
  extends Partial<Omit<InstancePlan, "vrid" | "basePriority" | "announce">> {
  readonly id?: number;
  readonly priority?: number;
  readonly vips?: readonly string[];
  readonly announce?: Partial<AnnouncePlan>;
}

const announcements: AnnouncePlan = {
  masterDelay: seconds(5),
  masterRepeat: 5,
  refresh: seconds(0),
  refreshRepeat: 1,
  lowerPriorityDelay: seconds(5),
  lowerPriorityRepeat: 5,
};

/** The plan of one `vrrp_instance`; version 3 every second unless said otherwise. */
export function router(words: RouterWords = {}): InstancePlan {
  const { id = 51, priority: base = 100, vips, announce, ...rest } = words;
  const family = rest.family ?? "ipv4";
  const checkedId = vrid(id);
  const checkedPriority = priority(base);
  assert.ok(checkedId.ok && checkedPriority.ok);
  const addresses = vips ?? [family === "ipv4" ? "10.0.0.100/24" : "fe80::100/64"];
  return {
    name: "VI_1",
    interfaceName: "eth0",
    family,
    version: 3,
    vrid: checkedId.value,
    basePriority: checkedPriority.value,
    initialState: base === 255 ? "MASTER" : "BACKUP",
    advertInterval: seconds(1),
    preempt: true,
    preemptDelay: seconds(0),
    downTimerAdverts: 3,
    addresses: addresses.map((address) => vip(address)),
    excludedAddresses: [],
    routes: [],
    rules: [],
    onExternalDelete: "backup",
    announce: { ...announcements, ...announce },
    trackSourceAddress: false,
    multicastGroup: family === "ipv4" ? vrrpMulticast4 : vrrpMulticast6,
    trackPrimary: true,
    lowerPriorityNoAdvert: false,
    higherPrioritySendAdvert: false,
    ownerIgnoreAdverts: false,
    skipCheckAdvertAddresses: false,
    checksumAsV2: false,
    strict: false,
    ...rest,
  };
}

/** The multicast advert of a plan. */
export function advertOf(
  cache: AdvertCache,
  plan: InstancePlan,
  source: IpAddress,
  level: Priority,
): Uint8Array {
  const ends = { source, destinations: [plan.multicastGroup], oldChecksum: false };
  return advertPacket(cache, plan, ends, { priority: level, place: 0 });
}

/** A whole configuration. */
export function configuration(
  instances: readonly InstancePlan[],
  groups: Readonly<Record<string, readonly string[]>> = {},
  global: Partial<Model["global"]> = {},
): Model {
  return {
    global: {
      routerId: "node",
      dynamicInterfaces: true,
      startupDelay: milliseconds(0),
      delayAfterBoot: milliseconds(0),
      announceGaps: [],
      logUnknownVrids: false,
      notifyTimeout: seconds(60),
      repeatsStatesOnReload: false,
      ...global,
    },
    instances,
    syncGroups: Object.entries(groups).map(([name, members]) => ({ name, members })),
    bfdSessions: [],
    statics: { addresses: [], routes: [], rules: [], groups: [] },
    trackers: [],
    tracking: [],
    links: [],
    notified: [],
    fifos: [],
    virtualServers: [],
    resources: [],
    checks: [],
  };
}
