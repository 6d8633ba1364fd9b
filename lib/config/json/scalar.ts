/**
 * One word in JSON: a number or a truth value where the form of the keyword has one and nothing of
 * the word is lost, else a text.
 */
import { formOf, type FormPart, type ValueForm } from "../form.ts";
import type { KeywordInfo } from "../keyword.ts";
import type { Statement } from "../parse.ts";
import { objectionTo } from "../value_check.ts";
import type { Json } from "./value.ts";

/** Types of words that are often, but not always, a number. */
const numericTexts: ReadonlySet<string> = new Set([
  "bufs",
  "code",
  "fwmark",
  "lifetime",
  "mask",
  "port",
]);

/** Whether words of the type may be numbers. */
export function mayBeNumber(value: ValueForm): boolean {
  switch (value.kind) {
    case "integer":
    case "seconds":
    case "number":
    case "decimal":
      return true;
    case "words":
      return value.words.every(isCanonicalNumber);
    case "text":
      return numericTexts.has(value.type);
    default:
      return false;
  }
}

/** A word at its position after the keyword. */
export function scalarOf(text: string, info: KeywordInfo | undefined, index: number): Json {
  if (info === undefined || !isCanonicalNumber(text)) return text;
  const part = partFor(text, formOf(info.argument).parts, index);
  return part !== undefined && mayBeNumber(part.value) ? Number(text) : text;
}

/** The part of the form that the word is for; optional parts may be passed over. */
function partFor(
  text: string,
  parts: readonly FormPart[],
  index: number,
): FormPart | undefined {
  const last = parts.at(-1);
  if (index >= parts.length) return last?.repeated === true ? last : undefined;
  return parts.slice(index).find(({ value, optional, repeated }) => (
    (!optional && !repeated) || objectionTo(text, value) === undefined
  ));
}

/** The value of a setting that stands once: bare, with one word or with several. */
export function settingOf({ args }: Statement, info: KeywordInfo | undefined): Json {
  const [word, more] = args;
  const truth = truthOf(info);
  if (word === undefined) return truth === "said" ? [] : true;
  if (more !== undefined) return args.map(({ text }, index) => scalarOf(text, info, index));
  if (truth !== "none" && ["true", "on", "yes"].includes(word.text)) return true;
  if (truth !== "none" && ["false", "off", "no"].includes(word.text)) return false;
  return scalarOf(word.text, info, 0);
}

/** A number the way that JSON would write it. */
function isCanonicalNumber(text: string): boolean {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) && String(Number(text)) === text;
}

/**
 * Whether a keyword is a truth value: `bare` when it is true without a word after it, `said` when
 * the word must be there.
 */
export function truthOf(info: KeywordInfo | undefined): "none" | "bare" | "said" {
  const [first] = info === undefined ? [] : formOf(info.argument).parts;
  if (first?.value.kind !== "bool") return "none";
  return first.optional ? "bare" : "said";
}
