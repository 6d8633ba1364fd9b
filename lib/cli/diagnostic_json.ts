/**
 * Diagnostics for editors and other programs: everything that the text output says, with the range
 * spelled out and the path of the page that explains the code.
 */
import { docsPathOf } from "../config/lint/mod.ts";
import type { Diagnostic } from "../config/mod.ts";

/** Where a character stands, counted from 1; columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A diagnostic as `--json` prints it. */
export interface ProgramDiagnostic extends Diagnostic {
  readonly file: string;
  /** From the first character up to, not including, the last; absent for a file as a whole. */
  readonly range?: { readonly start: Position; readonly end: Position };
  /** Path in the repository of what explains the code. */
  readonly docs: string;
}

/** Adds what programs need; `file` is the file that was checked. */
export function forPrograms(diagnostic: Diagnostic, file: string): ProgramDiagnostic {
  const { span, code } = diagnostic;
  const docs = docsPathOf(code);
  if (span === undefined) return { file, ...diagnostic, docs };
  const { line, column, length } = span;
  const range = { start: { line, column }, end: { line, column: column + length } };
  return { file: span.file, range, ...diagnostic, docs };
}
