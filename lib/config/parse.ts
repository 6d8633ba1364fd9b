/**
 * The parser: from lines to a tree of statements. A statement is a keyword, its arguments and, for
 * a block, the statements between its braces, which may stand anywhere on a line. The parser never
 * gives up: what is missing or too much is reported, and the tree goes on where the person most
 * likely meant it to. It does not recurse, and blocks deeper than any use are skipped by counting.
 */
import { pathInside } from "./block_path.ts";
import { lexemesOf } from "./lexeme.ts";
import { BLOCK_DEPTH_MAX } from "./limits.ts";
import { FileLine, type Line } from "./line.ts";
import { Cast } from "./mould.ts";
import { Passage, type Said, Stretch } from "./passage.ts";
import { Siblings } from "./sibling.ts";
import { Phrase } from "./phrase.ts";
import type { Report } from "./report.ts";
import { describe, LineStatement, type Statement } from "./statement.ts";
import { Token } from "./token.ts";
import { type Step, stepsOf } from "./wording.ts";

export { describe, type Statement, statementOf } from "./statement.ts";

/** What the parser must know of the language to repair braces. */
export interface Grammar {
  /** The keywords that open a block, inside the blocks of the path joined by slashes. */
  blocksIn(path: string): ReadonlySet<string>;
  /** Whether the keyword can only stand outside of all blocks. */
  isRootOnly(keyword: string): boolean;
}

/** What all blocks of a path have in common. */
interface Level {
  /** The keywords that lead inside, joined by slashes. */
  readonly path: string;
  /** The keywords that open a block there. */
  readonly blocks: ReadonlySet<string>;
  /** The levels of blocks inside, by their keywords. */
  readonly inner: Map<string, Level>;
  /** Whether the keyword of the block can only stand outside of all blocks. */
  readonly isRootOnly: boolean;
}

interface OpenBlock {
  /** Absent for the file as a whole. */
  readonly statement: LineStatement | undefined;
  readonly children: LineStatement[];
  readonly level: Level;
}

/** The statements of a whole configuration. */
export function parse(
  lines: readonly (Line | Stretch)[],
  grammar: Grammar,
  report: Report,
): Statement[] {
  const parser = new Parser(grammar, report);
  for (const line of lines) {
    if (line instanceof Stretch) parser.takeStretch(line);
    else parser.takeLine(line);
  }
  return parser.finish();
}

class Parser {
  readonly #grammar: Grammar;
  readonly #report: Report;
  /** Where the line stands that is being read, and the line unless it is as it stands there. */
  #file = "";
  #number = 0;
  #line: Line | undefined;
  /** The block that the next statement belongs to. */
  #block: OpenBlock;
  /** The blocks around it. */
  readonly #around: OpenBlock[] = [];
  /** A statement on a line of its own that may still get its brace on the next. */
  #waiting: LineStatement | undefined;
  /** Blocks that are skipped because they are too deep. */
  #tooDeep = 0;

  constructor(grammar: Grammar, report: Report) {
    this.#grammar = grammar;
    this.#report = report;
    const inner = new Map<string, Level>();
    const level = { path: "", blocks: grammar.blocksIn(""), inner, isRootOnly: false };
    this.#block = { statement: undefined, children: [], level };
  }

  takeLine(line: Line): void {
    this.#file = line.source.file;
    this.#number = line.source.number;
    this.#line = line;
    for (const step of stepsOf(line.text)) this.#takeStep(step, line.text);
  }

  takeStretch({ file, number, said }: Stretch): void {
    this.#file = file;
    this.#number = number;
    this.#line = undefined;
    for (const one of said) this.#take(one);
  }

  finish(): Statement[] {
    this.#settleWaiting();
    while (this.#around.length > 0) this.#closeMissing();
    return this.#block.children;
  }

  #take(said: Said): void {
    if (said instanceof Cast) return this.#takeCast(said);
    if (said instanceof Passage) return this.#takePassage(said);
    if (said instanceof Siblings) return this.#takeSiblings(said);
    const { steps, text } = said;
    if (steps === undefined) this.#takeStep(said, text);
    else for (const step of steps) this.#takeStep(step, text);
    this.#number++;
  }

  /**
   * The rest of the block that the line before has opened, unless something was wrong there. What
   * was read without a remark to the end of the block, and no further, can be read only so.
   */
  #takePassage(passage: Passage): void {
    const { level, statement, children } = this.#block;
    const isOpen = statement !== undefined && children.length === 0 && this.#tooDeep === 0 &&
      this.#waiting === undefined;
    if (isOpen && passage.level === level && passage.block instanceof LineStatement) {
      statement.openLike(passage.block);
      this.#leave();
      this.#number += passage.lines;
      return;
    }
    const around = this.#around.at(-1);
    const siblings = around?.children.length;
    const { remarks } = this.#report;
    for (const one of passage.said) this.#take(one);
    const isRead = isOpen && this.#block === around && around.children.length === siblings &&
      this.#waiting === undefined && this.#report.remarks === remarks;
    if (!isRead) return;
    passage.level = level;
    passage.block = statement;
  }

  /** Blocks like the one before them, with whose inside the parser knows what to do. */
  #takeSiblings(siblings: Siblings): void {
    const { inside: { level, block, lines }, heads: [first] } = siblings;
    const inner = first && this.#block.level.inner.get(first.name);
    const isKnown = inner === level && block instanceof LineStatement && !inner?.isRootOnly &&
      this.#tooDeep === 0 && this.#waiting === undefined;
    if (!isKnown) {
      for (const one of siblings.said) this.#take(one);
      return;
    }
    for (const head of siblings.heads) {
      const statement = this.#statement(head);
      statement.openLike(block);
      this.#block.children.push(statement);
      this.#number += 1 + lines;
    }
  }

  /** A block outside of all others; the first of its mould is read, and the others are like it. */
  #takeCast(cast: Cast): void {
    const { mould } = cast;
    const { children } = this.#block;
    const isOutside = this.#around.length === 0 && this.#tooDeep === 0 &&
      this.#waiting === undefined;
    if (isOutside && mould.block instanceof LineStatement) {
      const statement = this.#statement(cast.phrase(0));
      statement.openCast(mould.block, cast);
      children.push(statement);
      this.#number += cast.lines;
      return;
    }
    const siblings = children.length;
    const { remarks } = this.#report;
    for (const one of cast.said) this.#take(one);
    const isRead = isOutside && this.#around.length === 0 && children.length === siblings + 1 &&
      this.#waiting === undefined && this.#report.remarks === remarks;
    if (isRead) mould.block = children.at(-1);
  }

  #takeStep(step: Step, text: string): void {
    const { phrase, brace } = step;
    const statement = phrase && this.#statement(phrase);
    if (brace === "open") this.#openBlock(statement, text, step);
    else if (statement !== undefined) this.#takeStatement(statement);
    if (brace === "close") this.#closeBlock(text, step);
  }

  #statement(phrase: Phrase): LineStatement {
    return new LineStatement(phrase, this.#file, this.#number, this.#line);
  }

  #takeStatement(statement: LineStatement): void {
    if (this.#waiting !== undefined) this.#settleWaiting();
    if (this.#tooDeep > 0) return;
    const block = this.#block;
    if (block.level.blocks.has(statement.name)) this.#waiting = statement;
    else block.children.push(statement);
  }

  /** The brace of the waiting statement did not come: the block is taken as opened all the same. */
  #settleWaiting(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    const message = `Missing "{" after ${describe(waiting)}`;
    this.#report.error("missing-brace", waiting.place, message);
    this.#enter(waiting);
  }

  #openBlock(statement: LineStatement | undefined, text: string, step: Step): void {
    if (this.#tooDeep > 0) {
      this.#tooDeep++;
      return;
    }
    const waiting = this.#waiting;
    if (statement === undefined && waiting !== undefined) {
      this.#waiting = undefined;
      return this.#enter(waiting);
    }
    this.#settleWaiting();
    if (statement !== undefined) return this.#enter(statement);
    const previous = this.#block.children.at(-1);
    if (previous !== undefined && previous.children === undefined) {
      // The brace of a keyword that is not known, on the line after it.
      this.#block.children.pop();
      return this.#enter(previous);
    }
    const place = this.#braceOf(text, step);
    this.#report.error("unexpected-brace", place, 'Unexpected "{": no keyword before it');
    this.#enter(this.#statement(new Phrase("{", [], text, step.before)));
  }

  #enter(statement: LineStatement): void {
    let level = this.#levelInside(statement);
    if (level.isRootOnly && this.#around.length > 0) {
      while (this.#around.length > 0) this.#closeMissing(statement);
      level = this.#levelInside(statement);
    }
    if (this.#around.length >= BLOCK_DEPTH_MAX) {
      const message = `Cannot read blocks more than ${BLOCK_DEPTH_MAX} deep`;
      this.#report.error("block-depth", statement.place, message);
      this.#tooDeep = 1;
      return;
    }
    const around = this.#block;
    const children: LineStatement[] = [];
    around.children.push(statement);
    statement.open(children);
    this.#around.push(around);
    this.#block = { statement, children, level };
  }

  /** The level of a block that stands in the present one. */
  #levelInside({ name }: Statement): Level {
    const { path: around, inner } = this.#block.level;
    const known = inner.get(name);
    if (known !== undefined) return known;
    const path = pathInside(around, name);
    const isRootOnly = this.#grammar.isRootOnly(name);
    const level = { path, blocks: this.#grammar.blocksIn(path), inner: new Map(), isRootOnly };
    inner.set(name, level);
    return level;
  }

  #closeBlock(text: string, step: Step): void {
    if (this.#waiting !== undefined) this.#settleWaiting();
    if (this.#tooDeep > 0) {
      this.#tooDeep--;
      return;
    }
    if (this.#leave() !== undefined) return;
    const place = this.#braceOf(text, step);
    this.#report.error("unexpected-brace", place, 'Unexpected "}": no block is open');
  }

  /** Goes back to the block around; the answer is the block that ends, if there is one. */
  #leave(): LineStatement | undefined {
    const { statement } = this.#block;
    const around = this.#around.pop();
    if (around === undefined || statement === undefined) return undefined;
    this.#block = around;
    return statement;
  }

  #closeMissing(before?: Statement): void {
    const block = this.#leave();
    if (block === undefined) return;
    const { place, keyword } = block;
    const where = before === undefined ? "the end of the file" : describe(before);
    const message = `Missing "}": ${describe(block)} is not closed before ${where}`;
    this.#report.error("missing-brace", keyword.text === "{" ? place : keyword.place, message);
  }

  /** A brace of the present line. */
  #braceOf(text: string, { before }: Step): Token | undefined {
    const lexeme = lexemesOf(text)[before];
    const line = this.#line ?? new FileLine(this.#file, this.#number, text);
    return lexeme && new Token(lexeme, line);
  }
}
