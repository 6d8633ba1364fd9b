/**
 * Goes through the words of a statement: those that have their place by the form, and between them
 * options, which are words of a table with what belongs to them. What a line of routes says and
 * what stands after `lvs_sync_daemon` is read by the same walk.
 */
import { suggest } from "../base/mod.ts";
import { type Form, formOf, type FormPart, showForm } from "./form.ts";
import { type Context, type KeywordInfo, rowOf } from "./keyword.ts";
import { type Info, infoOf } from "./keywords/root.ts";
import type { Statement } from "./parse.ts";
import type { Word } from "./token.ts";
import { nearestWord, objectionTo } from "./value_check.ts";

const none: Info = {};

/** Tells of a keyword or an option that is out of use, and what to write instead. */
export function tellOutOfUse(word: Word, instead: string, { report, owner }: Context): void {
  const message = `"${word.text}" of ${owner} is out of use`;
  report.warning("deprecated", word.place, message, `write ${instead} instead`);
}

/** Options that mean something only right after a weight. */
const afterWeight: ReadonlySet<string> = new Set(["reverse", "noreverse"]);

/** The words of one statement. */
export class Walk {
  /** Options that were found, each with the words that belong to it; not those inside others. */
  readonly options: Map<string, readonly Word[]> = new Map();
  /** The same in the order of the line, with those that stand there more than once. */
  readonly found: (readonly [option: string, words: readonly Word[]])[] = [];
  /** Words that have their place by the form. */
  readonly placed: Word[] = [];
  readonly #keyword: Word;
  readonly #args: readonly Word[];
  readonly #context: Context;
  #at = 0;
  #nested = 0;

  constructor({ keyword, args }: Pick<Statement, "keyword" | "args">, context: Context) {
    this.#keyword = keyword;
    this.#args = args;
    this.#context = context;
  }

  get #word(): Word | undefined {
    return this.#args[this.#at];
  }

  /** Takes all words by the parts of a form; false when some are missing. */
  take({ places, options: wanted }: Pick<Form, "places" | "options">): boolean {
    const options = wanted === undefined ? none : infoOf.get(this.#context.path) ?? none;
    const complete = this.#takeAll(places, options, this.#context.path) &&
      (wanted === undefined || wanted.optional || this.#at > 0);
    const extra = this.#word;
    if (complete && extra !== undefined) this.#tellExtra(extra, options);
    return complete;
  }

  /** Words that are options may stand between the others. */
  #takeAll(places: readonly FormPart[], options: Info, path: string): boolean {
    let next = 0;
    let weighted = -1;
    for (let word = this.#word; word !== undefined; word = this.#word) {
      const row = word.quoted ? undefined : rowOf(options, word.text);
      const misplaced = afterWeight.has(word.text) && weighted !== this.#at;
      if (row !== undefined && !misplaced) {
        if (!this.#takeOption(word, row, `${path}/${word.text}`)) return true;
        if (word.text === "weight") weighted = this.#at;
        continue;
      }
      const place = places[next];
      if (place === undefined) break;
      if (this.#fits(place, word, places, next + 1)) {
        this.placed.push(word);
        this.#at++;
        if (place.repeated && this.#word !== undefined) continue;
      }
      next++;
    }
    for (; next < places.length; next++) if (places[next]?.optional !== true) return false;
    return true;
  }

  /** Whether the word is for this place; a wrong word that has no other place is told. */
  #fits(place: FormPart, word: Word, places: readonly FormPart[], after: number): boolean {
    const objection = this.#objection(place, word);
    if (objection === undefined) {
      this.#note(place, word);
      return true;
    }
    const hasOther = places.slice(after).some((other) => {
      return !other.optional || this.#objection(other, word) === undefined;
    });
    if (place.optional && hasOther) return false;
    this.#tell(word, objection, place);
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

  /** What can only be judged later. */
  #note({ value }: FormPart, word: Word): void {
    if (value.kind !== "text") return;
    const { known, owner } = this.#context;
    const mention = { name: word.text, place: word.place, owner };
    if (value.type === "interface") known.noteInterface(mention);
    else if (value.type === "instance") known.instances.push(mention);
  }

  /** Takes an option with what belongs to it; false when that is not complete. */
  #takeOption(word: Word, row: KeywordInfo, path: string): boolean {
    this.#at++;
    const { places, options } = formOf(row.argument);
    const words: Word[] = [];
    if (this.#nested === 0) {
      this.options.set(word.text, words);
      this.found.push([word.text, words]);
    }
    if (row.instead !== undefined) tellOutOfUse(word, row.instead, this.#context);
    for (const place of places) {
      const value = this.#word;
      if (value === undefined) {
        if (place.optional) continue;
        const { owner, report } = this.#context;
        const message = `The value of ${word.text} is missing for ${owner}`;
        const hint = `write ${showForm(row.argument)} after it`;
        report.error("missing-argument", word.place, message, hint);
        return false;
      }
      const objection = this.#objection(place, value);
      if (objection !== undefined && place.optional) continue;
      this.#at++;
      words.push(value);
      if (objection === undefined) this.#note(place, value);
      else this.#tell(value, objection, place, word);
    }
    if (options !== undefined) this.#takeNested(path, words);
    return true;
  }

  #takeNested(path: string, words: Word[]): void {
    const from = this.#at;
    const inner = infoOf.get(path) ?? infoOf.get(`${path}/${words[0]?.text}`);
    this.#nested++;
    if (inner !== undefined) this.#takeAll([], inner, path);
    // A label or a locator, of which there is only one.
    else if (this.#word !== undefined) this.#at++;
    this.#nested--;
    words.push(...this.#args.slice(from, this.#at));
  }

  #tellExtra(word: Word, options: Info): void {
    const names = Object.keys(options);
    const { report, owner, path } = this.#context;
    // keepalived: the lines of a group of virtual servers may end with anything.
    if (names.length === 0 || path === "virtual_server_group") {
      const message = `"${word.text}" after ${this.#keyword.text} of ${owner} ` +
        "has no meaning";
      return report.warning("extra-argument", word.place, message);
    }
    const message = `Unknown option "${word.text}" for ${owner}`;
    const hint = afterWeight.has(word.text)
      ? `${word.text} stands after a weight`
      : (): string | undefined => suggest(word.text, names);
    report.error("unknown-option", word.place, message, hint);
  }

  #tell(word: Word, objection: string, { value }: FormPart, option?: Word): void {
    const { owner, report, known } = this.#context;
    const keyword = this.#keyword;
    const named = option ?? (keyword === word ? undefined : keyword);
    const what = named === undefined ? `"${word.text}"` : `${named.text} "${word.text}"`;
    const message = `Cannot use ${what} for ${owner}: ${objection}`;
    const block = /^there is no (\S+)/.exec(objection)?.[1];
    if (block === undefined) {
      return report.error("bad-value", word.place, message, () => nearestWord(word.text, value));
    }
    report.error("unknown-name", word.place, message, () => {
      return suggest(word.text, known.namesOf(block));
    });
  }
}
