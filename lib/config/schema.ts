/**
 * The JSON Schema of configurations in JSON, made of the same tables of keywords that read them:
 * every form becomes a zod schema, every line of help a description. This is for editors; the
 * daemon reads JSON through the tables themselves and never loads this file.
 */
import * as z from "zod/mini";
import { formOf, type FormPart } from "./form.ts";
import { mayBeNumber, truthOf } from "./json/scalar.ts";
import { type LinesShape, pathOf, shapeOf } from "./json/shape.ts";
import type { KeywordInfo } from "./keyword.ts";
import { infoOf } from "./keywords/root.ts";

type Schema = z.ZodMiniType;

/** What JSON Schema says about each schema beside its shape. */
const notes = z.registry<{ id?: string; description?: string }>();

/** The JSON Schema (draft 2020-12). */
export function configSchema(): unknown {
  return {
    ...z.toJSONSchema(bodyOf(""), { metadata: notes, target: "draft-2020-12", io: "input" }),
    title: "standin configuration",
  };
}

const word = z.union([z.string(), z.number()]);
const words = z.array(word);
const raw = noted(z.strictObject({ "@text": z.string() }), {
  id: "text",
  description: "The rest of the line as it stands in keepalived.conf",
});
const again = noted(z.array(words), {
  id: "again",
  description: "The keyword several times, each with its words",
});

const bodies = new Map<string, z.ZodMiniObject>();

/** The statements of the block at a path. */
function bodyOf(path: string): z.ZodMiniObject {
  const known = bodies.get(path);
  if (known !== undefined) return known;
  const head = { "@args": z.optional(words), "@text": z.optional(z.string()) };
  const entries = Object.entries(infoOf.get(path) ?? {}).map(([keyword, info]) => (
    [keyword, z.optional(noted(valueOf(path, keyword, info), { description: tell(info) }))] as const
  ));
  const then = z.lazy((): Schema => bodyOf(path));
  const body = z.strictObject({
    ...Object.fromEntries(entries),
    ...(path === "" ? { $schema: z.optional(z.string()) } : head),
    "@then": z.optional(
      noted(z.union([then, z.array(then)]), { description: "Statements that follow" }),
    ),
  });
  bodies.set(path, path === "" ? body : noted(body, { id: path.replaceAll("/", ".") }));
  return body;
}

/** A schema with what is said about it. */
function noted<S extends Schema>(schema: S, note: { id?: string; description?: string }): S {
  notes.add(schema, note);
  return schema;
}

function tell({ help, default: usual, since, standing }: KeywordInfo): string {
  const remarks = [
    ...(usual === "-" || usual === "" ? [] : [`default: ${usual}`]),
    ...(since === "standin" ? ["not in keepalived"] : []),
    ...(standing.kind === "not-yet" ? ["not built yet"] : []),
    ...(standing.kind === "without-effect" ? [`without effect: ${standing.reason}`] : []),
  ];
  return remarks.length === 0 ? help : `${help} (${remarks.join("; ")})`;
}

/** The value of a property. */
function valueOf(path: string, keyword: string, info: KeywordInfo): Schema {
  const shape = shapeOf(path, keyword);
  if (shape.kind === "setting") return settingOf(info);
  const inside = pathOf(path, keyword);
  const block = shape.kind === "lines" ? linesOf(shape) : z.lazy((): Schema => bodyOf(inside));
  const general = z.strictObject({
    "@args": z.optional(words),
    "@text": z.optional(z.string()),
    "@lines": z.optional(block),
  });
  const odd = z.array(shape.kind === "lines" ? general : block);
  if (shape.naming !== "none") return z.union([z.record(z.string(), z.union([block, odd])), odd]);
  return shape.kind === "lines" ? z.union([block, general]) : z.union([block, odd]);
}

/** A keyword with the words after it. */
function settingOf(info: KeywordInfo): Schema {
  const { parts } = formOf(info.argument);
  const [first] = parts;
  const required = parts.filter(({ optional }) => !optional).length;
  const several = parts.length > 1 || first?.repeated === true ||
    parts.some(({ value }) => value.kind === "option" || value.kind === "script");
  return z.union([
    ...(required === 0 && truthOf(info) === "none" ? [z.literal(true)] : []),
    ...(required <= 1 ? parts.filter(isAlone).map(wordOf) : []),
    ...(several ? [z.array(z.union([...parts.map(wordOf), word]))] : []),
    again,
    raw,
  ]);

  /** Whether the word can be the only one. */
  function isAlone({ optional }: FormPart): boolean {
    return required === 0 || !optional;
  }
}

/** One word by its form. */
function wordOf({ label, value }: FormPart): Schema {
  switch (value.kind) {
    case "bool":
      return z.boolean();
    case "integer":
    case "seconds":
      return z.int().check(z.gte(value.least), z.lte(value.most));
    case "decimal":
      return z.number().check(z.gte(value.least), z.lte(value.most));
    case "number":
      return z.union([z.int().check(z.gte(value.least), z.lte(value.most)), z.string()]);
    case "words":
      if (mayBeNumber(value)) return z.literal(value.words.map(Number));
      return value.anyCase ? z.union([z.enum(value.words), z.string()]) : z.enum(value.words);
    default: {
      const text = noted(z.string(), { description: label });
      return mayBeNumber(value) ? z.union([z.int().check(z.gte(0)), text]) : text;
    }
  }
}

/** The lines of a block. */
function linesOf({ head, options = {} }: LinesShape): Schema {
  const line = noted(z.string(), { description: "A line as it stands in keepalived.conf" });
  if (head === undefined) return z.array(z.union([line, words, raw]));
  const entries = Object.entries(options).map(([name, info]) => (
    [name, z.optional(noted(optionOf(info), { description: tell(info) }))] as const
  ));
  const object = z.strictObject({ [head]: z.string(), ...Object.fromEntries(entries) });
  return z.array(z.union([line, object, words, raw]));
}

/** An option of a line: a flag, a value, or words when there are several. */
function optionOf({ argument }: KeywordInfo): Schema {
  const [first, more] = formOf(argument).parts;
  if (first === undefined) return z.literal(true);
  return more === undefined ? wordOf(first) : z.union([wordOf(first), words]);
}
