/**
 * How the statements of a keyword look in JSON. A setting is a value. A block is an object of its
 * statements, under its name if it has one. A block of lines that begin with a name or an address
 * is an array of these lines. All of it follows from the tables of keywords; a keyword that is in
 * no table looks like a setting, or like a block without a name.
 */
import { formOf, type FormPart } from "../form.ts";
import type { KeywordInfo } from "../keyword.ts";
import { infoOf, lineForms } from "../keywords/root.ts";

/** What stands between a keyword and its brace: nothing, one word, several words. */
export type Naming = "none" | "one" | "several";

/** The look of a keyword. */
export type Shape =
  | { readonly kind: "setting"; readonly info: KeywordInfo | undefined }
  | { readonly kind: "block"; readonly naming: Naming }
  | LinesShape;

/** The look of a block of lines. */
export interface LinesShape {
  readonly kind: "lines";
  readonly naming: Naming;
  /** What the first word of a line is called in a line with options; absent if it has none. */
  readonly head?: "address" | "name";
  /** The options of a line. */
  readonly options?: Readonly<Record<string, KeywordInfo>>;
  /** Whether each word stands for itself, so that lines make no difference. */
  readonly isList: boolean;
}

const shapes = new Map<string, Shape>();

/** The look of a keyword inside the blocks of a path. */
export function shapeOf(path: string, keyword: string): Shape {
  const key = pathOf(path, keyword);
  const known = shapes.get(key);
  if (known !== undefined) return known;
  const shape = findShape(path, keyword);
  // Only what the tables know is kept: there is no end of other words.
  if (rowAt(path, keyword) !== undefined) shapes.set(key, shape);
  return shape;
}

/** The path inside a block. */
export function pathOf(path: string, keyword: string): string {
  return path === "" ? keyword : `${path}/${keyword}`;
}

/** The row of a keyword; `undefined` when the block does not have it. */
function rowAt(path: string, keyword: string): KeywordInfo | undefined {
  const info = infoOf.get(path);
  return info !== undefined && Object.hasOwn(info, keyword) ? info[keyword] : undefined;
}

function findShape(path: string, keyword: string): Shape {
  const info = rowAt(path, keyword);
  if (info?.block !== true) return { kind: "setting", info };
  const naming = namingOf(info.argument);
  const inside = pathOf(path, keyword);
  const line = lineForms.get(inside);
  if (line === undefined) return { kind: "block", naming };
  const [first, more] = formOf(line).parts;
  const isList = first?.repeated === true;
  const head = more === undefined && !isList && first !== undefined ? headOf(first) : undefined;
  if (head === undefined) return { kind: "lines", naming, isList };
  return { kind: "lines", naming, isList, head, options: infoOf.get(inside) ?? {} };
}

/** A line that begins with one word of a certain kind can be an object. */
function headOf({ value }: FormPart): "address" | "name" {
  return value.kind === "ip" || (value.kind === "text" && value.type === "cidr")
    ? "address"
    : "name";
}

function namingOf(argument: string): Naming {
  const [first, more] = formOf(argument).parts;
  if (first === undefined) return "none";
  return more === undefined && !first.optional && !first.repeated ? "one" : "several";
}
