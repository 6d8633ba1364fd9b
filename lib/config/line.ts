/**
 * A line on its way from a file to words. Its text changes while comments go and names are
 * replaced, yet every character remembers which stretch of the source line it came from, so that a
 * diagnostic can point at what the person wrote. As long as nothing was replaced that is a single
 * offset; a line with replacements knows it for each of its pieces.
 */
import type { Place, SourceLine } from "./source.ts";

/** A text whose characters know their place in one source line. */
export interface Line {
  readonly text: string;
  readonly source: SourceLine;
  readonly origin: Origin;
}

type Origin =
  /** Character i stood at `offset + i`. */
  | { readonly kind: "shifted"; readonly offset: number }
  | { readonly kind: "pieces"; readonly pieces: readonly Piece[] };

/** A stretch of the text and where it stood; what was kept is as long as it was there. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
  readonly kept: boolean;
}

/** Most lines begin with a few blanks: the origins of those are shared. */
const smallShifts: Origin[] = [];
const smallShiftMax = 127;

function shiftedBy(offset: number): Origin {
  if (offset > smallShiftMax) return { kind: "shifted", offset };
  return smallShifts[offset] ??= { kind: "shifted", offset };
}

/** A line of a file, which is the whole of its own source. */
export class FileLine implements SourceLine, Line {
  readonly file: string;
  readonly number: number;
  readonly text: string;

  constructor(file: string, number: number, text: string) {
    this.file = file;
    this.number = number;
    this.text = text;
  }

  get source(): SourceLine {
    return this;
  }

  get origin(): Origin {
    return shiftedBy(0);
  }
}

/** A line of texts, each of which stands for a place of its source. */
export function writtenLine(
  source: SourceLine,
  texts: readonly { readonly text: string; readonly place: Place }[],
): Line {
  const pieces: Piece[] = [];
  let whole = "";
  for (const { text, place } of texts) {
    const [from, start] = [whole.length, place.column - 1];
    whole += text;
    pieces.push({ from, to: whole.length, start, end: start + place.length, kept: false });
  }
  return { text: whole, source, origin: { kind: "pieces", pieces } };
}

/** The part of a line from one character up to, not including, another. */
export function sliceLine(line: Line, from: number, to: number = line.text.length): Line {
  const { source, origin } = line;
  const text = line.text.slice(from, to);
  if (origin.kind === "shifted") {
    return { text, source, origin: shiftedBy(origin.offset + from) };
  }
  return { text, source, origin: { kind: "pieces", pieces: piecesOf(line, from, to, 0) } };
}

/** The line without white space at both ends. */
export function trimLine(line: Line): Line {
  const from = line.text.length - line.text.trimStart().length;
  const to = line.text.trimEnd().length;
  return from === 0 && to === line.text.length ? line : sliceLine(line, from, Math.max(from, to));
}

/** A stretch of a line and the text that takes its place. */
export interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Replaces stretches, which are in order and do not overlap; the characters of a new text all come
 * from the stretch that it replaces.
 */
export function replaceInLine(line: Line, replacements: readonly Replacement[]): Line {
  const pieces: Piece[] = [];
  let text = "";
  let at = 0;
  function keepUntil(limit: number): void {
    pieces.push(...piecesOf(line, at, limit, text.length));
    text += line.text.slice(at, limit);
    at = limit;
  }
  for (const replacement of replacements) {
    keepUntil(replacement.from);
    const start = originStart(line, replacement.from);
    const end = originEnd(line, Math.max(replacement.from, replacement.to - 1));
    const to = text.length + replacement.text.length;
    if (to > text.length) pieces.push({ from: text.length, to, start, end, kept: false });
    text += replacement.text;
    at = replacement.to;
  }
  keepUntil(line.text.length);
  return { text, source: line.source, origin: { kind: "pieces", pieces } };
}

/** The pieces of a stretch of the line, which will begin at `at` in another. */
function piecesOf({ origin }: Line, from: number, until: number, at: number): Piece[] {
  if (from >= until) return [];
  if (origin.kind === "shifted") {
    const { offset } = origin;
    const to = at + until - from;
    return [{ from: at, to, start: offset + from, end: offset + until, kept: true }];
  }
  const found: Piece[] = [];
  const { pieces } = origin;
  for (let index = indexAt(pieces, from); index < pieces.length; index++) {
    const piece = pieces[index];
    if (piece === undefined || piece.from >= until) break;
    const [first, last] = [Math.max(from, piece.from), Math.min(until, piece.to)];
    const start = piece.kept ? piece.start + first - piece.from : piece.start;
    const end = piece.kept ? start + last - first : piece.end;
    found.push({ from: at + first - from, to: at + last - from, start, end, kept: piece.kept });
  }
  return found;
}

/** The first piece that ends after a character. */
function indexAt(pieces: readonly Piece[], at: number): number {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.to ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Where a stretch of the line stands in the file. */
export function placeIn(line: Line, from: number, to: number): Place {
  const start = originStart(line, from);
  const end = originEnd(line, Math.max(from, to - 1));
  return { source: line.source, column: start + 1, length: Math.max(1, end - start) };
}

function originStart({ origin }: Line, at: number): number {
  if (origin.kind === "shifted") return origin.offset + at;
  const piece = origin.pieces[indexAt(origin.pieces, at)];
  if (piece === undefined) return origin.pieces.at(-1)?.end ?? 0;
  return piece.kept ? piece.start + at - piece.from : piece.start;
}

function originEnd({ origin }: Line, at: number): number {
  if (origin.kind === "shifted") return origin.offset + at + 1;
  const piece = origin.pieces[indexAt(origin.pieces, at)];
  if (piece === undefined) return (origin.pieces.at(-1)?.end ?? 0) + 1;
  return piece.kept ? piece.start + at + 1 - piece.from : piece.end;
}
