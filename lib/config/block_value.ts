/**
 * Values of a block that the tables have held against their forms already: what is of no use counts
 * as not written, and of two the last counts.
 */
import { type Duration, type IpAddress, parseIp, seconds } from "../base/mod.ts";
import type { Statement } from "./parse.ts";

/** A block with more statements than this, such as a service of many servers, gets an index. */
const FEW = 8;

/** The last statement of each keyword of large blocks. */
const indexes = new WeakMap<Statement, ReadonlyMap<string, Statement>>();

/** The last statement with this keyword, or with either of two. */
export function lastIn(
  block: Statement,
  keyword: string,
  other: string = keyword,
): Statement | undefined {
  const { children } = block;
  if (children === undefined) return undefined;
  if (children.length > FEW && keyword === other) return indexOf(block, children).get(keyword);
  for (let at = children.length - 1; at >= 0; at--) {
    const text = children[at]?.name;
    if (text === keyword || text === other) return children[at];
  }
  return undefined;
}

function indexOf(
  block: Statement,
  children: readonly Statement[],
): ReadonlyMap<string, Statement> {
  const known = indexes.get(block);
  if (known !== undefined) return known;
  const index = new Map(children.map((child) => [child.name, child]));
  indexes.set(block, index);
  return index;
}

/** A whole number. */
export function integerIn(
  block: Statement,
  keyword: string,
  least: number,
  most: number,
): number | undefined {
  const text = lastIn(block, keyword)?.words[0] ?? "";
  const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

/** Seconds with a fraction. */
export function secondsIn(block: Statement, keyword: string): Duration | undefined {
  const text = lastIn(block, keyword)?.words[0] ?? "";
  return /^\+?(\d+(\.\d*)?|\.\d+)$/.test(text) ? seconds(Number(text)) : undefined;
}

/** A truth value; the bare keyword is true. */
export function truthIn(block: Statement, keyword: string): boolean | undefined {
  const found = lastIn(block, keyword);
  if (found === undefined) return undefined;
  const word = found.words[0] ?? "on";
  if (["true", "on", "yes"].includes(word)) return true;
  return ["false", "off", "no"].includes(word) ? false : undefined;
}

/** An address. */
export function addressIn(block: Statement, keyword: string): IpAddress | undefined {
  return parseIp(lastIn(block, keyword)?.words[0] ?? "");
}

/** The second word as a port; 0 when there is none. */
export function portAfter(statement: Statement): number {
  const value = Number(statement.words[1] ?? "0");
  return Number.isInteger(value) && value >= 0 && value <= 65_535 ? value : 0;
}
