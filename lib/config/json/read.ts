/**
 * From JSON to statements, the same that the parser makes of keepalived.conf, with places in the
 * JSON text. Whether keywords and values mean something is judged later, for both alike; only what
 * no statement can be made of is told here.
 */
import { type Statement, statementOf } from "../parse.ts";
import type { Report } from "../report.ts";
import type { Word } from "../token.ts";
import type { JsonMember, JsonNode } from "./node.ts";
import { truthOf } from "./scalar.ts";
import {
  type Head,
  type ObjectNode,
  readLines,
  readRaw,
  readWords,
  refuse,
  settingOf,
} from "./read_words.ts";
import { pathOf, type Shape, shapeOf } from "./shape.ts";
import { splitWords, wordAt } from "./word.ts";

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

  /** The statements of a block; `isWhole` when what stands before its brace may be in it, too. */
  body(node: ObjectNode, path: string, isWhole: boolean = path !== ""): Statement[] {
    const seen = new Set<string>();
    return node.members.flatMap((member) => {
      const { name, place } = member;
      if (seen.has(name)) {
        const message = `Property "${name}" stands twice: other programs see only one of them`;
        this.#report.error("duplicate-property", place, message, "give both values in an array");
      }
      seen.add(name);
      if (name === "@then") return this.#then(member, path);
      if (isWhole && headProperties.has(name)) return [];
      if (name === "$schema" && path === "") return [];
      return this.#statements(member, path);
    });
  }

  #then({ value, place }: JsonMember, path: string): Statement[] {
    const parts = value.kind === "array" ? value.items : [value];
    return parts.flatMap((part) => {
      if (part.kind === "object") return this.body(part, path, false);
      return refuse({ ...part, place }, "@then", "an object or an array of objects", this.#report);
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
    if (value.kind !== "array") return refuse(value, name, expectedOf(shape), this.#report);
    if (shape.kind === "lines" && shape.naming === "none") {
      return [blockOf(head, readLines(value.items, shape, name, this.#report))];
    }
    return this.#blocks(value.items, head, shape, inside);
  }

  /** `{"@text": …}` is the rest of a line; any other object is a block. */
  #objectSetting(node: ObjectNode, head: Head, shape: Shape, path: string): Statement[] {
    const [only, more] = node.members;
    if (shape.kind === "setting" && only?.name === "@text" && more === undefined) {
      const raw = readRaw(only, this.#report);
      return raw === undefined ? [] : [statementOf({ ...raw, keyword: head.keyword })];
    }
    return [this.#block(node, head, shape, path)];
  }

  #blocks(nodes: readonly JsonNode[], head: Head, shape: Shape, path: string): Statement[] {
    return nodes.flatMap((node, index) => {
      if (node.kind === "object") return [this.#block(node, again(head, node, index), shape, path)];
      return refuse(node, head.keyword.text, expectedOf(shape), this.#report);
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
      if (value.kind !== "array") return refuse(value, name, expectedOf(shape), this.#report);
      if (shape.kind === "lines") {
        return [blockOf(head, readLines(value.items, shape, name, this.#report))];
      }
      return this.#blocks(value.items, head, shape, path);
    });
  }

  #block(node: ObjectNode, head: Head, shape: Shape, path: string): Statement {
    const lines = node.members.find(({ name }) => name === "@lines")?.value;
    const children = this.body(node, path, true);
    if (lines?.kind === "array" && shape.kind === "lines") {
      children.unshift(...readLines(lines.items, shape, head.keyword.text, this.#report));
    } else if (lines !== undefined) {
      refuse(lines, "@lines", "an array, in a block of lines", this.#report);
    }
    for (const member of node.members) {
      if (member.name === "@text") {
        const raw = readRaw(member, this.#report);
        if (raw !== undefined) return statementOf({ ...raw, keyword: head.keyword, children });
      } else if (member.name === "@args") {
        return blockOf(
          { ...head, args: readWords(member.value, "@args", this.#report) ?? [] },
          children,
        );
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
        return refuse(value, name, "true, or the property to be absent", this.#report);
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
    const args = readWords(node, head.keyword.text, this.#report);
    return args === undefined ? [] : [settingOf({ ...head, args })];
  }
}

/** Properties of a block that are no statements in it. */
const headProperties: ReadonlySet<string> = new Set(["@args", "@text", "@lines"]);

/** A keyword that stands several times has one property; the others are where their values are. */
function again(head: Head, { place }: JsonNode, index: number): Head {
  if (index === 0) return head;
  return { ...head, keyword: wordAt(head.keyword.text, place), place };
}

function blockOf(head: Head, children: readonly Statement[]): Statement {
  return statementOf({ ...settingOf(head), children });
}

function expectedOf(shape: Shape): string {
  if (shape.kind === "lines") return "an array of lines";
  return shape.kind === "block" && shape.naming !== "none"
    ? "an object with a property for each name"
    : "an object";
}
