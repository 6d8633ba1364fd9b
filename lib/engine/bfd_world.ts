/**
 * The BFD sessions of one engine and the ways to find them. Empty, and looked at by nobody, when no
 * `bfd_instance` is configured.
 */
import type { Instant } from "../base/mod.ts";
import type { BfdOutput, Session } from "../bfd/mod.ts";
import { Deadlines } from "./deadlines.ts";

/** A session in its place. */
export interface BfdSlot {
  readonly session: Session;
  /** When a refused socket is tried again; `never` otherwise. */
  retryAt: Instant;
  /** What the machine asked for and is not yet turned into effects. */
  readonly out: BfdOutput[];
  /** What was told since the session last changed; once is enough. */
  readonly told: Set<string>;
}

/** All sessions. */
export interface BfdWorld {
  readonly slots: Map<string, BfdSlot>;
  /** The path of most packets: by Your Discriminator. */
  readonly byDiscriminator: Map<number, BfdSlot>;
  readonly deadlines: Deadlines<BfdSlot>;
  readonly unmatched: { malformed: number; unknownSession: number };
}

/** No sessions. */
export function newBfdWorld(): BfdWorld {
  return {
    slots: new Map(),
    byDiscriminator: new Map(),
    deadlines: new Deadlines(),
    unmatched: { malformed: 0, unknownSession: 0 },
  };
}
