/**
 * The style guide as a test. Each rule is a function from a source to its findings, so a rule can
 * be shown a bad snippet and has to object. What `deno fmt` and `deno lint` see already is not
 * repeated here, except the few bans that must hold even where a lint is switched off.
 */
import { checkArrows, coreRooms, roomOf } from "./tidy_rooms.ts";
import { functionsOf, importsOf, lineAt, type Source } from "./tidy_scan.ts";

/** Something to mend, and where. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** A rule over one source, named as the sentence that holds when it finds nothing. */
export interface Rule {
  readonly name: string;
  readonly check: (source: Source) => Finding[];
}

const maxColumns = 100;
const maxFileLines = 500;
const maxFunctionLines = 70;

/** All rules that look at one file at a time. */
export const rules: readonly Rule[] = [
  { name: "rooms import only along the arrows, through mod.ts", check: checkArrows },
  { name: "Deno and Bun stand only in their own files of ffi/", check: checkRuntimes },
  { name: "rooms that decide have no clock, no randomness and no waiting", check: checkPurity },
  { name: "no type is given up with any or !", check: checkTypes },
  { name: "lines, functions and files keep their limits", check: checkSizes },
  { name: "files and exports say what they are for", check: checkComments },
];

function findAll(source: Source, pattern: RegExp, message: string): Finding[] {
  return [...source.code.matchAll(pattern)].map((match) => {
    const line = lineAt(source.code, match.index);
    return { path: source.path, line, message: `${match[0].trim()}: ${message}` };
  });
}

function checkRuntimes(source: Source): Finding[] {
  const { path } = source;
  if (path === "test/support/test.ts") return [];
  const findings: Finding[] = [];
  if (!/^ffi\/deno\w*\.ts$/.test(path)) {
    findings.push(...findAll(source, /\bDeno\b/g, "stands only in ffi/deno*.ts"));
  }
  if (!/^ffi\/bun\w*\.ts$/.test(path)) {
    findings.push(...findAll(source, /\bBun\b/g, "stands only in ffi/bun*.ts"));
    for (const { specifier, line } of importsOf(source)) {
      if (!specifier.startsWith("bun:")) continue;
      findings.push({ path, line, message: `${specifier}: stands only in ffi/bun*.ts` });
    }
  }
  return findings;
}

/** A date made from a number is only a way to write it; a date made from nothing is a clock. */
const impure = new RegExp(
  [
    String.raw`\bDate\.now\b`,
    String.raw`\bnew\s+Date\s*\(\s*\)`,
    String.raw`(?<!\bnew\s+|[.\w$])Date\s*\(`,
    String.raw`\bMath\.random\b`,
    String.raw`(?<![.\w$])(?:performance|process|console|Temporal)\s*\.`,
    String.raw`(?<![.\w$])(?:setTimeout|setInterval|setImmediate|queueMicrotask|fetch)\s*\(`,
    String.raw`\b(?:getRandomValues|randomBytes|randomInt|randomUUID)\b`,
    String.raw`(?<![.\w$])await(?![\w$])`,
  ].join("|"),
  "g",
);

function checkPurity(source: Source): Finding[] {
  if (!coreRooms.includes(roomOf(source.path) ?? "")) return [];
  return findAll(source, impure, "has no place in a room that decides");
}

function checkTypes(source: Source): Finding[] {
  return [
    ...findAll(source, /(?<![.\w$])any(?![\w$]|\s*[:(]|\s*\?:)/g, "say unknown, or what it is"),
    ...findAll(source, /[\w$)\]]!(?!=)/g, "check for undefined instead"),
  ];
}

function checkSizes(source: Source): Finding[] {
  const { path } = source;
  const findings: Finding[] = [];
  const lines = source.text.replace(/\n$/, "").split("\n");
  for (const [index, line] of lines.entries()) {
    const columns = [...line].length;
    if (columns <= maxColumns || line.includes("://")) continue;
    findings.push({ path, line: index + 1, message: `${columns} columns, ${maxColumns} fit` });
  }
  if (lines.length > maxFileLines) {
    const message = `${lines.length} lines: split a file before it has ${maxFileLines}`;
    findings.push({ path, line: 1, message });
  }
  for (const { line, lines: length } of functionsOf(source)) {
    if (length <= maxFunctionLines) continue;
    const message = `a function of ${length} lines, ${maxFunctionLines} fit`;
    findings.push({ path, line, message });
  }
  return findings;
}

const declaration =
  /^export (?:abstract |async |declare )*(?:function\*?|class|interface|type|const|let) (\w+)/gm;

function checkComments(source: Source): Finding[] {
  const { path, text, code } = source;
  const findings: Finding[] = [];
  if (!/^(#!.*\n)?\/\*\*/.test(text)) {
    findings.push({ path, line: 1, message: "opens without a comment that says what it is for" });
  }
  const documented = new Set<string>();
  for (const match of code.matchAll(declaration)) {
    const name = match[1] ?? "";
    // Overloads share the comment of the first.
    if (!text.slice(0, match.index).endsWith("*/\n") && !documented.has(name)) {
      const line = lineAt(code, match.index);
      findings.push({ path, line, message: `${name} is exported without a comment` });
    }
    documented.add(name);
  }
  return findings;
}

/** Files that nobody mentions: neither imported, nor started by their path. */
export function findDeadFiles(sources: readonly Source[], entries: readonly RegExp[]): Finding[] {
  const mentioned = new Set<string>();
  for (const { path, quoted } of sources) {
    for (const match of quoted.matchAll(/["'`]([\w./-]*\.ts)["'`]/g)) {
      const folders = [path.slice(0, path.lastIndexOf("/") + 1), ""];
      for (const folder of folders) {
        mentioned.add(new URL(folder + match[1], "file:///").pathname.slice(1));
      }
    }
  }
  return sources
    .filter(({ path }) => !mentioned.has(path) && !entries.some((entry) => entry.test(path)))
    .map(({ path }) => ({ path, line: 1, message: "nobody imports this file" }));
}

/** Names at the top of the repository that the contract does not have. */
export function findStrangers(names: readonly string[]): string[] {
  const known = [
    ..."main.ts lib ffi test deno.json package.json Makefile".split(" "),
    ..."README.md LICENSE docs install.sh .ci package-lock.json deno.lock .gitignore".split(" "),
    // Not in the repository: git's own, and what make brings and builds.
    ...".git node_modules dist".split(" "),
  ];
  return names.filter((name) => !known.includes(name));
}
