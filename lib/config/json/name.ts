/**
 * What of a statement its words alone say, and names of blocks as names of properties: one word as
 * it is, or several with a blank between.
 */
import { infoOf } from "../keywords/root.ts";
import type { Statement } from "../parse.ts";
import { isPlain } from "../tree.ts";
import type { Shape } from "./shape.ts";

/**
 * Whether the words of a statement are all that it says. A word between quotes is no option, even
 * if it looks like one. The path is that of the statement itself.
 */
export function isSaidByWords(statement: Statement, path: string): boolean {
  if (!isPlain(statement)) return false;
  if (!statement.keyword.quoted && statement.args.every(({ quoted }) => !quoted)) return true;
  const options = { ...infoOf.get(path), ...infoOf.get(`${path} (head)`) };
  return ![statement.keyword, ...statement.args].some(({ text, quoted }) => (
    quoted && Object.hasOwn(options, text)
  ));
}

/** Whether the words before the brace of a block can be the name of a property. */
export function isNamed(statement: Statement, shape: Shape, path: string): boolean {
  if (shape.kind === "setting" || !isSaidByWords(statement, path)) return false;
  const { args } = statement;
  if (shape.naming === "one") return args.length === 1;
  return shape.naming === "several" && args.length > 0 &&
    args.every(({ text }) => /^\S+$/.test(text));
}

/** The name of the property. */
export function nameOf({ args }: Statement): string {
  return args.map(({ text }) => text).join(" ");
}
