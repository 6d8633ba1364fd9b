/**
 * Comments: `#` or `!` to the end of the line, unless between double quotes. `\#` and `\!` outside
 * quotes stand for the character itself. Single quotes protect nothing here; they only mean
 * something inside the command lines of scripts.
 */
import { type Line, placeIn, replaceInLine, sliceLine, trimLine } from "./line.ts";
import type { Report } from "./report.ts";

/** The line without its comment and without white space at its ends. */
export function stripComment(line: Line, report: Report): Line {
  let rest = line;
  let quote = -1;
  for (let at = 0; at < rest.text.length; at++) {
    const character = rest.text[at];
    if (character === '"') quote = quote < 0 ? at : -1;
    else if (quote >= 0) continue;
    else if (character === "#" || character === "!") {
      rest = sliceLine(rest, 0, at);
    } else if (character === "\\" && (rest.text[at + 1] === "#" || rest.text[at + 1] === "!")) {
      rest = replaceInLine(rest, at, at + 2, rest.text[at + 1] ?? "");
    }
  }
  if (quote >= 0) {
    const place = placeIn(rest, quote, rest.text.length);
    report.error("unterminated-quote", place, "Unterminated quote", 'close it with another "');
  }
  return trimLine(rest);
}
