/**
 * What a configuration asks of trackers, and of the virtual routers that use them.
 */
import type { CommandPlan, Duration } from "../base/mod.ts";
import type { ProbePlan } from "./probe_plan.ts";

/** The kinds of what can be tracked. */
export type TrackerKind =
  | "interface"
  | "script"
  | "file"
  | "process"
  | "bfd"
  | "virtual_server"
  | "probe";

/** When something is run again and again, and what its ends count for. */
export interface RunPlan {
  /** From one start to the next. */
  readonly interval: Duration;
  /** How long one run may take. */
  readonly timeout: Duration;
  /** Successes in a row until it is good again, at least 1. */
  readonly rise: number;
  /** Failures in a row until it is bad, at least 1. */
  readonly fall: number;
  /** Whether it counts as bad until its first success. */
  readonly initFail: boolean;
}

/** One `vrrp_script`. */
export interface ScriptPlan extends RunPlan {
  readonly kind: "script";
  readonly name: string;
  readonly command: CommandPlan;
}

/** One `track_file`. */
export interface FilePlan {
  readonly kind: "file";
  readonly name: string;
  readonly path: string;
  /** The file is made at the start, or written anew with `overwrite`. */
  readonly init?: { readonly value: number; readonly overwrite: boolean };
}

/** One `vrrp_track_process`. */
export interface ProcessPlan {
  readonly kind: "process";
  readonly name: string;
  /** The name of the process, or its whole command line, by `fullCommand`. */
  readonly words: readonly string[];
  readonly fullCommand: boolean;
  /** How the parameters after the first word are compared. */
  readonly parameters: "any" | "exact" | "initial" | "partial";
  /** Least number of processes. */
  readonly quorum: number;
  /** Largest number of processes; absent for no limit. */
  readonly quorumMax?: number;
  /** Wait before believing that there are more. */
  readonly forkDelay: Duration;
  /** Wait before believing that there are fewer. */
  readonly terminateDelay: Duration;
}

/** Something that a configuration defines for tracking. */
export type TrackerPlan = ScriptPlan | FilePlan | ProcessPlan | ProbePlan;

/** One line of `track_script` and its like, with everything that it inherits. */
export interface TrackUse {
  readonly kind: TrackerKind;
  /** The name of the tracker; of the interface or BFD session. */
  readonly name: string;
  /** -254 to 254; 0 is FAULT. */
  readonly weight: number;
  /** Good and bad change places. */
  readonly reverse: boolean;
  /** The sync group that tracks it; absent when the instance does so itself. */
  readonly group?: string;
}

/** What one virtual router tracks; the interface that it runs on is not among it. */
export interface TrackingPlan {
  /** The name of the instance. */
  readonly name: string;
  readonly uses: readonly TrackUse[];
}

/** How an interface is asked for its link. */
export type LinkMethod = "mii" | "ethtool" | "ioctl";

/** What is believed of an interface's link, and when. */
export interface LinkPlan {
  /** The name of the interface. */
  readonly name: string;
  /** `interface_up_down_delays`: wait before a loss is believed. */
  readonly downDelay: Duration;
  /** Wait before a return is believed. */
  readonly upDelay: Duration;
  /** `linkbeat_interfaces`: asked once a second, by this method first; absent to be told. */
  readonly poll?: LinkMethod;
}

/** A tracker in one word, for tables: kinds may use the same name. */
export function trackerKey(
  { kind, name }: { readonly kind: string; readonly name: string },
): string {
  return `${kind} ${name}`;
}
