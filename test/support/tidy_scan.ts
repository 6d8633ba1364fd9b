/**
 * Reading TypeScript without a compiler, as far as the tidy rules need it: a source is copied with
 * comments, or comments and the insides of strings, turned into spaces, so that positions stay and
 * words in prose are not taken for code. Regular expressions are told from divisions by what
 * stands before the slash.
 */

/** A source in three readings of equal length. */
export interface Source {
  readonly path: string;
  /** As it is. */
  readonly text: string;
  /** Without comments. */
  readonly quoted: string;
  /** Without comments and without what stands in strings, templates and regular expressions. */
  readonly code: string;
}

/** Makes the readings of one file. */
export function readSource(path: string, text: string): Source {
  const quoted = [...text.split("")];
  const code = [...quoted];
  const scanner = { text, quoted, code };
  for (let at = 0; at < text.length;) at = step(scanner, at);
  return { path, text, quoted: quoted.join(""), code: code.join("") };
}

interface Scanner {
  readonly text: string;
  readonly quoted: string[];
  readonly code: string[];
}

/** Passes one comment, string, template, regular expression or character. */
function step(scanner: Scanner, at: number): number {
  const { text } = scanner;
  if (text.startsWith("//", at)) return blank(scanner, at, endOfLine(text, at), "comment");
  if (text.startsWith("/*", at)) {
    const end = text.indexOf("*/", at + 2);
    return blank(scanner, at, end < 0 ? text.length : end + 2, "comment");
  }
  const character = text[at];
  if (character === '"' || character === "'") {
    return blank(scanner, at + 1, endOfString(text, at, character), "string") + 1;
  }
  if (character === "`") return template(scanner, at + 1);
  if (character === "/" && startsExpression(scanner.code, at)) {
    return blank(scanner, at + 1, endOfRegularExpression(text, at), "string") + 1;
  }
  return at + 1;
}

function blank(scanner: Scanner, start: number, end: number, kind: "comment" | "string"): number {
  for (let at = start; at < end; at += 1) {
    if (scanner.text[at] === "\n") continue;
    scanner.code[at] = " ";
    if (kind === "comment") scanner.quoted[at] = " ";
  }
  return end;
}

/** Passes a template; what stands in its `${}` is code. */
function template(scanner: Scanner, start: number): number {
  const { text } = scanner;
  let at = start;
  while (at < text.length && text[at] !== "`") {
    if (text.startsWith("${", at)) {
      at = substitution(scanner, at + 2);
      continue;
    }
    const width = text[at] === "\\" ? 2 : 1;
    blank(scanner, at, at + width, "string");
    at += width;
  }
  return at + 1;
}

function substitution(scanner: Scanner, start: number): number {
  let depth = 1;
  let at = start;
  while (at < scanner.text.length) {
    if (scanner.text[at] === "{") depth += 1;
    if (scanner.text[at] === "}") depth -= 1;
    if (depth === 0) return at + 1;
    at = step(scanner, at);
  }
  return at;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function endOfString(text: string, start: number, quote: string): number {
  let at = start + 1;
  while (at < text.length && text[at] !== quote && text[at] !== "\n") {
    at += text[at] === "\\" ? 2 : 1;
  }
  return at;
}

function endOfRegularExpression(text: string, start: number): number {
  let inClass = false;
  let at = start + 1;
  while (at < text.length && text[at] !== "\n" && (inClass || text[at] !== "/")) {
    if (text[at] === "[") inClass = true;
    if (text[at] === "]") inClass = false;
    at += text[at] === "\\" ? 2 : 1;
  }
  return at;
}

/** A slash divides when a value stands before it; else it opens a regular expression. */
function startsExpression(code: readonly string[], at: number): boolean {
  const before = code.slice(Math.max(0, at - 20), at).join("").trimEnd();
  if (before === "") return true;
  if (/\b(return|typeof|case|in|of)$/.test(before)) return true;
  return !/[\w$)\]}"'`]$/.test(before);
}

/** The line of a position, from 1. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split("\n").length;
}

/** One `import` or `export … from`. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** The imports of a source, dynamic ones with a literal included. */
export function importsOf({ quoted, code }: Source): Import[] {
  const named = /\b(?:import|export)\b[^;"'`]*?\bfrom\s*"([^"]+)"/g;
  const whole = /\bimport\s*\(?\s*"([^"]+)"/g;
  const matches = [...quoted.matchAll(named), ...quoted.matchAll(whole)];
  return matches.filter(({ index }) => code[index] !== " ").map((match) => ({
    specifier: match[1] ?? "",
    line: lineAt(quoted, match.index),
  }));
}

/** The bodies of functions, by the lines of their braces. */
export function functionsOf({ code }: Source): { line: number; lines: number }[] {
  const found: { line: number; lines: number }[] = [];
  const open: { at: number; isFunction: boolean }[] = [];
  for (let at = 0; at < code.length; at += 1) {
    if (code[at] === "{") open.push({ at, isFunction: opensFunction(code, at) });
    if (code[at] !== "}") continue;
    const start = open.pop();
    if (start === undefined || !start.isFunction) continue;
    const line = lineAt(code, start.at);
    found.push({ line, lines: lineAt(code, at) - line + 1 });
  }
  return found;
}

function opensFunction(code: string, brace: number): boolean {
  const before = code.slice(Math.max(0, brace - 2000), brace).trimEnd();
  if (before.endsWith("=>")) return true;
  const signature = /\)(\s*:\s*[^;=]*)?$/.exec(before);
  if (signature === null) return false;
  let depth = 0;
  for (let at = signature.index; at >= 0; at -= 1) {
    if (before[at] === ")") depth += 1;
    if (before[at] === "(") depth -= 1;
    if (depth > 0) continue;
    return !/\b(if|for|while|switch|catch|with|await)\s*$/.test(before.slice(0, at));
  }
  return false;
}
