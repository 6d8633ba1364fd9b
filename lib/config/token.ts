/**
 * Words and braces at their places: lexemes of a line that is known.
 */
import { type Lexeme, lexemesOf } from "./lexeme.ts";
import { type Line, placeIn } from "./line.ts";
import type { Place, SourceLine } from "./source.ts";

/** A word that knows where it stands. */
export interface Word {
  readonly text: string;
  readonly place: Place;
  /** Whether it stood between double quotes. */
  readonly quoted: boolean;
}

/** A lexeme on its line. It is its own place. */
export class Token implements Word, Place {
  readonly kind: Lexeme["kind"];
  readonly text: string;
  readonly #line: Line;
  readonly #lexeme: Lexeme;

  constructor(lexeme: Lexeme, line: Line) {
    this.kind = lexeme.kind;
    this.text = lexeme.text;
    this.#line = line;
    this.#lexeme = lexeme;
  }

  get source(): SourceLine {
    return this.#line.source;
  }

  get column(): number {
    return placeIn(this.#line, this.#lexeme.from, this.#lexeme.to).column;
  }

  get length(): number {
    return placeIn(this.#line, this.#lexeme.from, this.#lexeme.to).length;
  }

  get place(): Place {
    return this;
  }

  get quoted(): boolean {
    const { from, to } = this.#lexeme;
    return this.kind === "word" && this.text.length < to - from;
  }
}

/** The tokens of one line, in order. */
export function tokensOf(line: Line): Token[] {
  return lexemesOf(line.text).map((lexeme) => new Token(lexeme, line));
}
