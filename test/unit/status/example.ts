/**
 * A snapshot of a node with two instances in a sync group, for tests of what is made from it.
 */
import assert from "node:assert/strict";
import type { InstanceStatus, Snapshot } from "../../../lib/engine/mod.ts";
import type { ControlTarget } from "../../../lib/status/source.ts";
import { newCounters } from "../../../lib/vrrp/mod.ts";

/** The master of the pair. */
export const inside: InstanceStatus = {
  name: "VI_1",
  interface: "eth0",
  family: "ipv4",
  version: 3,
  vrid: 51,
  state: "MASTER",
  basePriority: 100,
  effectivePriority: 100,
  sourceAddress: "10.0.0.1",
  tracking: [],
  preempt: true,
  preemptDelayMs: 0,
  advertIntervalMs: 1000,
  gratuitousArpDelayMs: 5000,
  master: { address: "10.0.0.1", priority: 100 },
  unicastPeers: null,
  handedOver: false,
  waitingFor: null,
  witness: null,
  addresses: ["10.0.0.100/24", "10.0.0.101/32"],
  excludedAddresses: ["192.0.2.1/32"],
  routes: [],
  rules: [],
  syncGroup: "G1",
  faults: [],
  lastTransition: {
    from: "BACKUP",
    to: "MASTER",
    at: "2026-01-02T03:04:05.678Z",
    reason: "no advert from 10.0.0.2 for 3.61 s",
  },
  twoMasters: null,
  duplicateAddresses: [],
  addressDifference: null,
  counters: { ...newCounters(), advertSent: 7, becomeMaster: 1, gratuitousArpSent: 10 },
};

/** An IPv6 instance that waits for its interface. */
export const outside: InstanceStatus = {
  ...inside,
  name: "VI_2",
  interface: "eth1.100",
  family: "ipv6",
  vrid: 7,
  state: "FAULT",
  basePriority: 200,
  effectivePriority: 150,
  sourceAddress: null,
  advertIntervalMs: 250,
  master: null,
  addresses: ["fe80::100/128", "2001:db8::100/64"],
  excludedAddresses: [],
  routes: [],
  rules: [],
  faults: ["interface eth1.100 is down"],
  lastTransition: {
    from: "INIT",
    to: "FAULT",
    at: "2026-01-02T03:00:00.000Z",
    reason: "interface eth1.100 is down",
  },
  counters: newCounters(),
};

/** The whole node. */
export const example: Snapshot = {
  version: "1.2.3",
  node: "node1",
  pid: 4711,
  startedAt: "2026-01-02T03:00:00.000Z",
  config: {
    file: "/etc/keepalived/keepalived.conf",
    loadedAt: "2026-01-02T03:00:00.500Z",
    reloads: 2,
    refused: null,
  },
  instances: [inside, outside],
  syncGroups: [{ name: "G1", state: "FAULT", members: ["VI_1", "VI_2"] }],
  bfdSessions: [],
  statics: [],
  trackers: [],
  resources: [],
  virtualServers: [],
  maintenance: null,
  stalls: { count: 0, longestMs: 0, lastAt: null },
  unmatchedPackets: { malformed: 3, unknownVrid: 4 },
  lostPackets: 5,
  unmatchedBfdPackets: { malformed: 0, unknownSession: 0 },
};

const unwanted = (): never => assert.fail("nobody asks for it");

/** Control of a daemon of which nothing is asked. */
export const nothingAsked: ControlTarget = {
  reload: unwanted,
  plan: unwanted,
  failover: unwanted,
  maintenance: unwanted,
  overrideServers: unwanted,
  stop: unwanted,
};
