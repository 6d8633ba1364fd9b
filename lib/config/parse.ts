/**
 * The parser: from lines to a tree of statements. A statement is a keyword, its arguments and, for
 * a block, the statements between its braces, which may stand anywhere on a line. The parser never
 * gives up: what is missing or too much is reported, and the tree goes on where the person most
 * likely meant it to. It does not recurse, and blocks deeper than any use are skipped by counting.
 */
import { pathInside } from "./block_path.ts";
import { BLOCK_DEPTH_MAX } from "./limits.ts";
import { type Line, placeIn, sliceLine } from "./line.ts";
import type { Report } from "./report.ts";
import type { Place } from "./source.ts";
import { type Token, tokensOf, type Word } from "./token.ts";

/** One statement. */
export interface Statement {
  readonly keyword: Word;
  readonly args: readonly Word[];
  /** What follows the keyword as it stands on the line, for commands with their own quoting. */
  readonly rest: Line;
  /** From the keyword to its last argument. */
  readonly place: Place;
  /** The statements of a block; absent when there is none. */
  readonly children?: readonly Statement[] | undefined;
}

/** A statement of a line. What is asked for rarely is made when it is asked for. */
class LineStatement implements Statement {
  readonly keyword: Token;
  readonly args: readonly Token[];
  readonly #line: Line;
  /** Where the line or the next brace ends what belongs to it. */
  readonly #end: number;
  children: LineStatement[] | undefined;

  constructor(keyword: Token, args: readonly Token[], line: Line, end: number) {
    this.keyword = keyword;
    this.args = args;
    this.#line = line;
    this.#end = end;
    this.children = undefined;
  }

  get rest(): Line {
    const from = this.args[0]?.from ?? this.#end;
    const until = this.#line.text.slice(from, this.#end).trimEnd().length + from;
    return sliceLine(this.#line, from, until);
  }

  get place(): Place {
    return placeIn(this.#line, this.keyword.from, (this.args.at(-1) ?? this.keyword).to);
  }
}

/** What the parser must know of the language to repair braces. */
export interface Grammar {
  /** Whether the keyword, inside the blocks of the path joined by slashes, opens a block. */
  opensBlock(path: string, keyword: string): boolean;
  /** Whether the keyword can only stand outside of all blocks. */
  isRootOnly(keyword: string): boolean;
}

interface OpenBlock {
  readonly statement: LineStatement;
  readonly children: LineStatement[];
  /** The keywords that lead inside, joined by slashes. */
  readonly path: string;
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
  readonly #root: LineStatement[] = [];
  readonly #open: OpenBlock[] = [];
  /** A statement on a line of its own that may still get its brace on the next. */
  #waiting: LineStatement | undefined;
  /** Blocks that are skipped because they are too deep. */
  #tooDeep = 0;

  constructor(grammar: Grammar, report: Report) {
    this.#grammar = grammar;
    this.#report = report;
  }

  takeLine(line: Line): void {
    const tokens = tokensOf(line);
    let start = 0;
    for (let at = 0; at <= tokens.length; at++) {
      const token = tokens[at];
      if (token?.kind === "word") continue;
      const keyword = at > start ? tokens[start] : undefined;
      const end = token?.from ?? line.text.length;
      const statement = keyword &&
        new LineStatement(keyword, tokens.slice(start + 1, at), line, end);
      if (token?.kind === "open") this.#openBlock(statement, token, line);
      else if (statement !== undefined) this.#takeStatement(statement);
      if (token?.kind === "close") this.#closeBlock(token);
      start = at + 1;
    }
  }

  finish(): Statement[] {
    this.#settleWaiting();
    while (this.#open.length > 0) this.#closeMissing();
    return this.#root;
  }

  get #path(): string {
    return this.#open.at(-1)?.path ?? "";
  }

  get #siblings(): LineStatement[] {
    return this.#open.at(-1)?.children ?? this.#root;
  }

  #takeStatement(statement: LineStatement): void {
    this.#settleWaiting();
    if (this.#tooDeep > 0) return;
    if (this.#wantsBlock(statement)) this.#waiting = statement;
    else this.#siblings.push(statement);
  }

  #wantsBlock(statement: Statement): boolean {
    return this.#grammar.opensBlock(this.#path, statement.keyword.text);
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

  #openBlock(statement: LineStatement | undefined, brace: Token, line: Line): void {
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
    const previous = this.#siblings.at(-1);
    if (previous !== undefined && previous.children === undefined) {
      // The brace of a keyword that is not known, on the line after it.
      this.#siblings.pop();
      return this.#enter(previous);
    }
    this.#report.error("unexpected-brace", brace, 'Unexpected "{": no keyword before it');
    this.#enter(new LineStatement(brace, [], line, brace.to));
  }

  #enter(statement: LineStatement): void {
    if (this.#open.length > 0 && this.#grammar.isRootOnly(statement.keyword.text)) {
      while (this.#open.length > 0) this.#closeMissing(statement);
    }
    if (this.#open.length >= BLOCK_DEPTH_MAX) {
      const message = `Cannot read blocks more than ${BLOCK_DEPTH_MAX} deep`;
      this.#report.error("block-depth", statement.place, message);
      this.#tooDeep = 1;
      return;
    }
    const children: LineStatement[] = [];
    const path = pathInside(this.#path, statement.keyword.text);
    this.#siblings.push(statement);
    statement.children = children;
    this.#open.push({ statement, children, path });
  }

  #closeBlock(place: Place): void {
    this.#settleWaiting();
    if (this.#tooDeep > 0) {
      this.#tooDeep--;
      return;
    }
    if (this.#open.pop() === undefined) {
      this.#report.error("unexpected-brace", place, 'Unexpected "}": no block is open');
    }
  }

  #closeMissing(before?: Statement): void {
    const block = this.#open.pop();
    if (block === undefined) return;
    const { place, keyword } = block.statement;
    const where = before === undefined ? "the end of the file" : describe(before);
    const message = `Missing "}": ${describe(block.statement)} is not closed before ${where}`;
    this.#report.error("missing-brace", keyword.text === "{" ? place : keyword.place, message);
  }
}

/** A statement in the words of the file: `vrrp_instance "VI_1"`. */
export function describe(statement: Statement): string {
  const [name] = statement.args;
  return name === undefined ? statement.keyword.text : `${statement.keyword.text} "${name.text}"`;
}
