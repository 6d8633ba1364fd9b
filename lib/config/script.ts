/**
 * Command lines: `<command> [<user> [[:]<group>]]`. The command is one word of the line, where `"`
 * and `'` join what stands between them with what touches it, or words between quotes; it is split
 * again when it is run. What follows is the user, and the group.
 */
import { type Context, type KeywordInfo, missing } from "./keyword.ts";
import type { Statement } from "./parse.ts";

/** The command of a statement and who it runs as. */
export interface CommandLine {
  readonly command: string;
  readonly user?: string;
  readonly group?: string;
  readonly extra: readonly string[];
  /** The quote that nobody closed. */
  readonly open?: '"' | "'";
}

/** Splits the rest of a line as a shell would, without what a shell does to the words. */
export function readCommandLine(text: string): CommandLine {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (const character of text) {
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word = (word ?? "") + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (character === " " || character === "\t") {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (word !== undefined) words.push(word);
  const [command = "", user, group, ...extra] = words;
  return {
    command,
    ...(user === undefined ? {} : { user }),
    ...(group === undefined ? {} : { group }),
    extra,
    ...(quote === undefined ? {} : { open: quote }),
  };
}

/** Holds the command line of a statement against what one must have. */
export function checkScript(
  statement: Statement,
  optional: boolean,
  row: KeywordInfo,
  context: Context,
): void {
  const { report, owner } = context;
  const { keyword, rest, place } = statement;
  const line = readCommandLine(rest.text);
  if (rest.text === "" && statement.args.length === 0) {
    if (!optional) missing(statement, context, row);
    return;
  }
  if (line.command.trim() === "") {
    const message = `Cannot use ${keyword.text} for ${owner}: its command is empty`;
    return report.error("bad-value", place, message);
  }
  if (line.open === "'") {
    report.error("unterminated-quote", place, "Unterminated quote", `close it with another '`);
  }
  context.known.commands.push({ name: line.command, place, owner });
  const [extra] = line.extra;
  if (extra === undefined) return;
  const message = `"${extra}" after ${keyword.text} of ${owner} has no meaning`;
  report.warning("extra-argument", place, message, "put a command with blanks between quotes");
}
