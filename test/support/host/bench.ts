/**
 * A host on a bench: its engine is a puppet, its only link is eth0 with 10.0.0.1/24, and on the
 * other end of the segment is another such host with 10.0.0.2/24.
 */
import type { Duration, IfIndex, Instant } from "../../../lib/base/mod.ts";
import type { Effect } from "../../../lib/engine/mod.ts";
import type { Heard } from "./puppet.ts";

/** One host. */
export interface Side {
  /** Has the engine ask for these effects. */
  perform(...effects: readonly Effect[]): void;
  /** What the engine was told, in order. */
  readonly heard: readonly Heard[];
  readonly ifIndex: IfIndex;
  /** The addresses of its link, as its kernel shows them. */
  addresses(): string[];
  now(): Instant;
  /** The engine wants to be called after so long. */
  callAfter(duration: Duration): Instant;
}

/** What both ends, and those who change things from outside, can do. */
export interface Bench {
  readonly near: Side;
  readonly far: Side;
  /** Goes on until something is so; fails when it never is. */
  until(what: string, holds: () => boolean): Promise<void>;
  /** Takes the link of the near host up or down. */
  setUp(up: boolean): void;
  /** Somebody else adds an address to the near host, or deletes it. */
  change(address: string, present: boolean): void;
  /** A file that the near host can watch; absent: it is removed. */
  write(text: string | undefined): string;
  /** A script that runs so long and ends with this exit status. */
  script(takes: Duration, exit: number): readonly string[];
  close(): void;
}
