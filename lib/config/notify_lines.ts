/**
 * Lines that are about telling, as a draft keeps them; of two lines of a keyword the last counts.
 */
import type { Statement } from "./parse.ts";

/** The lines of the daemon, an instance, a group or a server. */
export type NotifyLines = readonly Statement[];

/** The last line with a keyword. */
export function lastOf(lines: NotifyLines, keyword: string): Statement | undefined {
  return lines.findLast(({ name }) => name === keyword);
}

/** The truth value of the last line with a keyword. */
export function truthOf(lines: NotifyLines, keyword: string): boolean | undefined {
  const line = lastOf(lines, keyword);
  if (line === undefined) return undefined;
  return !["off", "false", "no"].includes(line.words[0] ?? "on");
}

/** Takes a line down. */
export function keepNotify(draft: { notify?: Statement[] | undefined }, line: Statement): void {
  (draft.notify ??= []).push(line);
}
