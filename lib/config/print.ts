/**
 * Prints a tree of statements as keepalived.conf, in the same look that the formatter gives a file.
 * What is printed is read back as the same tree, except for the few things that the language has no
 * way to write, such as a double quote inside a word.
 */
import type { Statement } from "./parse.ts";
import { squeeze } from "./tree.ts";

/** The text of a tree; blocks outside of all others stand apart by a blank line. */
export function printTree(statements: readonly Statement[]): string {
  const lines: string[] = [];
  for (const [index, statement] of statements.entries()) {
    const apart = statement.children !== undefined || statements[index - 1]?.children !== undefined;
    if (index > 0 && apart) lines.push("");
    printStatement(statement, "", lines);
  }
  return lines.map((line) => `${line}\n`).join("");
}

function printStatement(statement: Statement, indent: string, lines: string[]): void {
  const { keyword, rest, children } = statement;
  const words = [quoteKeyword(keyword.text), escapeComment(squeeze(rest.text))];
  const head = indent + words.filter((word) => word !== "").join(" ");
  if (children === undefined) {
    lines.push(head);
    return;
  }
  lines.push(`${head} {`);
  for (const child of children) printStatement(child, `${indent}    `, lines);
  lines.push(`${indent}}`);
}

/** A word as it is written after a keyword. */
export function quoteWord(text: string): string {
  return text === "" || /[\s{}#!$'\\]/.test(text) ? `"${text}"` : text;
}

/** Words that would not be taken for a keyword at the start of a line. */
function quoteKeyword(text: string): string {
  return /^[@~]|^include[rmwba]?$/.test(text) ? `"${text}"` : quoteWord(text);
}

/** A comment character outside of double quotes needs its backslash back. */
function escapeComment(text: string): string {
  return text.replace(
    /"[^"]*(?:"|$)|[#!]/g,
    (found) => found.startsWith('"') ? found : `\\${found}`,
  );
}
