/**
 * The words of a statement, apart from where they stand. Lines of the same text share them, so what
 * is found out about the words of one statement is found out for all. Where each word stands is
 * looked up when somebody has something to say about it.
 */
import { assert } from "../base/mod.ts";
import { type Lexeme, lexemesOf } from "./lexeme.ts";

/** The words of a statement, and what was found out about them last. */
export class Phrase {
  /** The text of the keyword. */
  readonly name: string;
  /** The texts of the arguments. */
  readonly words: readonly string[];
  /** The whole line. */
  readonly text: string;
  /** How many words and braces stand before it on the line. */
  readonly before: number;
  /** The table in which the keyword was looked up, and its row there. */
  table: object | undefined;
  row: object | undefined;
  /** The row that found nothing to say about the words, and the value that it made of them. */
  rightFor: object | undefined;
  value: unknown;
  /** A phrase that is right wherever this one is. */
  readonly like: Phrase | undefined;

  constructor(
    name: string,
    words: readonly string[],
    text: string,
    before: number,
    like?: Phrase,
  ) {
    this.name = name;
    this.words = words;
    this.text = text;
    this.before = before;
    this.table = undefined;
    this.row = undefined;
    this.rightFor = undefined;
    this.value = undefined;
    this.like = like;
  }
}

/** The words of a phrase at their places. */
export interface PlacedPhrase {
  readonly keyword: Lexeme;
  readonly args: readonly Lexeme[];
  /** Where the line or the next brace ends what belongs to it. */
  readonly end: number;
}

/** Where the words of a phrase stand on their line. */
export function placesOf({ text, before, words }: Phrase): PlacedPhrase {
  const lexemes = lexemesOf(text);
  const after = before + 1 + words.length;
  const [keyword, ...args] = lexemes.slice(before, after);
  assert(keyword !== undefined, "a phrase has a keyword");
  return { keyword, args, end: lexemes[after]?.from ?? text.length };
}
