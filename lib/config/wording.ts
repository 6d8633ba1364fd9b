/**
 * What a line says, apart from where it stands. A large file says the same on thousands of its
 * lines, so lines of the same text share one wording, and what is found out about it is found out
 * once.
 */
import { lexemesOf } from "./lexeme.ts";
import { LINE_BYTES_MAX } from "./limits.ts";
import { Phrase } from "./phrase.ts";

/** What makes a line special. */
const special = /^\s*(?:$|include)|include_check|random_seed|["#!$@~\\\0]/;

/** Words with single blanks between and perhaps a brace behind, or a closing brace: nearly all. */
const simple = /^[ \t]*(?:(?!include|random_seed)[\w.,:/+*%=-]+(?: [\w.,:/+*%=-]+)*(?: \{)?|\})$/;

/** Longer lines may be too long. */
const USUAL_LENGTH = LINE_BYTES_MAX / 3;

const OPEN = 0x7b;
const CLOSE = 0x7d;

/** A statement, a brace, or a statement and the brace after it. */
export interface Step {
  readonly phrase: Phrase | undefined;
  readonly brace: "open" | "close" | undefined;
  /** How many words and braces stand before the brace on the line. */
  readonly before: number;
}

/** What a line does to the blocks around it; `special` lines are not for the parser yet. */
export type Turn = "special" | "opens" | "closes" | "stays" | "mixes";

/** The text of a line, and what it says: itself one step, or several. */
export class Wording implements Step {
  readonly text: string;
  /** Special when it is more than words and braces, nothing at all, or perhaps too much. */
  readonly turn: Turn;
  /** How many lines it is. */
  readonly lines: 1;
  /** What stood on the line after it last. */
  next: Wording | undefined;
  readonly phrase: Phrase | undefined;
  readonly brace: Step["brace"];
  readonly before: number;
  /** What the parser has to do, in order, unless it is just this one step. */
  readonly steps: readonly Step[] | undefined;

  constructor(text: string) {
    this.text = text;
    this.lines = 1;
    this.next = undefined;
    this.phrase = undefined;
    this.brace = undefined;
    this.before = 0;
    this.steps = undefined;
    if (text.length > USUAL_LENGTH) this.turn = "special";
    else if (simple.test(text)) {
      const end = text.charCodeAt(text.length - 1);
      this.turn = end === OPEN ? "opens" : end === CLOSE ? "closes" : "stays";
      this.brace = end === OPEN ? "open" : end === CLOSE ? "close" : undefined;
      if (end === CLOSE) return;
      // The same as `stepsOf`, without looking at every character.
      const words = (end === OPEN ? text.slice(0, -2) : text).trim().split(" ");
      this.before = words.length;
      this.phrase = new Phrase(words.shift() ?? "", words, text, 0);
    } else if (special.test(text)) this.turn = "special";
    else {
      this.steps = stepsOf(text);
      this.turn = turnOf(this.steps);
    }
  }
}

function turnOf(steps: readonly Step[]): Turn {
  const [first] = steps;
  if (steps.length > 1 || first === undefined) return steps.length > 1 ? "mixes" : "stays";
  return first.brace === "open" ? "opens" : first.brace === "close" ? "closes" : "stays";
}

/** What the parser has to do for a line, in order. */
export function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  const lexemes = lexemesOf(text);
  let start = 0;
  for (let at = 0; at <= lexemes.length; at++) {
    const kind = lexemes[at]?.kind;
    if (kind === "word") continue;
    const keyword = at > start ? lexemes[start] : undefined;
    const words = lexemes.slice(start + 1, at).map((lexeme) => lexeme.text);
    const phrase = keyword && new Phrase(keyword.text, words, text, start);
    if (phrase !== undefined || kind !== undefined) {
      steps.push({ phrase, brace: kind, before: at });
    }
    start = at + 1;
  }
  return steps;
}
