/**
 * What a formatter sees of a file: its source lines, before anything is included, repeated or
 * replaced. A line of statements comes apart at its braces into pieces, one for each line of the
 * result. Lines that mean something as a whole stay whole: definitions, repetitions, includes,
 * lines that begin with a name to be replaced, and any line of which a piece on a line of its own
 * would be read as one of these.
 */
import { stripComment } from "../comment.ts";
import { readDefinition } from "../define.ts";
import { readInclude } from "../include.ts";
import { FileLine, type Line, sliceLine } from "../line.ts";
import { Report } from "../report.ts";
import { squeeze } from "../tree.ts";

/** A part of a line that gets a line of its own. */
export interface Piece {
  readonly text: string;
  /** Braces that it closes before it opens any, and what it opens less what it closes in all. */
  readonly closes: number;
  readonly delta: number;
}

/** One source line, or a part of one, as the formatter moves it about. */
export type SourceItem =
  | { readonly kind: "blank" }
  | { readonly kind: "comment"; readonly text: string }
  | {
    readonly kind: "statements";
    /** `@id …` in front of it, for which every piece is repeated. */
    readonly conditions: readonly string[];
    readonly pieces: readonly Piece[];
    readonly comment: string;
    /** Whether its text must stay on one line, as it is. */
    readonly whole: boolean;
  }
  /** A line of a definition that began above. */
  | { readonly kind: "continued"; readonly piece: Piece; readonly comment: string };

/** The items of a text, in order. */
export function itemsOf(text: string): SourceItem[] {
  const items: SourceItem[] = [];
  const nobody = new Report();
  let continues = false;
  for (const [index, given] of text.split("\n").entries()) {
    const line = new FileLine("", index + 1, given.replace(/\r$/, ""));
    const stripped = stripComment(line, nobody);
    const start = line.text.length - line.text.trimStart().length;
    const comment = line.text.slice(start + stripped.text.length).trim();
    if (stripped.text === "") items.push(comment === "" ? { kind: "blank" } : commentItem(comment));
    else if (continues) items.push({ kind: "continued", piece: pieceOf(stripped.text), comment });
    else items.push(statementsItem(stripped, comment));
    if (stripped.text === "") continue;
    continues = stripped.text.endsWith("\\") && (continues || isDefinition(stripped));
  }
  return items;
}

function commentItem(text: string): SourceItem {
  return { kind: "comment", text };
}

function isDefinition(line: Line): boolean {
  return readDefinition(splitConditions(line).rest) !== undefined;
}

function statementsItem(line: Line, comment: string): SourceItem {
  const { conditions, rest } = splitConditions(line);
  const definition = readDefinition(rest);
  if (definition !== undefined) {
    const { name, value } = definition;
    const text = value.text === "\\" ? `$${name}= \\` : `$${name}=${value.text}`;
    // What a definition opens is opened where it is used.
    const pieces = [{ text, closes: 0, delta: 0 }];
    return { kind: "statements", conditions, pieces, comment, whole: true };
  }
  const include = readInclude(rest);
  if (include !== undefined) {
    const keyword = /^\w+/.exec(rest.text)?.[0] ?? "";
    const pieces = [{ text: `${keyword} ${include.pattern}`.trim(), closes: 0, delta: 0 }];
    return { kind: "statements", conditions, pieces, comment, whole: true };
  }
  const pieces = splitAtBraces(rest.text).map(squeeze).map(pieceOf);
  if (!mustStayWhole(rest.text, pieces)) {
    return { kind: "statements", conditions, pieces, comment, whole: false };
  }
  return { kind: "statements", conditions, pieces: [pieceOf(rest.text)], comment, whole: true };
}

function splitConditions(line: Line): { conditions: readonly string[]; rest: Line } {
  const conditions: string[] = [];
  let rest = line;
  while (rest.text.startsWith("@")) {
    const found = /^(@\S*)\s*/.exec(rest.text);
    conditions.push(found?.[1] ?? "");
    rest = sliceLine(rest, found?.[0].length ?? 1);
  }
  return { conditions, rest };
}

/** A repetition, a name to be replaced, or a part that would become something else on its own. */
function mustStayWhole(text: string, pieces: readonly Piece[]): boolean {
  if (/^[$~]/.test(text)) return true;
  return pieces.length > 1 && pieces.some((piece, index) => {
    const last = index === pieces.length - 1;
    if (!last && /\$(?:\w+|\{[^{}]*\})(?: \{)?$/.test(piece.text)) return true;
    return index > 0 && /^(?:[@$~]|include[rmwba]?(?:\s|$))/.test(piece.text);
  });
}

const partPattern = /"[^"]*(?:"|$)|\$\{[^{}"]*\}|[{}]|[^{}"$]+|\$/g;

/** Statements with the brace that they open, and closing braces, each on its own. */
function splitAtBraces(text: string): string[] {
  const parts: string[] = [];
  let statement = "";
  function end(): void {
    if (statement.trim() !== "") parts.push(statement.trim());
    statement = "";
  }
  for (const [part] of text.matchAll(partPattern)) {
    if (part === "}") {
      end();
      parts.push("}");
    } else if (part === "{") {
      statement = statement.trim() === "" ? "{" : `${statement.trim()} {`;
      end();
    } else statement += part;
  }
  end();
  return parts;
}

function pieceOf(text: string): Piece {
  let delta = 0;
  let closes = 0;
  for (const [part] of text.matchAll(partPattern)) {
    if (part === "{") delta++;
    else if (part === "}") delta--;
    closes = Math.max(closes, -delta);
  }
  return { text, closes, delta };
}
