/**
 * From lines to tokens: words, braces and ends of lines. A word ends at white space, at a double
 * quote and at a brace; between double quotes everything is one word. A backslash is an ordinary
 * character, and so are the braces of a `${NAME}` that nobody defined.
 */
import { type Line, placeIn } from "./line.ts";
import type { Place } from "./source.ts";

/** A word that knows where it stands. */
export interface Word {
  readonly text: string;
  readonly place: Place;
  /** Whether it stood between double quotes. */
  readonly quoted: boolean;
}

/** What the parser sees. */
export type Token =
  | { readonly kind: "word"; readonly word: Word; readonly from: number }
  | { readonly kind: "open" | "close"; readonly place: Place; readonly from: number };

const OPEN = 0x7b;
const CLOSE = 0x7d;
const QUOTE = 0x22;
const DOLLAR = 0x24;

/** The tokens of one line, in order. */
export function tokensOf(line: Line): Token[] {
  const { text } = line;
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isBlank(code)) at++;
    else if (code === OPEN || code === CLOSE) {
      const kind = code === OPEN ? "open" : "close";
      tokens.push({ kind, place: placeIn(line, at, at + 1), from: at });
      at++;
    } else {
      const quoted = code === QUOTE;
      const to = quoted ? endOfQuote(text, at) : endOfWord(text, at);
      const closed = quoted && to > at + 1 && text.charCodeAt(to - 1) === QUOTE;
      const inside = quoted ? text.slice(at + 1, closed ? to - 1 : to) : text.slice(at, to);
      const word = { text: inside, place: placeIn(line, at, to), quoted };
      tokens.push({ kind: "word", word, from: at });
      at = to;
    }
  }
  return tokens;
}

/** White space as `\s` has it; what is beyond ASCII is rare. */
function isBlank(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 9 && code <= 13);
  return code >= 0xa0 && /\s/.test(String.fromCharCode(code));
}

function endOfQuote(text: string, from: number): number {
  const end = text.indexOf('"', from + 1);
  return end < 0 ? text.length : end + 1;
}

function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === DOLLAR && text.charCodeAt(at + 1) === OPEN) {
      const end = endOfName(text, at + 2);
      if (end > 0) {
        at = end;
        continue;
      }
    }
    if (code === OPEN || code === CLOSE || code === QUOTE || isBlank(code)) break;
    at++;
  }
  return at;
}

/** After the brace that closes `${NAME`; 0 when none does. */
function endOfName(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === CLOSE) return at + 1;
    if (code === OPEN || code === QUOTE || isBlank(code)) return 0;
  }
  return 0;
}
