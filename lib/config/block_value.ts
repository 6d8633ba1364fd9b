/**
 * Values of a block that the tables have held against their forms already: what is of no use counts
 * as not written, and of two the last counts.
 */
import { type Duration, type IpAddress, parseIp, seconds } from "../base/mod.ts";
import type { LastWords } from "./body.ts";
import type { Statement } from "./parse.ts";

/** The last statement with one of these keywords. */
export function lastIn(block: Statement, ...keywords: string[]): Statement | undefined {
  const last = lastOf(block);
  let at = -1;
  for (const keyword of keywords) at = Math.max(at, last.get(keyword)?.at ?? -1);
  return at < 0 ? undefined : block.children?.[at];
}

/** Whether a block has any of these keywords. */
export function says(block: Statement, ...keywords: string[]): boolean {
  const last = lastOf(block);
  for (const keyword of keywords) if (last.has(keyword)) return true;
  return false;
}

const nothing: LastWords = new Map();

/** The last statement of each keyword; blocks with the same body share what is known of them. */
function lastOf(block: Statement): LastWords {
  const { body } = block;
  if (body === undefined) return nothing;
  if (body.last !== undefined) return body.last;
  const last = new Map<string, { readonly at: number; readonly words: readonly string[] }>();
  const children = block.children ?? [];
  for (let at = children.length - 1; at >= 0; at--) {
    const child = children[at];
    if (child !== undefined && !last.has(child.name)) {
      last.set(child.name, { at, words: child.words });
    }
  }
  return body.last = last;
}

/** The words after the last statement with a keyword. */
export function wordsIn(block: Statement, keyword: string): readonly string[] | undefined {
  return lastOf(block).get(keyword)?.words;
}

/** A whole number. */
export function integerIn(
  block: Statement,
  keyword: string,
  least: number,
  most: number,
): number | undefined {
  const text = wordsIn(block, keyword)?.[0];
  if (text === undefined) return undefined;
  const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

/** Seconds with a fraction. */
export function secondsIn(block: Statement, keyword: string): Duration | undefined {
  const text = wordsIn(block, keyword)?.[0];
  if (text === undefined) return undefined;
  return /^\+?(\d+(\.\d*)?|\.\d+)$/.test(text) ? seconds(Number(text)) : undefined;
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["on", true],
  ["yes", true],
  ["false", false],
  ["off", false],
  ["no", false],
]);

/** A truth value; the bare keyword is true. */
export function truthIn(block: Statement, keyword: string): boolean | undefined {
  const words = wordsIn(block, keyword);
  return words && truths.get(words[0] ?? "on");
}

/** An address. */
export function addressIn(block: Statement, keyword: string): IpAddress | undefined {
  const text = wordsIn(block, keyword)?.[0];
  return text === undefined ? undefined : parseIp(text);
}

/** The second word as a port; 0 when there is none. */
export function portAfter(statement: Statement): number {
  const value = Number(statement.words[1] ?? "0");
  return Number.isInteger(value) && value >= 0 && value <= 65_535 ? value : 0;
}
