/**
 * `standin fmt`: gives configuration files their usual look. Without a file it is a filter. A file
 * whose structure is broken is told about and left alone; so is one that would come to mean
 * something else.
 */
import { readFileSync } from "node:fs";
import { formatConfig } from "../config/format.ts";
import { type Diagnostic, renderDiagnostic } from "../config/mod.ts";
import { exitCode } from "./exit.ts";
import { complain, print } from "./output.ts";
import { replaceFile } from "./replace_file.ts";

/** What can be said about formatting. */
export interface FmtArguments {
  readonly files: readonly string[];
  /** Change nothing, and fail when something would change. */
  readonly check: boolean;
  /** Write the files instead of printing them. */
  readonly write: boolean;
  readonly json: boolean;
}

/** What became of one file. */
type Outcome =
  | { readonly kind: "same" | "changed"; readonly text: string; readonly bytes: Uint8Array }
  | { readonly kind: "refused"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "unreadable"; readonly detail: string };

/** `standin fmt`. */
export function runFmt({ files, check, write, json }: FmtArguments): number {
  const names = files.length === 0 ? ["-"] : files;
  const outcomes = names.map((file) => ({ file, outcome: format(file) }));
  let status: number = exitCode.ok;
  for (const { file, outcome } of outcomes) {
    status = Math.max(status, tell(file, outcome, json));
    if (outcome.kind !== "same" && outcome.kind !== "changed") continue;
    if (outcome.kind === "changed" && check) status = Math.max(status, exitCode.failed);
    if (write && !check && file !== "-") {
      if (outcome.kind === "changed") replaceFile(file, outcome.bytes);
    } else if (!check && !json && outcome.text !== "") print(outcome.text.replace(/\n$/, ""));
    if (outcome.kind === "changed" && (check || write) && file !== "-" && !json) print(file);
  }
  if (json) print(JSON.stringify({ exitStatus: status, files: outcomes.map(asJson) }, null, 2));
  return status;
}

function format(file: string): Outcome {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(file === "-" ? 0 : file));
  } catch (error) {
    return { kind: "unreadable", detail: error instanceof Error ? error.message : String(error) };
  }
  if (/\.jsonc?$/.test(file)) {
    const message = `Cannot format "${file}": fmt is for keepalived.conf, not for JSON`;
    return { kind: "refused", diagnostics: [{ code: "json", severity: "error", message }] };
  }
  const { text, encode } = decode(bytes);
  const formatted = formatConfig(file === "-" ? "standard input" : file, text);
  if (!formatted.ok) return { kind: "refused", diagnostics: formatted.error };
  const kind = formatted.value === text ? "same" : "changed";
  return { kind, text: formatted.value, bytes: encode(formatted.value) };
}

/** Text is UTF-8, or else Latin-1 as old comments are; it goes back as it came. */
function decode(bytes: Uint8Array): { text: string; encode: (text: string) => Uint8Array } {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { text, encode: (changed) => new TextEncoder().encode(changed) };
  } catch {
    const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    return { text, encode: latin1 };
  }
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Says what is wrong; the exit code of it. */
function tell(file: string, outcome: Outcome, json: boolean): number {
  switch (outcome.kind) {
    case "same":
    case "changed":
      return exitCode.ok;
    case "refused":
      if (!json) { for (const remark of outcome.diagnostics) complain(renderDiagnostic(remark)); }
      return exitCode.configErrors;
    case "unreadable":
      if (!json) complain(`standin fmt: cannot read "${file}": ${outcome.detail}`);
      return exitCode.cannotRun;
  }
}

function asJson({ file, outcome }: { readonly file: string; readonly outcome: Outcome }): unknown {
  switch (outcome.kind) {
    case "same":
    case "changed":
      return { file, outcome: outcome.kind, diagnostics: [] };
    case "refused":
      return { file, outcome: outcome.kind, diagnostics: outcome.diagnostics };
    case "unreadable":
      return { file, outcome: outcome.kind, detail: outcome.detail, diagnostics: [] };
  }
}
