/**
 * From JSON to statements, the same that the parser makes of keepalived.conf, with places in the
 * JSON text. Whether keywords and values mean something is judged later, for both alike; only what
 * no statement can be made of is told here.
 */
import { sliceLine, trimLine } from "../line.ts";
import type { Statement } from "../parse.ts";
import type { Report } from "../report.ts";
import type { Place } from "../source.ts";
import type { Word } from "../token.ts";
import type { JsonMember, JsonNode } from "./node.ts";
import { truthOf } from "./scalar.ts";
import { type LinesShape, pathOf, type Shape, shapeOf } from "./shape.ts";
import { lineOf, rawLine, splitWords, wordAt } from "./word.ts";

type ObjectNode = Extract<JsonNode, { kind: "object" }>;

/** What stands before a brace, and where a remark about the block belongs. */
interface Head {
  readonly keyword: Word;
  readonly args: readonly Word[];
  readonly place: Place;
}

/** The statements of a configuration. */
export function readJson(node: JsonNode, report: Report): Statement[] {
  const reader = new TreeReader(report);
  if (node.kind === "object") return reader.body(node, "");
  report.fatal("bad-json", node.place, "Cannot read the configuration: expected an object");
  return [];
}

class TreeReader {
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  /** The statements of a block. */
  body(node: ObjectNode, path: string): Statement[] {
    const seen = new Set<string>();
    return node.members.flatMap((member) => {
      const { name, place } = member;
      if (seen.has(name)) {
        const message = `Property "${name}" stands twice: other programs see only one of them`;
        this.#report.error("duplicate-property", place, message, "give both values in an array");
      }
      seen.add(name);
      if (name === "@then") return this.#then(member, path);
      if (headProperties.has(name) && path !== "") return [];
      if (name === "$schema" && path === "") return [];
      return this.#statements(member, path);
    });
  }

  #then({ value, place }: JsonMember, path: string): Statement[] {
    const parts = value.kind === "array" ? value.items : [value];
    return parts.flatMap((part) => {
      if (part.kind === "object") return this.body(part, path);
      return this.#refuse(part, "@then", "an object or an array of objects", place);
    });
  }

  #statements(member: JsonMember, path: string): Statement[] {
    const { name, value, place } = member;
    const shape = shapeOf(path, name);
    const inside = pathOf(path, name);
    const keyword = wordAt(name, place);
    const head = { keyword, args: [], place };
    if (value.kind === "object") {
      if (shape.kind !== "setting" && shape.naming !== "none") {
        return this.#named(value, keyword, shape, inside);
      }
      return this.#objectSetting(value, head, shape, inside);
    }
    if (shape.kind === "setting") return this.#setting(member, shape, inside);
    if (value.kind !== "array") return this.#refuse(value, name, expectedOf(shape));
    if (shape.kind === "lines" && shape.naming === "none") {
      return [blockOf(head, this.#lines(value.items, shape, name))];
    }
    return this.#blocks(value.items, head, shape, inside);
  }

  /** `{"@text": …}` is the rest of a line; any other object is a block. */
  #objectSetting(node: ObjectNode, head: Head, shape: Shape, path: string): Statement[] {
    const [only, more] = node.members;
    if (shape.kind === "setting" && only?.name === "@text" && more === undefined) {
      const raw = this.#raw(only);
      return raw === undefined ? [] : [{ ...raw, keyword: head.keyword }];
    }
    return [this.#block(node, head, shape, path)];
  }

  #blocks(nodes: readonly JsonNode[], head: Head, shape: Shape, path: string): Statement[] {
    return nodes.flatMap((node, index) => {
      if (node.kind === "object") return [this.#block(node, again(head, node, index), shape, path)];
      return this.#refuse(node, head.keyword.text, expectedOf(shape));
    });
  }

  #named(
    node: ObjectNode,
    keyword: Word,
    shape: Exclude<Shape, { kind: "setting" }>,
    path: string,
  ): Statement[] {
    return node.members.flatMap(({ name, place, value }) => {
      const args = shape.naming === "one" ? [wordAt(name, place)] : splitWords(name, place);
      const head = { keyword, args, place };
      if (value.kind === "object") return [this.#block(value, head, shape, path)];
      if (value.kind !== "array") return this.#refuse(value, name, expectedOf(shape));
      if (shape.kind === "lines") return [blockOf(head, this.#lines(value.items, shape, name))];
      return this.#blocks(value.items, head, shape, path);
    });
  }

  #block(node: ObjectNode, head: Head, shape: Shape, path: string): Statement {
    const lines = node.members.find(({ name }) => name === "@lines");
    const children = lines?.value.kind === "array" && shape.kind === "lines"
      ? this.#lines(lines.value.items, shape, head.keyword.text)
      : this.body(node, path);
    for (const member of node.members) {
      if (member.name === "@text") {
        const raw = this.#raw(member);
        if (raw !== undefined) return { ...raw, keyword: head.keyword, children };
      } else if (member.name === "@args") {
        return blockOf({ ...head, args: this.#words(member.value, "@args") ?? [] }, children);
      }
    }
    return blockOf(head, children);
  }

  #setting(
    { name, place, value }: JsonMember,
    { info }: Extract<Shape, { kind: "setting" }>,
    path: string,
  ): Statement[] {
    const head = { keyword: wordAt(name, place), args: [], place };
    if (value.kind === "boolean") {
      const truth = truthOf(info);
      if (!value.value && truth === "none") {
        return this.#refuse(value, name, "true, or the property to be absent");
      }
      const bare = value.value && truth !== "said";
      const args = bare ? [] : [wordAt(value.value ? "on" : "off", value.place)];
      return [settingOf({ ...head, args })];
    }
    if (value.kind === "array" && value.items.length > 0) {
      const { items } = value;
      if (items.some(({ kind }) => kind === "object")) {
        return this.#blocks(items, head, { kind: "block", naming: "none" }, path);
      }
      if (items.every(({ kind }) => kind === "array")) {
        return items.flatMap((item, index) => this.#oneSetting(again(head, item, index), item));
      }
    }
    return this.#oneSetting(head, value);
  }

  #oneSetting(head: Head, node: JsonNode): Statement[] {
    const args = this.#words(node, head.keyword.text);
    return args === undefined ? [] : [settingOf({ ...head, args })];
  }

  /** A text or a number is one word, an array is several. */
  #words(node: JsonNode, owner: string): Word[] | undefined {
    if (node.kind === "string") return [wordAt(node.text, node.place)];
    if (node.kind === "number") {
      if (!/[eE]/.test(node.text)) return [wordAt(node.text, node.place)];
      this.#refuse(node, owner, "a number without an exponent");
      return undefined;
    }
    if (node.kind !== "array") {
      this.#refuse(node, owner, "a text, a number or an array of these");
      return undefined;
    }
    const words = node.items.map((item) => {
      if (item.kind !== "array") return this.#words(item, owner);
      this.#refuse(item, owner, "texts and numbers");
      return undefined;
    });
    return words.some((word) => word === undefined)
      ? undefined
      : words.flatMap((word) => word ?? []);
  }

  #raw({ name, value }: JsonMember): Omit<Statement, "keyword"> | undefined {
    const raw = value.kind === "string" ? rawLine(value.text, value.place) : undefined;
    if (raw !== undefined) return { args: raw.words, rest: raw.line, place: value.place };
    this.#refuse(value, name, "what can stand on a line after a keyword");
    return undefined;
  }

  #lines(nodes: readonly JsonNode[], shape: LinesShape, owner: string): Statement[] {
    return nodes.flatMap((node) => {
      const raw = node.kind === "object" ? node.members.find(isRaw) : undefined;
      if (raw !== undefined) return this.#rawStatement(raw);
      const words = node.kind === "object"
        ? this.#optionWords(node, shape, owner)
        : node.kind === "string"
        ? splitWords(node.text, node.place)
        : this.#words(node, owner);
      if (words === undefined) return [];
      const [keyword, ...args] = words;
      if (keyword === undefined) return this.#refuse(node, owner, "a line with words");
      return [settingOf({ keyword, args, place: keyword.place })];
    });
  }

  #rawStatement(member: JsonMember): Statement[] {
    const raw = this.#raw(member);
    const [keyword, ...args] = raw?.args ?? [];
    if (raw === undefined || keyword === undefined) return [];
    const length = /^(?:"[^"]*"?|[^\s"]+)/.exec(raw.rest.text.trimStart())?.[0].length ?? 0;
    const rest = trimLine(sliceLine(trimLine(raw.rest), length));
    return [{ keyword, args, rest, place: raw.place }];
  }

  #optionWords(node: ObjectNode, { head }: LinesShape, owner: string): Word[] | undefined {
    const first = node.members.find(({ name }) => name === head);
    if (first === undefined) {
      const expected = head === undefined ? "a text" : `a text or an object with "${head}"`;
      this.#refuse(node, owner, expected);
      return undefined;
    }
    const words = this.#words(first.value, first.name) ?? [];
    for (const member of node.members) {
      if (member === first) continue;
      words.push(wordAt(member.name, member.place));
      if (member.value.kind === "boolean" && member.value.value) continue;
      words.push(...this.#words(member.value, member.name) ?? []);
    }
    return words;
  }

  #refuse(node: JsonNode, owner: string, expected: string, place: Place = node.place): [] {
    const message = `Cannot use ${shown(node)} for ${owner}: expected ${expected}`;
    this.#report.error("bad-json-value", place, message);
    return [];
  }
}

/** Properties of a block that are no statements in it. */
const headProperties: ReadonlySet<string> = new Set(["@args", "@text", "@lines"]);

function isRaw({ name }: JsonMember): boolean {
  return name === "@text";
}

/** A keyword that stands several times has one property; the others are where their values are. */
function again(head: Head, { place }: JsonNode, index: number): Head {
  if (index === 0) return head;
  return { ...head, keyword: wordAt(head.keyword.text, place), place };
}

function settingOf({ keyword, args, place }: Head): Statement {
  return { keyword, args, rest: lineOf(args, keyword.place), place };
}

function blockOf(head: Head, children: readonly Statement[]): Statement {
  return { ...settingOf(head), children };
}

function expectedOf(shape: Shape): string {
  if (shape.kind === "lines") return "an array of lines";
  return shape.kind === "block" && shape.naming !== "none"
    ? "an object with a property for each name"
    : "an object";
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
