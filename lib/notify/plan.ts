/**
 * What a configuration asks to be told, and to whom.
 */
import type { CommandPlan, Duration, Identity } from "../base/mod.ts";

/** What changes state and can be told of: a virtual router, a sync group, servers. */
export type SubjectKind = "INSTANCE" | "GROUP" | "VS" | "RS";

/** The states of notifications, in keepalived's words; those of servers are the last two. */
export type NotifiedState =
  | "BACKUP"
  | "MASTER"
  | "FAULT"
  | "STOP"
  | "DELETED"
  | "UP"
  | "DOWN";

/** What two nodes can be at odds about. */
export type Conflict = "TWO_MASTERS" | "ADDRESS_LIST" | "DUPLICATE_ADDRESS";

/** The scripts of one `vrrp_instance`, `vrrp_sync_group`, `virtual_server` or `real_server`. */
export interface NotifyPlan {
  readonly kind: SubjectKind;
  readonly name: string;
  /** What FIFOs call a server, with its kind. */
  readonly fifoName?: string;
  /** `notify_master` and its like; `notify_deleted` with a script is the one of DELETED. */
  readonly scripts: { readonly [State in NotifiedState]?: CommandPlan };
  /** `notify`: run on every change, with kind, name, state and priority after its own words. */
  readonly always?: CommandPlan;
  /** `notify_master_rx_lower_pri`. */
  readonly lowerPriority?: CommandPlan;
  /** `notify_conflict`: run when somebody else acts as if the addresses were its. */
  readonly conflict?: CommandPlan;
  /** `smtp_alert`, where mail is sent at all. */
  readonly mails?: boolean;
  /** `smtp_alert`, where a webhook may want to know. */
  readonly alerts?: boolean;
  /** `notify_deleted`: an instance that a reload takes away is DELETED, not in FAULT. */
  readonly tellsDeleted: boolean;
  /** `notify_priority_changes`: a line for the FIFOs when the priority changes. */
  readonly priorityChanges: boolean;
}

/** A FIFO that takes a line for every change, and who reads it. */
export interface FifoPlan {
  /** Which events: `notify_fifo`, `vrrp_notify_fifo`, `lvs_notify_fifo`. */
  readonly kind: "all" | "vrrp" | "lvs";
  /** Its path. */
  readonly name: string;
  /** Who owns the FIFO; the daemon's own user when absent. */
  readonly owner?: Identity;
  /** Started once, with the path of the FIFO after its own words. */
  readonly reader?: CommandPlan;
}

/** A script that the daemon runs for itself, and how long it waits for it. */
export interface DaemonScriptPlan {
  readonly command: CommandPlan;
  readonly timeout: Duration;
}

/** `startup_script`, before everything else, and `shutdown_script`, after everything else. */
export interface DaemonScriptPlans {
  readonly startup?: DaemonScriptPlan;
  readonly shutdown?: DaemonScriptPlan;
}
