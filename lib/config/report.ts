/**
 * Collects diagnostics while a configuration is read. The same remark about the same place is kept
 * once (a repeated block would say it hundreds of times), and of one kind only the first few are
 * told; the rest are counted in a last remark of the same severity.
 */
import type { Diagnostic, Severity } from "./diagnostic.ts";
import { DIAGNOSTICS_PER_KIND_MAX } from "./limits.ts";
import type { Place } from "./source.ts";

/** What is said about a place. */
export interface Remark {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  /** Absent when the remark is about the file as a whole. */
  readonly place?: Place | undefined;
  readonly hint?: Hint;
  /** What it speaks of is in effect as it was written. */
  readonly inEffect?: boolean;
}

/** What to do about it, perhaps to be found only when it will be told. */
export type Hint = string | (() => string | undefined) | undefined;

/** All that was said about one configuration. */
export class Report {
  readonly #said = new Map<string, Diagnostic>();
  readonly #counts = new Map<string, { readonly severity: Severity; count: number }>();
  #remarks = 0;

  /** How often anything was said, be it the same. */
  get remarks(): number {
    return this.#remarks;
  }

  /** Adds a remark, unless the same was said before or enough of its kind were. */
  add(remark: Remark): void {
    this.#remarks++;
    const { severity, code, message, place } = remark;
    const key = `${code}\n${place?.source.file}\n${place?.source.number}\n${place?.column}\n` +
      message;
    if (this.#said.has(key)) return;
    const kind = `${severity} ${code}`;
    const counted = this.#counts.get(kind) ?? { severity, count: 0 };
    counted.count++;
    this.#counts.set(kind, counted);
    if (counted.count > DIAGNOSTICS_PER_KIND_MAX) return;
    const hint = typeof remark.hint === "function" ? remark.hint() : remark.hint;
    this.#said.set(key, {
      code,
      severity,
      message,
      ...(place === undefined
        ? {}
        : { span: spanOf(place), sourceLine: masked(place.source.text) }),
      ...(hint === undefined ? {} : { hint }),
      ...(remark.inEffect === true ? { inEffect: true } : {}),
    });
  }

  /** Something was left out, the rest would run. */
  error(code: string, place: Place | undefined, message: string, hint?: Hint): void {
    this.add({ severity: "error", code, place, message, hint });
  }

  /** It works, but perhaps not as meant. */
  warning(code: string, place: Place | undefined, message: string, hint?: Hint): void {
    this.add({ severity: "warning", code, place, message, hint });
  }

  /** The daemon can not run with this. */
  fatal(code: string, place: Place | undefined, message: string, hint?: Hint): void {
    this.add({ severity: "fatal", code, place, message, hint });
  }

  /** Whether something fatal was said. */
  isFatal(): boolean {
    for (const { severity } of this.#counts.values()) if (severity === "fatal") return true;
    return false;
  }

  /** Everything that was said, in the order of saying, with counts of what was left out. */
  diagnostics(): Diagnostic[] {
    const all = [...this.#said.values()];
    for (const [kind, { severity, count }] of this.#counts) {
      const more = count - DIAGNOSTICS_PER_KIND_MAX;
      if (more <= 0) continue;
      const code = kind.slice(severity.length + 1);
      all.push({ code, severity, message: `${more} more of this kind are not shown` });
    }
    return all;
  }
}

/** The key of a line of `auth_hmac` is not shown, wherever remarks go; carets keep their places. */
function masked(line: string): string {
  return line.replace(
    /^(\s*key\s+\S+\s+)(\S.*)$/,
    (_line, before: string, key: string) => before + "*".repeat(key.length),
  );
}

function spanOf(place: Place): NonNullable<Diagnostic["span"]> {
  const { source, column, length } = place;
  return { file: source.file, line: source.number, column, length };
}
