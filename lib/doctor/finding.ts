/**
 * What the doctor says: one finding for each thing that is wrong, with what to type about it.
 */

/**
 * `fault`: failover does not work, or breaks what works. `warning`: it works until something
 * happens. `note`: worth knowing, and perhaps meant.
 */
export type Severity = "fault" | "warning" | "note";

/** One thing that was found. */
export interface Finding {
  /** Stable name in kebab case, such as `interface-down`. */
  readonly code: string;
  readonly severity: Severity;
  /** What it is about: an instance, an interface, or the box. */
  readonly subject: string;
  /** Sentence case, no final full stop. */
  readonly message: string;
  /** What to type, or where to look; a line each. */
  readonly advice: readonly string[];
}

/** The worst first; otherwise in the order in which they were found. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const order: readonly Severity[] = ["fault", "warning", "note"];
  return order.flatMap((severity) => findings.filter((one) => one.severity === severity));
}
