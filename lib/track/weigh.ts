/**
 * From verdicts to priorities (behaviour 4.26, 4.28). With weight 0 a bad tracker is a FAULT. A
 * positive weight is added while the tracker is good, a negative one while it is bad; `reverse`
 * turns both round: the FAULT comes while it is good, the sign of the change is the other one. The
 * number in a file is multiplied by the weight. A tracker without a first result changes nothing;
 * with weight 0 it holds the router until it has one. Files and processes hold it in any case: they
 * are looked at in no time, and keepalived knows of them before a router starts.
 */
import type { TrackUse } from "./plan.ts";

/** What is known of a tracker. */
export type Verdict =
  | { readonly kind: "unknown" }
  | { readonly kind: "good" }
  | { readonly kind: "bad" }
  /** The number in a file. */
  | { readonly kind: "number"; readonly value: number };

/** What a tracker does to a virtual router. */
export type Contribution =
  /** Added to the priority; 0 for nothing. */
  | { readonly kind: "priority"; readonly change: number }
  | { readonly kind: "fault" }
  /** It has to speak before the router may leave INIT. */
  | { readonly kind: "untested" };

/** The most that a file may add; this much below zero is a FAULT. */
const fileChangeMax = 253;

/** What a verdict does to a router that uses the tracker. */
export function contribution(use: TrackUse, verdict: Verdict): Contribution {
  const { kind, weight, reverse } = use;
  if (verdict.kind === "number") return ofNumber(verdict.value, weight, reverse);
  if (verdict.kind === "unknown") {
    const holds = weight === 0 || kind === "file" || kind === "process";
    return holds ? { kind: "untested" } : none;
  }
  const good = verdict.kind === "good";
  if (weight === 0) return good !== reverse ? none : { kind: "fault" };
  // A positive weight counts while it is good, a negative one while it is bad.
  if (good !== weight > 0) return none;
  return { kind: "priority", change: reverse ? -weight : weight };
}

const none: Contribution = { kind: "priority", change: 0 };

function ofNumber(value: number, weight: number, reverse: boolean): Contribution {
  if (weight === 0) {
    return (value !== 0) !== reverse ? { kind: "fault" } : none;
  }
  const product = value * (reverse ? -weight : weight);
  if (product < -fileChangeMax) return { kind: "fault" };
  return { kind: "priority", change: Math.min(fileChangeMax, product) };
}
