/**
 * The documentation without running it: each fence is of a known kind, each part of a configuration
 * has nothing wrong with it, each link leads somewhere, and no command is on a page that nobody
 * plays (`test/lab/docs_test.ts` runs them).
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { lintConfig } from "../../lib/config/lint/mod.ts";
import { renderDiagnostic } from "../../lib/config/mod.ts";
import { wholeFile } from "../support/docs/excerpt.ts";
import { fits } from "../support/docs/expected.ts";
import { type Fence, fencesOf, isMake, stepsOf, targetOf } from "../support/docs/page.ts";
import { scenes } from "../support/docs/scenes.ts";
import { test } from "../support/test.ts";
import { testEnvironment } from "./config/memory.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What a fence can hold. */
const languages = "sh console text conf ini scenario json jsonc yaml dockerfile ts".split(" ");

interface Page {
  readonly name: string;
  readonly text: string;
  readonly fences: readonly Fence[];
}

/** All but docs/diagnostics, of which a test of its own knows every word. */
function readPages(): Page[] {
  const names = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !name.startsWith("diagnostics/"))
    .map((name) => `docs/${name}`);
  return ["README.md", ...names.sort()].map((name) => {
    const text = readFileSync(join(root, name), "utf8");
    return { name, text, fences: fencesOf(text) };
  });
}

const pages = readPages();

function nodesOf(name: string): readonly string[] {
  return scenes[name]?.nodes ?? [];
}

/** Fences with where they are. */
function allFences(...wanted: readonly string[]): [string, Fence, Page][] {
  return pages.flatMap((page) =>
    page.fences.filter(({ language }) => wanted.includes(language))
      .map((fence): [string, Fence, Page] => [`${page.name}:${fence.line}`, fence, page])
  );
}

test("every fence of the documentation says what it holds", () => {
  const strange = pages.flatMap(({ name, fences }) =>
    fences.filter(({ language }) => !languages.includes(language))
      .map(({ language, line }) => `${name}:${line} ${language}`)
  );
  assert.deepEqual(strange, []);
});

test("every page with commands is played, and every page that is played is there", () => {
  const withCommands = allFences("sh", "console")
    .filter(([, fence, { name }]) => targetOf(fence, nodesOf(name)) === undefined)
    .map(([, , { name }]) => name);
  assert.deepEqual([...new Set(withCommands)].sort(), Object.keys(scenes).sort());
  for (const { name, text } of pages) stepsOf(text, nodesOf(name));
});

test("what the documentation has make do are targets of the Makefile", () => {
  const makefile = readFileSync(join(root, "Makefile"), "utf8");
  const asked = pages.flatMap(({ name, text }) =>
    stepsOf(text, nodesOf(name)).flatMap((step) => step.kind === "type" ? [step.command] : [])
      .filter(isMake).map(({ text }) => /^make (\w+)/.exec(text)?.[1] ?? text)
  );
  assert.ok(asked.length > 0);
  assert.deepEqual(asked.filter((target) => !makefile.includes(`\n${target}: `)), []);
});

test("no part of a configuration in the documentation has anything wrong with it", () => {
  const wrong: string[] = [];
  for (const { name, fences } of pages) {
    const before: string[] = [];
    for (const fence of fences.filter(({ language }) => language === "conf")) {
      const part = fence.lines.join("\n");
      const file = wholeFile(part, targetOf(fence, nodesOf(name)) === undefined ? before : []);
      const { diagnostics } = lintConfig("page.conf", testEnvironment({ "page.conf": file }));
      for (const one of diagnostics.filter(({ code }) => !ofAPart.has(code))) {
        wrong.push(`${name}:${fence.line}: ${renderDiagnostic(one)}`);
      }
      before.push(part);
    }
  }
  assert.deepEqual(wrong, []);
});

/** What is only said because it is a part, and the machine of a test. */
const ofAPart: ReadonlySet<string> = new Set([
  ..."never-tracked script-missing token-file tls-file".split(" "),
]);

test("every link of the documentation leads to a file, and to a heading of it", () => {
  const broken: string[] = [];
  for (const { name, text } of pages) {
    const prose = text.replace(/^```[^]*?^```/gm, "").replace(/`[^`\n]*`/g, "");
    for (const [, link = ""] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue;
      const [path = "", anchor] = link.split("#");
      const file = path === "" ? name : normalize(join(dirname(name), path));
      const found = existsSync(join(root, file));
      const headed = anchor === undefined || (found && anchorsOf(file).includes(anchor));
      if (!found || !headed) broken.push(`${name}: ${link}`);
    }
  }
  assert.deepEqual(broken, []);
});

/** Headings as GitHub makes them into anchors, and anchors that stand in the text. */
function anchorsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const headings = Array.from(
    text.matchAll(/^#+ (.*)$/gm),
    ([, heading = ""]) =>
      heading.toLowerCase().replace(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-"),
  );
  return [...headings, ...Array.from(text.matchAll(/<a id="([^"]+)">/g), ([, id = ""]) => id)];
}

test("docs/README.md leads to every page", () => {
  const index = readFileSync(join(root, "docs/README.md"), "utf8");
  const missing = pages.filter(({ name }) => name.startsWith("docs/") && name !== "docs/README.md")
    .filter(({ name }) => !index.includes(`](${name.slice("docs/".length)})`));
  assert.deepEqual(missing.map(({ name }) => name), []);
});

test("what a page shows fits what is printed but for times, ids and what it leaves out", () => {
  const shown = "VI_1  MASTER  since 12 s (pid 71)\n… at 08:57:27.4";
  assert.ok(fits(shown, "VI_1 MASTER   since 3.5 min (pid 8)\nand 192.0.2.1\nat 11:02:00\n"));
  assert.ok(!fits(shown, "VI_1  BACKUP  since 12 s (pid 71)\nx at 08:57:27.4"));
  assert.ok(!fits("priority 150", "priority 1500"));
  assert.ok(!fits("priority 150", "the priority 150"));
  assert.ok(fits("starts", "starts, and goes on", true));
});

test("the compose file that the page shows is the one beside it", () => {
  const file = readFileSync(join(root, "docs/howto/docker/compose.yaml"), "utf8");
  const shown = fencesOf(readFileSync(join(root, "docs/howto/docker.md"), "utf8"))
    .find(({ language }) => language === "yaml")?.lines ?? [];
  assert.equal(file.replace(/^#.*\n/, ""), `${shown.join("\n")}\n`);
});
