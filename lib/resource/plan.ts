/**
 * What a configuration asks of resources: one `resources` block of an instance or a sync group.
 */
import { type CommandPlan, type Duration, formatCommand, unreachable } from "../base/mod.ts";

/** What is done about users of a file system that keep it from being unmounted. */
export type BusyPolicy =
  /** They get TERM, then KILL. */
  | "kill"
  /** The same, and then it is detached while they still use it (`umount -l`). */
  | "lazy"
  /** It is tried again until the stop timeout. */
  | "wait";

/** Limits of one resource. */
export interface ResourceLimits {
  /** How long a start may take. */
  readonly startTimeout: Duration;
  /** How long each attempt to stop it may take. */
  readonly stopTimeout: Duration;
  /** How long a look at its status may take; then it counts as failed. */
  readonly statusTimeout: Duration;
  /** Between two looks at its status while it is active; 0 is never. */
  readonly interval: Duration;
  /** How often it is started again after failures before the role is given away. */
  readonly retry: number;
}

/** What one resource is, without its limits: two of the same are the same one. */
export type ResourceSubject =
  | {
    readonly kind: "filesystem";
    readonly device: string;
    /** The mount point. */
    readonly directory: string;
    /** Of the file system, such as `ext4`. */
    readonly type: string;
    /** For `mount -o`. */
    readonly options?: string;
    readonly busy: BusyPolicy;
  }
  | { readonly kind: "service"; readonly service: string }
  | {
    readonly kind: "nfs_export";
    readonly directory: string;
    /** Hosts or networks, separated by commas. */
    readonly clients: string;
    /** For `exportfs -o`. */
    readonly options: string;
  }
  | {
    readonly kind: "script";
    readonly start: CommandPlan;
    readonly stop: CommandPlan;
    /** Exit 0 while it is active; absent: nobody looks. */
    readonly status?: CommandPlan;
  }
  /** The place of the addresses, or of the routes and rules, in the order. */
  | { readonly kind: "address" }
  | { readonly kind: "route" };

/** What a resource can be. */
export type ResourceKind = ResourceSubject["kind"];

/** One resource. */
export interface ResourcePlan {
  readonly subject: ResourceSubject;
  readonly limits: ResourceLimits;
}

/** One `resources` block. */
export interface ResourcesPlan {
  /** Whose they are. */
  readonly kind: "INSTANCE" | "GROUP";
  readonly name: string;
  /** In the order in which they are started. */
  readonly resources: readonly ResourcePlan[];
  /** How long a new master waits before the first start: for the other one to have stopped. */
  readonly startDelay: Duration;
  /** How long the role is not taken after it was given away because of a failure. */
  readonly holdOff: Duration;
  /** The last resort for what can not be stopped; exit 0 means that it is. */
  readonly fence?: CommandPlan;
}

/** What people call a resource. */
export function resourceName({ subject }: ResourcePlan): string {
  switch (subject.kind) {
    case "filesystem":
    case "nfs_export":
      return `${subject.kind} ${subject.directory}`;
    case "service":
      return `service ${subject.service}`;
    case "script":
      return `script ${formatCommand(subject.start)}`;
    case "address":
    case "route":
      return subject.kind;
    default:
      return unreachable(subject);
  }
}
