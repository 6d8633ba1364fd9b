/**
 * What the status room needs of a daemon, stated by the room that uses it. The host offers the
 * same and more (`lib/host/port.ts`); the compiler compares both where they are put together.
 */
import type { Snapshot } from "../engine/mod.ts";

/** Where answers come from. */
export interface StatusSource {
  /** How everything is at this moment. */
  snapshot(): Snapshot;
  /** True from the moment the daemon was asked to end. */
  stopping(): boolean;
}

/** What a reload did; `diagnostics` go to the person as they are. */
export interface ReloadReport {
  readonly applied: boolean;
  readonly changes: readonly string[];
  readonly diagnostics: readonly unknown[];
}

/** What a reload would do; blocks and diagnostics go to the person as they are. */
export interface PlanReport {
  readonly file: string;
  readonly possible: boolean;
  readonly blocks: readonly unknown[];
  readonly untouched: number;
  readonly diagnostics: readonly unknown[];
}

/** What can be asked of a daemon by somebody who may. */
export interface ControlTarget {
  reload(): Promise<ReloadReport>;
  plan(file?: string): Promise<PlanReport>;
  stop(): void;
}
