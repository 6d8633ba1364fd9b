/**
 * Diagnostics for people: `file:line:column: severity[code]: message`, then the line as it was
 * written with a caret below, then what to type instead. And for scripts: the exit code.
 */
import type { Diagnostic, Severity } from "./diagnostic.ts";

/** Longest part of a source line that is shown. */
const SHOWN_MAX = 160;

/** One diagnostic on one to four lines, without a final newline. */
export function renderDiagnostic(diagnostic: Diagnostic): string {
  const { span, severity, code, message, sourceLine, hint } = diagnostic;
  const lines = [`${whereOf(span)}${severity}[${code}]: ${message}`];
  if (span !== undefined && sourceLine !== undefined) {
    lines.push(...underlined(sourceLine, span.column - 1, span.length));
  }
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  return lines.join("\n");
}

/** A diagnostic in one line of a few words: where, and what. */
export function summariseDiagnostic({ span, message }: Diagnostic): string {
  return `${whereOf(span)}${message}`;
}

function whereOf(span: Diagnostic["span"]): string {
  return span === undefined ? "" : `${span.file}:${span.line}:${span.column}: `;
}

/** The line and its carets; tabs stay tabs in both, so that they line up on every terminal. */
function underlined(sourceLine: string, start: number, length: number): string[] {
  const from = start > SHOWN_MAX / 2 ? start - SHOWN_MAX / 4 : 0;
  const shown = printable(sourceLine.slice(from, from + SHOWN_MAX));
  const before = shown.slice(0, start - from);
  const carets = Math.max(1, Math.min(length, shown.length - before.length));
  const padding = Array.from(before, (character) => character === "\t" ? "\t" : " ").join("");
  return [`  ${shown}`, `  ${padding}${"^".repeat(carets)}`];
}

/** Control characters would do something to the terminal. */
function printable(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const control = (code < 0x20 && character !== "\t") || (code >= 0x7f && code < 0xa0);
    return control ? "\ufffd" : character;
  }).join("");
}

/** Exit codes of `check` for the worst that was said, worst first. */
const statuses: readonly (readonly [Severity, 4 | 6 | 5])[] = [
  ["fatal", 4],
  ["security", 6],
  ["error", 5],
];

/** The exit code of `check`: the worst wins, in the order 4, 6, 5. */
export function exitStatusOf(diagnostics: readonly Diagnostic[]): 0 | 4 | 5 | 6 {
  for (const [severity, status] of statuses) {
    if (diagnostics.some((diagnostic) => diagnostic.severity === severity)) return status;
  }
  return 0;
}
