/**
 * The parser: from lines to a tree of statements. A statement is a keyword, its arguments and, for
 * a block, the statements between its braces, which may stand anywhere on a line. The parser never
 * gives up: what is missing or too much is reported, and the tree goes on where the person most
 * likely meant it to. It does not recurse, and blocks deeper than any use are skipped by counting.
 */
import { pathInside } from "./block_path.ts";
import { Body } from "./body.ts";
import type { Lexeme } from "./lexeme.ts";
import { BLOCK_DEPTH_MAX } from "./limits.ts";
import { type Line, placeIn, sliceLine, wordingOf } from "./line.ts";
import type { Report } from "./report.ts";
import type { Place, SourceLine } from "./source.ts";
import { Token, type Word } from "./token.ts";
import { Phrase } from "./wording.ts";

/** One statement. */
export interface Statement {
  /** The text of the keyword. */
  readonly name: string;
  /** The texts of the arguments. */
  readonly words: readonly string[];
  readonly keyword: Word;
  readonly args: readonly Word[];
  /** What follows the keyword as it stands on the line, for commands with their own quoting. */
  readonly rest: Line;
  /** From the keyword to its last argument. */
  readonly place: Place;
  /** The statements of a block; absent when there is none. */
  readonly children?: readonly Statement[] | undefined;
  /** What other lines may say with the same words; absent when it stood on no line. */
  readonly phrase?: Phrase | undefined;
  /** What other blocks may have between their braces, too; absent when there is no block. */
  readonly body?: Body | undefined;
}

/** A statement whose words do not stand on a line of a file. */
export function statementOf(
  said: Pick<Statement, "keyword" | "args" | "rest" | "place" | "children">,
): Statement {
  const { keyword, args, children } = said;
  const body = children && new Body();
  return { ...said, body, name: keyword.text, words: args.map(({ text }) => text) };
}

/** A statement of a line, and its own place. What is asked for rarely is made when it is. */
class LineStatement implements Statement, Place {
  readonly name: string;
  readonly words: readonly string[];
  readonly phrase: Phrase;
  readonly #line: Line;
  children: LineStatement[] | undefined;
  body: Body | undefined;

  constructor(phrase: Phrase, line: Line) {
    this.name = phrase.name;
    this.words = phrase.words;
    this.phrase = phrase;
    this.#line = line;
    this.children = undefined;
    this.body = undefined;
  }

  get keyword(): Token {
    return new Token(this.phrase.keyword, this.#line);
  }

  get args(): readonly Token[] {
    return this.phrase.args.map((lexeme) => new Token(lexeme, this.#line));
  }

  get rest(): Line {
    const { args, end } = this.phrase;
    const from = args[0]?.from ?? end;
    const until = this.#line.text.slice(from, end).trimEnd().length + from;
    return sliceLine(this.#line, from, until);
  }

  get place(): Place {
    return this;
  }

  get source(): SourceLine {
    return this.#line.source;
  }

  get column(): number {
    return this.#place().column;
  }

  get length(): number {
    return this.#place().length;
  }

  #place(): Place {
    const { keyword, args } = this.phrase;
    return placeIn(this.#line, keyword.from, (args.at(-1) ?? keyword).to);
  }
}

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
  /** Where the bodies of such blocks begin. */
  readonly empty: Body;
}

interface OpenBlock {
  /** Absent for the file as a whole. */
  readonly statement: LineStatement | undefined;
  readonly children: LineStatement[];
  readonly level: Level;
  /** What stands inside so far, as long as other blocks may say the same. */
  body: Body | undefined;
}

/** The statements of a whole configuration. */
export function parse(lines: readonly Line[], grammar: Grammar, report: Report): Statement[] {
  const parser = new Parser(grammar, report);
  for (const line of lines) parser.takeLine(line);
  return parser.finish();
}

class Parser {
  readonly #grammar: Grammar;
  readonly #report: Report;
  readonly #levels = new Map<string, Level>();
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
    const level = this.#levelAt("");
    this.#block = { statement: undefined, children: [], level, body: undefined };
  }

  takeLine(line: Line): void {
    for (const { phrase, brace } of wordingOf(line).steps) {
      const statement = phrase && new LineStatement(phrase, line);
      if (brace?.kind === "open") this.#openBlock(statement, brace, line);
      else if (statement !== undefined) this.#takeStatement(statement);
      if (brace?.kind === "close") this.#closeBlock(brace, line);
    }
  }

  finish(): Statement[] {
    this.#settleWaiting();
    while (this.#around.length > 0) this.#closeMissing();
    return this.#block.children;
  }

  #takeStatement(statement: LineStatement): void {
    if (this.#waiting !== undefined) this.#settleWaiting();
    if (this.#tooDeep > 0) return;
    const block = this.#block;
    if (block.level.blocks.has(statement.name)) this.#waiting = statement;
    else {
      block.children.push(statement);
      block.body = block.body?.with(statement.phrase);
    }
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

  #openBlock(statement: LineStatement | undefined, brace: Lexeme, line: Line): void {
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
      this.#block.body = undefined;
      return this.#enter(previous);
    }
    const place = new Token(brace, line);
    this.#report.error("unexpected-brace", place, 'Unexpected "{": no keyword before it');
    this.#enter(new LineStatement(new Phrase(brace, [], brace.to), line));
  }

  #enter(statement: LineStatement): void {
    if (this.#around.length > 0 && this.#grammar.isRootOnly(statement.name)) {
      while (this.#around.length > 0) this.#closeMissing(statement);
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
    statement.children = children;
    const level = this.#levelAt(pathInside(around.level.path, statement.name));
    // Blocks outside of all others have names, and no two are the same.
    const body = this.#around.length === 0 ? undefined : level.empty;
    this.#around.push(around);
    this.#block = { statement, children, level, body };
  }

  #levelAt(path: string): Level {
    const known = this.#levels.get(path);
    if (known !== undefined) return known;
    const level = { path, blocks: this.#grammar.blocksIn(path), empty: new Body() };
    this.#levels.set(path, level);
    return level;
  }

  #closeBlock(brace: Lexeme, line: Line): void {
    if (this.#waiting !== undefined) this.#settleWaiting();
    if (this.#tooDeep > 0) {
      this.#tooDeep--;
      return;
    }
    if (this.#leave() === undefined) {
      const place = new Token(brace, line);
      this.#report.error("unexpected-brace", place, 'Unexpected "}": no block is open');
    }
  }

  /** Goes back to the block around; the answer is the block that ends, if there is one. */
  #leave(): LineStatement | undefined {
    const { statement, body } = this.#block;
    const around = this.#around.pop();
    if (around === undefined || statement === undefined) return undefined;
    statement.body = body ?? new Body();
    around.body = body && around.body?.with(statement.phrase, body);
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
}

/** A statement in the words of the file: `vrrp_instance "VI_1"`. */
export function describe(statement: Statement): string {
  const { name, words: [first] } = statement;
  return first === undefined ? name : `${name} "${first}"`;
}
