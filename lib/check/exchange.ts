/**
 * What is said over a connection, without the connection: octets in, octets out, until it is known
 * how the check ended. Whoever has the connection calls `open` once, `take` for all that arrives
 * and `end` when the other side has closed, and nothing more after `done`. Everything that is kept
 * is bounded, whatever the other side sends.
 */

/** What comes of some octets. */
export type Said =
  /** It goes on; perhaps something is to be sent. */
  | { readonly kind: "more"; readonly send?: Uint8Array }
  | Done;

/** The end of an exchange. */
export interface Done {
  readonly kind: "done";
  /** Absent when all went well so far. */
  readonly failure?: string;
  /** The body in which a pattern is to be looked for. */
  readonly body?: Uint8Array;
  /** The line of an agent. */
  readonly answer?: string;
}

/** One exchange over a connection that keeps the order of octets. */
export interface Exchange {
  /** What is sent first; absent where the other side speaks first. */
  open(): Uint8Array | undefined;
  take(bytes: Uint8Array): Said;
  /** The other side has closed. */
  end(): Done;
}

/** An MD5 that is being computed; the implementation is the host's. */
export interface RunningDigest {
  update(bytes: Uint8Array): void;
  /** Hexadecimal, lower case. */
  finish(): string;
}

/** Nothing yet. */
export const more: Said = { kind: "more" };

/** It went wrong. */
export function failed(failure: string): Done {
  return { kind: "done", failure };
}
