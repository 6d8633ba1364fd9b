/**
 * Goal: the golden configurations speak of the whole language. Method: their trees are searched for
 * every row of every table, in the block or after the keyword where the row stands; that the tables
 * have every row of keepalived is the business of keywords_test.ts. The words that the reader takes
 * before there is a tree are looked for in the texts, as are the rules of the lines.
 */
import assert from "node:assert/strict";
import { infoOf } from "../../../lib/config/keywords/root.ts";
import { loadConfig } from "../../../lib/config/mod.ts";
import type { Statement } from "../../../lib/config/parse.ts";
import { test } from "../../support/test.ts";
import { cases } from "./golden_cases.ts";

/** For each block, the words that stand in it or anywhere behind a keyword of it. */
type Seen = Map<string, Set<string>>;

function note(statements: readonly Statement[], path: string, seen: Seen): void {
  for (const { keyword, args, children } of statements) {
    const inside = path === "" ? keyword.text : `${path}/${keyword.text}`;
    add(seen, path, keyword.text);
    for (const { text } of args) {
      add(seen, inside, text);
      add(seen, path, `after ${text}`);
    }
    note(children ?? [], inside, seen);
  }
}

function add(seen: Seen, path: string, word: string): void {
  const words = seen.get(path) ?? new Set();
  words.add(word);
  seen.set(path, words);
}

function isSeen(seen: Seen, row: string, keyword: string): boolean {
  const path = row.replace(/ \(head\)$/, "");
  if (seen.get(path)?.has(keyword) === true) return true;
  // An option of a line, perhaps behind others: the block of the line is above it.
  for (let owner = path; owner !== ""; owner = owner.split("/").slice(0, -1).join("/")) {
    const words = seen.get(owner);
    if (words !== undefined) return words.has(`after ${keyword}`) || words.has(keyword);
  }
  return false;
}

/** Rows of the tables that no tree shows. */
function unseen(seen: Seen): string[] {
  const trees = [...infoOf].filter(([path]) => path !== "(anywhere)" && path !== "SCRIPTLINE");
  return trees.flatMap(([path, table]) =>
    Object.keys(table).filter((keyword) => !isSeen(seen, path, keyword))
      .map((keyword) => `${path} ${keyword}`)
  );
}

test("every keyword of every block stands in a golden configuration", () => {
  const seen: Seen = new Map();
  for (const { environment } of cases) {
    note(loadConfig("test.conf", environment()).statements, "", seen);
  }
  assert.deepEqual(unseen(seen), []);
});

test("a keyword that no golden configuration has would be missed (canary)", () => {
  assert.ok(unseen(new Map([["", new Set(["vrrp_instance"])]])).includes("vrrp_instance priority"));
});

const rules: readonly (readonly [rule: string, sign: RegExp])[] = [
  ["include", /^include /m],
  ["includer", /^includer /m],
  ["includem", /^includem /m],
  ["includew", /^includew /m],
  ["includeb", /^includeb /m],
  ["includea", /^includea /m],
  ["include_check", /include_check/],
  ["comment", /[^\\][#!]/],
  ["escaped comment character", /\\[#!]/],
  ["comment character between quotes", /"[^"\n]*[#!][^"\n]*"/],
  ["quote without end", /^[^"\n]*"[^"\n]*$/m],
  ["backslash at the end of a definition", /^\$\w+=.*\\$/m],
  ["backslash elsewhere", /^(?!\$)[^\n]*\\$/m],
  ["block on one line", /\{[^{}\n$]+\}/],
  ["word between quotes", /\s"[^"\n]+"/],
  ["command line", /notify_\w+ "?\//],
  ["line too long", /[^\n]{1024}/],
  ["NUL", /\0/],
  ["line for one node", /^\s*@\w+ /m],
  ["line for the others", /^\s*@\^\w+ /m],
  ["definition", /^\$\w+=/m],
  ["use in braces", /\$\{\w+\}/],
  ["use without braces", /[^\n]\$\w+(?:\s|$)/],
  ["sequence", /~SEQ\(/],
  ["hexadecimal sequence", /~SEQx\(/],
  ["list", /~LST\(\w/],
  ["list of several variables", /~LST\(\{/],
  ...["_PWD", "_INSTANCE", "_RANDOM", "_ENV", "_HASH", "_BANG"].map((name) =>
    [name, new RegExp(`\\$\\{${name}`)] as const
  ),
];

test("every rule of lines has a golden configuration", () => {
  const missing = rules.filter(([, sign]) => !cases.some(({ input }) => sign.test(input)));
  assert.deepEqual(missing.map(([rule]) => rule), []);
});
