/**
 * Small questions to the tree. Rules ask the tree rather than the draft, because they want to know
 * what was written and where, also in blocks that the model does not have yet.
 */
import { type IpAddress, parseIp } from "../../base/mod.ts";
import type { Statement } from "../parse.ts";

/** The statement that counts: the last one with the keyword in the block. */
export function find(block: Statement, keyword: string): Statement | undefined {
  return block.children?.findLast(({ name }) => name === keyword);
}

/** The lines of all blocks with the keyword in the block. */
export function linesOf(block: Statement, keyword: string): Statement[] {
  const blocks = (block.children ?? []).filter(({ name }) => name === keyword);
  return blocks.flatMap(({ children }) => children ?? []);
}

/** The first word after a keyword in the block. */
export function wordOf(block: Statement, keyword: string): string | undefined {
  return find(block, keyword)?.words[0];
}

/** The number after a keyword in the block. */
export function numberOf(block: Statement, keyword: string): number | undefined {
  const word = wordOf(block, keyword);
  if (word === undefined || !/^[+-]?\d+(\.\d*)?$/.test(word)) return undefined;
  return Number(word);
}

/** The address after a keyword in the block. */
export function addressOf(block: Statement, keyword: string): IpAddress | undefined {
  return parseIp(wordOf(block, keyword) ?? "");
}

/** All statements of the tree, each before those of its block. */
export function* everyStatement(statements: readonly Statement[]): Generator<Statement> {
  for (const statement of statements) {
    yield statement;
    if (statement.children !== undefined) yield* everyStatement(statement.children);
  }
}
