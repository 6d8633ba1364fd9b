/**
 * What a line says, apart from where it stands. A large file says the same on thousands of its
 * lines, so lines of the same text share one wording, and what is found out about it is found out
 * once.
 */
import { type Lexeme, lexemesOf } from "./lexeme.ts";
import { LINE_BYTES_MAX } from "./limits.ts";

/** What makes a line special. */
const special = /^\s*(?:$|include)|include_check|random_seed|["#!$@~\\\0]/;

/** Longer lines may be too long. */
const USUAL_LENGTH = LINE_BYTES_MAX / 3;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** The words of a statement, and what was found out about them last. */
export class Phrase {
  /** The text of the keyword. */
  readonly name: string;
  /** The texts of the arguments. */
  readonly words: readonly string[];
  readonly keyword: Lexeme;
  readonly args: readonly Lexeme[];
  /** Where the line or the next brace ends what belongs to it. */
  readonly end: number;
  /** The table in which the keyword was looked up, and its row there. */
  table: object | undefined;
  row: object | undefined;
  /** The row that found nothing to say about the words, and the value that it made of them. */
  rightFor: object | undefined;
  value: unknown;

  constructor(keyword: Lexeme, args: readonly Lexeme[], end: number) {
    this.name = keyword.text;
    this.words = args.map(({ text }) => text);
    this.keyword = keyword;
    this.args = args;
    this.end = end;
    this.table = undefined;
    this.row = undefined;
    this.rightFor = undefined;
    this.value = undefined;
  }
}

/** A statement, a brace, or a statement and the brace after it. */
export interface Step {
  readonly phrase: Phrase | undefined;
  readonly brace: Lexeme | undefined;
}

/** The text of a line, and what it says. */
export class Wording {
  readonly text: string;
  /** Whether the line is more than words and braces, nothing at all, or perhaps too much. */
  readonly isSpecial: boolean;
  /** What stood on the line after it last. */
  next: Wording | undefined;
  #steps: readonly Step[] | undefined;

  constructor(text: string) {
    this.text = text;
    this.isSpecial = text.length > USUAL_LENGTH || special.test(text);
    this.next = undefined;
    this.#steps = undefined;
  }

  /** What the parser has to do, in order. */
  get steps(): readonly Step[] {
    return this.#steps ??= stepsOf(this.text);
  }
}

/** The wordings of one configuration. */
export class Wordings {
  readonly #known = new Map<string, Wording>();

  /**
   * The wordings of all lines of a text. Lines tend to follow the same line as before, so that is
   * looked at first: it needs no string of its own.
   */
  ofLines(text: string): Wording[] {
    const wordings: Wording[] = [];
    let last = this.#of("");
    for (let at = 0; at <= text.length;) {
      const { next } = last;
      const isNext = next !== undefined && text.startsWith(next.text, at) &&
        text.charCodeAt(at + next.text.length) === LINE_FEED;
      if (isNext) {
        last = next;
        at += last.text.length + 1;
      } else {
        const feed = text.indexOf("\n", at);
        const end = feed < 0 ? text.length : feed;
        const hasReturn = end > at && text.charCodeAt(end - 1) === CARRIAGE_RETURN;
        last = last.next = this.#of(text.slice(at, hasReturn ? end - 1 : end));
        at = end + 1;
      }
      wordings.push(last);
    }
    return wordings;
  }

  #of(text: string): Wording {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const made = new Wording(text);
    this.#known.set(text, made);
    return made;
  }
}

function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  const lexemes = lexemesOf(text);
  let start = 0;
  for (let at = 0; at <= lexemes.length; at++) {
    const brace = lexemes[at];
    if (brace?.kind === "word") continue;
    const keyword = at > start ? lexemes[start] : undefined;
    const phrase = keyword &&
      new Phrase(keyword, lexemes.slice(start + 1, at), brace?.from ?? text.length);
    if (phrase !== undefined || brace !== undefined) steps.push({ phrase, brace });
    start = at + 1;
  }
  return steps;
}
