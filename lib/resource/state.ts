/**
 * The words of one set of resources: what each is in, what runs for it, what the set asks for.
 */
import {
  type CommandEnd,
  type CommandPlan,
  type Duration,
  type Instant,
  never,
} from "../base/mod.ts";
import type { ResourcePlan, ResourcesPlan } from "./plan.ts";

/**
 * What a resource is in. `unknown`: nobody has looked yet, or nobody can. `failed`: it may be half
 * there and has to be stopped. `stuck`: everything was tried, and it still could not be stopped.
 */
export type ResourceState =
  | "unknown"
  | "stopped"
  | "starting"
  | "active"
  | "failed"
  | "stopping"
  | "stuck";

/** What is run for a resource. */
export type ResourceAction = "start" | "stop" | "status" | "fence";

/** What is wanted of all resources of a set. */
export type Wish =
  /** Active, in order. */
  | "run"
  /** Stopped, in reverse. */
  | "rest"
  /** Looked at and left as they are: whether the role is here is not decided yet. */
  | "wait";

/** What went wrong last with a resource. */
export interface ResourceFailure {
  readonly at: Instant;
  readonly action: ResourceAction;
  /** Such as `exit 1` or `timeout`. */
  readonly detail: string;
}

/** What follows a failure. */
export type Consequence =
  /** It is stopped and started again. */
  | { readonly kind: "retry"; readonly attempt: number; readonly of: number }
  | { readonly kind: "give-up" }
  /** A harder attempt to stop it follows. */
  | { readonly kind: "escalate" }
  | { readonly kind: "fence" }
  /** Nothing is left to be tried. */
  | { readonly kind: "stuck" }
  /** Nobody knew whether it was there at all. */
  | { readonly kind: "none" };

/** A command of a resource that has not ended. */
export interface Run {
  readonly action: ResourceAction;
  readonly resource: Resource;
  /** By which the host knows it. */
  id: number | undefined;
  /** The last line that it has said; empty for none. */
  said: string;
  /** When the next signal goes out. */
  signalAt: Instant;
  signals: number;
}

/** One resource; only the functions of this room write to it. */
export interface Resource {
  plan: ResourcePlan;
  state: ResourceState;
  /** Since when it is in it. */
  since: Instant;
  /** Failures since it was well for long, or since the role came. */
  failures: number;
  lastFailure: ResourceFailure | undefined;
  /** It has to be stopped before it, or what stands before it, is started. */
  mustStop: boolean;
  /** No longer in the configuration: gone as soon as it is stopped. */
  retired: boolean;
  /** Nobody need look: it was looked at, or its state follows from what was run. */
  looked: boolean;
  /** The next start is not before. */
  startAt: Instant;
  /** When its status is looked at next. */
  probeAt: Instant;
  probe: Run | undefined;
  /** When one that is stuck is tried again. */
  againAt: Instant;
}

/** A set of resources; only the functions of this room write to it. */
export interface ResourceSet {
  plan: ResourcesPlan;
  resources: Resource[];
  wish: Wish;
  /** Nothing is started before. */
  startAt: Instant;
  /** The one step that is under way. */
  step: Step | undefined;
  /** When `passSet` has something to do. */
  deadline: Instant;
}

/** One step of a set: a resource is looked at, started or stopped. */
export interface Step {
  readonly resource: Resource;
  readonly kind: "status" | "start" | "stop";
  /** Nobody knew whether it was there: that stopping fails means nothing. */
  readonly unsure: boolean;
  /** When it began. */
  readonly at: Instant;
  /** Which attempt to stop it comes next, or runs. */
  attempt: number;
  /** When it comes, if nothing runs. */
  nextAt: Instant;
  run: Run | undefined;
}

/** What a set asks for, in order. */
export type ResourceOutput =
  /** Run it, and say by `id` of the run how it is known. */
  | { readonly kind: "run"; readonly run: Run; readonly command: CommandPlan }
  | { readonly kind: "signal"; readonly run: number; readonly signal: "TERM" | "KILL" }
  /** Put addresses, or routes and rules, in place, or take them away. */
  | { readonly kind: "place"; readonly what: "address" | "route"; readonly up: boolean }
  | {
    readonly kind: "changed";
    readonly resource: Resource;
    readonly to: "active" | "stopped";
    /** Absent when it was found so. */
    readonly took?: Duration;
  }
  | {
    readonly kind: "failed";
    readonly resource: Resource;
    readonly failure: ResourceFailure;
    readonly then: Consequence;
  }
  /** Everything was tried: the role is to be given away. */
  | { readonly kind: "gave-up"; readonly resource: Resource; readonly failure: ResourceFailure };

/** How a run ended; one that did not end in time, even after KILL, is left to itself. */
export type RunEnd = CommandEnd | { readonly kind: "timeout" };

/** A resource that nobody has looked at. */
export function newResource(plan: ResourcePlan, now: Instant): Resource {
  return {
    plan,
    state: isPlace(plan) ? "stopped" : "unknown",
    since: now,
    failures: 0,
    lastFailure: undefined,
    mustStop: false,
    retired: false,
    looked: false,
    startAt: now,
    probeAt: never,
    probe: undefined,
    againAt: never,
  };
}

/** Whether it is the place of addresses or routes, which the daemon itself puts there. */
export function isPlace({ subject: { kind } }: ResourcePlan): boolean {
  return kind === "address" || kind === "route";
}
