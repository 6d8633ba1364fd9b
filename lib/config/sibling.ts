/**
 * Real servers by the hundred follow each other and differ in nothing but the address and the port
 * of their first line. After one whose inside is a known passage, the next ones of that kind take
 * one pattern and one comparison each, and the parser gets them all at once.
 */
import type { Passage } from "./passage.ts";
import { Phrase } from "./phrase.ts";
import { Wording } from "./wording.ts";

const octet = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const address = String.raw`${octet}\.${octet}\.${octet}\.${octet}`;
const port = String.raw`[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5]`;

/** What stands behind the keyword: nothing about it can be wrong where the same two may stand. */
const own = new RegExp(`(${address}) (${port}) \\{\\n`, "y");

/** Blocks of one keyword and one inside that follow each other. */
export class Siblings {
  /** What their first lines say. */
  readonly heads: readonly Phrase[];
  readonly inside: Passage;
  /** How many lines they are. */
  readonly lines: number;
  /** How many characters they are. */
  readonly length: number;
  /** Siblings are not special. */
  readonly turn: "closes";

  constructor(heads: readonly Phrase[], inside: Passage, length: number) {
    this.heads = heads;
    this.inside = inside;
    this.lines = heads.length * (1 + inside.lines);
    this.length = length;
    this.turn = "closes";
  }

  /** Their lines. */
  get said(): readonly (Wording | Passage)[] {
    return this.heads.flatMap(({ text }) => [new Wording(text), this.inside]);
  }
}

/** The siblings of a block that follow it in a text. */
export function siblingsAt(
  text: string,
  from: number,
  { phrase, text: line }: Wording,
  inside: Passage,
): Siblings | undefined {
  if (phrase?.words.length !== 2) return undefined;
  const { name } = phrase;
  const before = line.slice(0, line.indexOf(name) + name.length + 1);
  own.lastIndex = before.length;
  if (own.exec(`${line}\n`) === null) return undefined;
  const heads: Phrase[] = [];
  let at = from;
  while (text.startsWith(before, at)) {
    own.lastIndex = at + before.length;
    const found = own.exec(text);
    const end = own.lastIndex;
    if (found === null || !text.startsWith(inside.text, end)) break;
    heads.push(
      new Phrase(name, [found[1] ?? "", found[2] ?? ""], text.slice(at, end - 1), 0, phrase),
    );
    at = end + inside.text.length;
  }
  return heads.length === 0 ? undefined : new Siblings(heads, inside, at - from);
}
