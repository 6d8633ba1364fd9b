/**
 * From the tree to drafts: every statement is looked up in the table of its block, and its row
 * takes it from there. What is not known is an error with the nearest known word; what is not
 * built yet is one warning for all of its kind, and is held against its form all the same.
 */
import { definingBlocks } from "./build_trackers.ts";
import {
  type Draft,
  type GroupDraft,
  type InstanceDraft,
  newDraft,
  newInstanceDraft,
  type SessionDraft,
} from "./draft.ts";
import { type Context, type KeywordInfo, rowFor, rowOf, type Table } from "./keyword.ts";
import { sessionKeywords } from "./keywords/bfd_instance.ts";
import { globalKeywords } from "./keywords/global_defs.ts";
import { readGap } from "./keywords/garp_group.ts";
import { rootBlocksLater, rootInfo, rootSettings, staticBlocks } from "./keywords/root.ts";
import { instanceKeywords } from "./keywords/vrrp_instance.ts";
import { groupKeywords } from "./keywords/vrrp_sync_group.ts";
import { Known, type Machine } from "./known.ts";
import { plansIn, staticsIn } from "./line_plans.ts";
import { describe, type Statement } from "./parse.ts";
import type { Report } from "./report.ts";
import { tellStanding } from "./standing.ts";
import { tellUnknown } from "./unknown.ts";
import { crossCheck } from "./cross_check.ts";
import { tellWhatIsLeft } from "./leftover.ts";
import { Twins } from "./twin.ts";
import { verifyOnce } from "./verify.ts";
import { tellOutOfUse } from "./walk.ts";

/** Fills a draft from the statements of a file. */
export function readTree(
  statements: readonly Statement[],
  report: Report,
  machine: Machine = {},
): Draft {
  const draft = newDraft();
  const known = new Known(machine);
  const root = { report, owner: "the configuration", path: "", known };
  const seen = new Map<string, Statement>();
  const twins = new Twins();
  for (const statement of statements) {
    const context = { report, owner: describe(statement), path: statement.name, known };
    switch (statement.name) {
      case "global_defs":
        readBlock(globalKeywords, draft.global, statement, context);
        break;
      case "vrrp_instance": {
        const name = nameOf(statement, root);
        if (name === undefined) break;
        const own = { name, trackersBefore: draft.trackers.length };
        const whole = (): InstanceDraft => readInstance(statement, own, context, twins);
        draft.instances.push(twins.draftOf(statement, own, context, whole) ?? whole());
        break;
      }
      case "vrrp_sync_group": {
        const name = nameOf(statement, root);
        if (name === undefined) break;
        const group: GroupDraft = {
          name,
          place: statement.place,
          members: [],
          tracks: [],
          trackersBefore: draft.trackers.length,
        };
        draft.groups.push(group);
        readBlock(groupKeywords, group, statement, context);
        break;
      }
      case "bfd_instance": {
        const name = nameOf(statement, root);
        if (name === undefined) break;
        const session: SessionDraft = { name, place: statement.place };
        draft.sessions.push(session);
        draft.trackers.push(statement);
        readBlock(sessionKeywords, session, statement, context);
        break;
      }
      case "garp_group": {
        const row = rowOf(rootInfo, "garp_group");
        if (row !== undefined) readLater(statement, row, root, new Map());
        draft.gaps.push(readGap(statement));
        break;
      }
      default:
        readRoot(statement, draft, root, seen);
    }
  }
  tellWhatIsLeft(draft, statements, root);
  const { lines } = known;
  for (const { blocks, routes, rules } of draft.instances) {
    if (blocks.length === 0) continue;
    routes.push(...plansIn(blocks, "virtual_routes", lines.routes));
    rules.push(...plansIn(blocks, "virtual_rules", lines.rules));
  }
  return { ...draft, statics: staticsIn(statements, lines, draft.global.defaultInterface) };
}

function readInstance(
  block: Statement,
  own: Pick<InstanceDraft, "name" | "trackersBefore">,
  context: Context,
  twins: Twins,
): InstanceDraft {
  const { report, known } = context;
  const { remarks } = report;
  const { kept } = known;
  const draft = { ...newInstanceDraft(own.name, block.place), ...own };
  readBlock(instanceKeywords, draft, block, context);
  if (report.remarks === remarks && known.kept === kept) twins.noteRight(block, draft);
  return draft;
}

function readRoot(
  statement: Statement,
  draft: Draft,
  context: Context,
  seen: Map<string, Statement>,
): void {
  const { name } = statement;
  const row = rowOf(staticBlocks, name) ?? rowOf(rootBlocksLater, name);
  if (row !== undefined) {
    // keepalived: of blocks that are not looked up by their name, two may have the same.
    const named = row.argument.startsWith("<name>");
    if (named && nameOf(statement, context) === undefined) return;
    readLater(statement, row, context, new Map());
    keepRoot(statement, draft);
  } else if (rowOf(rootSettings, name) !== undefined) {
    readStatement(rootSettings, draft.global, statement, context, seen);
  } else tellUnknown(rootInfo, statement, context);
}

/** Blocks that the builders look into once all was read. */
function keepRoot(statement: Statement, draft: Draft): void {
  const keyword = statement.name;
  if (Object.hasOwn(definingBlocks, keyword)) draft.trackers.push(statement);
  if (keyword === "virtual_server") draft.virtualServers.push(statement);
  if (keyword === "virtual_server_group") draft.serverGroups.push(statement);
  if (keyword === "webhook") (draft.global.webhooks ??= []).push(statement);
  if (keyword === "SSL") draft.tlsBlocks.push(statement);
  if (keyword === "linkbeat_interfaces" || keyword === "interface_up_down_delays") {
    draft.links.push(statement);
  }
}

/** Blocks that may be named like another; keepalived does not look. */
const looseNames: ReadonlySet<string> = new Set([
  "vrrp_script",
  "vrrp_track_process",
  "track_file",
  "track_probe",
  "vrrp_track_file",
  "track_group",
  "virtual_server_group",
]);

/** The name of a named block; a block without a name, or with one that is taken, is skipped. */
function nameOf(statement: Statement, { report, known }: Context): string | undefined {
  const keyword = statement.name;
  const name = statement.words[0];
  if (name === undefined || name === "") {
    report.error("missing-name", statement.place, `Cannot use a ${keyword} without a name`);
    return undefined;
  }
  const extra = statement.words[1];
  if (extra !== undefined) {
    const place = statement.args[1]?.place;
    const message = `"${extra}" after the name of ${describe(statement)} has no meaning`;
    report.error("extra-argument", place, message, "put a name with blanks between quotes");
  }
  if (known.add(keyword, name)) return name;
  if (looseNames.has(keyword)) {
    const message = `${describe(statement)} stands there twice: the first one counts`;
    report.warning("duplicate-name", statement.args[0]?.place, message);
    return name;
  }
  const message = `Cannot use ${describe(statement)} a second time: the name is taken`;
  report.error("duplicate-name", statement.args[0]?.place, message);
  return undefined;
}

function readBlock<D>(table: Table<D>, draft: D, block: Statement, context: Context): void {
  const seen = new Map<string, Statement>();
  for (const statement of block.children ?? []) {
    readStatement(table, draft, statement, context, seen);
  }
  crossCheck({ block, seen, context });
}

function readStatement<D>(
  table: Table<D>,
  draft: D,
  statement: Statement,
  context: Context,
  seen: Map<string, Statement>,
): void {
  const { report, owner } = context;
  const keyword = statement.name;
  const row = rowFor(table, statement);
  if (row === undefined) return tellUnknown(table, statement, context);
  if (row.apply === undefined) {
    readLater(statement, row, context, seen);
    return row.keep?.(draft, statement, context);
  }
  if (statement.body !== undefined && !row.block) {
    report.error("unexpected-brace", statement.place, `${keyword} of ${owner} takes no block`);
  }
  const { size } = seen;
  seen.set(keyword, statement);
  if (seen.size === size && row.argument !== "" && !row.block) {
    const message = `"${keyword}" stands twice in ${owner}: the last one counts`;
    report.warning("duplicate-keyword", statement.place, message);
  }
  if (row.instead !== undefined) tellOutOfUse(statement.keyword, row.instead, context);
  row.apply(draft, statement, context, row);
}

/** What does nothing is read to the end all the same, and told once for its kind. */
function readLater(
  statement: Statement,
  row: KeywordInfo,
  context: Context,
  seen: Map<string, Statement>,
): void {
  tellStanding(statement, row, context);
  verifyOnce(statement, row, context, seen);
}
