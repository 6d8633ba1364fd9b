/**
 * Words of statements that were written in JSON. They point into the JSON text; and because the
 * command lines of scripts are read from the line as it stands, they also get a line to stand on,
 * as keepalived.conf would have it.
 */
import type { Line } from "../line.ts";
import { quoteWord } from "../print.ts";
import type { Place } from "../source.ts";
import { tokensOf, type Word } from "../token.ts";

/** A word at the place of a JSON value. */
export function wordAt(text: string, place: Place): Word {
  return { text, place, quoted: quoteWord(text) !== text };
}

/** The words of a text with blanks between; each has a place of its own where that can be told. */
export function splitWords(text: string, place: Place): Word[] {
  // Escapes in the JSON text shift what comes after them.
  const exact = place.length === text.length + 2;
  return Array.from(text.matchAll(/\S+/g), (found) => {
    const column = place.column + 1 + found.index;
    const part = exact ? { ...place, column, length: found[0].length } : place;
    return wordAt(found[0], part);
  });
}

/** The line of words after their keyword. */
export function lineOf(words: readonly Word[], keyword: Place): Line {
  const [first] = words;
  const place = first?.place ?? keyword;
  const starts: number[] = [];
  const ends: number[] = [];
  let text = "";
  function write(written: string, from: Place): void {
    // A line has one source: words on other lines of the file are shown where the first one is.
    const shown = from.source === place.source ? from : place;
    for (let index = 0; index < written.length; index++) {
      starts.push(shown.column - 1);
      ends.push(shown.column - 1 + shown.length);
    }
    text += written;
  }
  for (const [index, word] of words.entries()) {
    if (index > 0) write(" ", word.place);
    write(quoteWord(word.text), word.place);
  }
  return { text, source: place.source, origin: { kind: "mapped", starts, ends } };
}

/** The line of an `@text`, and its words; `undefined` when it can not stand on a line. */
export function rawLine(text: string, place: Place): { line: Line; words: Word[] } | undefined {
  if (/[\n\0]/.test(text) || (text.match(/"/g)?.length ?? 0) % 2 === 1) return undefined;
  const starts = Array.from({ length: text.length }, () => place.column - 1);
  const ends = starts.map((start) => start + place.length);
  const line: Line = { text, source: place.source, origin: { kind: "mapped", starts, ends } };
  const tokens = tokensOf(line);
  return tokens.every(({ kind }) => kind === "word") ? { line, words: tokens } : undefined;
}
