/**
 * A line on its way from a file to words. Its text changes while comments go and names are
 * replaced, yet every character remembers which stretch of the source line it came from, so that a
 * diagnostic can point at what the person wrote. As long as nothing was replaced that is a single
 * offset; only lines with replacements carry a table.
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
  /** Character i came from `starts[i]` up to, not including, `ends[i]`. */
  | {
    readonly kind: "mapped";
    readonly starts: readonly number[];
    readonly ends: readonly number[];
  };

/** Most lines begin with a few blanks: the origins of those are shared. */
const smallShifts: readonly Origin[] = Array.from(
  { length: 128 },
  (_, offset) => ({ kind: "shifted", offset } as const),
);

function shiftedBy(offset: number): Origin {
  return smallShifts[offset] ?? { kind: "shifted", offset };
}

/** The whole of a source line. */
export function wholeLine(source: SourceLine): Line {
  return { text: source.text, source, origin: shiftedBy(0) };
}

/** The part of a line from one character up to, not including, another. */
export function sliceLine(line: Line, from: number, to: number = line.text.length): Line {
  const { source, origin } = line;
  const text = line.text.slice(from, to);
  if (origin.kind === "shifted") {
    return { text, source, origin: shiftedBy(origin.offset + from) };
  }
  const starts = origin.starts.slice(from, to);
  const ends = origin.ends.slice(from, to);
  return { text, source, origin: { kind: "mapped", starts, ends } };
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
  const starts: number[] = [];
  const ends: number[] = [];
  let text = "";
  let at = 0;
  function keepUntil(limit: number): void {
    text += line.text.slice(at, limit);
    for (; at < limit; at++) {
      starts.push(originStart(line, at));
      ends.push(originEnd(line, at));
    }
  }
  for (const replacement of replacements) {
    keepUntil(replacement.from);
    const start = originStart(line, replacement.from);
    const end = originEnd(line, Math.max(replacement.from, replacement.to - 1));
    for (let index = 0; index < replacement.text.length; index++) {
      starts.push(start);
      ends.push(end);
    }
    text += replacement.text;
    at = replacement.to;
  }
  keepUntil(line.text.length);
  return { text, source: line.source, origin: { kind: "mapped", starts, ends } };
}

/** Where a stretch of the line stands in the file. */
export function placeIn(line: Line, from: number, to: number): Place {
  const start = originStart(line, from);
  const end = originEnd(line, Math.max(from, to - 1));
  return { source: line.source, column: start + 1, length: Math.max(1, end - start) };
}

function originStart(line: Line, at: number): number {
  const { origin } = line;
  if (origin.kind === "shifted") return origin.offset + at;
  return origin.starts[at] ?? origin.ends.at(-1) ?? 0;
}

function originEnd(line: Line, at: number): number {
  const { origin } = line;
  if (origin.kind === "shifted") return origin.offset + at + 1;
  return origin.ends[at] ?? (origin.ends.at(-1) ?? 0) + 1;
}
