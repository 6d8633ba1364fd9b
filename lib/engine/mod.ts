/**
 * `step(event, now) → effects` is the whole daemon: events are routed to the rooms that decide,
 * their outputs become effects. No clock, no randomness, no I/O.
 */
export {
  describeOverride,
  nftName,
  nftRemoval,
  type OverriddenServer,
  type OverrideAction,
  serversMeant,
} from "../balance/mod.ts";
export type { CheckStatus, RealServerStatus, VirtualServerStatus } from "./balance_status.ts";
export type { BalanceTell } from "./balance_tell.ts";
export * from "./effect.ts";
export * from "./engine.ts";
export * from "./event.ts";
export { isEvent, readEventLine } from "./event_line.ts";
export { Causes, type EventRecord, isAbout } from "./event_record.ts";
export type { FirewallState, FirewallTable, OnInterface } from "./firewall.ts";
export * from "./render.ts";
export type { KeptStop } from "./resource_keep.ts";
export {
  type ResourceSetStatus,
  type ResourceStatus,
  stoppingResources,
} from "./resource_status.ts";
export * from "./snapshot.ts";
export type { NodeFacts, RefusedReload } from "./status.ts";
export type { TrackerStatus, TrackUseStatus } from "./track_status.ts";
export * from "./tell.ts";
