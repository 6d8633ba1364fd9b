/**
 * What the lines of a file say, one by one or as passages: a passage is what stands behind the
 * first line of a block, and is recognised when the next block of that keyword goes on in the same
 * way. A file with ten thousand servers is mostly such passages. Each takes one comparison, and
 * since it remembers what the parser made of it, it is parsed once.
 */
import { type Cast, mouldedBlock, Moulds } from "./mould.ts";
import { type Siblings, siblingsAt } from "./sibling.ts";
import { Wording } from "./wording.ts";

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** A line, or several. */
export type Said = Wording | Passage | Cast | Siblings;

/** Lines of words and braces, of which the last one closes the block that is open before them. */
export class Passage {
  readonly text: string;
  /** How many lines it is. */
  readonly lines: number;
  /** Passages are not special. */
  readonly turn: "closes";
  /** The kind of block in which the parser has read it, and the block that it made of it. */
  level: object | undefined;
  block: object | undefined;
  readonly #file: readonly Said[];
  readonly #from: number;
  readonly #to: number;

  constructor(text: string, lines: number, file: readonly Said[], from: number) {
    this.text = text;
    this.lines = lines;
    this.turn = "closes";
    this.level = undefined;
    this.block = undefined;
    this.#file = file;
    this.#from = from;
    this.#to = file.length;
  }

  /** Its lines, of which some may be passages again. */
  get said(): readonly Said[] {
    return this.#file.slice(this.#from, this.#to);
  }
}

/** Lines of a file that follow each other and are no more than words and braces. */
export class Stretch {
  readonly file: string;
  /** The number of the first line. */
  readonly number: number;
  readonly said: readonly Said[];

  constructor(file: string, number: number, said: readonly Said[]) {
    this.file = file;
    this.number = number;
    this.said = said;
  }
}

/** The single lines of what was said. */
export function linesOf(said: Said): readonly Wording[] {
  return said instanceof Wording ? [said] : said.said.flatMap(linesOf);
}

/** The wordings and passages of one configuration. */
export class Wordings {
  readonly #known = new Map<string, Wording>();
  /** The last passage behind each keyword. */
  readonly #passages = new Map<string, Passage>();
  readonly #moulds = new Moulds();

  /** What the lines of a text say. */
  of(text: string): Said[] {
    return new Splitter(text, this.#known, this.#passages, this.#moulds).split();
  }
}

/** A block that has not ended yet. */
interface OpenBlock {
  readonly keyword: string;
  /** Where the line after its first stands: in the text, among the lines, among the items. */
  readonly at: number;
  readonly line: number;
  readonly index: number;
}

/** Takes one text apart. */
class Splitter {
  readonly #text: string;
  readonly #known: Map<string, Wording>;
  readonly #passages: Map<string, Passage>;
  readonly #moulds: Moulds;
  readonly #said: Said[] = [];
  readonly #blocks: OpenBlock[] = [];
  /** Where the next line begins. */
  #at = 0;
  #lines = 0;
  /** The first item of which nothing special has come since. */
  #plain = 0;

  constructor(
    text: string,
    known: Map<string, Wording>,
    passages: Map<string, Passage>,
    moulds: Moulds,
  ) {
    this.#text = text;
    this.#known = known;
    this.#passages = passages;
    this.#moulds = moulds;
  }

  split(): Said[] {
    let last = this.#wording("");
    while (this.#at <= this.#text.length) {
      if (this.#blocks.length === 0 && this.#takeCast()) continue;
      last = this.#takeLine(last);
      this.#lines++;
      this.#said.push(last);
      switch (last.turn) {
        case "opens":
          this.#open(last);
          break;
        case "closes":
          this.#close();
          break;
        case "mixes":
          this.#blocks.length = 0;
          break;
        case "special":
          this.#plain = this.#said.length;
      }
    }
    return this.#said;
  }

  /** Blocks outside of all others are mostly of a kind. */
  #takeCast(): boolean {
    const cast = this.#moulds.castAt(this.#text, this.#at);
    if (cast === undefined) return false;
    this.#said.push(cast);
    this.#at = cast.end;
    this.#lines += cast.lines;
    return true;
  }

  /** Lines tend to follow the same line as before: to see that takes no string of its own. */
  #takeLine(before: Wording): Wording {
    const text = this.#text;
    const at = this.#at;
    const { next } = before;
    if (next !== undefined && text.startsWith(next.text, at)) {
      const end = at + next.text.length;
      if (text.charCodeAt(end) === LINE_FEED) {
        this.#at = end + 1;
        return next;
      }
    }
    const feed = text.indexOf("\n", at);
    const end = feed < 0 ? text.length : feed;
    const hasReturn = end > at && text.charCodeAt(end - 1) === CARRIAGE_RETURN;
    this.#at = end + 1;
    const found = this.#wording(text.slice(at, hasReturn ? end - 1 : end));
    // What stands in the place of another is likely to be followed by the same.
    found.next ??= next?.next;
    return before.next = found;
  }

  /** A block begins: what is inside may have been inside the one before. */
  #open(first: Wording): void {
    const keyword = (first.steps?.[0] ?? first).phrase?.name ?? "";
    const passage = this.#passages.get(keyword);
    if (passage !== undefined && this.#text.startsWith(passage.text, this.#at)) {
      this.#said.push(passage);
      this.#at += passage.text.length;
      this.#lines += passage.lines;
      this.#takeSiblings(first, passage);
      return;
    }
    const index = this.#said.length;
    this.#blocks.push({ keyword, at: this.#at, line: this.#lines, index });
  }

  #takeSiblings(first: Wording, inside: Passage): void {
    const siblings = siblingsAt(this.#text, this.#at, first, inside);
    if (siblings === undefined) return;
    this.#said.push(siblings);
    this.#at += siblings.length;
    this.#lines += siblings.lines;
  }

  #close(): void {
    const block = this.#blocks.pop();
    if (block === undefined || block.index < this.#plain) return;
    // Blocks outside of all others have names, and no two are the same.
    if (this.#blocks.length === 0) {
      if (block.keyword !== mouldedBlock || this.#moulds.areUseless) return;
      return this.#moulds.make(this.#said.slice(block.index - 1).flatMap(linesOf));
    }
    if (this.#at > this.#text.length) return;
    const inside = this.#text.slice(block.at, this.#at);
    const lines = this.#lines - block.line;
    this.#passages.set(block.keyword, new Passage(inside, lines, this.#said, block.index));
  }

  #wording(text: string): Wording {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const made = new Wording(text);
    this.#known.set(text, made);
    return made;
  }
}
