/**
 * JSON with places: a reader that keeps where each value stands, so that a remark about a value can
 * point at it. Comments and a comma after the last item are let through, because people write these
 * files; everything else is as RFC 8259 has it. Properties keep their order and their repetitions.
 */
import { JSON_DEPTH_MAX } from "../limits.ts";
import type { Report } from "../report.ts";
import type { Place, SourceLine } from "../source.ts";

/** A value and where it stands; an object or an array is where its bracket is. */
export type JsonNode =
  | { readonly kind: "object"; readonly place: Place; readonly members: readonly JsonMember[] }
  | { readonly kind: "array"; readonly place: Place; readonly items: readonly JsonNode[] }
  | { readonly kind: "string"; readonly place: Place; readonly text: string }
  /** The number as it was written. */
  | { readonly kind: "number"; readonly place: Place; readonly text: string }
  | { readonly kind: "boolean"; readonly place: Place; readonly value: boolean }
  | { readonly kind: "null"; readonly place: Place };

/** A property; the place is that of its name. */
export interface JsonMember {
  readonly name: string;
  readonly place: Place;
  readonly value: JsonNode;
}

/** Reads a text; `undefined` when it is no JSON, which has been reported. */
export function parseJson(file: string, text: string, report: Report): JsonNode | undefined {
  const reader = new JsonReader(file, text, report);
  const node = reader.value(0);
  return node !== undefined && reader.atEnd() ? node : undefined;
}

const trivia = /[ \t\r\n]+|\/\/[^\n]*|\/\*[^]*?\*\//y;
const token = /"[^"\\\n]*(?:\\.[^"\\\n]*)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|\w+|[^]/y;
const number = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

interface JsonToken {
  readonly text: string;
  readonly place: Place;
}

class JsonReader {
  readonly #text: string;
  readonly #lines: readonly SourceLine[];
  /** Where each line begins. */
  readonly #starts: readonly number[];
  readonly #report: Report;
  #at = 0;
  /** The line of the last token. */
  #line = 0;

  constructor(file: string, text: string, report: Report) {
    this.#text = text;
    this.#report = report;
    const lines = text.split("\n");
    this.#lines = lines.map((line, index) => (
      { file, number: index + 1, text: line.replace(/\r$/, "") }
    ));
    let start = 0;
    this.#starts = lines.map((line) => (start += line.length + 1) - line.length - 1);
  }

  /** Whether nothing follows the value. */
  atEnd(): boolean {
    const after = this.#next();
    if (after.text !== "") this.#refuse(after, "the end of the file");
    return after.text === "";
  }

  value(depth: number): JsonNode | undefined {
    const first = this.#next();
    const { text, place } = first;
    if (depth >= JSON_DEPTH_MAX) return this.#refuse(first, `at most ${JSON_DEPTH_MAX} levels`);
    if (text === "{") return this.#object(place, depth);
    if (text === "[") return this.#array(place, depth);
    if (text.length > 1 && text.startsWith('"')) {
      const unescaped = unescape(text);
      if (unescaped === undefined) return this.#refuse(first, "a string");
      return { kind: "string", place, text: unescaped };
    }
    if (number.test(text)) return { kind: "number", place, text };
    if (text === "true" || text === "false") {
      return { kind: "boolean", place, value: text === "true" };
    }
    if (text === "null") return { kind: "null", place };
    return this.#refuse(first, text === '"' ? "a string that ends on its line" : "a value");
  }

  #object(place: Place, depth: number): JsonNode | undefined {
    const members: JsonMember[] = [];
    while (true) {
      const name = this.#next();
      if (name.text === "}") return { kind: "object", place, members };
      const unescaped = name.text.startsWith('"') ? unescape(name.text) : undefined;
      if (unescaped === undefined) return this.#refuse(name, 'a property in double quotes or "}"');
      const colon = this.#next();
      if (colon.text !== ":") return this.#refuse(colon, '":"');
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      members.push({ name: unescaped, place: name.place, value });
      const after = this.#next();
      if (after.text === "}") return { kind: "object", place, members };
      if (after.text !== ",") return this.#refuse(after, '"," or "}"');
    }
  }

  #array(place: Place, depth: number): JsonNode | undefined {
    const items: JsonNode[] = [];
    while (true) {
      const before = this.#at;
      if (this.#next().text === "]") return { kind: "array", place, items };
      this.#at = before;
      const item = this.value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      const after = this.#next();
      if (after.text === "]") return { kind: "array", place, items };
      if (after.text !== ",") return this.#refuse(after, '"," or "]"');
    }
  }

  /** The next token; an empty one at the end. */
  #next(): JsonToken {
    let from = this.#at;
    for (trivia.lastIndex = from; trivia.test(this.#text);) from = trivia.lastIndex;
    token.lastIndex = from;
    const text = token.exec(this.#text)?.[0] ?? "";
    this.#at = from + text.length;
    return { text, place: this.#placeOf(from, text.length) };
  }

  #placeOf(from: number, length: number): Place {
    // An array is looked into once and then read, so the way may go back a little.
    while (this.#line > 0 && (this.#starts[this.#line] ?? 0) > from) this.#line--;
    while ((this.#starts[this.#line + 1] ?? Infinity) <= from) this.#line++;
    const source = this.#lines[this.#line] ?? { file: "", number: 1, text: "" };
    const column = Math.min(from - (this.#starts[this.#line] ?? 0), source.text.length) + 1;
    return { source, column, length: Math.max(1, length) };
  }

  #refuse({ text, place }: JsonToken, expected: string): undefined {
    const found = text === "" ? "the file ends" : `found ${JSON.stringify(text)}`;
    this.#report.fatal("bad-json", place, `Cannot read JSON: ${found}, expected ${expected}`);
    return undefined;
  }
}

/** The text between the quotes of a string; `undefined` when an escape in it means nothing. */
function unescape(quoted: string): string | undefined {
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
