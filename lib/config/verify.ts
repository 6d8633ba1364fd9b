/**
 * Reads what no row takes into a draft: keywords that are not built yet, and those without effect.
 * Their arguments are held against their forms and their blocks against the tables, so a file is
 * known to be right before the day when they are built. One mechanism serves them all: positions
 * and words of a form for arguments and for lines, tables for blocks, `cross_check.ts` for what
 * must go together.
 */
import { crossCheck } from "./cross_check.ts";
import { type Form, formOf, type FormPart, showForm } from "./form.ts";
import { type Context, type KeywordInfo, missing, rowOf } from "./keyword.ts";
import { type Info, infoOf, lineForms } from "./keywords/root.ts";
import { describe, type Statement } from "./parse.ts";
import { checkScript } from "./script.ts";
import { suggest } from "./suggest.ts";
import { tellUnknown } from "./unknown.ts";
import { objectionTo } from "./value_check.ts";
import type { Word } from "./token.ts";

/** Holds a statement and all that is inside it against its row. */
export function verify(statement: Statement, row: KeywordInfo, context: Context): void {
  const { keyword } = statement;
  const path = context.path === "" ? keyword.text : `${context.path}/${keyword.text}`;
  const form = formOf(row.argument);
  const [first] = form.parts;
  if (first?.value.kind === "script") checkScript(statement, first.optional, row, context);
  else {
    const walk = new Walk(statement, { ...context, path: optionPathOf(path, form) });
    if (!walk.take(form.parts)) missing(statement, context, row);
  }
  if (statement.children === undefined) return;
  if (!form.block) {
    const message = `${keyword.text} of ${context.owner} takes no block`;
    return context.report.error("unexpected-brace", statement.place, message);
  }
  const name = statement.args[0]?.text;
  const owner = context.path === "" || name !== undefined
    ? describe(statement)
    : `${keyword.text} of ${context.owner}`;
  verifyBlock(statement, { ...context, path, owner });
}

function optionPathOf(path: string, form: Form): string {
  return form.block ? `${path} (head)` : path;
}

/** Holds the inside of a block against its table. */
function verifyBlock(block: Statement, context: Context): void {
  const table = infoOf.get(context.path) ?? {};
  const lineForm = lineForms.get(context.path);
  const seen = new Map<string, Statement>();
  for (const statement of block.children ?? []) {
    if (lineForm !== undefined) verifyLine(statement, lineForm, context);
    else {
      const row = rowOf(table, statement.keyword.text);
      if (row === undefined) tellUnknown(table, statement, context);
      else {
        seen.set(statement.keyword.text, statement);
        verify(statement, row, context);
      }
    }
  }
  crossCheck(block, seen, context);
}

/** A line of a block of lines: first what has its place, then words in any order. */
export function verifyLine(line: Statement, form: string, context: Context): void {
  const { report, owner } = context;
  if (line.children !== undefined) {
    report.error("unexpected-brace", line.place, `${line.keyword.text} takes no block`);
  }
  const args = [line.keyword, ...line.args];
  const walk = new Walk({ ...line, args }, context);
  if (walk.take([...formOf(form).parts, optionPart])) return;
  const message = `A line of ${owner} is not complete: expected ${showForm(form)}`;
  report.error("missing-argument", line.place, message);
}

const optionPart: FormPart = {
  label: "option",
  value: { kind: "option" },
  optional: true,
  repeated: true,
};

/** Goes through the words of a statement. */
class Walk {
  readonly #statement: Statement;
  readonly #context: Context;
  #at = 0;

  constructor(statement: Statement, context: Context) {
    this.#statement = statement;
    this.#context = context;
  }

  get #word(): Word | undefined {
    return this.#statement.args[this.#at];
  }

  /** Takes all words by the parts of a form; false when some are missing. */
  take(parts: readonly FormPart[]): boolean {
    const options = parts.some(({ value }) => value.kind === "option")
      ? infoOf.get(this.#context.path) ?? {}
      : {};
    const places = parts.filter(({ value }) => value.kind !== "option");
    const complete = this.#takeAll(places, options, this.#context.path);
    const extra = this.#word;
    if (complete && extra !== undefined) this.#tellExtra(extra, options);
    return complete;
  }

  /** Words that are options may stand between the others. */
  #takeAll(places: readonly FormPart[], options: Info, path: string): boolean {
    let next = 0;
    let taken = 0;
    for (let word = this.#word; word !== undefined; word = this.#word) {
      const row = word.quoted ? undefined : rowOf(options, word.text);
      if (row !== undefined) {
        if (!this.#takeOption(word, row, `${path}/${word.text}`)) return true;
        taken++;
        continue;
      }
      const place = places[next];
      if (place === undefined) break;
      if (this.#fits(place, word, places.slice(next + 1))) {
        this.#at++;
        if (!place.repeated) next++;
        else if (this.#word !== undefined) continue;
        else next++;
      } else next++;
    }
    const rest = places.slice(next);
    return rest.every(({ optional, repeated }) => optional || (repeated && this.#at > 0)) &&
      (places.length > 0 || taken > 0 || this.#statement.args.length > 0 || next === places.length);
  }

  /** Whether the word is for this place; a wrong word that has no other place is told. */
  #fits(place: FormPart, word: Word, later: readonly FormPart[]): boolean {
    const objection = this.#objection(place, word);
    if (objection === undefined) return true;
    if (place.optional && later.some((other) => this.#objection(other, word) === undefined)) {
      return false;
    }
    if (place.optional && later.length > 0 && later.some(({ optional }) => !optional)) return false;
    this.#tell("bad-value", word, objection);
    return true;
  }

  #objection({ value }: FormPart, word: Word): string | undefined {
    const objection = objectionTo(word.text, value);
    if (objection !== undefined || value.kind !== "reference") return objection;
    const { known } = this.#context;
    const { block } = value;
    if (known.has(block, word.text)) return undefined;
    if (block === "track_file" && known.has("vrrp_track_file", word.text)) return undefined;
    return `there is no ${block} of that name before it`;
  }

  /** Takes an option with what belongs to it; false when that is not complete. */
  #takeOption(word: Word, row: KeywordInfo, path: string): boolean {
    this.#at++;
    const { parts } = formOf(row.argument);
    const places = parts.filter(({ value }) => value.kind !== "option");
    const nested = parts.length > places.length;
    let kind: string | undefined;
    for (const place of places) {
      const value = this.#word;
      if (value === undefined) {
        if (place.optional) continue;
        const { owner, report } = this.#context;
        const message = `The value of ${word.text} is missing for ${owner}`;
        report.error(
          "missing-argument",
          word.place,
          message,
          `write ${showForm(row.argument)} after it`,
        );
        return false;
      }
      const objection = this.#objection(place, value);
      if (objection !== undefined && place.optional) continue;
      this.#at++;
      kind = value.text;
      if (objection !== undefined) this.#tell("bad-value", value, objection, word);
    }
    if (!nested) return true;
    const inner = infoOf.get(path) ?? infoOf.get(`${path}/${kind}`);
    if (inner !== undefined) this.#takeAll([], inner, path);
    // A label or a locator, of which there is only one.
    else if (this.#word !== undefined) this.#at++;
    return true;
  }

  #tellExtra(word: Word, options: Info): void {
    const names = Object.keys(options);
    if (names.length === 0) {
      const { keyword } = this.#statement;
      const message = `"${word.text}" after ${keyword.text} of ${this.#context.owner} ` +
        "has no meaning";
      return this.#context.report.warning("extra-argument", word.place, message);
    }
    const message = `Unknown option "${word.text}" for ${this.#context.owner}`;
    const hint = suggest(word.text, names);
    this.#context.report.error("unknown-option", word.place, message, hint);
  }

  #tell(code: string, word: Word, objection: string, option?: Word): void {
    const { owner, report } = this.#context;
    const { keyword } = this.#statement;
    const named = option ?? (keyword === word ? undefined : keyword);
    const what = named === undefined ? `"${word.text}"` : `${named.text} "${word.text}"`;
    const unknown = objection.startsWith("there is no");
    const block = /no (\S+) of/.exec(objection)?.[1] ?? "";
    const hint = unknown ? suggest(word.text, this.#context.known.namesOf(block)) : undefined;
    const message = `Cannot use ${what} for ${owner}: ${objection}`;
    report.error(unknown ? "unknown-name" : code, word.place, message, hint);
  }
}
