/**
 * Keywords as data. Every keyword of the language has one row in a table of its block: what it
 * takes, one line of help, and how it stands: `in effect`, `accepted without effect` with the
 * reason why nothing is lost, or `not yet`. A row that is in effect also says how its value gets
 * into the draft of the block; moving a keyword from `not yet` to `in effect` is a change of a row.
 */
import type { Place } from "./source.ts";
import { describe, type Statement } from "./parse.ts";
import type { Report } from "./report.ts";
import type { Rounded, Value } from "./value.ts";
import { boolean } from "./value.ts";
import { type Duration, seconds } from "../base/mod.ts";

/** How far standin is with a keyword. */
export type Standing =
  | { readonly kind: "in-effect" }
  | { readonly kind: "without-effect"; readonly reason: string }
  | { readonly kind: "not-yet"; readonly consequence?: string };

/** What is known of a keyword without reading anything. */
export interface KeywordInfo {
  /** The argument as help shows it; empty for none. */
  readonly argument: string;
  readonly help: string;
  /** Whether it opens a block. */
  readonly block: boolean;
  readonly standing: Standing;
}

/** A keyword of a block whose draft is a `Draft`. */
export interface Keyword<Draft> extends KeywordInfo {
  readonly apply?: (draft: Draft, statement: Statement, context: Context) => void;
}

/** The keywords of one block. */
export type Table<Draft> = Readonly<Record<string, Keyword<Draft>>>;

/** What a row may use while it reads its statement. */
export interface Context {
  readonly report: Report;
  /** The block in the words of the file, such as `vrrp_instance "VI_1"`. */
  readonly owner: string;
}

/** What a row may use when it has its value. */
export interface Use extends Context {
  /** The keyword as it was written. */
  readonly keyword: string;
}

/** How arguments become a value; `undefined` when that was not possible and has been reported. */
export interface Argument<T> {
  readonly shape: string;
  readonly block?: boolean;
  read(statement: Statement, context: Context): T | undefined;
}

/** A row for a keyword that does what it says. */
export function inEffect<Draft, T>(
  argument: Argument<T>,
  help: string,
  apply: (draft: Draft, value: T, place: Place, use: Use) => void,
): Keyword<Draft> {
  return {
    argument: argument.shape,
    help,
    block: argument.block ?? false,
    standing: { kind: "in-effect" },
    apply(draft, statement, context): void {
      const value = argument.read(statement, context);
      if (value === undefined) return;
      apply(draft, value, statement.place, { ...context, keyword: statement.keyword.text });
    },
  };
}

/** A row for a keyword that standin has no need of. */
export function withoutEffect(
  argument: string,
  help: string,
  reason: string,
): Keyword<unknown> {
  return { argument, help, block: false, standing: { kind: "without-effect", reason } };
}

/** A row for a keyword that standin does not know how to do yet. */
export function notYet(argument: string, help: string, consequence?: string): Keyword<unknown> {
  const standing = consequence === undefined
    ? { kind: "not-yet" } as const
    : { kind: "not-yet", consequence } as const;
  return { argument, help, block: argument.includes("{…}"), standing };
}

/** Exactly one word. */
export function one<T>(shape: string, value: Value<T>): Argument<T> {
  return {
    shape,
    read(statement, context): T | undefined {
      if (statement.args.length === 0) return missing(statement, shape, context);
      refuseExtra(statement, 1, context);
      return readWord(statement, value, context);
    },
  };
}

/** The value to go on with when what was written is of no use; that it is none has been told. */
export function orElse<T>(argument: Argument<T>, fallback: T): Argument<T> {
  return {
    ...argument,
    read: (statement, context) => argument.read(statement, context) ?? fallback,
  };
}

/** One word or none, which means the value that is given here. */
export function optional<T>(shape: string, value: Value<T>, bare: T): Argument<T> {
  return {
    shape,
    read(statement, context): T | undefined {
      if (statement.args.length === 0) return bare;
      refuseExtra(statement, 1, context);
      return readWord(statement, value, context);
    },
  };
}

/** No word at all. */
export const nothing: Argument<true> = {
  shape: "",
  read(statement, context): true {
    refuseExtra(statement, 0, context);
    return true;
  },
};

/** A truth value; the bare keyword is true. */
export const truth: Argument<boolean> = optional("[on|off]", boolean, true);

/** Seconds with a fraction; digits that do not count are told. */
export function timer(shape: string, value: Value<Rounded>): Argument<Duration> {
  const argument = one(shape, value);
  return {
    shape,
    read(statement, context): Duration | undefined {
      const rounded = argument.read(statement, context);
      if (rounded === undefined) return undefined;
      if (!rounded.exact) {
        const said = `${statement.keyword.text} "${statement.args[0]?.text}" of ${context.owner}`;
        const message = `Rounded ${said} to ${rounded.seconds} seconds`;
        context.report.warning("rounded", statement.args[0]?.place, message);
      }
      return seconds(rounded.seconds);
    },
  };
}

/** The statements of a block. */
export function blockOf(shape: string): Argument<readonly Statement[]> {
  return { shape, block: true, read: (statement) => statement.children ?? [] };
}

function readWord<T>(statement: Statement, value: Value<T>, context: Context): T | undefined {
  const [word] = statement.args;
  const result = value.safeParse(word?.text ?? "");
  if (result.success) return result.data;
  const expected = result.error.issues[0]?.message ?? "expected something else";
  const message = `Cannot use ${describe(statement)} for ${context.owner}: ${expected}`;
  context.report.error("bad-value", word?.place, message);
  return undefined;
}

function missing(statement: Statement, shape: string, context: Context): undefined {
  const message = `Cannot use ${statement.keyword.text} for ${context.owner}: its value is missing`;
  context.report.error("missing-argument", statement.place, message, `write ${shape} after it`);
  return undefined;
}

function refuseExtra(statement: Statement, most: number, context: Context): void {
  const extra = statement.args[most];
  if (extra === undefined) return;
  const { keyword } = statement;
  const message = `"${extra.text}" after ${keyword.text} of ${context.owner} has no meaning`;
  context.report.warning("extra-argument", extra.place, message);
}

/**
 * Rows that are not built yet, one on each line: `keyword | argument | help`. A `{…}` in the
 * argument marks a block.
 */
export function notYetTable(text: string): Table<unknown> {
  const rows = text.trim().split("\n").map((line) => {
    const [name = "", argument = "", help = ""] = line.split("|").map((part) => part.trim());
    return [name, notYet(argument, help)] as const;
  });
  return Object.fromEntries(rows);
}

/** The row of a keyword; the names that objects inherit are no keywords. */
export function rowOf<Draft>(table: Table<Draft>, keyword: string): Keyword<Draft> | undefined {
  return Object.hasOwn(table, keyword) ? table[keyword] : undefined;
}
