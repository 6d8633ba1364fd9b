/**
 * The golden configurations as inputs for other tests, and trees of statements that nobody would
 * write, for properties that must hold for all of them.
 */
import { readdirSync, readFileSync } from "node:fs";
import fc from "../../support/property.ts";
import { lineOf, wordAt } from "../../../lib/config/json/word.ts";
import type { ConfigEnvironment, Diagnostic } from "../../../lib/config/mod.ts";
import { type Statement, statementOf } from "../../../lib/config/parse.ts";
import type { Place } from "../../../lib/config/source.ts";
import { testEnvironment } from "./memory.ts";

/** One golden configuration. */
export interface Case {
  readonly name: string;
  readonly text: string;
  /** The same with its other files. */
  readonly input: string;
  /** The environment of the case with another text in its main file, `test.conf`. */
  readonly environment: (text?: string, file?: string) => ConfigEnvironment;
}

const directory = new URL("golden/", import.meta.url);

/** All golden configurations. */
export const cases: readonly Case[] = readdirSync(directory)
  .filter((name) => name.endsWith(".txt")).sort()
  .map((name) => readCase(name, readFileSync(new URL(name, directory), "utf8")));

function readCase(name: string, content: string): Case {
  const [input = ""] = content.split(`${"-".repeat(79)}\n`);
  const [text = "", ...sections] = input.split(/^(?==== )/m);
  const files: Record<string, string> = {};
  let changes = {};
  for (const section of sections) {
    const [, kind, value = "", body = ""] = /^=== (\w+) (.*)\n([^]*)$/.exec(section) ?? [];
    if (kind === "file") files[value] = body;
    else changes = { configId: value };
  }
  return {
    name: name.replace(/\.txt$/, ""),
    text,
    input,
    environment: (other = text, file = "test.conf") =>
      testEnvironment({ ...files, [file]: other }, changes),
  };
}

/** What was said, without where. */
export function sayings(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ severity, code, message }) => `${severity} ${code} ${message}`).sort();
}

const nowhere: Place = { source: { file: "", number: 1, text: "" }, column: 1, length: 1 };

/** A statement of words, wherever it stands. */
export function statement(
  keyword: string,
  args: readonly string[] = [],
  children?: readonly Statement[],
): Statement {
  const words = args.map((text) => wordAt(text, nowhere));
  const plain = statementOf({
    keyword: wordAt(keyword, nowhere),
    args: words,
    rest: lineOf(words, nowhere),
    place: nowhere,
  });
  return children === undefined ? plain : { ...plain, children };
}

const letters = [..."abcz059./:-+,()[]*?%^&;<>=|_#!{}$@~'\\ \té"];
const word = fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 });
const setting = fc.tuple(
  fc.oneof(fc.constantFrom("priority", "router_id", "state", "notify", "unheard_of"), word),
  fc.array(fc.oneof(word, fc.nat({ max: 300 }).map(String)), { maxLength: 3 }),
).map(([keyword, args]) => statement(keyword, args));

const lines = fc.array(fc.array(word, { minLength: 1, maxLength: 3 }), { maxLength: 3 })
  .map((all) => all.map(([keyword = "", ...args]) => statement(keyword, args)));

const inner = fc.oneof(
  { weight: 4, arbitrary: setting },
  { weight: 1, arbitrary: lines.map((all) => statement("virtual_ipaddress", [], all)) },
  { weight: 1, arbitrary: lines.map((all) => statement("strange_block", ["x"], all)) },
);

const block = fc.tuple(
  fc.constantFrom("vrrp_instance", "strange_block"),
  fc.array(word, { minLength: 1, maxLength: 2 }),
  fc.array(inner, { maxLength: 6 }),
).map(([keyword, args, children]) => statement(keyword, args, children));

/** Trees with words of all kinds. */
export const trees: fc.Arbitrary<Statement[]> = fc.array(
  fc.oneof(
    setting,
    block,
    fc.array(setting, { maxLength: 5 }).map((all) => statement("global_defs", [], all)),
  ),
  { maxLength: 5 },
);
