/**
 * Which processes a `vrrp_track_process` means. Without parameters the name of the process counts,
 * of which the kernel keeps 15 octets; otherwise its command line.
 */
import type { ProcessPlan } from "./plan.ts";

/** What can be seen of a process. */
export interface SeenProcess {
  /** `/proc/<pid>/comm`. */
  readonly name: string;
  /** The words of its command line; none for kernel threads. */
  readonly words: readonly string[];
}

/** TASK_COMM_LEN without the final zero, <linux/sched.h>. */
const nameLengthMax = 15;

/** Whether a tracker looks at command lines. */
export function needsWords({ fullCommand, parameters }: ProcessPlan): boolean {
  return fullCommand || parameters !== "any";
}

/** Whether the tracker means the process. */
export function matchesProcess(plan: ProcessPlan, seen: SeenProcess): boolean {
  const [wanted = "", ...parameters] = plan.words;
  if (!needsWords(plan)) return seen.name === nameOf(wanted);
  const [command = "", ...given] = seen.words;
  const sameCommand = command === wanted || baseOf(command) === wanted;
  if (!sameCommand || seen.words.length === 0) return false;
  switch (plan.parameters) {
    case "any":
      return true;
    case "exact":
      return given.length === parameters.length && startsWith(given, parameters);
    case "initial":
      return startsWith(given, parameters);
    case "partial":
      return partly(given, parameters);
  }
}

function nameOf(command: string): string {
  return new TextDecoder().decode(
    new TextEncoder().encode(baseOf(command)).subarray(0, nameLengthMax),
  );
}

function baseOf(command: string): string {
  return command.slice(command.lastIndexOf("/") + 1);
}

function startsWith(given: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((word, index) => given[index] === word);
}

/** Like `initial`, but the last parameter may go on. */
function partly(given: readonly string[], wanted: readonly string[]): boolean {
  const last = wanted.length - 1;
  return wanted.every((word, index) =>
    index === last ? given[index]?.startsWith(word) === true : given[index] === word
  );
}
