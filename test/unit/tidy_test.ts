/**
 * The style guide, held against the tree; and each rule held against a snippet that breaks it, so
 * that a rule which finds nothing is known to look.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "../support/test.ts";
import { findDeadFiles, type Finding, findStrangers, rules } from "../support/tidy.ts";
import { readSource, type Source } from "../support/tidy_scan.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Files that something other than an import starts. */
const entries = [
  /^main\.ts$/,
  /_test\.ts$/,
  /^test\/support\/(run|dist)\.ts$/,
  /^test\/(bench|fuzz)\/main\.ts$/,
];

function readTree(): Source[] {
  const paths: string[] = readdirSync(root).filter((name) => name === "main.ts");
  for (const folder of ["lib", "ffi", "test"]) {
    for (const name of readdirSync(join(root, folder), { recursive: true })) {
      if (String(name).endsWith(".ts")) paths.push(`${folder}/${name}`);
    }
  }
  return paths.map((path) => readSource(path, readFileSync(join(root, path), "utf8")));
}

function assertNothing(findings: readonly Finding[]): void {
  const lines = findings.map(({ path, line, message }) => `${path}:${line}: ${message}`);
  if (lines.length > 0) assert.fail(lines.join("\n"));
}

const tree = readTree();

for (const { name, check } of rules) {
  test(name, () => assertNothing(tree.flatMap(check)));
}

test("every file is imported or started by somebody", () => {
  assertNothing(findDeadFiles(tree, entries));
});

test("the top of the repository holds what the contract names and nothing else", () => {
  assert.deepEqual(findStrangers(readdirSync(root)), []);
});

test("deno.json, package.json and the lock file agree on the version", () => {
  const versions = ["deno.json", "package.json", "package-lock.json"].map((name) => {
    const { version } = JSON.parse(readFileSync(join(root, name), "utf8")) as { version: string };
    return version;
  });
  assert.equal(new Set(versions).size, 1, versions.join(" "));
});

test("packages are pinned, and the lock file names no registry", () => {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  ) as Record<string, Record<string, string>>;
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    assert.match(version, /^\d+\.\d+\.\d+$/, name);
  }
  assert.doesNotMatch(readFileSync(join(root, "package-lock.json"), "utf8"), /"resolved"/);
});

const essay = "/** What this is. */\n";

/** What all rules say about a snippet at a path. */
function objections(path: string, text: string): string[] {
  const source = readSource(path, essay + text);
  return rules.flatMap(({ check }) => check(source)).map(({ message }) => message);
}

test("the rules object to what breaks them", () => {
  const long = (lines: number): string => "  work();\n".repeat(lines);
  for (
    const [path, text, objection] of [
      ["lib/vrrp/a.ts", 'import { b } from "../engine/mod.ts";', /may not import lib\/engine/],
      ["lib/vrrp/a.ts", 'import {\n  b,\n} from "../base/ip.ts";', /entered through its mod.ts/],
      ["lib/vrrp/a.ts", 'export * from "../bfd/mod.ts";', /may not import lib\/bfd/],
      ["lib/vrrp/a.ts", 'const a = import("../cli/mod.ts");', /may not import lib\/cli/],
      ["lib/cli/a.ts", 'import { b } from "../../ffi/mod.ts";', /may not import ffi/],
      ["lib/host/sim/a.ts", 'import { b } from "../../../ffi/mod.ts";', /may not import ffi/],
      ["lib/cli/a.ts", 'import { b } from "../../test/support/hex.ts";', /may not import test/],
      ["lib/new/a.ts", "work();", /not in the table/],
      ["lib/engine/a.ts", 'import { b } from "node:fs";', /no I\/O/],
      ["lib/vrrp/a.ts", 'import { z } from "zod";', /the package zod/],
      ["lib/cli/a.ts", 'import { c } from "@optique/other/x";', /the package @optique\/other/],
      ["lib/host/a.ts", "const a = Deno.pid;", /Deno: stands only/],
      ["ffi/bun.ts", "const a = Deno.pid;", /Deno: stands only/],
      ["ffi/deno.ts", "const a = `${Bun.version}`;", /Bun: stands only/],
      ["ffi/mod.ts", 'import { dlopen } from "bun:ffi";', /bun:ffi: stands only/],
      ["lib/engine/a.ts", "const a = Date.now();", /no place/],
      ["lib/engine/a.ts", "const a = new Date();", /no place/],
      ["lib/engine/a.ts", "const a = Date();", /no place/],
      ["lib/engine/a.ts", "const a = Math.random();", /no place/],
      ["lib/engine/a.ts", "const a = performance.now();", /no place/],
      ["lib/engine/a.ts", "setTimeout(work, 1);", /no place/],
      ["lib/engine/a.ts", "const a = await work();", /no place/],
      ["lib/cli/a.ts", "const a: any = 1;", /say unknown/],
      ["lib/cli/a.ts", "const a = b as any;", /say unknown/],
      ["lib/cli/a.ts", "const a = b!.c;", /check for undefined/],
      ["lib/cli/a.ts", "const a = b[0]!;", /check for undefined/],
      ["lib/cli/a.ts", `// ${"x".repeat(98)}`, /101 columns/],
      ["lib/cli/a.ts", long(500), /501 lines/],
      ["lib/cli/a.ts", `function a(): void {\n${long(69)}}`, /a function of 71 lines/],
      ["lib/cli/a.ts", `const a = (b: B) => {\n${long(69)}};`, /a function of 71 lines/],
      ["lib/cli/a.ts", `class A {\n  b(c = d()): E {\n${long(69)}  }\n}`, /of 71 lines/],
      ["lib/cli/a.ts", "work();\nexport function a(): void {}", /a is exported without/],
      ["lib/cli/a.ts", "work();\nexport interface B {}", /B is exported without/],
    ] as const
  ) {
    const said = objections(path, text);
    assert.equal(said.length, 1, `${path}: ${text}\n${said.join("\n")}`);
    assert.match(said[0] ?? "", objection, text);
  }
  const [opening] = rules.flatMap(({ check }) => check(readSource("lib/cli/a.ts", "work();\n")));
  assert.match(opening?.message ?? "nothing", /opens without/);
});

test("the rules let pass what only looks like a breach", () => {
  for (
    const [path, text] of [
      ["lib/vrrp/a.ts", '// import { b } from "../engine/mod.ts";'],
      ["lib/vrrp/a.ts", 'import { b } from "../base/mod.ts";\nimport { c } from "./c.ts";'],
      ["lib/cli/a.ts", 'import type { D } from "../host/port.ts";'],
      ["lib/engine/a.ts", "// Date.now() is for the host\nconst a = 'await Math.random()';"],
      ["lib/engine/a.ts", "const a = new Date(ms).toISOString();"],
      ["lib/engine/a.ts", "const a = world.fetch(1) + node.performance.now;"],
      ["lib/cli/a.ts", "const a = `any ${b !== c} Deno`;"],
      ["lib/cli/a.ts", "const a = !b && /[/\"!]any!/.test(c) ? 4 / d : '//';"],
      ["lib/cli/a.ts", "const a = { any: 1 }.any;"],
      ["lib/cli/a.ts", `if (a) {\n${"  work();\n".repeat(80)}}`],
      ["lib/cli/a.ts", "/** Says a. */\nexport function a(): A;\nexport function a(b?: B): A {}"],
      ["test/unit/a_test.ts", 'import { b } from "../../lib/vrrp/state.ts";'],
    ] as const
  ) {
    assert.deepEqual(objections(path, text), [], text);
  }
});

test("a file that nobody mentions is dead, and one that is started by its path is not", () => {
  const sources = [
    readSource("main.ts", 'import "./lib/a.ts";'),
    readSource("lib/a.ts", 'spawn("lib/peer.ts"); // import "./dead.ts";'),
    readSource("lib/peer.ts", ""),
    readSource("lib/dead.ts", ""),
  ];
  assert.deepEqual(findDeadFiles(sources, entries).map(({ path }) => path), ["lib/dead.ts"]);
});

test("a stranger at the top of the repository is noticed", () => {
  assert.deepEqual(findStrangers(["main.ts", "notes.txt", "dist"]), ["notes.txt"]);
});
