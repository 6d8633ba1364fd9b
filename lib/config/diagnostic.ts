/**
 * Diagnostics: everything that is worth saying about a file, each with a code, a severity and the
 * place where the person wrote it. The configuration room collects them and never stops at the
 * first.
 */

/** Where a text stands: line and column count from 1, columns in UTF-16 units. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters the caret line covers, at least 1. */
  readonly length: number;
}

/**
 * `fatal`: the daemon can not run with this file (exit 4). `error`: something was left out, the
 * rest would run (exit 5). `security`: a script is not secure (exit 6). `warning`: it works, but
 * perhaps not as meant.
 */
export type Severity = "fatal" | "error" | "security" | "warning";

/** One remark about a configuration. */
export interface Diagnostic {
  /** Stable name in kebab case, such as `unknown-keyword`. */
  readonly code: string;
  readonly severity: Severity;
  /** Sentence case, no final full stop: what was found, then what was expected. */
  readonly message: string;
  /** Absent when the remark is about the file as a whole. */
  readonly span?: Span;
  /** The line as the person wrote it, for the caret. */
  readonly sourceLine?: string;
  /** What to type instead, such as `did you mean "virtual_ipaddress"?`. */
  readonly hint?: string;
  /** What it speaks of is in effect as it was written, so that a reload need not be refused. */
  readonly inEffect?: true;
}

/** Whether a running daemon keeps its configuration rather than take one of which this is said. */
export function refusesReload({ severity, inEffect }: Diagnostic): boolean {
  return severity !== "warning" && inEffect !== true;
}
