/**
 * Patterns in the bodies of answers. Some patterns take for ever with some texts, and the adverts
 * of this process must leave meanwhile: a look has a limited number of steps, which many places of
 * the text share at first; where that is not enough the places are divided, and when one place
 * alone takes too many the check fails. Between looks the rest of the daemon goes on.
 */
import { type CompilePattern, type Libc, openPcre2, type Pattern } from "../../../../ffi/mod.ts";
import { err, type Result } from "../../../base/mod.ts";
import type { PatternPlan } from "../../../check/mod.ts";

/** Steps of one look: some milliseconds at most. */
const stepsPerLook = 500_000;
/** Places that the first looks are for. */
const placesAtFirst = 4096;

let compile: CompilePattern | undefined;
const compiled = new Map<string, Result<Pattern, string>>();

/** Holds a body against a pattern; what is wrong with it, `undefined` for nothing. */
export async function judgeBody(
  libc: Libc,
  plan: PatternPlan,
  body: Uint8Array,
  wanted: () => boolean,
): Promise<string | undefined> {
  const pattern = patternOf(libc, plan);
  if (!pattern.ok) return `regex: ${pattern.error}`;
  const found = await search(pattern.value, plan, body, wanted);
  if (typeof found === "string") return `regex: ${found}`;
  if (found === !plan.negated) return undefined;
  return found ? "the body matches the regex" : "the body does not match the regex";
}

function patternOf(libc: Libc, { text, options }: PatternPlan): Result<Pattern, string> {
  const name = JSON.stringify([text, options]);
  const known = compiled.get(name);
  if (known !== undefined) return known;
  compile ??= openPcre2(libc);
  if (compile === undefined) return err("there is no libpcre2-8.so.0 (package libpcre2-8-0)");
  const made = compile(text, options);
  compiled.set(name, made);
  return made;
}

async function search(
  pattern: Pattern,
  { options, from, to }: PatternPlan,
  body: Uint8Array,
  wanted: () => boolean,
): Promise<boolean | string> {
  // A match of `firstline` begins in the first line of the whole text, and not of a part of it.
  const newline = options.includes("firstline") ? body.indexOf(10, from) : -1;
  const end = Math.min(to ?? body.length, newline < 0 ? body.length : newline, body.length);
  const ranges: [from: number, to: number][] = [];
  for (let at = from; at <= end; at += placesAtFirst) {
    ranges.push([at, Math.min(end, at + placesAtFirst - 1)]);
  }
  ranges.reverse();
  for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
    const [first, last] = range;
    const places = last - first + 1;
    const found = pattern.look(body, first, last, Math.ceil(stepsPerLook / places));
    if (found === "match") return true;
    if (typeof found === "object") return found.error;
    if (found === "limit") {
      if (places === 1) return "the pattern takes too many steps with this body";
      const middle = first + (places >> 1);
      ranges.push([middle, last], [first, middle - 1]);
    }
    await new Promise<void>((go) => void setImmediate(go));
    if (!wanted()) return false;
  }
  return false;
}
