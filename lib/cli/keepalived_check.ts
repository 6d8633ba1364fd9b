/**
 * `keepalived -t`: checks the configuration the way keepalived's users know it. Remarks go to
 * standard error or to the named file, with `(Line N)` before them, or `(FILE: Line N)` when there
 * are several files; the exit code is the largest that any remark has.
 */
import { appendFileSync } from "node:fs";
import { type Diagnostic, loadConfig, type Severity } from "../config/mod.ts";
import type { DaemonOptions } from "../host/port.ts";
import { configEnvironment } from "../host/linux/config_files.ts";
import { exitCode } from "./exit.ts";
import { judged } from "./judged.ts";
import { complain } from "./output.ts";

/** What each severity ends with. keepalived: the largest number wins, not the worst remark. */
const statusOf: Readonly<Record<Severity, number>> = {
  warning: exitCode.ok,
  fatal: exitCode.cannotRun,
  error: exitCode.configErrors,
  security: exitCode.insecureScript,
};

/** Checks, tells, and resolves with the exit code. */
export async function runKeepalivedCheck(
  options: DaemonOptions,
  logFile: string | undefined,
): Promise<number> {
  const { configFile } = options;
  const loaded = loadConfig(configFile, configEnvironment(options));
  const { diagnostics } = await judged(loaded, configFile);
  const lines = renderLines(diagnostics, configFile);
  // `-t=FILE` is how help texts write it; the C library would take the "=" for a part of the name.
  const file = logFile?.replace(/^=/, "");
  if (file !== undefined) appendFileSync(file, lines.map((line) => `${line}\n`).join(""));
  else for (const line of lines) complain(line);
  return keepalivedStatusOf(diagnostics);
}

/** What works and is a warning of ours, but more than that to keepalived's `-t`. */
const keepalivedStatus: ReadonlyMap<string, number> = new Map([
  ["single-member", exitCode.configErrors],
  ["no-addresses", exitCode.configErrors],
  ["rounded", exitCode.configErrors],
  ["deprecated", exitCode.configErrors],
  ["authentication-ignored", exitCode.configErrors],
  ["script-security", exitCode.insecureScript],
]);

/** What `-t` ends with after these remarks. */
export function keepalivedStatusOf(diagnostics: readonly Diagnostic[]): number {
  const statuses = diagnostics.map(({ code, severity }) =>
    severity === "warning" ? keepalivedStatus.get(code) ?? exitCode.ok : statusOf[severity]
  );
  return Math.max(exitCode.ok, ...statuses);
}

/** Each remark on one line, in the form that scripts around keepalived look for. */
export function renderLines(diagnostics: readonly Diagnostic[], mainFile: string): string[] {
  const several = diagnostics.some(({ span }) => span !== undefined && span.file !== mainFile);
  return diagnostics.map(({ span, message, hint }) => {
    const tail = hint === undefined ? message : `${message} (${hint})`;
    if (span === undefined) return tail;
    return several ? `(${span.file}: Line ${span.line}) ${tail}` : `(Line ${span.line}) ${tail}`;
  });
}
