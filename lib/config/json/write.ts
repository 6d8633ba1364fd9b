/**
 * From statements to JSON. Statements of the same keyword share a property, as far as nothing is
 * said anew by the order that this gives: where it might be, the rest of the block goes into
 * `@then`. What the words alone do not say is kept as `@text`.
 */
import { formOf } from "../form.ts";
import type { Statement } from "../parse.ts";
import { type Group, groupStatements } from "./group.ts";
import { isNamed, isSaidByWords, nameOf } from "./name.ts";
import { scalarOf, settingOf } from "./scalar.ts";
import { type LinesShape, pathOf, type Shape, shapeOf } from "./shape.ts";
import type { Json, JsonObject } from "./value.ts";

/** The JSON of all statements of a block, or of the whole configuration. */
export function writeBody(statements: readonly Statement[], path: string): JsonObject {
  const parts = groupStatements(statements, path).map((groups): JsonObject => {
    const entries = groups.map((group): [string, Json] => {
      const keyword = group[0].keyword.text;
      return [keyword, writeGroup(group, shapeOf(path, keyword), pathOf(path, keyword))];
    });
    return new Map(entries);
  });
  const [first = new Map(), ...rest] = parts;
  const [then] = rest;
  if (then === undefined) return first;
  return new Map([...first, ["@then", rest.length === 1 ? then : rest]]);
}

/** The value of a property: what all statements of one keyword say. */
function writeGroup(group: Group, shape: Shape, path: string): Json {
  if (group[0].children === undefined) return writeSettings(group, shape, path);
  if (group.every((statement) => isNamed(statement, shape, path))) {
    return writeNamed(group, shape, path);
  }
  const bodies = group.map((statement) => writeBlock(statement, shape, path, true));
  return hasName(shape) ? bodies : alone(bodies) ?? bodies;
}

function writeSettings(group: Group, shape: Shape, path: string): Json {
  const info = shape.kind === "setting" ? shape.info : undefined;
  const [first] = group;
  if (!isSaidByWords(first, path)) return new Map([["@text", first.rest.text]]);
  if (group.length === 1) return settingOf(first, info);
  return group.map(({ args }) => args.map((word, index) => scalarOf(word.text, info, index)));
}

function writeNamed(group: Group, shape: Shape, path: string): Json {
  const blocks = new Map<string, Json[]>();
  for (const statement of group) {
    const name = nameOf(statement);
    const same = blocks.get(name) ?? [];
    same.push(writeBlock(statement, shape, path, false));
    blocks.set(name, same);
  }
  return new Map(Array.from(blocks, ([name, same]) => [name, alone(same) ?? same]));
}

function alone(values: readonly Json[]): Json | undefined {
  return values.length === 1 ? values[0] : undefined;
}

/** One block; the words before its brace are in it when they are not outside. */
function writeBlock(statement: Statement, shape: Shape, path: string, withArgs: boolean): Json {
  const { args, children = [], rest } = statement;
  const head = new Map<string, Json>();
  if (withArgs && !isSaidByWords(statement, path)) head.set("@text", rest.text);
  else if (withArgs && (args.length > 0 || hasName(shape))) {
    head.set("@args", args.map((word) => word.text));
  }
  if (shape.kind !== "lines" || children.some((line) => line.children !== undefined)) {
    return new Map([...head, ...writeBody(children, path)]);
  }
  const lines = children.flatMap((line) => writeLines(line, shape, path));
  return head.size === 0 ? lines : new Map<string, Json>([...head, ["@lines", lines]]);
}

function hasName(shape: Shape): boolean {
  return shape.kind !== "setting" && shape.naming !== "none";
}

/** A line of a block of lines: a text, or an object when it has options that are known. */
function writeLines(line: Statement, shape: LinesShape, path: string): Json[] {
  const words = [line.keyword.text, ...line.args.map(({ text }) => text)];
  if (!isSaidByWords(line, path)) return [new Map([["@text", rawLine(line)]])];
  if (shape.isList) return words.map((word) => isBareWord(word) ? word : [word]);
  return [words.every(isBareWord) ? writeOptions(line, shape) ?? words.join(" ") : words];
}

function rawLine({ keyword, rest }: Statement): string {
  const first = keyword.quoted ? `"${keyword.text}"` : keyword.text;
  return `${first} ${rest.text}`.trim();
}

function isBareWord(word: string): boolean {
  return /^[^\s"]+$/.test(word);
}
function writeOptions(
  { keyword, args }: Statement,
  { head, options = {} }: LinesShape,
): JsonObject | undefined {
  if (head === undefined || args.length === 0) return undefined;
  const said = new Map<string, Json>([[head, keyword.text]]);
  const words = args.values();
  for (const { text } of words) {
    const info = Object.hasOwn(options, text) ? options[text] : undefined;
    if (info === undefined || said.has(text)) return undefined;
    const [first, more] = formOf(info.argument).parts;
    if (more !== undefined || first?.value.kind === "option" || first?.optional) return undefined;
    const value = first === undefined ? undefined : words.next();
    if (value?.done === true) return undefined;
    said.set(text, value === undefined ? true : scalarOf(value.value.text, info, 0));
  }
  return said;
}
