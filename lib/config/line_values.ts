/**
 * Values in lines of routes and rules: from one word to what the kernel wants. `undefined` is for a
 * word of no use; numbers are read in any base, as keepalived does.
 */
import type { NumberRange } from "../base/mod.ts";
import type { Context } from "./keyword.ts";
import type { NameKind } from "./iproute_names.ts";
import type { Word } from "./token.ts";

/** A whole number that is not negative, in any base. */
export function numberIn(text: string, most: number): number | undefined {
  if (!/^(?:\d{1,10}|0[xX][\da-fA-F]{1,8})$/.test(text)) return undefined;
  const value = /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
  return value <= most ? value : undefined;
}

/** Two numbers such as `1024-2048`. */
export function rangeIn(text: string, most: number): NumberRange | undefined {
  const [first, last, ...more] = text.split("-").map((part) => numberIn(part, most));
  if (first === undefined || last === undefined || more.length > 0) return undefined;
  return first <= last ? { first, last } : undefined;
}

/** Reads names and numbers of iproute2 and tells of those that nobody knows. */
export class Names {
  readonly #context: Context;
  /** Whether every word so far was of use. */
  whole = true;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The number of a name. */
  number(kind: NameKind, option: string, word: Word | undefined): number | undefined {
    const number = this.#context.known.iproute.number(kind, word?.text ?? "");
    if (number !== undefined) return number;
    this.refuse(option, word, `expected a number or a name of ${kind}`);
    return undefined;
  }

  /** `[SOURCE/]DESTINATION` as one number, the source in its upper half. */
  realms(option: string, word: Word | undefined): number | undefined {
    const parts = (word?.text ?? "").split("/");
    const numbers = parts.map((part) => this.#context.known.iproute.number("rt_realms", part));
    const [first, second = 0] = numbers.includes(undefined) ? [] : numbers;
    if (first !== undefined) return parts.length === 1 ? first : ((first << 16) | second) >>> 0;
    this.refuse(option, word, "expected a realm, or two with a slash");
    return undefined;
  }

  /** Tells of a word of no use. */
  refuse(option: string, word: Word | undefined, expected: string): void {
    this.whole = false;
    const message = `Cannot use ${option} "${word?.text}" for ${this.#context.owner}: ${expected}`;
    this.#context.report.error("bad-value", word?.place, message);
  }
}

/** The least round trip that keepalived lets the kernel begin with, in milliseconds. */
const LEAST_TIME_MS = 200;

const milliseconds: Readonly<Record<string, number>> = {
  s: 1000,
  secs: 1000,
  ms: 1,
  msecs: 1,
  us: 0.001,
  usecs: 0.001,
  ns: 0.000_001,
  nsecs: 0.000_001,
};

/**
 * A time in the kernel's units, of which a millisecond has `perMillisecond`; without a unit the
 * number is in the kernel's units already. keepalived: at least 200 ms.
 */
export function timeIn(text: string, perMillisecond: number): number | undefined {
  const found = /^(\d+(?:\.\d*)?)([a-z]*)$/.exec(text);
  const factor = found?.[2] === "" ? 1 / perMillisecond : milliseconds[found?.[2] ?? "-"];
  if (found === null || factor === undefined) return undefined;
  const wanted = Number(found[1]) * factor;
  return Math.ceil(Math.max(wanted, LEAST_TIME_MS) * perMillisecond);
}
