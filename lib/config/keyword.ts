/**
 * Keywords as data. Every keyword of the language is one line of text in the table of its block:
 *
 *     keyword | form | default | help | since | what to write instead
 *
 * A line that is too long goes on on the next, which begins with two blanks. The form says what
 * stands after the keyword (`form.ts`); `since` is the version of keepalived that brought it, left
 * out for 2.2.7 and what is older; the last column is for keywords that are out of use. How standin
 * stands to a keyword is said once for a whole table: `in effect`, `accepted without effect` with
 * the reason why nothing is lost, or `not yet`. Tables in effect also bind each keyword to what
 * gets its value into the draft of the block; to move a keyword from `not yet` to `in effect` is to
 * move its line and to bind it.
 */
import { assert, type Duration, seconds } from "../base/mod.ts";
import { formOf, showForm } from "./form.ts";
import type { Known } from "./known.ts";
import { describe, type Statement } from "./parse.ts";
import type { Report } from "./report.ts";
import type { Place } from "./source.ts";
import { boolean, type Rounded, type Value } from "./value.ts";
import { nearestWord } from "./value_check.ts";

/** How far standin is with a keyword. */
export type Standing =
  | { readonly kind: "in-effect" }
  | { readonly kind: "without-effect"; readonly reason: string }
  | { readonly kind: "not-yet"; readonly consequence?: string };

/** What is known of a keyword without reading anything. */
export interface KeywordInfo {
  /** The argument as help shows it, empty for none; `formOf` of it is the same as data. */
  readonly argument: string;
  readonly help: string;
  /** What holds when nobody says it, for people; `-` where that makes no sense. */
  readonly default: string;
  /** The version of keepalived that brought it; `standin` for keywords of standin's own. */
  readonly since: string;
  /** What to write instead of a keyword that is out of use. */
  readonly instead?: string | undefined;
  /** Whether it opens a block. */
  readonly block: boolean;
  readonly standing: Standing;
}

/** A keyword of a block whose draft is a `Draft`. */
export interface Keyword<Draft> extends KeywordInfo {
  /** Takes a statement into the draft that the tables have found right. */
  readonly keep?: Keep<Draft> | undefined;
  readonly apply?: Apply<Draft> | undefined;
}

/** Takes a statement into a draft that the tables have found right. */
export type Keep<Draft> = (draft: Draft, statement: Statement, context: Context) => void;

/** Gets a statement into a draft. */
export type Apply<Draft> = (
  draft: Draft,
  statement: Statement,
  context: Context,
  row: KeywordInfo,
) => void;

/** The keywords of one block. */
export type Table<Draft> = Readonly<Record<string, Keyword<Draft>>>;

/** What a row may use while it reads its statement. */
export interface Context {
  readonly report: Report;
  /** The block in the words of the file, such as `vrrp_instance "VI_1"`. */
  readonly owner: string;
  /** The keywords that lead to the block, joined by slashes. */
  readonly path: string;
  /** What was read before this place: names that may be referred to, kinds that were told. */
  readonly known: Known;
}

/**
 * How arguments become a value; `undefined` when that was not possible and has been reported. Words
 * that gave rise to no remark have the same value whenever they stand in the row again.
 */
export type Argument<T> = (
  statement: Statement,
  context: Context,
  row: KeywordInfo,
) => T | undefined;

/** The oldest version that is told apart. */
const OLDEST = "2.2.7";

/** Binds a keyword to what its value does. */
export function takes<Draft, T>(
  argument: Argument<T>,
  apply: (draft: Draft, value: T, place: Place, context: Context, keyword: string) => void,
): Apply<Draft> {
  return (draft, statement, context, row): void => {
    const value = statement.body === undefined
      ? readSetting(argument, statement, context, row)
      : argument(statement, context, row);
    if (value !== undefined) apply(draft, value, statement.place, context, statement.name);
  };
}

/** The value of a statement without a block, which other lines may have given to the same row. */
function readSetting<T>(
  argument: Argument<T>,
  statement: Statement,
  context: Context,
  row: KeywordInfo,
): T | undefined {
  const { phrase } = statement;
  if (phrase !== undefined && phrase.rightFor === row) return phrase.value as T;
  const { remarks } = context.report;
  const value = argument(statement, context, row);
  if (context.report.remarks === remarks) noteRight(statement, row, value);
  return value;
}

/** Takes down that there is nothing to say about the words of a statement. */
export function noteRight({ phrase }: Statement, row: KeywordInfo, value?: unknown): void {
  if (phrase === undefined) return;
  phrase.rightFor = row;
  phrase.value = value;
}

/** A table of keywords that do what they say. */
export function inEffect<Draft>(
  text: string,
  bindings: Readonly<Record<string, Apply<Draft>>>,
): Table<Draft> {
  return readRows(text, { kind: "in-effect" }, (name) => {
    const apply = bindings[name];
    assert(apply !== undefined, `the keyword ${name} is bound`);
    return { apply };
  });
}

/** A table of keywords that work by being known: blocks, and words that somebody else reads. */
export function plain(text: string): Table<unknown> {
  return readRows(text, { kind: "in-effect" });
}

/** A table of keywords that standin has no need of. */
export function withoutEffect(reason: string, text: string): Table<unknown> {
  return readRows(text, { kind: "without-effect", reason });
}

/** A table of keywords that standin does not know how to do yet. */
export function notYet(text: string, consequence?: string): Table<unknown> {
  const standing = consequence === undefined
    ? { kind: "not-yet" } as const
    : { kind: "not-yet", consequence } as const;
  return readRows(text, standing);
}

/** The same keywords; what the tables have found right goes into the draft. */
export function keeping<Draft>(
  table: Table<unknown>,
  keep: Keep<Draft>,
): Table<Draft> {
  const kept: Record<string, Keyword<Draft>> = {};
  for (const [name, row] of Object.entries(table)) kept[name] = keptBy(row, keep);
  return kept;
}

/** The same keyword; what the tables have found right goes into the draft. */
export function keptBy<Draft>(row: KeywordInfo, keep: Keep<Draft>): Keyword<Draft> {
  assert(row instanceof Row, "the row stands in a table");
  return row.boundTo({ keep });
}

/** Without patterns: this runs before anything else does, when the engine has compiled nothing. */
function readRows<Draft>(
  text: string,
  standing: Standing,
  bindingOf: (name: string) => Binding<Draft> = () => unbound,
): Readonly<Record<string, Row<Draft>>> {
  const rows: Record<string, Row<Draft>> = {};
  // A line that begins with blanks belongs to the one before.
  for (const line of text.trim().replaceAll("\n  ", " ").split("\n")) {
    const name = line.slice(0, line.indexOf(" |"));
    rows[name] = new Row(line, standing, bindingOf(name));
  }
  return rows;
}

/** What gets a statement of a keyword into a draft. */
type Binding<Draft> = Pick<Keyword<Draft>, "apply" | "keep">;

const unbound: Binding<unknown> = {};

type Columns = Omit<KeywordInfo, "standing">;

/** A line of a table. Most are never asked for, and those that are have their columns read then. */
class Row<Draft> implements Keyword<Draft> {
  readonly standing: Standing;
  readonly apply: Apply<Draft> | undefined;
  readonly keep: Keep<Draft> | undefined;
  readonly #line: string;
  #read: Columns | undefined;

  constructor(line: string, standing: Standing, to: Binding<Draft>) {
    this.standing = standing;
    this.apply = to.apply;
    this.keep = to.keep;
    this.#line = line;
    this.#read = undefined;
  }

  /** The same for a draft. */
  boundTo<D>(to: Binding<D>): Row<D> {
    return new Row(this.#line, this.standing, to);
  }

  get argument(): string {
    return this.#columns.argument;
  }

  get help(): string {
    return this.#columns.help;
  }

  get default(): string {
    return this.#columns.default;
  }

  get since(): string {
    return this.#columns.since;
  }

  get instead(): string | undefined {
    return this.#columns.instead;
  }

  get block(): boolean {
    return this.#columns.block;
  }

  get #columns(): Columns {
    return this.#read ??= columnsOf(this.#line);
  }
}

function columnsOf(line: string): Columns {
  const columns = line.split(" |");
  const argument = columns[1]?.trim() ?? "";
  return {
    argument,
    help: columns[3]?.trim() ?? "",
    default: columns[2]?.trim() ?? "",
    since: columns[4]?.trim() ?? OLDEST,
    block: argument.endsWith("{…}"),
    instead: columns[5]?.trim(),
  };
}

/** Exactly one word. */
export function one<T>(value: Value<T>): Argument<T> {
  return (statement, context, row): T | undefined => {
    if (statement.words.length === 0) return missing(statement, context, row);
    refuseExtra(statement, 1, context);
    return readWord(statement, value, context, row);
  };
}

/** The value to go on with when what was written is of no use; that it is none has been told. */
export function orElse<T>(argument: Argument<T>, fallback: T): Argument<T> {
  return (statement, context, row) => argument(statement, context, row) ?? fallback;
}

/** One word or none, which means the value that is given here. */
export function optional<T>(value: Value<T>, bare: T): Argument<T> {
  return (statement, context, row): T | undefined => {
    if (statement.words.length === 0) return bare;
    refuseExtra(statement, 1, context);
    return readWord(statement, value, context, row);
  };
}

/** No word at all. */
export function nothing(statement: Statement, context: Context): true {
  refuseExtra(statement, 0, context);
  return true;
}

/** A truth value; the bare keyword is true. */
export const truth: Argument<boolean> = optional(boolean, true);

/** Seconds with a fraction; digits that do not count are told. */
export function timer(value: Value<Rounded>): Argument<Duration> {
  const argument = one(value);
  return (statement, context, row): Duration | undefined => {
    const rounded = argument(statement, context, row);
    if (rounded === undefined) return undefined;
    if (!rounded.exact) tellRounded(statement, rounded.seconds, context);
    return seconds(rounded.seconds);
  };
}

/** Tells that digits do not count. */
export function tellRounded(statement: Statement, to: number, { report, owner }: Context): void {
  const [word] = statement.args;
  const message = `Rounded ${statement.name} "${word?.text}" of ${owner} to ${to} seconds`;
  report.warning("rounded", word?.place, message);
}

/** The statements of a block. */
export function children(statement: Statement): readonly Statement[] {
  return statement.children ?? [];
}

function readWord<T>(
  statement: Statement,
  value: Value<T>,
  context: Context,
  row: KeywordInfo,
): T | undefined {
  const read = value.read(statement.words[0] ?? "");
  if (read !== undefined) return read;
  const [word] = statement.args;
  const message = `Cannot use ${describe(statement)} for ${context.owner}: ${value.expected}`;
  context.report.error("bad-value", word?.place, message, () => {
    if (word?.text === row.default) return `remove the line: ${row.default} is what holds then`;
    return nearestWord(word?.text ?? "", formOf(row.argument).parts[0]?.value);
  });
  return undefined;
}

/** Tells that a keyword stands alone where a value belongs. */
export function missing(
  { keyword, place }: Statement,
  { owner, report }: Context,
  { argument }: KeywordInfo,
): undefined {
  const message = `Cannot use ${keyword.text} for ${owner}: its value is missing`;
  report.error("missing-argument", place, message, `write ${showForm(argument)} after it`);
  return undefined;
}

/** Tells of words that nobody asks for. */
export function refuseExtra(statement: Statement, most: number, context: Context): void {
  const extra = statement.words[most];
  if (extra === undefined) return;
  const message = `"${extra}" after ${statement.name} of ${context.owner} has no meaning`;
  context.report.warning("extra-argument", statement.args[most]?.place, message);
}

/** The row of a statement. */
export function rowFor<Draft>(
  table: Table<Draft>,
  { name, phrase }: Statement,
): Keyword<Draft> | undefined {
  if (phrase === undefined) return rowOf(table, name);
  if (phrase.table !== table) {
    phrase.table = table;
    phrase.row = phrase.like?.table === table ? phrase.like.row : rowOf(table, name);
  }
  return phrase.row as Keyword<Draft> | undefined;
}

/** The row of a keyword; the names that objects inherit are no keywords. */
export function rowOf<Draft>(table: Table<Draft>, keyword: string): Keyword<Draft> | undefined {
  return Object.hasOwn(table, keyword) ? table[keyword] : undefined;
}
