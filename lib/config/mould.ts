/**
 * Instances by the hundred differ in little more than their name, their number and their addresses.
 * A mould is what the lines of one say besides: the next ones that fit into it take one pattern
 * each. Such a cast says what the mould says, line by line, except for its own lines, which differ
 * from those of others in one word.
 */
import { assert } from "../base/mod.ts";
import { Phrase } from "./phrase.ts";
import { Wording } from "./wording.ts";

/** The block that moulds are made of. */
export const mouldedBlock = "vrrp_instance";

/** The setting of which every cast has its own. */
export const ownSetting = "virtual_router_id";

/** The block inside whose lines are all its own. */
export const ownLines = "virtual_ipaddress";

/** What the words that differ look like. None is a keyword, and none makes its line too long. */
const name = String.raw`[\w.,:/+*%=-]{1,99}`;
const routerId = String.raw`[1-9]\d?|1\d\d|2[0-4]\d|25[0-5]`;
const address4 = String.raw`[\d.]{7,15}(?:/\d{1,3})?`;
const address6 = String.raw`[\dA-Fa-f]{0,4}:[\dA-Fa-f:.]{1,40}(?:/\d{1,3})?`;

/** So many moulds are tried on each block; more are made only as long as they are of use. */
const MOULDS_MAX = 8;

/** A line that every cast has of its own. */
export interface OwnLine {
  /** Its number among the lines of the block. */
  readonly index: number;
  readonly phrase: Phrase;
  /** The word that differs is the keyword of an address, otherwise the only word after it. */
  readonly kind: "name" | "setting" | "address";
}

/** What many blocks say in the same way. */
export class Mould {
  /** The lines of the block that it was made of. */
  readonly lines: readonly Wording[];
  readonly own: readonly OwnLine[];
  /** What the parser made of the first cast. */
  block: object | undefined;
  readonly #pattern: RegExp;

  constructor(lines: readonly Wording[], own: readonly OwnLine[], pattern: RegExp) {
    this.lines = lines;
    this.own = own;
    this.block = undefined;
    this.#pattern = pattern;
  }

  /** The cast that begins at a place of a text. */
  castAt(text: string, at: number): Cast | undefined {
    const pattern = this.#pattern;
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    return found === null ? undefined : new Cast(this, found, pattern.lastIndex);
  }
}

/** A block that is like others but for its own lines. */
export class Cast {
  readonly mould: Mould;
  /** Where the text goes on. */
  readonly end: number;
  /** How many lines it is. */
  readonly lines: number;
  /** Casts are not special. */
  readonly turn: "closes";
  /** Each own line is a group, and in it the word that differs is another. */
  readonly #found: readonly string[];

  constructor(mould: Mould, found: readonly string[], end: number) {
    this.mould = mould;
    this.end = end;
    this.lines = mould.lines.length;
    this.turn = "closes";
    this.#found = found;
  }

  /** Its lines. */
  get said(): readonly Wording[] {
    return this.mould.lines.map((line, index) => {
      const own = this.ownAt(index);
      return own === undefined ? line : new Wording(own.text);
    });
  }

  /** What its own line of this number says. */
  ownAt(index: number): Phrase | undefined {
    const at = this.mould.own.findIndex((line) => line.index === index);
    return at < 0 ? undefined : this.phrase(at);
  }

  /** The word that differs in one of its own lines. */
  word(at: number): string {
    return this.#found[2 * at + 2] ?? "";
  }

  /** What one of its own lines says; the first one is the first line of the block. */
  phrase(at: number): Phrase {
    const own = this.mould.own[at];
    assert(own !== undefined, "the line is one of those that differ");
    const { phrase, kind } = own;
    const line = this.#found[2 * at + 1] ?? "";
    return kind === "address"
      ? new Phrase(this.word(at), phrase.words, line, 0)
      : new Phrase(phrase.name, [this.word(at)], line, 0);
  }
}

/** The moulds of one configuration. */
export class Moulds {
  readonly #latest: Mould[] = [];
  #made = 0;
  #casts = 0;

  /** Whether those that were made were of so little use that there should be no more. */
  get areUseless(): boolean {
    return this.#made >= MOULDS_MAX + this.#casts;
  }

  /** Makes a mould of the lines of a block, if they are such as one can be made of. */
  make(lines: readonly Wording[]): void {
    this.#made++;
    const mould = mouldOf(lines);
    if (mould === undefined) return;
    this.#latest.unshift(mould);
    if (this.#latest.length > MOULDS_MAX) this.#latest.pop();
  }

  /** The cast that begins at a place of a text. */
  castAt(text: string, at: number): Cast | undefined {
    for (const mould of this.#latest) {
      const cast = mould.castAt(text, at);
      if (cast === undefined) continue;
      this.#casts++;
      return cast;
    }
    return undefined;
  }
}

/** Nothing when a line is more than words and a brace, or too much is own about it. */
function mouldOf(lines: readonly Wording[]): Mould | undefined {
  const patterns: string[] = [];
  const own: OwnLine[] = [];
  /** The keywords of the blocks around. */
  const around: string[] = [];
  for (const [index, line] of lines.entries()) {
    const { text, phrase, turn, steps } = line;
    if (turn === "special" || turn === "mixes") return undefined;
    const kind = index === 0 ? "name" : turn === "stays" ? ownKind(phrase, around) : undefined;
    if (kind === undefined) patterns.push(escaped(text));
    else {
      const pattern = steps === undefined ? ownPattern(line, kind) : undefined;
      if (pattern === undefined || phrase === undefined) return undefined;
      patterns.push(pattern);
      own.push({ index, phrase, kind });
    }
    if (turn === "opens") around.push(phrase?.name ?? "");
    else if (turn === "closes") around.pop();
  }
  return new Mould(lines, own, new RegExp(`${patterns.join("\n")}\n`, "y"));
}

function ownKind(
  phrase: Phrase | undefined,
  around: readonly string[],
): OwnLine["kind"] | undefined {
  if (around.length === 1 && phrase?.name === ownSetting) return "setting";
  return around.length === 2 && around[1] === ownLines ? "address" : undefined;
}

/** The pattern of lines that differ from this one in a word. */
function ownPattern({ text, phrase }: Wording, kind: OwnLine["kind"]): string | undefined {
  if (phrase === undefined) return undefined;
  const { name: keyword, words } = phrase;
  const isAddress = kind === "address";
  const word = isAddress ? keyword : words[0];
  if (word === undefined || (!isAddress && words.length > 1)) return undefined;
  const pattern = isAddress ? addressLike(word) : kind === "setting" ? routerId : name;
  if (pattern === undefined) return undefined;
  const at = text.indexOf(keyword);
  const from = isAddress ? at : at + keyword.length + 1;
  const [head, tail] = [text.slice(0, from), text.slice(from + word.length)];
  return `(${escaped(head)}(${pattern})${escaped(tail)})`;
}

/** The addresses of a cast are of the same family. */
function addressLike(word: string): string | undefined {
  return [address4, address6].find((pattern) => new RegExp(`^${pattern}$`).test(word));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
