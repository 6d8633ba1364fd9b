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

const tokenPattern = /"([^"]*)(?:"|$)|[{}]|(?:\$\{[^\s{}"]*\}|[^\s{}"])+/g;

/** The tokens of one line, in order. */
export function tokensOf(line: Line): Token[] {
  return Array.from(line.text.matchAll(tokenPattern), (found) => {
    const from = found.index;
    const [text, inside] = found;
    const place = placeIn(line, from, from + text.length);
    if (text === "{" || text === "}") {
      return { kind: text === "{" ? "open" : "close", place, from } as const;
    }
    const word = { text: inside ?? text, place, quoted: inside !== undefined };
    return { kind: "word", word, from } as const;
  });
}
