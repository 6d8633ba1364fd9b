/**
 * Words and lines in JSON: what stands after a keyword as a text, a number or an array of these,
 * and the lines of a block as texts, as arrays of words, or as objects with their options.
 */
import { sliceLine, trimLine } from "../line.ts";
import { type Statement, statementOf } from "../parse.ts";
import type { Report } from "../report.ts";
import type { Place } from "../source.ts";
import type { Word } from "../token.ts";
import type { JsonMember, JsonNode } from "./node.ts";
import type { LinesShape } from "./shape.ts";
import { lineOf, rawLine, splitWords, wordAt } from "./word.ts";

/** An object with its place. */
export type ObjectNode = Extract<JsonNode, { kind: "object" }>;

/** What stands before a brace, and where a remark about the block belongs. */
export interface Head {
  readonly keyword: Word;
  readonly args: readonly Word[];
  readonly place: Place;
}

/** A statement without a block. */
export function settingOf({ keyword, args, place }: Head): Statement {
  return statementOf({ keyword, args, rest: lineOf(args, keyword.place), place });
}

/** A text or a number is one word, an array is several. */
export function readWords(node: JsonNode, owner: string, report: Report): Word[] | undefined {
  if (node.kind === "string") return [wordAt(node.text, node.place)];
  if (node.kind === "number") {
    if (!/[eE]/.test(node.text)) return [wordAt(node.text, node.place)];
    refuse(node, owner, "a number without an exponent", report);
    return undefined;
  }
  if (node.kind !== "array") {
    refuse(node, owner, "a text, a number or an array of these", report);
    return undefined;
  }
  const words = node.items.map((item) => {
    if (item.kind !== "array") return readWords(item, owner, report);
    refuse(item, owner, "texts and numbers", report);
    return undefined;
  });
  return words.some((word) => word === undefined) ? undefined : words.flatMap((word) => word ?? []);
}

/** The rest of a line, from an `@text`. */
export function readRaw(
  { name, value }: JsonMember,
  report: Report,
): Pick<Statement, "args" | "rest" | "place"> | undefined {
  const raw = value.kind === "string" ? rawLine(value.text, value.place) : undefined;
  if (raw !== undefined) return { args: raw.words, rest: raw.line, place: value.place };
  refuse(value, name, "what can stand on a line after a keyword", report);
  return undefined;
}

/** The lines of a block. */
export function readLines(
  nodes: readonly JsonNode[],
  shape: LinesShape,
  owner: string,
  report: Report,
): Statement[] {
  return nodes.flatMap((node) => {
    const raw = node.kind === "object" ? node.members.find(isRaw) : undefined;
    if (raw !== undefined) return rawStatement(raw, report);
    const words = node.kind === "object"
      ? optionWords(node, shape, owner, report)
      : node.kind === "string"
      ? splitWords(node.text, node.place)
      : readWords(node, owner, report);
    if (words === undefined) return [];
    const [keyword, ...args] = words;
    if (keyword === undefined) return refuse(node, owner, "a line with words", report);
    return [settingOf({ keyword, args, place: keyword.place })];
  });
}

function rawStatement(member: JsonMember, report: Report): Statement[] {
  const raw = readRaw(member, report);
  const [keyword, ...args] = raw?.args ?? [];
  if (raw === undefined || keyword === undefined) return [];
  const length = /^(?:"[^"]*"?|[^\s"]+)/.exec(raw.rest.text.trimStart())?.[0].length ?? 0;
  const rest = trimLine(sliceLine(trimLine(raw.rest), length));
  return [statementOf({ keyword, args, rest, place: raw.place })];
}

function optionWords(
  node: ObjectNode,
  { head }: LinesShape,
  owner: string,
  report: Report,
): Word[] | undefined {
  const first = node.members.find(({ name }) => name === head);
  if (first === undefined) {
    const expected = head === undefined ? "a text" : `a text or an object with "${head}"`;
    refuse(node, owner, expected, report);
    return undefined;
  }
  const words = readWords(first.value, first.name, report) ?? [];
  for (const member of node.members) {
    if (member === first) continue;
    words.push(wordAt(member.name, member.place));
    if (member.value.kind === "boolean" && member.value.value) continue;
    words.push(...readWords(member.value, member.name, report) ?? []);
  }
  return words;
}

/** Tells that no statement can be made of a value. */
export function refuse(node: JsonNode, owner: string, expected: string, report: Report): [] {
  const message = `Cannot use ${shown(node)} for ${owner}: expected ${expected}`;
  report.error("bad-json-value", node.place, message);
  return [];
}

function isRaw({ name }: JsonMember): boolean {
  return name === "@text";
}

function shown(node: JsonNode): string {
  switch (node.kind) {
    case "string":
      return `"${node.text}"`;
    case "number":
      return node.text;
    case "boolean":
      return String(node.value);
    case "null":
      return "null";
    default:
      return node.kind === "array" ? "an array" : "an object";
  }
}
