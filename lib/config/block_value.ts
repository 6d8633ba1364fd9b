/**
 * Values of a block that the tables have held against their forms already: what is of no use counts
 * as not written, and of two the last counts.
 */
import { type Duration, type IpAddress, parseIp, seconds } from "../base/mod.ts";
import type { Statement } from "./parse.ts";

/** The last statement with one of these keywords. */
export function lastIn(block: Statement, ...keywords: string[]): Statement | undefined {
  if (!says(block, ...keywords)) return undefined;
  return block.children?.findLast(({ name }) => keywords.includes(name));
}

/** Whether a block has any of these keywords. */
export function says(block: Statement, ...keywords: string[]): boolean {
  const words = wordsOf(block);
  for (const keyword of keywords) if (words.has(keyword)) return true;
  return false;
}

const nothing: ReadonlyMap<string, readonly string[]> = new Map();

/** The words after the last statement of each keyword; blocks with the same body share them. */
function wordsOf(block: Statement): ReadonlyMap<string, readonly string[]> {
  const { body } = block;
  if (body === undefined) return nothing;
  return body.words ??= new Map((block.children ?? []).map(({ name, words }) => [name, words]));
}

/** The words after the last statement with a keyword. */
export function wordsIn(block: Statement, keyword: string): readonly string[] | undefined {
  return wordsOf(block).get(keyword);
}

/** A whole number. */
export function integerIn(
  block: Statement,
  keyword: string,
  least: number,
  most: number,
): number | undefined {
  const text = wordsOf(block).get(keyword)?.[0];
  if (text === undefined) return undefined;
  const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

/** Seconds with a fraction. */
export function secondsIn(block: Statement, keyword: string): Duration | undefined {
  const text = wordsOf(block).get(keyword)?.[0];
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
  const words = wordsOf(block).get(keyword);
  return words && truths.get(words[0] ?? "on");
}

/** An address. */
export function addressIn(block: Statement, keyword: string): IpAddress | undefined {
  const text = wordsOf(block).get(keyword)?.[0];
  return text === undefined ? undefined : parseIp(text);
}

/** The second word as a port; 0 when there is none. */
export function portAfter(statement: Statement): number {
  const value = Number(statement.words[1] ?? "0");
  return Number.isInteger(value) && value >= 0 && value <= 65_535 ? value : 0;
}
