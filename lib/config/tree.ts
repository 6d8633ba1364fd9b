/**
 * Trees of statements compared by what they say. For most keywords that is the words; the command
 * lines of scripts are read a second time by rules of their own, for which it matters where quotes
 * and backslashes stand. A statement without any such thing is plain: words alone say all of it.
 */
import type { Statement } from "./parse.ts";

/** The first statement of one tree that the other does not have there; blocks are entered. */
export function differingStatement(
  a: readonly Statement[],
  b: readonly Statement[],
): Statement | undefined {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const left = a[index];
    const right = b[index];
    if (left === undefined || right === undefined) return left ?? right;
    if (!equalWords(left, right)) return left;
    const inside = differingStatement(left.children ?? [], right.children ?? []);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

function equalWords(left: Statement, right: Statement): boolean {
  return left.name === right.name && left.words.length === right.words.length &&
    left.words.every((word, index) => word === right.words[index]) &&
    (left.children === undefined) === (right.children === undefined) &&
    ((isPlain(left) && isPlain(right)) || squeeze(left.rest.text) === squeeze(right.rest.text));
}

/** Whether the words of a statement, however quoted, are all that it says. */
export function isPlain({ rest }: Statement): boolean {
  return /^(?:(?:"[^"]*"|[^\s"'\\]+)(?:\s+|$))*$/.test(rest.text);
}

/**
 * One blank between words. Blanks between single quotes and after backslashes mean something to
 * scripts, so a text that has any of these keeps all of its blanks.
 */
export function squeeze(text: string): string {
  if (/['\\]/.test(text)) return text;
  return text.replace(/"[^"]*(?:"|$)|\s+/g, (found) => found.startsWith('"') ? found : " ");
}
