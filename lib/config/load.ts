/**
 * `loadConfig`: from a path to a model and to everything that is worth saying about the file. It
 * does no I/O of its own and throws for nothing that a file can hold. There is a model unless
 * something is fatal; errors mean that parts were left out.
 */
import { err, ok, type Result, unreachable } from "../base/mod.ts";
import type { DaemonScriptPlans } from "../notify/mod.ts";
import { buildModel } from "./build.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { isJsonPath, readJsonFile } from "./json.ts";
import { blocksIn, isRootOnly } from "./keywords/root.ts";
import type { Model } from "./model.ts";
import { parse, type Statement } from "./parse.ts";
import { readTree } from "./read.ts";
import { type OpenProblem, Reader } from "./reader.ts";
import { Report } from "./report.ts";
import type { ConfigEnvironment } from "./source.ts";

/** What came of reading a configuration. */
export interface Loaded {
  /** Absent exactly when a diagnostic is fatal. */
  readonly model: Model | undefined;
  readonly diagnostics: Diagnostic[];
  /** The daemon's own scripts: what runs first may well make that what is fatal goes away. */
  readonly daemonScripts?: DaemonScriptPlans;
  /** The tree as it was written, for whoever has more to say about it; empty when none was read. */
  readonly statements: readonly Statement[];
}

/** Reads the configuration at a path. */
export function loadConfig(path: string, environment: ConfigEnvironment): Loaded {
  const report = new Report();
  const statements: Statement[] = [];
  const model = load(path, environment, report, statements);
  const diagnostics = inOrder(report.diagnostics(), path);
  const { daemonScripts } = model?.global ?? {};
  return {
    model: report.isFatal() ? undefined : model,
    diagnostics,
    statements,
    ...(daemonScripts && { daemonScripts }),
  };
}

function load(
  path: string,
  environment: ConfigEnvironment,
  report: Report,
  statements: Statement[],
): Model | undefined {
  const read = loadStatements(path, environment, report);
  if (read === undefined) return undefined;
  for (const one of read) statements.push(one);
  const world = insideOf(statements, environment);
  const draft = readTree(statements, report, world);
  if (draft.instances.length + draft.sessions.length + draft.virtualServers.length === 0) {
    const message = `"${path}" holds no configuration to run: it has no vrrp_instance`;
    report.warning("empty", undefined, message);
  }
  return buildModel(draft, world, report);
}

/** In a network namespace that the reader is not in, nobody knows which interfaces there are. */
function insideOf(
  statements: readonly Statement[],
  environment: ConfigEnvironment,
): ConfigEnvironment {
  const said = statements.find(({ name }) => name === "net_namespace");
  const name = said?.words[0];
  const elsewhere = name !== undefined && environment.isNetNamespace?.(name) === false;
  return elsewhere ? { ...environment, interfaces: undefined } : environment;
}

/** The statements of the file at a path; `undefined` when something was fatal. */
export function loadStatements(
  path: string,
  environment: ConfigEnvironment,
  report: Report,
): readonly Statement[] | undefined {
  const read = readStatements(path, environment, report);
  if (!read.ok) {
    const code = read.error.kind === "no-text" ? "not-text" : "no-file";
    report.fatal(code, undefined, `Cannot read "${path}": ${whyNot(read.error)}`);
  }
  return read.ok && !report.isFatal() ? read.value : undefined;
}

/** The statements of a file in either language. */
function readStatements(
  path: string,
  environment: ConfigEnvironment,
  report: Report,
): Result<readonly Statement[], OpenProblem> {
  if (isJsonPath(path)) {
    const file = environment.files.read(path);
    if (!file.ok) return file;
    const read = readJsonFile(path, file.value, report);
    return read.ok ? read : err({ kind: "no-text", detail: read.error });
  }
  const reader = new Reader(environment, report);
  const opened = reader.readFile(path);
  if (!opened.ok) return opened;
  return ok(report.isFatal() ? [] : parse(reader.lines, { blocksIn, isRootOnly }, report));
}

function whyNot(problem: OpenProblem): string {
  switch (problem.kind) {
    case "missing":
      return "there is no such file";
    case "not-regular":
    case "unreadable":
    case "no-text":
      return problem.detail;
    default:
      return unreachable(problem);
  }
}

/** By place: the main file as it is read, others where they were first spoken of. */
export function inOrder(diagnostics: readonly Diagnostic[], mainFile: string): Diagnostic[] {
  const files = new Map([[mainFile, 0]]);
  for (const { span } of diagnostics) {
    if (span !== undefined && !files.has(span.file)) files.set(span.file, files.size);
  }
  function rank({ span }: Diagnostic): readonly number[] {
    if (span === undefined) return [files.size];
    return [files.get(span.file) ?? 0, span.line, span.column];
  }
  return diagnostics.toSorted((a, b) => {
    const right = rank(b);
    for (const [index, left] of rank(a).entries()) {
      const difference = left - (right[index] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}
