/**
 * What a file says of the process that runs it: how urgent it is, where it runs, whether it may be
 * swapped out, the mask of its files and its network namespace. A setting is absent when nobody
 * said it; the host then leaves things as it found them.
 */
import type { Words } from "./words.ts";

/** The settings of the process. */
export interface ProcessPlan {
  /** `vrrp_rt_priority`, 1 to 99 (sched(7)). */
  readonly realtimePriority?: number;
  /** `vrrp_rlimit_rttime`: microseconds without a pause that a real-time process is allowed. */
  readonly realtimeLimit?: number;
  /** `max_auto_priority`: how far lateness raises the real-time priority; 0 and -1 for not. */
  readonly autoPriority?: number;
  /** `min_auto_priority_delay`: lateness that raises it, in microseconds. */
  readonly autoPriorityDelay?: number;
  /** `vrrp_priority`: the nice value. */
  readonly nice?: number;
  /** `vrrp_no_swap` */
  readonly noSwap?: true;
  /** `vrrp_cpu_affinity`: numbers of processors. */
  readonly processors?: readonly number[];
  /** `umask` */
  readonly umask?: number;
  /** `process_name` */
  readonly name?: string;
  /** `net_namespace` */
  readonly netNamespace?: string;
}

/** The same while it is being read. */
export type ProcessDraft = { -readonly [Key in keyof ProcessPlan]?: ProcessPlan[Key] };

/** keepalived's lateness that raises the priority, in microseconds. */
export const defaultAutoPriorityDelay = 1_000_000;

/** The settings in the words of the configuration. */
export function processWords(plan: ProcessPlan = {}): Words {
  const { umask, processors } = plan;
  return [
    ["vrrp_rt_priority", numberOr(plan.realtimePriority, "none")],
    ["vrrp_rlimit_rttime", numberOr(plan.realtimeLimit, "none")],
    ["max_auto_priority", numberOr(plan.autoPriority, "0")],
    ["min_auto_priority_delay", String(plan.autoPriorityDelay ?? defaultAutoPriorityDelay)],
    ["vrrp_priority", numberOr(plan.nice, "as started")],
    ["vrrp_no_swap", plan.noSwap === true ? "on" : "off"],
    ["vrrp_cpu_affinity", processors === undefined ? "as started" : processors.join(" ")],
    ["umask", umask === undefined ? "as started" : `0${umask.toString(8)}`],
    ["process_name", plan.name ?? "as started"],
    ["net_namespace", plan.netNamespace ?? "as started"],
  ];
}

function numberOr(value: number | undefined, otherwise: string): string {
  return value === undefined ? otherwise : String(value);
}
