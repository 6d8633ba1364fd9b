/**
 * What the status room needs of a daemon, stated by the room that uses it. The host offers the
 * same and more (`lib/host/port.ts`); the compiler compares both where they are put together.
 */
import type { EventRecord, OverrideAction, Snapshot } from "../engine/mod.ts";

/** What was told, and what will be. */
export interface EventSource {
  /** The file that keeps them; its older part has `.1` behind it. */
  readonly path: string;
  /** Changes when an answer about what is kept may change. */
  readonly version: string;
  /** Whether all with a larger id are in memory. */
  remembers(after: number): boolean;
  /** Those with a larger id that are in memory, of one subject or of all. */
  since(question: {
    readonly after: number;
    readonly about: string | undefined;
  }): readonly EventRecord[];
  /**
   * Calls for each event that is kept, also of daemons before this one, in the order in which they
   * came. Records between them say `log-resumed` where a daemon began, with the `lastSignAt` of the
   * one before, and `events-lost` behind a gap.
   */
  history(visit: (record: EventRecord) => void): Promise<void>;
  /** Hears every further one, until the answer is called. */
  follow(listener: (record: EventRecord) => void): () => void;
}

/** Where answers come from. */
export interface StatusSource {
  /** Brings up to date what only the kernel counts; comes before `snapshot` where it matters. */
  gather?(): Promise<void>;
  /** How everything is at this moment. */
  snapshot(): Snapshot;
  readonly events: EventSource;
  /** True from the moment the daemon was asked to end. */
  stopping(): boolean;
}

/** What a reload did; `diagnostics` go to the person as they are. */
export interface ReloadReport {
  readonly applied: boolean;
  readonly changes: readonly string[];
  readonly diagnostics: readonly unknown[];
  /** Resources that it stops, as long as they are not stopped. */
  readonly stopping: readonly string[];
  /** Whether it is in effect only when these are stopped. */
  readonly pending: boolean;
}

/** What a reload would do; blocks and diagnostics go to the person as they are. */
export interface PlanReport {
  readonly file: string;
  readonly possible: boolean;
  readonly blocks: readonly unknown[];
  readonly untouched: number;
  readonly diagnostics: readonly unknown[];
}

/** What a person wants of the servers with an address. */
export interface ServerRequest {
  readonly server: string;
  readonly virtualServer?: string;
  readonly action: OverrideAction;
  readonly persist: boolean;
}

/** A server that was meant, and what holds for it now. */
export interface ServerReport {
  readonly virtualServer: string;
  readonly server: string;
  readonly state: string;
}

/** What can be asked of a daemon by somebody who may. */
export interface ControlTarget {
  reload(): Promise<ReloadReport>;
  plan(file?: string): Promise<PlanReport>;
  /** Hands over what an instance or a group is master of; answers which instances were. */
  failover(name: string): readonly string[];
  /** Takes no part for so many milliseconds, or until it is ended; or takes part again. */
  maintenance(wanted: { readonly on: boolean; readonly forMs?: number }): void;
  /** Changes servers until the next reload, or for good; none when nobody is meant. */
  overrideServers(request: ServerRequest): readonly ServerReport[];
  stop(): void;
}
