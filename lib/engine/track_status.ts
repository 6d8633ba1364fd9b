/**
 * Trackers in the snapshot: each by itself, and what each does to an instance.
 */
import type { Instant } from "../base/mod.ts";
import type { Contribution, TrackerKind, Verdict } from "../track/mod.ts";
import { detailOf } from "./judged.ts";
import { effectsOn, type Tracker } from "./tracked.ts";
import type { World } from "./world.ts";

/** One tracker as shown to people. */
export interface TrackerStatus {
  readonly kind: TrackerKind;
  readonly name: string;
  /** `number` for files, whose value says what they do. */
  readonly state: Verdict["kind"];
  /** The number in a file; null for other kinds. */
  readonly value: number | null;
  /** Since when it is so. */
  readonly since: string;
  /** How it came to that, such as `exit 1`; null where there is no more to say. */
  readonly detail: string | null;
  /** The instances that use it. */
  readonly instances: readonly string[];
}

/** One tracker of an instance as shown to people. */
export interface TrackUseStatus {
  readonly kind: TrackerKind;
  readonly name: string;
  /** The sync group that tracks it; null when the instance does so itself. */
  readonly group: string | null;
  readonly weight: number;
  readonly reverse: boolean;
  readonly state: Verdict["kind"];
  readonly value: number | null;
  readonly since: string | null;
  readonly detail: string | null;
  /** `fault` holds it in FAULT, `untested` in INIT, `priority` adds `change`. */
  readonly effect: Contribution["kind"];
  /** What it adds to the priority. */
  readonly change: number;
}

/** All trackers. */
export function describeTrackers(world: World, at: (instant: Instant) => string): TrackerStatus[] {
  return Array.from(world.tracked.trackers.values(), (tracker) => ({
    kind: tracker.kind,
    name: tracker.name,
    ...stateOf(tracker),
    since: at(tracker.since),
    detail: detailOf(world, tracker) ?? null,
    instances: world.tracked.users.get(tracker.key) ?? [],
  }));
}

/** What trackers do to an instance. */
export function describeUses(
  world: World,
  instance: string,
  at: (instant: Instant) => string,
): TrackUseStatus[] {
  return effectsOn(world, instance).map(({ use, tracker, effect }) => ({
    kind: use.kind,
    name: use.name,
    group: use.group ?? null,
    weight: use.weight,
    reverse: use.reverse,
    ...(tracker === undefined ? { state: "unknown" as const, value: null } : stateOf(tracker)),
    since: tracker === undefined ? null : at(tracker.since),
    detail: tracker === undefined ? null : detailOf(world, tracker) ?? null,
    effect: effect.kind,
    change: effect.kind === "priority" ? effect.change : 0,
  }));
}

function stateOf({ machine: { verdict } }: Tracker): Pick<TrackerStatus, "state" | "value"> {
  return { state: verdict.kind, value: verdict.kind === "number" ? verdict.value : null };
}
