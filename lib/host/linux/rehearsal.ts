/**
 * A failover is what a daemon does once in a year, and code that never ran is slow the first time:
 * it is read from the executable, linked, and its caches are empty. So a node that has started
 * plays one failover in each family on an engine of its own that is connected to nothing, and
 * throws the effects away.
 */
import {
  centiseconds,
  type Family,
  ifIndex,
  type Instant,
  instant,
  type IpAddress,
  ipFromBytes,
  macFromBytes,
  never,
  type Priority,
  seconds,
  type Vrid,
} from "../../base/mod.ts";
import { Engine, type EngineEvent, levelOf, renderTell } from "../../engine/mod.ts";
import type { AddressPlan, InstancePlan } from "../../vrrp/mod.ts";
import { plainTell } from "./plain_tell.ts";

const index = ifIndex(1);
const ends: Record<Family, readonly [own: number[], peer: number[], group: number[]]> = {
  ipv4: [[192, 0, 2, 1], [192, 0, 2, 2], [224, 0, 0, 18]],
  ipv6: [linkLocal(1), linkLocal(2), [0xff, 2, ...new Array(13).fill(0), 0x12]],
};

/** Plays a takeover, a lost election and a stop. */
export function rehearseFailover(family: Family): void {
  const engine = new Engine(instant(0));
  const peer = new Engine(instant(0));
  begin(engine, family, 100, 0);
  begin(peer, family, 200, 1);
  const adverts = [...passTime(engine), ...passTime(peer)];
  for (const advert of adverts) play(engine, advert, instant(20_000_000));
  play(engine, { kind: "stop" }, instant(30_000_000));
}

function begin(engine: Engine, family: Family, priority: number, end: 0 | 1): void {
  const mac = macFromBytes(new Uint8Array(6));
  const link = { ifIndex: index, name: "rehearsal", mtu: 1500, up: true, loopback: false };
  const address = ip(ends[family][end]);
  play(engine, {
    kind: "kernel-tables",
    links: [{ ...link, forwardsIpv6: true, ...(mac === undefined ? {} : { mac }) }],
    addresses: [{ ifIndex: index, address, prefixLength: 24, secondary: false, tentative: false }],
  }, instant(0));
  const model = {
    global: {
      routerId: "",
      dynamicInterfaces: false,
      startupDelay: seconds(0),
      delayAfterBoot: seconds(0),
      announceGaps: [],
      logUnknownVrids: false,
      notifyTimeout: seconds(60),
      repeatsStatesOnReload: false,
    },
    instances: [plan(family, priority)],
    syncGroups: [],
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
  play(engine, { kind: "configure", model, file: "", changes: [] }, instant(0));
}

/** Lets deadlines pass for a while; answers what was sent, as the other one would receive it. */
function passTime(engine: Engine): EngineEvent[] {
  const received: EngineEvent[] = [];
  for (let count = 0; count < 4; count++) {
    const at = engine.nextDeadline();
    if (at === never) break;
    received.push(...play(engine, { kind: "clock" }, at));
  }
  return received;
}

function play(engine: Engine, event: EngineEvent, now: Instant): EngineEvent[] {
  const received: EngineEvent[] = [];
  for (const effect of engine.step(event, now)) {
    if (effect.kind === "tell") {
      levelOf(effect.tell);
      JSON.stringify([renderTell(effect.tell), plainTell(effect.tell)]);
    } else if (effect.kind === "send-vrrp") {
      const { family, source, destination, bytes } = effect;
      const heard = { ifIndex: index, family, source, destination, hopLimit: 255 };
      received.push({ kind: "packet", packet: { ...heard, bytes: bytes.slice() } });
    }
  }
  return received;
}

function plan(family: Family, priority: number): InstancePlan {
  const delay = seconds(5);
  return {
    name: "rehearsal",
    interfaceName: "rehearsal",
    family,
    version: 3,
    vrid: 1 as Vrid,
    basePriority: priority as Priority,
    initialState: "BACKUP",
    advertInterval: centiseconds(100),
    preempt: true,
    preemptDelay: seconds(0),
    downTimerAdverts: 3,
    addresses: [virtualAddress(family)],
    excludedAddresses: [],
    routes: [],
    rules: [],
    onExternalDelete: "backup",
    announce: {
      masterDelay: delay,
      masterRepeat: 1,
      refresh: seconds(0),
      refreshRepeat: 1,
      lowerPriorityDelay: delay,
      lowerPriorityRepeat: 1,
    },
    trackSourceAddress: false,
    multicastGroup: ip(ends[family][2]),
    trackPrimary: true,
    lowerPriorityNoAdvert: false,
    higherPrioritySendAdvert: false,
    ownerIgnoreAdverts: false,
    skipCheckAdvertAddresses: false,
    checksumAsV2: false,
    strict: false,
  };
}

function virtualAddress(family: Family): AddressPlan {
  return {
    address: ip(family === "ipv4" ? [192, 0, 2, 100] : linkLocal(100)),
    prefixLength: 24,
    scope: 0,
    duplicateDetection: false,
    home: false,
    manageTemporary: false,
    noPrefixRoute: false,
    autoJoin: false,
    tracked: true,
  };
}

function ip(octets: readonly number[]): IpAddress {
  return ipFromBytes(Uint8Array.from(octets));
}

function linkLocal(last: number): number[] {
  return [0xfe, 0x80, ...new Array(13).fill(0), last];
}
