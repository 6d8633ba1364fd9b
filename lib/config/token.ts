/**
 * From lines to tokens: words, braces and ends of lines. A word ends at white space, at a double
 * quote and at a brace; between double quotes everything is one word. A backslash is an ordinary
 * character, and so are the braces of a `${NAME}` that nobody defined.
 */
import { type Line, placeIn } from "./line.ts";
import type { Place, SourceLine } from "./source.ts";

/** A word that knows where it stands. */
export interface Word {
  readonly text: string;
  readonly place: Place;
  /** Whether it stood between double quotes. */
  readonly quoted: boolean;
}

/** What the parser sees. A token is its own place: a large file has a million of them. */
export class Token implements Word, Place {
  readonly kind: "word" | "open" | "close";
  readonly text: string;
  /** Where it begins in its line. */
  readonly from: number;
  /** Where the next character stands. */
  readonly to: number;
  readonly #line: Line;

  constructor(kind: Token["kind"], text: string, line: Line, from: number, to: number) {
    this.kind = kind;
    this.text = text;
    this.from = from;
    this.to = to;
    this.#line = line;
  }

  get source(): SourceLine {
    return this.#line.source;
  }

  get column(): number {
    return placeIn(this.#line, this.from, this.to).column;
  }

  get length(): number {
    return placeIn(this.#line, this.from, this.to).length;
  }

  get place(): Place {
    return this;
  }

  get quoted(): boolean {
    return this.kind === "word" && this.text.length < this.to - this.from;
  }
}

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
    const from = at;
    if (isBlank(code)) at++;
    else if (code === OPEN || code === CLOSE) {
      at++;
      tokens.push(new Token(code === OPEN ? "open" : "close", text.charAt(from), line, from, at));
    } else if (code === QUOTE) {
      at = endOfQuote(text, from);
      const closed = at > from + 1 && text.charCodeAt(at - 1) === QUOTE;
      tokens.push(new Token("word", text.slice(from + 1, closed ? at - 1 : at), line, from, at));
    } else {
      at = endOfWord(text, from);
      tokens.push(new Token("word", text.slice(from, at), line, from, at));
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
    // Letters, digits and most signs lie between these two.
    if (code > DOLLAR && code < OPEN) {
      at++;
      continue;
    }
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
