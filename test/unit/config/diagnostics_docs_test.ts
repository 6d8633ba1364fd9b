/**
 * docs/diagnostics against the code: every code that can be said is explained there, every page
 * belongs to a rule, and the examples are those that are tested. STANDIN_UPDATE_GOLDEN=1 writes
 * the list of rules and the examples anew.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { clusterRules } from "../../../lib/config/cluster_rules.ts";
import { docsPathOf } from "../../../lib/config/lint/mod.ts";
import { rules } from "../../../lib/config/lint/rules.ts";
import { test } from "../../support/test.ts";

const root = new URL("../../../", import.meta.url);
const docs = new URL("docs/diagnostics/", root);
const library = new URL("lib/config/", root);
const update = process.env["STANDIN_UPDATE_GOLDEN"] === "1";
const all = [...rules, ...clusterRules];
const ruled = `${"-".repeat(79)}\n`;

function read(url: URL): string {
  return readFileSync(url, "utf8");
}

/** Codes by the places of the sources that say them, as far as they stand there as literals. */
function codesInSources(): Map<string, string> {
  const found = new Map<string, string>();
  const patterns = [
    /(?:\.|\b)(?:error|warning|fatal|security)\(\s*"([a-z][a-z0-9-]*)"/g,
    /\bcode: "([a-z][a-z0-9-]*)"/g,
    /\bconst code = [^;]*\? "([a-z][a-z0-9-]*)"/g,
    /\bconst code = [^;]*: "([a-z][a-z0-9-]*)"/g,
  ];
  for (const path of readdirSync(library, { recursive: true }).map(String)) {
    if (!path.endsWith(".ts")) continue;
    const text = read(new URL(path, library));
    for (const pattern of patterns) {
      for (const [, code = ""] of text.matchAll(pattern)) found.set(code, path);
    }
  }
  // zod's own, which nobody sees.
  found.delete("custom");
  return found;
}

/** Codes that the golden cases show, however they were put together. */
function codesInGoldenCases(): string[] {
  const folder = new URL("golden/", import.meta.url);
  return readdirSync(folder).flatMap((name) => {
    const said = read(new URL(name, folder)).matchAll(/^\S+ (?:\w+)\[([a-z0-9-]+)\]: /gm);
    return Array.from(said, ([, code = ""]) => code);
  });
}

test("every code that is said anywhere has a page, or a row in the index", () => {
  const index = read(new URL("README.md", docs));
  const unexplained = new Map<string, string>();
  for (const [code, path] of codesInSources()) {
    const [page = "", anchor] = docsPathOf(code).split("#");
    const explained = anchor === undefined
      ? existsSync(new URL(page, root))
      : index.includes(`<a id="${anchor}"></a>`);
    if (!explained) unexplained.set(code, path);
  }
  for (const code of codesInGoldenCases()) {
    if (!index.includes(`\`${code}\``)) unexplained.set(code, "a golden case");
  }
  assert.deepEqual([...unexplained], []);
});

test("the index lists every rule with what it finds", () => {
  const url = new URL("README.md", docs);
  const index = read(url);
  const rows = (list: readonly { code: string; finds: string }[]): string =>
    list.map(({ code, finds }) => `| [${code}](${code}.md) | ${finds} |\n`).join("");
  const listed = "<!-- rules -->\n" +
    `| in one file | finds |\n|---|---|\n${rows(rules)}\n` +
    `| between the files of a cluster | finds |\n|---|---|\n${rows(clusterRules)}` +
    "<!-- /rules -->";
  const expected = index.replace(/<!-- rules -->[^]*<!-- \/rules -->/, () => listed);
  if (update) writeFileSync(url, expected);
  else assert.equal(index, expected);
});

test("every page is that of a rule, and shows its tested example", () => {
  const pages = readdirSync(docs).filter((name) => name !== "README.md");
  assert.deepEqual(pages.sort(), all.map(({ code }) => `${code}.md`).sort());
  for (const { code, finds } of all) {
    const url = new URL(`${code}.md`, docs);
    const page = read(url);
    const golden = read(new URL(`lint/${code}.txt`, import.meta.url));
    const [input = "", said = ""] = golden.split(ruled);
    const head = `# ${code}\n\n${finds.charAt(0).toUpperCase()}${finds.slice(1)}.\n`;
    const example = `## Example\n\`\`\`\n${input}\`\`\`\n\`\`\`\n${said}\`\`\`\n`;
    const expected = page.replace(/^# .*\n\n.*\n/, () => head)
      .replace(/## Example\n[^]*?(?=\n## What to do\n)/, () => example);
    if (update) writeFileSync(url, expected);
    else assert.equal(page, expected, code);
    for (const title of ["What it means", "Example", "What to do"]) {
      assert.match(expected, new RegExp(`\n## ${title}\n[^\n]`), code);
    }
  }
});
