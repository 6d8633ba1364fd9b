/**
 * A keyword that the table of its block does not have: an error with the nearest that it has.
 */
import { suggest } from "../base/mod.ts";
import type { Context, KeywordInfo } from "./keyword.ts";
import type { Statement } from "./parse.ts";

/** Of old files: keepalived 2.2 does not know them either. */
const dropped: ReadonlySet<string> = new Set(["nat_mask"]);

/** Tells of a keyword that is not known here; what stands inside it is skipped. */
export function tellUnknown(
  table: Readonly<Record<string, KeywordInfo>>,
  statement: Statement,
  context: Pick<Context, "report" | "owner">,
): void {
  const { keyword } = statement;
  // The parser has told of a brace that came from nowhere.
  if (keyword.text === "{") return;
  const what = statement.children === undefined ? "keyword" : "block";
  const message = `Unknown ${what} "${keyword.text}" in ${context.owner}`;
  context.report.error("unknown-keyword", keyword.place, message, () => {
    if (dropped.has(keyword.text)) return "keepalived dropped it long ago: remove the line";
    return suggest(keyword.text, Object.keys(table));
  });
}
