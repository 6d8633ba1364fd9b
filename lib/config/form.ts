/**
 * Forms: what stands after a keyword, as data. A row writes its form as people read it, such as
 * `<1..255>`, `MASTER|BACKUP`, `<ip> [<port>]` or `<script>`, and this file turns that text into a
 * list of words with types. Help, schema, samples and the checks of values all come from that one
 * text. The rules of writing:
 *
 *     <1..255> <id 1..255>   a whole number, perhaps with a label
 *     <seconds 0..60>        whole seconds; <timer …> has six decimals that count, <ms …> three
 *     <ip> <interface> …     a type by its name; the name of a root block is a reference to one
 *     a|b|c                  one of these words, /i in any case; on|off is a truth value
 *     [x y]  x…              words that may be absent; a word that may come again
 *     <option>…              words of a table of their own
 *     {…}                    a block
 */
import type { Family } from "../base/mod.ts";

/** The type of one word. */
export type ValueForm =
  | { readonly kind: "integer" | "seconds"; readonly least: number; readonly most: number }
  /** A whole number in any base: 12, 0x0c or 014. */
  | { readonly kind: "number"; readonly least: number; readonly most: number }
  /** A number with so many decimals that count. */
  | {
    readonly kind: "decimal";
    readonly unit: "s" | "ms";
    readonly places: 3 | 6;
    readonly least: number;
    readonly most: number;
  }
  | { readonly kind: "bool" }
  | { readonly kind: "words"; readonly words: readonly string[]; readonly anyCase: boolean }
  | { readonly kind: "ip" | "group"; readonly family?: Family }
  /** The name of a block that stands before it, such as a `vrrp_script`. */
  | { readonly kind: "reference"; readonly block: string }
  /** A word of a table of its own, with what belongs to it. */
  | { readonly kind: "option" }
  /** A command line: it takes the rest of the line, with a user and a group after the command. */
  | { readonly kind: "script" }
  /** A word of a kind that has a name and no parameters, such as `interface`, `path` or `port`. */
  | { readonly kind: "text"; readonly type: string };

/** One word of a form. */
export interface FormPart {
  /** What the word is called. */
  readonly label: string;
  readonly value: ValueForm;
  readonly optional: boolean;
  readonly repeated: boolean;
  /** Whether the word can be judged without looking at anything else. */
  readonly alone: boolean;
}

/** What stands after a keyword. */
export interface Form {
  readonly parts: readonly FormPart[];
  /** The parts that have their place. */
  readonly places: readonly FormPart[];
  /** The part that stands for words of a table in any order. */
  readonly options: FormPart | undefined;
  readonly block: boolean;
}

/** Largest value of an unsigned number of 32 bits. */
const UINT32_MAX = 0xffff_ffff;

const families: Readonly<Record<string, Family>> = { "4": "ipv4", "6": "ipv6" };

const known = new Map<string, Form>();

/** The form that a text describes; the same object for the same text. */
export function formOf(text: string): Form {
  const found = known.get(text);
  if (found !== undefined) return found;
  const form = readForm(text);
  known.set(text, form);
  return form;
}

/** The text of a form for people. */
export function showForm(text: string): string {
  return text.replace(/<timer/g, "<seconds").replace(/\/i(?=\s|$)/g, "");
}

function readForm(text: string): Form {
  const parts: FormPart[] = [];
  let depth = 0;
  let block = false;
  for (const [token] of text.matchAll(/\[|\]|\{…\}|<[^>]*>…?|[^\s[\]]+/g)) {
    if (token === "[") depth++;
    else if (token === "]") depth--;
    else if (token === "{…}") block = true;
    else {
      const repeated = token.endsWith("…");
      const typed = readPart(token.replace(/…$/, ""));
      parts.push({ ...typed, optional: depth > 0, repeated, alone: isAlone(typed) });
    }
  }
  const places = parts.filter(({ value }) => value.kind !== "option");
  const options = parts.find(({ value }) => value.kind === "option");
  return { parts, places, options, block };
}

/** Words that stand for something else in the file or on the machine are looked up there. */
function isAlone({ value }: Typed): boolean {
  switch (value.kind) {
    case "reference":
    case "option":
    case "script":
      return false;
    case "text":
      return value.type !== "interface" && value.type !== "instance";
    default:
      return true;
  }
}

type Typed = Pick<FormPart, "label" | "value">;

function readPart(token: string): Typed {
  const inside = /^<(.*)>$/.exec(token)?.[1];
  if (inside !== undefined) return readType(inside);
  if (token === "on|off") return { label: token, value: { kind: "bool" } };
  const words = token.replace(/\/i$/, "").split("|");
  const value = { kind: "words", words, anyCase: token.endsWith("/i") } as const;
  return { label: words.join("|"), value };
}

function readType(inside: string): Typed {
  const ranged = /^(?:(\S+) )?(-?[\d.]*\d)\.\.(-?[\d.]*\d)$/.exec(inside);
  const label = ranged === null ? inside : ranged[1] ?? inside;
  const limits = { least: Number(ranged?.[2] ?? 0), most: Number(ranged?.[3] ?? UINT32_MAX) };
  switch (label) {
    case "number":
    case "seconds":
      return { label, value: { kind: label, ...limits } };
    case "timer":
      return { label, value: { kind: "decimal", unit: "s", places: 6, ...limits } };
    case "ms":
      return { label, value: { kind: "decimal", unit: "ms", places: 3, ...limits } };
    case "script":
    case "option":
      return { label, value: { kind: label } };
  }
  if (ranged !== null) return { label, value: { kind: "integer", ...limits } };
  const addressed = /^(ip|group)([46]?)$/.exec(inside);
  if (addressed !== null) {
    const kind = addressed[1] === "ip" ? "ip" : "group";
    const family = families[addressed[2] ?? ""];
    return { label, value: family === undefined ? { kind } : { kind, family } };
  }
  return /_/.test(inside)
    ? { label, value: { kind: "reference", block: inside } }
    : { label, value: { kind: "text", type: inside } };
}
