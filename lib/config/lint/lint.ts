/**
 * `lintConfig`: reads a file as `loadConfig` does and lets every rule look at it. The daemon does
 * not do this: what a rule says is for a person in front of a file, and costs memory to keep.
 */
import { inOrder, loadConfig, type Loaded } from "../load.ts";
import { Report } from "../report.ts";
import type { ConfigEnvironment } from "../source.ts";
import { type Machine, unknownMachine } from "./machine.ts";
import { rules } from "./rules.ts";
import { type Subject, subjectOf } from "./view.ts";

/** A file with all that was said about it. */
export interface Linted extends Loaded {
  /** What rules look at, for those that compare several files. */
  readonly subject: Subject;
}

/** Reads the configuration at a path and applies the rules. */
export function lintConfig(
  path: string,
  environment: ConfigEnvironment,
  machine: Machine = unknownMachine,
): Linted {
  const loaded = loadConfig(path, environment);
  const subject = subjectOf(loaded, machine);
  const report = new Report();
  for (const { code, check } of rules) {
    check(subject, (place, message, hint) => report.warning(code, place, message, hint));
  }
  const diagnostics = inOrder([...loaded.diagnostics, ...report.diagnostics()], path);
  return { ...loaded, diagnostics, subject };
}
