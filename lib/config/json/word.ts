/**
 * Words of statements that were written in JSON. They point into the JSON text; and because the
 * command lines of scripts are read from the line as it stands, they also get a line to stand on,
 * as keepalived.conf would have it.
 */
import { type Line, writtenLine } from "../line.ts";
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
  const written = words.flatMap((word, index) => {
    // A line has one source: words on other lines of the file are shown where the first one is.
    const shown = word.place.source === place.source ? word.place : place;
    const text = quoteWord(word.text);
    return { text: index === 0 ? text : ` ${text}`, place: shown };
  });
  return writtenLine(place.source, written);
}

/** The line of an `@text`, and its words; `undefined` when it can not stand on a line. */
export function rawLine(text: string, place: Place): { line: Line; words: Word[] } | undefined {
  if (/[\n\0]/.test(text) || (text.match(/"/g)?.length ?? 0) % 2 === 1) return undefined;
  const line = writtenLine(place.source, [{ text, place }]);
  const tokens = tokensOf(line);
  return tokens.every(({ kind }) => kind === "word") ? { line, words: tokens } : undefined;
}
