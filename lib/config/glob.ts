/**
 * Which files an include names: braces as in csh, then `*`, `?` and `[…]` in each part of the path.
 * As the C library's glob does it: a wildcard never matches a leading dot, the matches of one
 * alternative are sorted by their bytes, and alternatives keep the order in which they are written.
 */
import { BRACE_ALTERNATIVES_MAX } from "./limits.ts";
import type { FileSource } from "./source.ts";

/** The texts that a pattern with braces stands for. */
export function expandBraces(pattern: string): string[] {
  const finished: string[] = [];
  const pending = [pattern];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const alternatives = splitFirstBrace(next);
    if (alternatives === undefined) finished.push(next);
    else pending.push(...alternatives.reverse());
    if (finished.length + pending.length > BRACE_ALTERNATIVES_MAX) return [pattern];
  }
  return finished;
}

/** Whether the text has something that a directory must be searched for. */
function hasWildcard(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/** Paths that match a pattern without braces; a pattern without wildcards matches itself. */
export function matchPaths(pattern: string, files: FileSource): string[] {
  if (!hasWildcard(pattern)) return [pattern];
  const absolute = pattern.startsWith("/");
  let found = [absolute ? "/" : ""];
  for (const part of pattern.split("/").filter((name) => name !== "")) {
    found = found.flatMap((directory) => {
      const prefix = directory === "" || directory.endsWith("/") ? directory : `${directory}/`;
      if (!hasWildcard(part)) return [prefix + part];
      const matcher = wildcardMatcher(part);
      const names = files.list(directory === "" ? "." : directory).filter(matcher);
      return names.sort(compareText).map((name) => prefix + name);
    });
  }
  return found;
}

/** `undefined` when the text has no braces that belong together. */
function splitFirstBrace(text: string): string[] | undefined {
  const open = text.indexOf("{");
  if (open < 0) return undefined;
  const parts: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < text.length; at++) {
    const character = text[at];
    if (character === "{") depth++;
    else if (character === "," && depth === 1) {
      parts.push(text.slice(start, at));
      start = at + 1;
    } else if (character === "}" && --depth === 0) {
      parts.push(text.slice(start, at));
      return parts.map((part) => text.slice(0, open) + part + text.slice(at + 1));
    }
  }
  return undefined;
}

/** Matches by walking back to the last star only, so that no pattern takes exponential time. */
function wildcardMatcher(pattern: string): (name: string) => boolean {
  const items = Array.from(
    pattern.matchAll(/\*|\?|\[[!^]?\]?[^\]]*\]|\\.|[^]/gu),
    ([item]) => item,
  );
  return (name) => {
    if (name.startsWith(".") && !pattern.startsWith(".")) return false;
    const characters = Array.from(name);
    let item = 0;
    let star = -1;
    let retry = 0;
    for (let at = 0; at < characters.length;) {
      const wanted = items[item];
      if (wanted === "*") {
        star = item++;
        retry = at;
      } else if (wanted !== undefined && matchesOne(wanted, characters[at] ?? "")) {
        item++;
        at++;
      } else if (star >= 0) {
        item = star + 1;
        at = ++retry;
      } else return false;
    }
    while (items[item] === "*") item++;
    return item === items.length;
  };
}

function matchesOne(item: string, character: string): boolean {
  if (item === "?") return true;
  if (item.length > 1 && item.startsWith("\\")) return item.slice(1) === character;
  if (item.length < 3 || !item.startsWith("[")) return item === character;
  const negative = item[1] === "!" || item[1] === "^";
  const members = item.slice(negative ? 2 : 1, -1);
  let inside = false;
  for (let at = 0; at < members.length; at++) {
    const low = members[at] ?? "";
    const isRange = members[at + 1] === "-" && at + 2 < members.length;
    const high = isRange ? members[at + 2] ?? "" : low;
    if (character >= low && character <= high) inside = true;
    if (isRange) at += 2;
  }
  return inside !== negative;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
