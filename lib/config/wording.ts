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

/** The text of a line, and what it says. */
export class Wording {
  readonly text: string;
  /** Special when it is more than words and braces, nothing at all, or perhaps too much. */
  readonly turn: Turn;
  /** How many lines it is. */
  readonly lines: 1;
  /** What stood on the line after it last. */
  next: Wording | undefined;
  #steps: readonly Step[] | undefined;

  constructor(text: string) {
    this.text = text;
    this.lines = 1;
    this.next = undefined;
    this.#steps = undefined;
    if (text.length <= USUAL_LENGTH && simple.test(text)) {
      const end = text.charCodeAt(text.length - 1);
      this.turn = end === OPEN ? "opens" : end === CLOSE ? "closes" : "stays";
      this.#steps = simpleSteps(text, this.turn);
    } else if (text.length > USUAL_LENGTH || special.test(text)) this.turn = "special";
    else this.turn = turnOf(this.steps);
  }

  /** What the parser has to do, in order. */
  get steps(): readonly Step[] {
    return this.#steps ??= stepsOf(this.text);
  }
}

/** All lines that only close a block. */
const closing: readonly Step[] = [{ phrase: undefined, brace: "close", before: 0 }];

/** The same as `stepsOf`, for a simple line and without looking at every character. */
function simpleSteps(text: string, turn: Turn): readonly Step[] {
  if (turn === "closes") return closing;
  const words = (turn === "opens" ? text.slice(0, -2) : text).trim().split(" ");
  const phrase = new Phrase(words[0] ?? "", words.slice(1), text, 0);
  return [{ phrase, brace: turn === "opens" ? "open" : undefined, before: words.length }];
}

function turnOf(steps: readonly Step[]): Turn {
  const [first] = steps;
  if (steps.length > 1 || first === undefined) return steps.length > 1 ? "mixes" : "stays";
  return first.brace === "open" ? "opens" : first.brace === "close" ? "closes" : "stays";
}

function stepsOf(text: string): Step[] {
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
