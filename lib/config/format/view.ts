/**
 * What a file says by itself, to compare its meaning before and after. It is read by the reader and
 * the parser that the daemon uses, alone: an included file counts as one statement that names it.
 * Lines for other hosts are read too, once for each config-id that the file speaks of.
 */
import { err, ok, type Result } from "../../base/mod.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { blocksIn, isRootOnly } from "../keywords/root.ts";
import { parse, type Statement } from "../parse.ts";
import { Reader } from "../reader.ts";
import { Report } from "../report.ts";
import type { ConfigEnvironment } from "../source.ts";

/** A host that reads the file, by its config-id. */
export type View = string;

/** The host that no line is meant for. */
export const NOBODY: View = " ";

/** Hosts that are told apart; a file that speaks of more is compared for these. */
const VIEWS_MAX = 16;

/** The hosts that may see the file differently. */
export function viewsOf(text: string): View[] {
  const named = Array.from(text.matchAll(/(?:^\s*|=\s*)@\^?(\S+)/gm), ([, id = ""]) => id);
  const others = new Set(named.filter((id) => id !== "standin"));
  return [NOBODY, ...others].slice(0, VIEWS_MAX);
}

/** Whether a line with these conditions is for the host. */
export function isSeenBy(view: View, conditions: readonly string[]): boolean {
  return conditions.every((condition) => {
    const [, negated, id] = /^@(\^?)(.*)$/.exec(condition) ?? [];
    return (id === "standin" || id === view) !== (negated === "^");
  });
}

/** Remarks after which the text has no shape that could be kept. */
export const structuralCodes: ReadonlySet<string> = new Set([
  "unterminated-quote",
  "missing-brace",
  "unexpected-brace",
  "block-depth",
  "line-too-long",
  "nul-character",
  "not-text",
  "too-large",
]);

/** The tree of a text for one host, or what is wrong with its structure. */
export function readView(
  file: string,
  text: string,
  view: View,
): Result<readonly Statement[], readonly Diagnostic[]> {
  const report = new Report();
  const reader = new Reader(loneFile(file, text, view), report);
  const opened = reader.readFile(file);
  if (!opened.ok) {
    const detail = opened.error.kind === "missing" ? "it is missing" : opened.error.detail;
    report.fatal("not-text", undefined, `Cannot read "${file}": ${detail}`);
  }
  const statements = parse(reader.lines, { blocksIn, isRootOnly }, report);
  const wrong = report.diagnostics().filter(({ code }) => structuralCodes.has(code));
  return wrong.length === 0 ? ok(statements) : err(wrong);
}

function loneFile(file: string, text: string, view: View): ConfigEnvironment {
  const encoder = new TextEncoder();
  return {
    files: {
      read(path): Result<Uint8Array, never> {
        const included = `included "${path.replaceAll('"', "'")}"\n`;
        return ok(encoder.encode(path === file ? text : included));
      },
      list: () => [],
    },
    workingDirectory: "/",
    hostName: "",
    configId: view,
    variables: {},
    random: () => 0,
  };
}
