/**
 * What a lint rule is. A rule looks at one file that was read already and says what works, but
 * perhaps not as meant: always a warning, always at the place that the person wrote, with a hint
 * what to do. Each has a stable code, and under that name a page in docs/diagnostics. A new rule
 * is a value of this type in the list of `rules.ts`, and a page.
 */
import type { Place } from "../source.ts";
import type { Subject } from "./view.ts";

/** Says something about a place; the hint is what to do. */
export type Say = (place: Place, message: string, hint: string) => void;

/** One rule. */
export interface Rule {
  /** Stable, in kebab case: it stands in the output, and names the page in docs. */
  readonly code: string;
  /** What it finds, as one line of the index. */
  readonly finds: string;
  check(subject: Subject, say: Say): void;
}
