/**
 * Schemas of virtual routers, their groups and what they depend on.
 */
import * as z from "zod/mini";
import { counterNames } from "../../vrrp/mod.ts";
import type {
  BfdSessionStatus,
  InstanceStatus,
  ResourceSetStatus,
  SyncGroupStatus,
  TrackerStatus,
  TrackUseStatus,
} from "../../engine/mod.ts";
import {
  count,
  milliseconds,
  named,
  noted,
  number,
  type Schema,
  text,
  time,
  truth,
} from "./words.ts";

const state = z.enum(["INIT", "BACKUP", "MASTER", "FAULT", "STOPPED"]);
const verdict = z.enum(["unknown", "good", "bad", "number"]);
const trackerKind = z.enum([
  "interface",
  "script",
  "file",
  "process",
  "bfd",
  "virtual_server",
  "probe",
]);
const texts = z.array(text);
const priority = z.number().check(z.int(), z.minimum(0), z.maximum(255));

const use: Schema<TrackUseStatus> = z.object({
  kind: trackerKind,
  name: text,
  group: noted("The sync group that tracks it; null for the instance itself", z.nullable(text)),
  weight: number,
  reverse: truth,
  state: verdict,
  value: noted("The number in a file", z.nullable(number)),
  since: z.nullable(time),
  detail: z.nullable(text),
  effect: noted("What it does to the instance", z.enum(["priority", "fault", "untested"])),
  change: noted("What it adds to the priority", number),
});

const duplicate = z.object({
  address: text,
  interface: text,
  hardwareAddress: z.nullable(text),
  since: time,
  lastAt: time,
  claims: count,
  likelyCause: text,
});

const router = z.object({ address: text, priority });

/** One virtual router. */
export const instance: Schema<InstanceStatus> = named(
  "Instance",
  "One virtual router",
  z.object({
    name: text,
    interface: text,
    family: z.enum(["ipv4", "ipv6"]),
    version: z.union([z.literal(2), z.literal(3)]),
    vrid: z.number().check(z.int(), z.minimum(1), z.maximum(255)),
    state,
    basePriority: noted("The configured priority", priority),
    effectivePriority: noted("The priority in use, with what trackers add", priority),
    sourceAddress: noted("Where its adverts come from", z.nullable(text)),
    tracking: z.array(use),
    preempt: truth,
    preemptDelayMs: milliseconds,
    advertIntervalMs: milliseconds,
    gratuitousArpDelayMs: noted(
      "Between becoming master and announcing the addresses once more",
      milliseconds,
    ),
    master: noted("Who is master as far as this node knows", z.nullable(router)),
    unicastPeers: noted(
      "Where adverts go; null with multicast",
      z.nullable(z.array(z.object({ address: text, self: truth }))),
    ),
    handedOver: truth,
    waitingFor: noted("The interface that is missing", z.nullable(text)),
    witness: z.nullable(
      z.object({ probe: text, state: z.enum(["good", "bad", "unknown"]), awaited: truth }),
    ),
    addresses: texts,
    excludedAddresses: texts,
    routes: texts,
    rules: texts,
    syncGroup: z.nullable(text),
    faults: noted("What keeps it in FAULT, in words", texts),
    lastTransition: z.object({ from: state, to: state, at: time, reason: text }),
    twoMasters: z.nullable(
      z.object({
        address: text,
        priority,
        since: time,
        adverts: count,
        likelyCause: text,
      }),
    ),
    duplicateAddresses: z.array(duplicate),
    addressDifference: z.nullable(
      z.object({ peer: text, since: time, onlyHere: texts, onlyThere: texts }),
    ),
    counters: z.record(z.enum(counterNames), count),
  }),
);

/** Instances that change their state together. */
export const syncGroup: Schema<SyncGroupStatus> = named(
  "SyncGroup",
  "Instances that change their state together",
  z.object({ name: text, state, members: texts }),
);

/** One tracker by itself. */
export const tracker: Schema<TrackerStatus> = named(
  "Tracker",
  "One tracker by itself",
  z.object({
    kind: trackerKind,
    name: text,
    state: verdict,
    value: noted("The number in a file", z.nullable(number)),
    since: time,
    detail: z.nullable(text),
    instances: noted("Who uses it", texts),
  }),
);

/** The resources of an instance or a sync group. */
export const resourceSet: Schema<ResourceSetStatus> = named(
  "ResourceSet",
  "The resources of an instance or a sync group",
  z.object({
    kind: z.enum(["INSTANCE", "GROUP"]),
    name: text,
    wanted: z.enum(["run", "rest", "wait"]),
    leaving: z.nullable(z.enum(["reload", "hand-over", "maintenance", "shutdown", "gave-up"])),
    heldOff: z.nullable(z.object({ until: time, resource: text, detail: text })),
    resources: z.array(
      z.object({
        name: text,
        kind: z.enum(["filesystem", "service", "nfs_export", "script", "address", "route"]),
        state: z.enum([
          "unknown",
          "stopped",
          "starting",
          "active",
          "failed",
          "stopping",
          "stuck",
        ]),
        since: time,
        failures: count,
        lastFailure: z.nullable(
          z.object({
            at: time,
            action: z.enum(["start", "stop", "status", "fence"]),
            detail: text,
          }),
        ),
      }),
    ),
  }),
);

const bfdState = z.enum(["AdminDown", "Down", "Init", "Up"]);

/** One BFD session. */
export const bfdSession: Schema<BfdSessionStatus> = named(
  "BfdSession",
  "One BFD session",
  z.object({
    name: text,
    neighbor: text,
    source: z.nullable(text),
    multihop: truth,
    passive: truth,
    state: bfdState,
    diagnostic: noted("Why it last left Up", z.nullable(text)),
    remoteState: bfdState,
    remoteDiagnostic: z.nullable(text),
    discriminator: count,
    remoteDiscriminator: count,
    transmitIntervalMs: z.nullable(milliseconds),
    detectionTimeMs: z.nullable(milliseconds),
    since: time,
    counters: z.object({
      sent: count,
      received: count,
      dropped: count,
      wentUp: count,
      wentDown: count,
    }),
  }),
);
