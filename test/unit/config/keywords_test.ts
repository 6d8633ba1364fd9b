/**
 * The tables of keywords against the reference: whatever keepalived knows in a block, standin knows
 * there. And against themselves: forms can be read, values are what forms say, the document is
 * that of the tables.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { formOf } from "../../../lib/config/form.ts";
import { infoOf, lineForms, rootInfo } from "../../../lib/config/keywords/root.ts";
import { loadConfig, renderDiagnostic } from "../../../lib/config/mod.ts";
import { entries, exampleOf } from "../../../lib/config/reference.ts";
import { objectionTo } from "../../../lib/config/value_check.ts";
import { fileWith, keywordCases } from "../../support/config/cases.ts";
import { brokenOf, sampleOf } from "../../support/config/sample.ts";
import { keywordsDocument, keywordsText } from "../../support/keywords_doc.ts";
import { test } from "../../support/test.ts";
import { testEnvironment } from "./memory.ts";

const reference = new URL(
  "../../../../shared/reference/keepalived-keywords.tsv",
  import.meta.url,
);

interface Row {
  readonly path: string;
  readonly keyword: string;
  readonly argument: string;
  readonly since: string;
}

function readRows(): Row[] {
  return readFileSync(reference, "utf8").trim().split("\n").slice(1).map((line) => {
    const [path = "", keyword = "", argument = "", since = ""] = line.split("\t");
    return { path, keyword, argument, since };
  });
}

/** The reference's names of places as standin's paths. */
function pathOf(path: string): string {
  if (path === "(root)") return "";
  if (path.startsWith("SCRIPTLINE")) return "SCRIPTLINE";
  return path.replace(/ \((?:args|lines)\)$/, "").replace("encap ip", "encap/ip");
}

/** Rows that are no keywords but the words that have their place at the start of a line. */
function isPlaced({ keyword }: Row): boolean {
  return /^[<[]/.test(keyword) && keyword !== "<user>" && keyword !== "[:]<group>";
}

/** How many words have their place in a path: at the start of its lines, or after a keyword. */
function placesIn(path: string): number {
  const inner = path.replace(/ \(head\)$/, "").split("/");
  const owner = infoOf.get(inner.slice(0, -1).join("/"))?.[inner.at(-1) ?? ""];
  const form = lineForms.get(path) ?? owner?.argument ?? "";
  return formOf(form).parts.filter(({ value }) => value.kind !== "option").length;
}

function isKnown(row: Row): boolean {
  const path = pathOf(row.path);
  if (isPlaced(row)) return placesIn(path) > 0;
  const table = infoOf.get(path);
  if (table !== undefined && Object.hasOwn(table, row.keyword)) return true;
  // A word of a form, such as MTU of vrrp_rx_bufs_policy.
  const inner = path.split("/");
  const owner = infoOf.get(inner.slice(0, -1).join("/"))?.[inner.at(-1) ?? ""];
  if (owner === undefined || owner.block) return false;
  return formOf(owner.argument).parts.some(({ value }) =>
    value.kind === "words"
      ? value.words.includes(row.keyword)
      : objectionTo(row.keyword, value) === undefined
  );
}

const absent = existsSync(reference) ? {} : { skip: "needs ../shared/reference" };

test("standin knows every row of the reference in its block", () => {
  const rows = readRows();
  assert.ok(rows.length >= 900);
  const unknown = rows.filter((row) => !isKnown(row)).map(({ path, keyword }) =>
    `${path} ${keyword}`
  );
  assert.deepEqual(unknown, []);
}, absent);

test("the tables say since when keepalived has what is newer than 2.2.7", () => {
  for (const row of readRows()) {
    const info = infoOf.get(pathOf(row.path))?.[row.keyword];
    if (info === undefined || row.path.startsWith("SCRIPTLINE")) continue;
    const expected = row.since.startsWith("2.4.3+") ? "2.4.4" : row.since;
    assert.equal(info.since, expected, `${row.path} ${row.keyword}`);
  }
}, absent);

test("the check of the reference would find a row that is missing (canary)", () => {
  const row = { path: "vrrp_instance", keyword: "no_such", argument: "", since: "2.2.7" };
  assert.ok(!isKnown(row) && isKnown({ ...row, keyword: "priority" }));
});

test("every row says what it means and what holds without it", () => {
  for (const { keyword, path, info } of entries()) {
    assert.ok(info.help !== "" && info.default !== "", `${path} ${keyword}`);
    assert.match(info.since, /^(?:2\.\d\.\d|standin)$/);
  }
});

test("the example of a keyword is what its form asks for", () => {
  for (const entry of entries()) {
    const { parts } = formOf(entry.info.argument);
    if (entry.path === "(anywhere)" || parts.some(({ value }) => value.kind !== "text")) continue;
    const words = exampleOf(entry).split(" ").slice(1);
    for (const [index, { value }] of parts.entries()) {
      if (value.kind === "text" && !/[":]/.test(words[index] ?? "")) {
        assert.equal(objectionTo(words[index] ?? "", value), undefined, exampleOf(entry));
      }
    }
  }
});

test("values of a form are told from others, also where a keyword reads them by itself", () => {
  const rows = entries().filter(({ path, info }) =>
    info.standing.kind === "in-effect" && (path === "global_defs" || path === "vrrp_instance")
  );
  assert.ok(rows.length > 40);
  for (const { keyword, path, info } of rows) {
    const [part] = formOf(info.argument).parts;
    if (part === undefined) continue;
    const said = (word: string): string[] => codesOf(fileWith(path, `${keyword} ${word}`));
    assert.ok(!said(sampleOf(part.value)).includes("bad-value"), `${keyword} takes its sample`);
    for (const [what, word] of brokenOf(part.value)) {
      const codes = said(word);
      const refused = codes.some((code) => /bad-value|no-interface|unknown/.test(code));
      assert.ok(refused, `${keyword} ${word}: ${what}, said ${codes}`);
    }
  }
});

function codesOf(text: string): string[] {
  const { diagnostics } = loadConfig("f", testEnvironment({ f: text }));
  return diagnostics.map(({ code }) => code);
}

test("what is right by its form is told nothing but that it is not built yet", () => {
  const usual = ["not-yet", "without-effect", "deprecated", "duplicate-keyword", "rounded"];
  const odd = keywordCases().filter(({ what }) => what === "right").flatMap(({ row, text }) => {
    const { diagnostics } = loadConfig("f", testEnvironment({ f: text }));
    const said = diagnostics.filter(({ code }) => !usual.includes(code)).map(renderDiagnostic);
    return said.length === 0 ? [] : [row];
  });
  // What needs another keyword beside it, which a line alone does not have.
  assert.deepEqual(odd.filter((row) => !needsMore.has(row)), []);
});

/** Keywords that one can not use alone. */
const needsMore: ReadonlySet<string> = new Set(
  `
global_defs lvs_timeouts
vrrp_instance no_virtual_ipaddress
vrrp_instance vrf
vrrp_instance/track_virtual_server weight
vrrp_instance/track_virtual_server reverse
vrrp_instance/virtual_routes as
static_routes as
`.trim().split("\n"),
);

test("every keyword that opens a block has a table or lines inside", () => {
  for (const [path, table] of infoOf) {
    for (const [keyword, info] of Object.entries(table)) {
      if (!info.block) continue;
      const inner = path === "" ? keyword : `${path}/${keyword}`;
      assert.ok(infoOf.has(inner) || lineForms.has(inner), inner);
    }
  }
  assert.ok(Object.keys(rootInfo).length > 20);
});

test("every keyword stands in a golden case", () => {
  const folder = new URL("golden/", import.meta.url);
  const inputs = readdirSync(folder).map((name) => {
    return readFileSync(new URL(name, folder), "utf8").split(/^-{79}$/m)[0] ?? "";
  });
  const words = new Set(inputs.join("\n").split(/[\s{}]+/));
  const missing = entries().filter(({ path, keyword }) => {
    return !["(anywhere)", "SCRIPTLINE"].includes(path) && !words.has(keyword);
  });
  assert.deepEqual(missing.map(({ path, keyword }) => `${path} ${keyword}`), []);
});

test("docs/keywords.md is made from the tables as they are", () => {
  const message = "run: bun test/support/keywords_doc.ts";
  assert.ok(readFileSync(keywordsDocument, "utf8") === keywordsText(), message);
});
