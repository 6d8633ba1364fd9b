/**
 * One `track_file`: the number at the start of a file (behaviour 4.28). A file that is missing or
 * begins with something else counts as 0.
 */
import type { FilePlan } from "./plan.ts";
import type { Verdict } from "./weigh.ts";

/** A file; only the functions of this file write to it. */
export interface TrackedFile {
  plan: FilePlan;
  verdict: Verdict;
}

/** More characters than any number has. */
export const numberLengthMax = 64;

const [least, most] = [-2_147_483_648, 2_147_483_647];

/** A file that was not read yet. */
export function newTrackedFile(plan: FilePlan): TrackedFile {
  return { plan, verdict: { kind: "unknown" } };
}

/** Takes the beginning of the file; absent when there is none. */
export function readTrackedFile(file: TrackedFile, text: string | undefined): void {
  file.verdict = { kind: "number", value: leadingNumber(text ?? "") };
}

/** strtol(3) with base 0: decimal, 0x hexadecimal, 0 octal; the limits of int. */
export function leadingNumber(text: string): number {
  const found = /^\s*([+-]?)(?:0[xX]([0-9a-fA-F]+)|0([0-7]+)|(\d+))/.exec(text);
  if (found === null) return 0;
  const [, sign, hexadecimal, octal, decimal] = found;
  const size = hexadecimal !== undefined
    ? Number.parseInt(hexadecimal, 16)
    : octal !== undefined
    ? Number.parseInt(octal, 8)
    : Number(decimal);
  const value = Math.min(most, Math.max(least, sign === "-" ? -size : size));
  return value === 0 ? 0 : value;
}
