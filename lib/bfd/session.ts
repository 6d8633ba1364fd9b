/**
 * One session's variables (RFC 5880 §6.8.1) and what it asks for. The machine is in `machine.ts`;
 * deadlines are absolute instants, and the only randomness is a sequence whose seed the host gives.
 */
import { type Duration, type Instant, microseconds, never, Random } from "../base/mod.ts";
import { bfdDiagnostic, type BfdFields, type BfdState } from "../wire/mod.ts";
import type { BfdPlan } from "./plan.ts";

/** What the neighbour said last. */
export interface Neighbor {
  /** bfd.RemoteDiscr; 0 while nothing was heard for a detection time. */
  readonly discriminator: number;
  /** bfd.RemoteSessionState. */
  readonly state: BfdState;
  readonly diagnostic: number;
  readonly multiplier: number;
  readonly desiredMinTx: Duration;
  /** bfd.RemoteMinRxInterval; 0 asks for silence. */
  readonly requiredMinRx: Duration;
  /** bfd.RemoteDemandMode. */
  readonly demand: boolean;
}

/** Intervals that are announced, or in use. */
export interface Intervals {
  /** bfd.DesiredMinTxInterval */
  readonly minTx: Duration;
  /** bfd.RequiredMinRxInterval */
  readonly minRx: Duration;
}

/** Why a session changed its state. */
export type BfdCause =
  | { readonly kind: "opened" }
  | { readonly kind: "closed" }
  | { readonly kind: "heard"; readonly state: BfdState; readonly diagnostic: number }
  | { readonly kind: "detection-time-expired"; readonly detectionTime: Duration };

/** What a session counts. */
export interface BfdCounters {
  sent: number;
  received: number;
  /** Packets that were for the session and were discarded. */
  dropped: number;
  /** Times that it came Up, and left it. */
  wentUp: number;
  wentDown: number;
}

/** One thing to be done or told, in order. */
export type BfdOutput =
  | { readonly kind: "send"; readonly packet: BfdFields }
  | {
    readonly kind: "changed";
    readonly from: BfdState;
    readonly to: BfdState;
    readonly cause: BfdCause;
  };

/** One session; written to by this room only. */
export interface Session {
  plan: BfdPlan;
  /** Jitter and discriminators; the host gives the seed when the socket is open. */
  random: Random;
  /** Whether another session of this node has the discriminator. */
  readonly isTaken: (discriminator: number) => boolean;
  /** bfd.SessionState */
  state: BfdState;
  /** bfd.LocalDiag */
  diagnostic: number;
  /** bfd.LocalDiscr; 0 until the session is opened. */
  discriminator: number;
  neighbor: Neighbor;
  announced: Intervals;
  /** What counts until a Poll Sequence has told the neighbour (RFC 5880 §6.8.3). */
  used: Intervals;
  polling: boolean;
  /** The interval that `sendAt` was computed with. */
  interval: Duration;
  sentAt: Instant | undefined;
  /** When the next periodic packet is due. */
  sendAt: Instant;
  /** When the neighbour counts as gone. */
  detectAt: Instant;
  changedAt: Instant;
  readonly counters: BfdCounters;
}

/** An interval that never ends. */
export const endless: Duration = never as number as Duration;

/** What is known of a neighbour that was not heard (RFC 5880 §6.8.1). */
export const unheard: Neighbor = {
  discriminator: 0,
  state: "Down",
  diagnostic: bfdDiagnostic.none,
  multiplier: 0,
  desiredMinTx: microseconds(0),
  requiredMinRx: microseconds(1),
  demand: false,
};

/** A session that is AdminDown until it is opened. */
export function newSession(
  plan: BfdPlan,
  now: Instant,
  isTaken: (discriminator: number) => boolean,
): Session {
  const idle = { minTx: plan.idleTx, minRx: plan.minRx };
  return {
    plan,
    random: new Random(0),
    isTaken,
    state: "AdminDown",
    diagnostic: bfdDiagnostic.none,
    discriminator: 0,
    neighbor: unheard,
    announced: idle,
    used: idle,
    polling: false,
    interval: endless,
    sentAt: undefined,
    sendAt: never,
    detectAt: never,
    changedAt: now,
    counters: { sent: 0, received: 0, dropped: 0, wentUp: 0, wentDown: 0 },
  };
}

/** "A unique, nonzero discriminator value" (RFC 5880 §4.1), hard to guess (§6.8.1). */
export function drawDiscriminator({ random, isTaken }: Session): number {
  for (;;) {
    const drawn = random.below(0x1_0000_0000);
    if (drawn !== 0 && !isTaken(drawn)) return drawn;
  }
}
