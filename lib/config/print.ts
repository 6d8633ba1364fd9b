/**
 * Prints a tree of statements as keepalived.conf, in the same look that the formatter gives a file.
 * standin's own keywords get `@standin` in front of them, so that keepalived can read the file as
 * well. What is printed is read back as the same tree, except for the few things that the language
 * has no way to write, such as a double quote inside a word.
 */
import { infoOf } from "./keywords/root.ts";
import type { Statement } from "./parse.ts";
import type { Word } from "./token.ts";
import { squeeze } from "./tree.ts";

/** The text of a tree; blocks outside of all others stand apart by a blank line. */
export function printTree(statements: readonly Statement[]): string {
  const lines: string[] = [];
  for (const [index, statement] of statements.entries()) {
    const apart = statement.children !== undefined || statements[index - 1]?.children !== undefined;
    if (index > 0 && apart) lines.push("");
    printStatement(statement, { path: "", indent: "", own: false }, lines);
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** Where a statement stands. */
interface Inside {
  readonly path: string;
  readonly indent: string;
  /** Whether it is in a block that keepalived must not see. */
  readonly own: boolean;
}

function printStatement(statement: Statement, inside: Inside, lines: string[]): void {
  const { keyword: { text: keyword }, rest, children } = statement;
  const info = infoOf.get(inside.path);
  const row = info !== undefined && Object.hasOwn(info, keyword) ? info[keyword] : undefined;
  const own = inside.own || row?.since === "standin";
  const indent = own ? `${inside.indent}@standin ` : inside.indent;
  const words = [quoteKeyword(statement.keyword), escapeComment(squeeze(rest.text))];
  const head = indent + words.filter((word) => word !== "").join(" ");
  if (children === undefined) {
    lines.push(head);
    return;
  }
  lines.push(`${head} {`);
  const path = inside.path === "" ? keyword : `${inside.path}/${keyword}`;
  for (const child of children) {
    printStatement(child, { path, indent: `${inside.indent}    `, own }, lines);
  }
  lines.push(`${indent}}`);
}

/** A word as it is written after a keyword. */
export function quoteWord(text: string): string {
  return text === "" || /[\s{}#!$'\\]/.test(text) ? `"${text}"` : text;
}

/** Words that would not be taken for a keyword at the start of a line. */
function quoteKeyword({ text, quoted }: Word): string {
  return quoted || /^[@~]|^include[rmwba]?$/.test(text) ? `"${text}"` : quoteWord(text);
}

/** A comment character outside of double quotes needs its backslash back. */
function escapeComment(text: string): string {
  return text.replace(
    /"[^"]*(?:"|$)|[#!]/g,
    (found) => found.startsWith('"') ? found : `\\${found}`,
  );
}
