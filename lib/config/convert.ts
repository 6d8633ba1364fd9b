/**
 * Conversion between keepalived.conf and JSON. What comes out is read again and compared with what
 * went in, so that a configuration is either converted with all that it says or not at all.
 */
import { err, ok, type Result } from "../base/mod.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { readView, structuralCodes } from "./format/view.ts";
import { readJsonFile } from "./json.ts";
import { renderJson } from "./json/value.ts";
import { writeBody } from "./json/write.ts";
import { inOrder, loadStatements } from "./load.ts";
import { describe, type Statement } from "./parse.ts";
import { printTree } from "./print.ts";
import { Report } from "./report.ts";
import type { ConfigEnvironment, Place } from "./source.ts";
import { differingStatement } from "./tree.ts";

/** The languages of a configuration. */
export type Language = "conf" | "json";

/** Something converted, with what is worth saying about the file that it came from. */
export interface Converted {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Converts the file at a path; the error says why that can not be done. */
export function convertConfig(
  path: string,
  to: Language,
  environment: ConfigEnvironment,
): Result<Converted, readonly Diagnostic[]> {
  const report = new Report();
  const statements = loadStatements(path, environment, report);
  const diagnostics = inOrder(report.diagnostics(), path);
  const isBroken = diagnostics.some(({ code }) => structuralCodes.has(code));
  if (statements === undefined || isBroken) return err(diagnostics);
  const text = to === "json" ? jsonOf(statements) : printTree(statements);
  const lost = to === "json" ? lostInJson(statements, text) : lostInConf(statements, text);
  if (lost === undefined) return ok({ text, diagnostics });
  return err([cannotSay(lost, to)]);
}

/** The JSON text of a whole configuration. */
export function jsonOf(statements: readonly Statement[]): string {
  return renderJson(writeBody(statements, ""));
}

/** A statement that JSON does not give back; words that mean the same may differ. */
function lostInJson(statements: readonly Statement[], text: string): Statement | undefined {
  const report = new Report();
  const read = readJsonFile("converted.json", new TextEncoder().encode(text), report);
  const tree = read.ok && report.diagnostics().length === 0 ? read.value : [];
  return jsonOf(tree) === text ? undefined : differingStatement(statements, tree);
}

/** A statement that keepalived.conf does not give back. */
function lostInConf(statements: readonly Statement[], text: string): Statement | undefined {
  const read = readView("converted.conf", text, "converted");
  return differingStatement(statements, read.ok ? read.value : []);
}

function cannotSay(statement: Statement, to: Language): Diagnostic {
  const language = to === "json" ? "JSON" : "keepalived.conf";
  const { source, column, length }: Place = statement.place;
  return {
    code: "cannot-convert",
    severity: "error",
    message: `Cannot say ${describe(statement)} in ${language}`,
    span: { file: source.file, line: source.number, column, length },
    sourceLine: source.text,
  };
}
