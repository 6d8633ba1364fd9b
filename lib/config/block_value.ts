/**
 * Values of a block that the tables have held against their forms already: what is of no use counts
 * as not written, and of two the last counts.
 */
import { type Duration, type IpAddress, parseIp, seconds } from "../base/mod.ts";
import type { Statement } from "./parse.ts";

/** The last statement with one of these keywords. */
export function lastIn(block: Statement, ...keywords: string[]): Statement | undefined {
  return block.children?.findLast(({ keyword }) => keywords.includes(keyword.text));
}

/** A whole number. */
export function integerIn(
  block: Statement,
  keyword: string,
  least: number,
  most: number,
): number | undefined {
  const text = lastIn(block, keyword)?.args[0]?.text ?? "";
  const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

/** Seconds with a fraction. */
export function secondsIn(block: Statement, keyword: string): Duration | undefined {
  const text = lastIn(block, keyword)?.args[0]?.text ?? "";
  return /^\+?(\d+(\.\d*)?|\.\d+)$/.test(text) ? seconds(Number(text)) : undefined;
}

/** A truth value; the bare keyword is true. */
export function truthIn(block: Statement, keyword: string): boolean | undefined {
  const found = lastIn(block, keyword);
  if (found === undefined) return undefined;
  const word = found.args[0]?.text ?? "on";
  if (["true", "on", "yes"].includes(word)) return true;
  return ["false", "off", "no"].includes(word) ? false : undefined;
}

/** An address. */
export function addressIn(block: Statement, keyword: string): IpAddress | undefined {
  return parseIp(lastIn(block, keyword)?.args[0]?.text ?? "");
}

/** The second word as a port; 0 when there is none. */
export function portAfter(statement: Statement): number {
  const value = Number(statement.args[1]?.text ?? "0");
  return Number.isInteger(value) && value >= 0 && value <= 65_535 ? value : 0;
}
