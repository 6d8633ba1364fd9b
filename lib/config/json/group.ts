/**
 * Which statements may share a property. The order of statements can mean something: a script must
 * be known before the instance that tracks it, the last of two settings counts, the first address
 * decides the family. So a statement joins an earlier one of its keyword only when all that stands
 * between them are blocks with a name, it has a name itself, and neither speaks of the other.
 * Otherwise a new part begins.
 */
import type { Statement } from "../parse.ts";
import { pathOf, shapeOf } from "./shape.ts";
import { isNamed, isSaidByWords, nameOf } from "./name.ts";

/** Statements of one keyword, in their order; never empty. */
export type Group = readonly [Statement, ...Statement[]];

interface OpenGroup {
  readonly keyword: string;
  readonly statements: [Statement, ...Statement[]];
  /** Names of named blocks; absent when the statements have none. */
  readonly names: Set<string> | undefined;
}

/** The statements of a block in parts, each with one group for a keyword. */
export function groupStatements(statements: readonly Statement[], path: string): Group[][] {
  const parts: OpenGroup[][] = [];
  const words = new WordIndex();
  let groups = new Map<string, OpenGroup>();
  for (const statement of statements) {
    const keyword = statement.keyword.text;
    const same = groups.get(keyword);
    const mayJoin = same !== undefined && joins(statement, same, path) &&
      movesFreely(statement, same, groups, words);
    if (mayJoin) {
      same.statements.push(statement);
      same.names?.add(nameOf(statement));
      continue;
    }
    if (same !== undefined || parts.length === 0) {
      groups = new Map();
      parts.push([]);
    }
    const named = statement.children !== undefined && isNamedAt(statement, path);
    const names = named ? new Set([nameOf(statement)]) : undefined;
    const group: OpenGroup = { keyword, statements: [statement], names };
    groups.set(keyword, group);
    parts.at(-1)?.push(group);
  }
  return parts.map((part) => part.map((group): Group => group.statements));
}

function isNamedAt(statement: Statement, path: string): boolean {
  const keyword = statement.keyword.text;
  return isNamed(statement, shapeOf(path, keyword), pathOf(path, keyword));
}

/** Whether both can stand in the same property at all. */
function joins(statement: Statement, { statements, names }: OpenGroup, path: string): boolean {
  const [first] = statements;
  const shape = shapeOf(path, first.keyword.text);
  const inside = pathOf(path, first.keyword.text);
  if ((statement.children === undefined) !== (first.children === undefined)) return false;
  if (statement.children === undefined) {
    return isSaidByWords(statement, inside) && isSaidByWords(first, inside);
  }
  if (isNamed(statement, shape, inside) !== (names !== undefined)) return false;
  if (names === undefined) return shape.kind !== "lines";
  const last = statements.at(-1);
  const name = nameOf(statement);
  return !names.has(name) ||
    (shape.kind !== "lines" && last !== undefined && nameOf(last) === name);
}

/** Whether the statement may move up to its group, over the groups that began after that. */
function movesFreely(
  statement: Statement,
  same: OpenGroup,
  groups: ReadonlyMap<string, OpenGroup>,
  words: WordIndex,
): boolean {
  const later = [...groups.values()];
  const between = later.slice(later.indexOf(same) + 1);
  return between.every(({ names, statements }) => {
    if (names === undefined || same.names === undefined) return false;
    return statements.every((other) => (
      !words.speaksOf(other, statement) && !words.speaksOf(statement, other)
    ));
  });
}

/** The words of statements with all that is in their blocks. */
class WordIndex {
  readonly #words = new Map<Statement, ReadonlySet<string>>();

  /** Whether a name of the other stands anywhere in the statement. */
  speaksOf(statement: Statement, other: Statement): boolean {
    const words = this.#wordsOf(statement);
    return other.args.some(({ text }) => words.has(text));
  }

  #wordsOf(statement: Statement): ReadonlySet<string> {
    const known = this.#words.get(statement);
    if (known !== undefined) return known;
    const words = new Set<string>();
    collectWords(statement, words);
    this.#words.set(statement, words);
    return words;
  }
}

function collectWords({ keyword, args, children = [] }: Statement, words: Set<string>): void {
  words.add(keyword.text);
  for (const { text } of args) words.add(text);
  for (const child of children) collectWords(child, words);
}
