/**
 * The trackers of one engine: each machine in its place, who uses it, and what runs for it.
 */
import type { Instant } from "../base/mod.ts";
import {
  type Contribution,
  contribution,
  type Debounce,
  type LinkPlan,
  type ProbePlan,
  type Script,
  type TrackedFile,
  type TrackedProcess,
  trackerKey,
  type TrackUse,
  type Verdict,
} from "../track/mod.ts";
import { Deadlines } from "./deadlines.ts";
import type { World } from "./world.ts";

interface Place {
  readonly key: string;
  readonly name: string;
  /** Since when it has its verdict. */
  since: Instant;
  /** No longer in the configuration; it only waits for the end of its run. */
  retired: boolean;
}

/** A tracker in its place. */
export type Tracker =
  | Place & { readonly kind: "script"; readonly machine: Script }
  | Place & { readonly kind: "file"; readonly machine: TrackedFile }
  | Place & { readonly kind: "process"; readonly machine: TrackedProcess }
  | Place & { readonly kind: "probe"; readonly machine: Script<ProbePlan> }
  /** What somebody else judges: the tables of the kernel, a BFD session, a quorum. */
  | Place & { readonly kind: JudgedElsewhere; readonly machine: { verdict: Verdict } };

/** Kinds that somebody else judges, and the word of whom counts at once. */
export type JudgedElsewhere = "interface" | "bfd" | "virtual_server";

/** The link of an interface that is not simply what the kernel says. */
export interface LinkState {
  readonly kind: "link";
  plan: LinkPlan;
  /** What it answered when it was asked last; `true` before that. */
  beat: boolean;
  readonly belief: Debounce;
}

/** Everything that is tracked. */
export interface Tracked {
  readonly trackers: Map<string, Tracker>;
  /** What each instance tracks, by its name. */
  readonly uses: Map<string, readonly TrackUse[]>;
  /** Probes that others count, by their keys. */
  readonly counted: Set<string>;
  /** Whether an instance has a witness. */
  witnessed: boolean;
  /** Names of instances by the tracker that they use. */
  readonly users: Map<string, readonly string[]>;
  readonly links: Map<string, LinkState>;
  /** Who a running command belongs to. */
  readonly runs: Map<number, Tracker>;
  readonly deadlines: Deadlines<Tracker | LinkState>;
  nextRun: number;
}

/** Nothing is tracked. */
export function newTracked(): Tracked {
  return {
    trackers: new Map(),
    uses: new Map(),
    counted: new Set(),
    witnessed: false,
    users: new Map(),
    links: new Map(),
    runs: new Map(),
    deadlines: new Deadlines(),
    nextRun: 1,
  };
}

/** One tracker of an instance and what it does to it. */
export interface Effected {
  readonly use: TrackUse;
  readonly tracker: Tracker | undefined;
  readonly effect: Contribution;
}

/** What every tracker of an instance does to it, in the order of the file. */
export function effectsOn(world: World, instance: string): Effected[] {
  const { uses, trackers } = world.tracked;
  return (uses.get(instance) ?? []).map((use) => {
    const tracker = trackers.get(trackerKey(use));
    return { use, tracker, effect: contribution(use, tracker?.machine.verdict ?? unknown) };
  });
}

const unknown: Verdict = { kind: "unknown" };

/** What changes the priority of an instance, each as `script check -20`. */
export function reasonsOf(world: World, instance: string): string[] {
  return effectsOn(world, instance).flatMap(({ use, effect }) => {
    if (effect.kind !== "priority" || effect.change === 0) return [];
    return [`${trackerKey(use)} ${effect.change > 0 ? "+" : ""}${effect.change}`];
  });
}
