/**
 * Reads what no row takes into a draft: keywords that are not built yet, and those without effect.
 * Their arguments are held against their forms and their blocks against the tables, so a file is
 * known to be right before the day when they are built. One mechanism serves them all: a walk
 * through the words of a form, tables for blocks, `cross_check.ts` for what must go together.
 */
import { readAddressLine } from "./address.ts";
import { pathInside } from "./block_path.ts";
import { checkLine } from "./check_line.ts";
import { crossCheck } from "./cross_check.ts";
import { type Form, formOf, type FormPart, showForm } from "./form.ts";
import {
  type Context,
  type KeywordInfo,
  missing,
  noteRight,
  refuseExtra,
  rowFor,
  tellRounded,
} from "./keyword.ts";
import { addressWords, staticAddressWords } from "./keywords/address.ts";
import { resourceKinds } from "./keywords/resource.ts";
import { infoOf, lineForms } from "./keywords/root.ts";
import { describe, type Statement } from "./parse.ts";
import { readRoute } from "./route_read.ts";
import { readRule } from "./rule_read.ts";
import { checkScript } from "./script.ts";
import { tellStanding } from "./standing.ts";
import { tellUnknown } from "./unknown.ts";
import { hasSurplusDecimals, objectionTo } from "./value_check.ts";
import { tellOutOfUse, Walk } from "./walk.ts";

/** Holds a statement and all that is inside it against its row. */
export function verify(statement: Statement, row: KeywordInfo, context: Context): void {
  const { phrase } = statement;
  const isRight = phrase?.rightFor === row || phrase?.like?.rightFor === row;
  if (isRight && statement.body?.isRight !== false) return;
  const form = formOf(row.argument);
  if (!isRight) verifyWords(statement, form, row, context);
  if (statement.body !== undefined) verifyBody(statement, form, row, context);
}

/** Holds the words of a statement against their form. */
function verifyWords(
  statement: Statement,
  form: Form,
  row: KeywordInfo,
  context: Context,
): void {
  const [first] = form.parts;
  if (first?.value.kind === "script") checkScript(statement, first.optional, row, context);
  else if (form.parts.length === 0) refuseExtra(statement, 0, context);
  else if (isPlainlyRight(statement, form)) noteRight(statement, row);
  else {
    const own = form.options === undefined ? context : optionContext(form, statement.name, context);
    if (!new Walk(statement, own).take(form)) missing(statement, context, row);
    if (first?.value.kind === "decimal") tellDecimals(statement, form.parts, context);
  }
}

/** Holds what stands between the braces of a statement against their table. */
function verifyBody(
  statement: Statement,
  form: Form,
  row: KeywordInfo,
  context: Context,
): void {
  if (!form.block) {
    const message = `${statement.name} of ${context.owner} takes no block`;
    return context.report.error("unexpected-brace", statement.place, message);
  }
  // The same was found right before.
  if (statement.body?.isRight === true) return;
  const path = pathInside(context.path, statement.name);
  const named = context.path === "" || statement.words.length > 0;
  const owner = named ? describe(statement) : `${statement.name} of ${context.owner}`;
  const { report, known } = context;
  verifyBlock(statement, { report, known, path, owner }, row.standing.kind === "in-effect");
}

/** Whether each word is right in its place and nobody needs to hear of it: most are so. */
function isPlainlyRight({ words }: Statement, { parts }: Form): boolean {
  if (words.length !== parts.length) return false;
  for (let at = 0; at < words.length; at++) {
    const part = parts[at];
    const text = words[at];
    if (part === undefined || text === undefined || !part.alone) return false;
    const { value } = part;
    if (objectionTo(text, value) !== undefined) return false;
    if (value.kind === "decimal" && hasSurplusDecimals(text, value)) return false;
  }
  return true;
}

function optionContext({ block }: Form, keyword: string, context: Context): Context {
  const path = pathInside(context.path, keyword);
  return { ...context, path: block ? `${path} (head)` : path };
}

/** Digits beyond those that count are told, as keepalived does. */
function tellDecimals(statement: Statement, parts: readonly FormPart[], context: Context): void {
  const [first] = parts;
  const text = statement.words[0] ?? "";
  if (first?.value.kind !== "decimal" || !hasSurplusDecimals(text, first.value)) return;
  tellRounded(statement, Number(Number(text).toFixed(first.value.places)), context);
}

/** Holds the inside of a block against its table. */
function verifyBlock(block: Statement, context: Context, isBuilt: boolean): void {
  const { body } = block;
  const { report, known } = context;
  const [remarks, kept] = [report.remarks, known.kept];
  verifyInside(block, context, isBuilt);
  if (body !== undefined && report.remarks === remarks && known.kept === kept) body.isRight = true;
}

function verifyInside(block: Statement, context: Context, isBuilt: boolean): void {
  const table = infoOf.get(context.path) ?? {};
  const lineForm = lineForms.get(context.path);
  const seen = new Map<string, Statement>();
  for (const statement of block.children ?? []) {
    if (lineForm !== undefined) {
      verifyLine(statement, lineForm, context);
      continue;
    }
    const row = rowFor(table, statement);
    if (row === undefined) tellUnknown(table, statement, context);
    else {
      // Of a block that does nothing as a whole that was said already.
      if (isBuilt) tellStanding(statement, row, context);
      verifyOnce(statement, row, context, seen);
    }
  }
  crossCheck({ block, seen, context });
}

/** keepalived: of two the first counts, and the second is an error; commands are so, too. */
const firstCounts: ReadonlySet<string> = new Set(
  `
/instance
/net_namespace_ipvs
global_defs/tmp_config_directory
global_defs/lvs_sync_daemon
global_defs/nftables
global_defs/nftables_ipvs
global_defs/snmp_socket
global_defs/vmac_prefix
global_defs/vmac_addr_prefix
vrrp_instance/use_vmac
vrrp_instance/use_ipvlan
garp_group/interface
vrrp_track_process/process
vrrp_track_process/weight
track_file/file
vrrp_track_file/file
SSL/password
SSL/ca
SSL/certificate
SSL/key
virtual_server/real_server/HTTP_GET/url/digest
virtual_server/real_server/SSL_GET/url/digest
virtual_server/real_server/DNS_CHECK/name
virtual_server/real_server/BFD_CHECK/name
`.trim().split("\n"),
);

/** Blocks that are about their command; of two the last counts. */
const ownCommand = /vrrp_script$|MISC_CHECK$/;

/** Keywords that may stand more than once. */
const repeatable: ReadonlySet<string> = new Set([
  "vrrp_instance/auth_hmac/key",
  ...["vrrp_instance", "vrrp_sync_group"].flatMap((owner) =>
    resourceKinds.map((kind) => `${owner}/resources/${kind}`)
  ),
]);

/** Holds one keyword of a block against its row, and against itself if it stands there twice. */
export function verifyOnce(
  statement: Statement,
  row: KeywordInfo,
  context: Context,
  seen: Map<string, Statement>,
): void {
  if (row.instead !== undefined) tellOutOfUse(statement.keyword, row.instead, context);
  if (!row.block && seen.has(statement.name) && !countsAgain(statement, row, context)) return;
  seen.set(statement.name, statement);
  verify(statement, row, context);
}

/** Tells of a keyword that stands there a second time; false when only the first one counts. */
function countsAgain({ name, place }: Statement, row: KeywordInfo, context: Context): boolean {
  const { report, owner, path } = context;
  const keyword = `${path}/${name}`;
  const isCommand = row.argument.includes("<script>") && !ownCommand.test(path);
  const first = firstCounts.has(keyword) || isCommand;
  const which = first ? "first" : "last";
  const message = `"${name}" stands twice in ${owner}: the ${which} one counts`;
  if (first) report.error("duplicate-keyword", place, message);
  else if (row.argument !== "" && !repeatable.has(keyword)) {
    report.warning("duplicate-keyword", place, message);
  }
  return !first;
}

/** A line of a block of lines: what has its place, and words in any order. */
function verifyLine(line: Statement, form: string, context: Context): void {
  if (context.path.endsWith("ipaddress")) {
    const words = context.path === "static_ipaddress" ? staticAddressWords : addressWords;
    const plan = readAddressLine(line, context, words);
    if (plan !== undefined) context.known.lines.addresses.set(line, plan);
    return;
  }
  const { report, owner } = context;
  if (line.children !== undefined) {
    report.error("unexpected-brace", line.place, `${line.name} takes no block`);
  }
  const { keyword } = line;
  const walk = new Walk({ keyword, args: [keyword, ...line.args] }, context);
  if (walk.take({ places: formOf(form).places, options })) {
    if (checkLine(walk, line, context)) keepPlan(walk, line, context);
    return;
  }
  const message = `A line of ${owner} is not complete: expected ${showForm(form)}`;
  report.error("missing-argument", line.place, message);
}

/** Routes and rules are more than right words: they become plans. */
function keepPlan(walk: Walk, line: Statement, context: Context): void {
  const { known: { lines }, path } = context;
  if (path.endsWith("_routes")) {
    const plan = readRoute(walk, context);
    if (plan !== undefined) lines.routes.set(line, plan);
  } else if (path.endsWith("_rules")) {
    const plan = readRule(walk, line.place, context);
    if (plan !== undefined) lines.rules.set(line, plan);
  }
}

const options: FormPart = {
  label: "option",
  value: { kind: "option" },
  optional: true,
  repeated: true,
  alone: false,
};
