/**
 * Names of blocks as names of properties: one word as it is, or several with a blank between.
 */
import type { Statement } from "../parse.ts";
import { isPlain } from "../tree.ts";
import type { Shape } from "./shape.ts";

/** Whether the words before the brace of a block can be the name of a property. */
export function isNamed(statement: Statement, shape: Shape): boolean {
  if (shape.kind === "setting" || !isPlain(statement)) return false;
  const { args } = statement;
  if (shape.naming === "one") return args.length === 1;
  return shape.naming === "several" && args.length > 0 &&
    args.every(({ text }) => /^\S+$/.test(text));
}

/** The name of the property. */
export function nameOf({ args }: Statement): string {
  return args.map(({ text }) => text).join(" ");
}
