/**
 * Comments: `#` or `!` to the end of the line, unless between double quotes. `\#` and `\!` outside
 * quotes stand for the character itself; the backslash goes last of all, so that no substitution
 * makes a comment of them. Single quotes protect nothing here; they only mean something inside the
 * command lines of scripts.
 */
import {
  type Line,
  placeIn,
  replaceInLine,
  type Replacement,
  sliceLine,
  trimLine,
} from "./line.ts";
import type { Report } from "./report.ts";

/** The line without its comment and without white space at its ends. */
export function stripComment(line: Line, report: Report): Line {
  const { text } = line;
  let quote = -1;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') quote = quote < 0 ? at : -1;
    else if (quote >= 0) continue;
    else if (isEscape(text, at)) at++;
    else if (character === "#" || character === "!") return trimLine(sliceLine(line, 0, at));
  }
  if (quote >= 0) {
    const place = placeIn(line, quote, text.length);
    report.error("unterminated-quote", place, "Unterminated quote", 'close it with another "');
  }
  return trimLine(line);
}

/** Takes the backslash from `\#` and `\!` outside quotes. */
export function unescapeComment(line: Line): Line {
  if (!/\\[#!]/.test(line.text)) return line;
  const { text } = line;
  const replacements: Replacement[] = [];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (!quoted && isEscape(text, at)) {
      replacements.push({ from: at, to: at + 2, text: text[at + 1] ?? "" });
      at++;
    }
  }
  return replaceInLine(line, replacements);
}

function isEscape(text: string, at: number): boolean {
  return text[at] === "\\" && (text[at + 1] === "#" || text[at + 1] === "!");
}
