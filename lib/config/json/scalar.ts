/**
 * One word in JSON: a number or a truth value where the table of keywords has one, else a text.
 */
import type { KeywordInfo } from "../keyword.ts";
import type { Statement } from "../parse.ts";
import type { Json } from "./value.ts";

/** What a word of a statement is. */
export type ScalarType = "bool" | "number" | "text";

/** A word as a number where it is meant as one and nothing of it is lost; else as a text. */
export function scalarOf(text: string, info: KeywordInfo | undefined, index: number): Json {
  if (info === undefined || typeOf(info, index) !== "number") return text;
  return isCanonicalNumber(text) ? Number(text) : text;
}

/** The value of a setting that stands once: bare, with one word or with several. */
export function settingOf({ args }: Statement, info: KeywordInfo | undefined): Json {
  const [word, more] = args;
  const isTruth = info !== undefined && typeOf(info, 0) === "bool";
  if (word === undefined) return isTruth && mustSayTruth(info) ? [] : true;
  if (more !== undefined) return args.map(({ text }, index) => scalarOf(text, info, index));
  if (isTruth && ["true", "on", "yes"].includes(word.text)) return true;
  if (isTruth && ["false", "off", "no"].includes(word.text)) return false;
  return scalarOf(word.text, info, 0);
}

/** Whether a number is written the way JSON would write it. */
function isCanonicalNumber(text: string): boolean {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) && String(Number(text)) === text;
}

/** Whether the keyword alone is not enough to say yes. */
export function mustSayTruth(info: KeywordInfo): boolean {
  return !info.argument.startsWith("[");
}

/** The type of a word after a keyword. */
export function typeOf(info: KeywordInfo, index: number): ScalarType {
  const part = info.argument.replaceAll(/[[\]]/g, "").split(/\s+(?![^<]*>)/)[index] ?? "";
  if (part === "on|off" || part === "<bool>") return "bool";
  if (
    /^<(?:count|seconds|timer|n\b.*|[^>]*-?\d\.\..*)>$/.test(part) || /^\d+(?:\|\d+)*$/.test(part)
  ) {
    return "number";
  }
  return "text";
}
