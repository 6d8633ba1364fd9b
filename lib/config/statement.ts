/**
 * Statements: a keyword, its arguments and, for a block, the statements between its braces. Most
 * stand on a line of a file; what is asked of those rarely, such as places, is made when it is.
 */
import { Body } from "./body.ts";
import { FileLine, type Line, placeIn, sliceLine } from "./line.ts";
import { type Cast, type OwnLine, ownLines } from "./mould.ts";
import { type Phrase, placesOf } from "./phrase.ts";
import type { Place, SourceLine } from "./source.ts";
import { Token, type Word } from "./token.ts";

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
  /** How it is like a block further up. */
  readonly likeness?: Likeness | undefined;
}

/** What a block has in common with another that came from the same mould. */
export interface Likeness {
  readonly model: Statement;
  /** The lines that are its own, of which the first one is that of the block. */
  readonly own: readonly OwnLine[];
  /** The word in which one of these lines differs from that of the model. */
  word(at: number): string;
  /** Such a line. */
  line(at: number): Statement;
}

/** A statement whose words do not stand on a line of a file. */
export function statementOf(
  said: Pick<Statement, "keyword" | "args" | "rest" | "place" | "children">,
): Statement {
  const { keyword, args, children } = said;
  const body = children && new Body();
  return { ...said, body, name: keyword.text, words: args.map(({ text }) => text) };
}

/** A statement of a line, and its own place. */
export class LineStatement implements Statement, Place {
  readonly name: string;
  readonly words: readonly string[];
  readonly phrase: Phrase;
  body: Body | undefined;
  readonly #file: string;
  readonly #number: number;
  /** Absent as long as nobody asked, for a line as it stands in the file. */
  #line: Line | undefined;
  #children: LineStatement[] | undefined;
  /** A block further up that has the same inside, as long as nobody asked for it. */
  #original: LineStatement | undefined;
  /** What of that inside is not the same. */
  #cast: Cast | undefined;

  constructor(phrase: Phrase, file: string, number: number, line: Line | undefined) {
    this.name = phrase.name;
    this.words = phrase.words;
    this.phrase = phrase;
    this.#file = file;
    this.#number = number;
    this.#line = line;
  }

  /** Makes it a block. */
  open(children: LineStatement[]): void {
    this.#children = children;
    this.body = new Body();
  }

  /** Makes it a block with the inside of another, which stands as far below it as there. */
  openLike(original: LineStatement): void {
    this.#original = original;
    this.body = original.body;
  }

  /** Makes it a block that came from the same mould as another. */
  openCast(model: LineStatement, cast: Cast): void {
    this.#original = model;
    this.#cast = cast;
    this.body = new Body();
  }

  get likeness(): Likeness | undefined {
    const cast = this.#cast;
    const model = this.#original;
    if (cast === undefined || model === undefined) return undefined;
    return new CastLikeness(model, cast, this.#file, this.#number);
  }

  get children(): readonly LineStatement[] | undefined {
    const original = this.#original;
    if (original !== undefined) {
      this.#original = undefined;
      this.#children = original.#copies(this.#file, this.#number, original.#number, this.#cast);
    }
    return this.#children;
  }

  /** The inside as it stands in a block that begins on one line instead of another. */
  #copies(
    file: string,
    to: number,
    from: number,
    cast: Cast | undefined,
  ): LineStatement[] | undefined {
    return this.children?.map((child) => {
      const line = child.#number - from;
      const phrase = cast?.ownAt(line) ?? child.phrase;
      const copy = new LineStatement(phrase, file, to + line, undefined);
      if (child.body === undefined) return copy;
      const own = cast !== undefined && child.name === ownLines;
      if (own) copy.open(child.#copies(file, to, from, cast) ?? []);
      else copy.openLike(child);
      return copy;
    });
  }

  get line(): Line {
    return this.#line ??= new FileLine(this.#file, this.#number, this.phrase.text);
  }

  get keyword(): Token {
    return new Token(placesOf(this.phrase).keyword, this.line);
  }

  get args(): readonly Token[] {
    if (this.words.length === 0) return [];
    return placesOf(this.phrase).args.map((lexeme) => new Token(lexeme, this.line));
  }

  get rest(): Line {
    const { args, end } = placesOf(this.phrase);
    const from = args[0]?.from ?? end;
    const until = this.line.text.slice(from, end).trimEnd().length + from;
    return sliceLine(this.line, from, until);
  }

  get place(): Place {
    return this;
  }

  get source(): SourceLine {
    return this.line.source;
  }

  get column(): number {
    return this.#place().column;
  }

  get length(): number {
    return this.#place().length;
  }

  #place(): Place {
    const { keyword, args } = placesOf(this.phrase);
    return placeIn(this.line, keyword.from, (args.at(-1) ?? keyword).to);
  }
}

/** What came from the same mould as another block, and where it begins. */
class CastLikeness implements Likeness {
  readonly model: Statement;
  readonly own: readonly OwnLine[];
  readonly #cast: Cast;
  readonly #file: string;
  readonly #number: number;

  constructor(model: Statement, cast: Cast, file: string, number: number) {
    this.model = model;
    this.own = cast.mould.own;
    this.#cast = cast;
    this.#file = file;
    this.#number = number;
  }

  word(at: number): string {
    return this.#cast.word(at);
  }

  line(at: number): LineStatement {
    const number = this.#number + (this.own[at]?.index ?? 0);
    return new LineStatement(this.#cast.phrase(at), this.#file, number, undefined);
  }
}

/** A statement in the words of the file: `vrrp_instance "VI_1"`. */
export function describe(statement: Statement): string {
  const { name, words } = statement;
  const first = words[0];
  return first === undefined ? name : `${name} "${first}"`;
}
