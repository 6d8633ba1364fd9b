/**
 * From the tree to drafts: every statement is looked up in the table of its block, and its row
 * takes it from there. What is not known is an error with the nearest known word; what is not
 * built yet is one warning, and a block is then skipped as a whole.
 */
import { type Draft, type GroupDraft, newInstanceDraft } from "./draft.ts";
import { type Context, type KeywordInfo, rowOf, type Table } from "./keyword.ts";
import { globalKeywords } from "./keywords/global_defs.ts";
import { rootBlocksLater, rootInfo, rootSettings } from "./keywords/root.ts";
import { instanceKeywords } from "./keywords/vrrp_instance.ts";
import { groupKeywords } from "./keywords/vrrp_sync_group.ts";
import { describe, type Statement } from "./parse.ts";
import type { Report } from "./report.ts";
import { suggest } from "./suggest.ts";

/** Fills a draft from the statements of a file. */
export function readTree(statements: readonly Statement[], report: Report): Draft {
  const draft: Draft = { global: {}, instances: [], groups: [] };
  const seen = new Map<string, Statement>();
  for (const statement of statements) {
    switch (statement.keyword.text) {
      case "global_defs": {
        const context = { report, owner: "global_defs" };
        readBlock(globalKeywords, draft.global, statement.children ?? [], context);
        break;
      }
      case "vrrp_instance": {
        const name = nameOf(statement, draft.instances, report);
        if (name === undefined) break;
        const instance = newInstanceDraft(name, statement.place);
        draft.instances.push(instance);
        const context = { report, owner: describe(statement) };
        readBlock(instanceKeywords, instance, statement.children ?? [], context);
        break;
      }
      case "vrrp_sync_group": {
        const name = nameOf(statement, draft.groups, report);
        if (name === undefined) break;
        const group: GroupDraft = { name, place: statement.place, members: [] };
        draft.groups.push(group);
        const context = { report, owner: describe(statement) };
        readBlock(groupKeywords, group, statement.children ?? [], context);
        break;
      }
      default:
        readRoot(statement, draft, seen, report);
    }
  }
  return draft;
}

function readRoot(
  statement: Statement,
  draft: Draft,
  seen: Map<string, Statement>,
  report: Report,
): void {
  const context = { report, owner: "the configuration" };
  if (rowOf(rootBlocksLater, statement.keyword.text) !== undefined) {
    readStatement(rootBlocksLater, {}, statement, context, seen);
  } else if (rowOf(rootSettings, statement.keyword.text) !== undefined) {
    readStatement(rootSettings, draft.global, statement, context, seen);
  } else tellUnknown(rootInfo, statement, context);
}

/** The name of a named block; a block without a name, or with one that is taken, is skipped. */
function nameOf(
  statement: Statement,
  others: readonly { readonly name: string }[],
  report: Report,
): string | undefined {
  const keyword = statement.keyword.text;
  const name = statement.args[0]?.text;
  if (name === undefined || name === "") {
    report.error("missing-name", statement.place, `Cannot use a ${keyword} without a name`);
    return undefined;
  }
  const extra = statement.args[1];
  if (extra !== undefined) {
    const message = `"${extra.text}" after the name of ${describe(statement)} has no meaning`;
    report.error("extra-argument", extra.place, message, "put a name with blanks between quotes");
  }
  if (others.some((other) => other.name === name)) {
    const message = `Cannot use ${describe(statement)} a second time: the name is taken`;
    report.error("duplicate-name", statement.args[0]?.place, message);
    return undefined;
  }
  return name;
}

function readBlock<D>(
  table: Table<D>,
  draft: D,
  statements: readonly Statement[],
  context: Context,
): void {
  const seen = new Map<string, Statement>();
  for (const statement of statements) readStatement(table, draft, statement, context, seen);
}

function readStatement<D>(
  table: Table<D>,
  draft: D,
  statement: Statement,
  context: Context,
  seen: Map<string, Statement>,
): void {
  const { report, owner } = context;
  const keyword = statement.keyword.text;
  const row = rowOf(table, keyword);
  if (row === undefined) return tellUnknown(table, statement, context);
  const { place } = statement.keyword;
  switch (row.standing.kind) {
    case "not-yet": {
      const { consequence } = row.standing;
      const message = `"${keyword}" is not built yet and has no effect`;
      const whole = consequence === undefined ? message : `${message}: ${consequence}`;
      return report.warning("not-yet", place, whole);
    }
    case "without-effect": {
      const message = `"${keyword}" is accepted without effect: ${row.standing.reason}`;
      return report.warning("without-effect", place, message);
    }
    case "in-effect":
      break;
  }
  if (statement.children !== undefined && !row.block) {
    report.error("unexpected-brace", statement.place, `${keyword} of ${owner} takes no block`);
  }
  if (seen.has(keyword) && row.argument !== "" && !row.block) {
    const message = `"${keyword}" stands twice in ${owner}: the last one counts`;
    report.warning("duplicate-keyword", statement.place, message);
  }
  seen.set(keyword, statement);
  row.apply?.(draft, statement, context);
}

function tellUnknown(
  table: Readonly<Record<string, KeywordInfo>>,
  statement: Statement,
  context: Context,
): void {
  const { keyword } = statement;
  // The parser has told of a brace that came from nowhere.
  if (keyword.text === "{") return;
  const what = statement.children === undefined ? "keyword" : "block";
  const message = `Unknown ${what} "${keyword.text}" in ${context.owner}`;
  const hint = suggest(keyword.text, Object.keys(table));
  context.report.error("unknown-keyword", keyword.place, message, hint);
}
