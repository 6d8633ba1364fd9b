/**
 * A scenario as plain data: the nodes with the text of their configurations, the segments, what is
 * done when, and how long it lasts. It can be written down as JSON, read again and played; the same
 * scenario gives the same history, octet by octet, on every machine.
 *
 * Times are milliseconds from the beginning, with a fraction where that is needed.
 */

/** A link of a node. */
export interface ScenarioLink {
  readonly name: string;
  readonly segment: string;
  /** Addresses that are always there, each with the length of its prefix. */
  readonly addresses: readonly string[];
}

/** A node; its daemon does not run before it is started. */
export interface ScenarioNode {
  readonly name: string;
  /** The text of its keepalived.conf. */
  readonly config: string;
  readonly links: readonly ScenarioLink[];
  /** How long the machine was up when the scenario began. */
  readonly upMs?: number;
  /** How many millionths its clock runs too fast. */
  readonly driftPpm?: number;
}

/** What a segment does to frames: see `SegmentFaults`. Probabilities are from 0 to 1. */
export interface SegmentWords {
  readonly delayMs?: number;
  readonly jitterMs?: number;
  readonly loss?: number;
  readonly burst?: readonly [lost: number, of: number];
  readonly duplication?: number;
  readonly reflection?: number;
}

/** A segment. */
export interface ScenarioSegment extends SegmentWords {
  readonly name: string;
}

/** Something that is done to a node or to a segment. */
export type Act =
  | { readonly kind: "start"; readonly node: string }
  | { readonly kind: "stop"; readonly node: string }
  /** Kills the daemon; the crash guard takes its addresses away, if it is there. */
  | { readonly kind: "crash"; readonly node: string; readonly guarded: boolean }
  /** From now on the file says this; a running daemon reads it. */
  | { readonly kind: "reload"; readonly node: string; readonly config: string }
  | { readonly kind: "stall"; readonly node: string }
  | { readonly kind: "wake"; readonly node: string }
  /** Suspends the machine; `wake` ends that, too. */
  | { readonly kind: "suspend"; readonly node: string }
  | {
    readonly kind: "link";
    readonly node: string;
    readonly link: string;
    readonly up: boolean;
    /** Who takes it down; the administrator's way takes IPv6 addresses along. */
    readonly by?: "administrator" | "carrier";
  }
  /** Somebody else adds an address, or deletes it. */
  | {
    readonly kind: "address";
    readonly node: string;
    readonly link: string;
    readonly address: string;
    readonly present: boolean;
  }
  /** Frames of a node no longer reach another one. */
  | { readonly kind: "cut"; readonly segment: string; readonly from: string; readonly to: string }
  | ({ readonly kind: "disturb"; readonly segment: string } & SegmentWords)
  /** Every fault of the segment is over. */
  | { readonly kind: "recover"; readonly segment: string }
  | { readonly kind: "drift"; readonly node: string; readonly ppm: number }
  /** Sets the clock on the wall. */
  | { readonly kind: "step-clock"; readonly node: string; readonly byMs: number }
  /** The kernel refuses; without an error number it does not any more. */
  | {
    readonly kind: "refuse";
    readonly node: string;
    readonly operation: "add-address" | "delete-address";
    readonly errno?: string;
  }
  /** The kernel answers so late. */
  | { readonly kind: "answer-late"; readonly node: string; readonly byMs: number }
  /** A script behaves like this from its next run on; without a time it does not end by itself. */
  | {
    readonly kind: "script";
    readonly node: string;
    readonly command: string;
    readonly exit: number;
    readonly takesMs?: number;
    /** It goes on in spite of TERM. */
    readonly stubborn?: boolean;
  }
  /** Writes a file, or removes it. */
  | { readonly kind: "file"; readonly node: string; readonly path: string; readonly text?: string }
  /** How a server answers the checks of a node. */
  | {
    readonly kind: "server";
    readonly node: string;
    /** Address and port, as in `10.0.0.7:80`. */
    readonly server: string;
    readonly answers: "open" | "refused" | "silent" | "mute";
  }
  | { readonly kind: "maintenance"; readonly node: string; readonly on: boolean }
  /** Has a node give up what it is master of: instances and groups by their names. */
  | { readonly kind: "hand-over"; readonly node: string; readonly names: readonly string[] };

/** An act and its time. */
export type TimedAct = Act & { readonly atMs: number };

/** A whole scenario. */
export interface Scenario {
  /** What is random about the network comes from here. */
  readonly seed: number;
  readonly segments: readonly ScenarioSegment[];
  readonly nodes: readonly ScenarioNode[];
  /** In any order; acts of the same time happen in the order in which they stand here. */
  readonly acts: readonly TimedAct[];
  readonly lastsMs: number;
  /** From then on nothing is done to the network, and it has to find its order again. */
  readonly calmFromMs?: number;
}

/** An act in a few words. */
export function describeAct(act: Act): string {
  const { kind, ...rest } = act;
  const words = Object.entries(rest).filter(([key]) => key !== "atMs" && key !== "config");
  return [kind, ...words.map(([key, value]) => wordOf(key, value))].join(" ");
}

function wordOf(key: string, value: unknown): string {
  return key === "node" || key === "segment" ? String(value) : `${key}=${String(value)}`;
}
