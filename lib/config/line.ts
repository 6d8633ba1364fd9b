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

/** The whole of a source line. */
export function wholeLine(source: SourceLine): Line {
  return { text: source.text, source, origin: { kind: "shifted", offset: 0 } };
}

/** The part of a line from one character up to, not including, another. */
export function sliceLine(line: Line, from: number, to: number = line.text.length): Line {
  const { source, origin } = line;
  const text = line.text.slice(from, to);
  if (origin.kind === "shifted") {
    return { text, source, origin: { kind: "shifted", offset: origin.offset + from } };
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

/** Puts another text in the place of a stretch; its characters all come from that stretch. */
export function replaceInLine(line: Line, from: number, to: number, text: string): Line {
  const starts: number[] = [];
  const ends: number[] = [];
  function keep(at: number): void {
    starts.push(originStart(line, at));
    ends.push(originEnd(line, at));
  }
  for (let at = 0; at < from; at++) keep(at);
  const start = originStart(line, from);
  const end = originEnd(line, Math.max(from, to - 1));
  for (let at = 0; at < text.length; at++) {
    starts.push(start);
    ends.push(end);
  }
  for (let at = to; at < line.text.length; at++) keep(at);
  const whole = line.text.slice(0, from) + text + line.text.slice(to);
  return { text: whole, source: line.source, origin: { kind: "mapped", starts, ends } };
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
