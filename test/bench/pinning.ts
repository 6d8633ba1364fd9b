/**
 * Which processor somebody runs on: what is measured has one for itself, and who measures, answers
 * and records has the others; on a machine with one processor nobody is moved. All of them go
 * before what else the machine does, which is not to be measured.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, getPriority, setPriority } from "node:os";
import process from "node:process";

const several = availableParallelism() > 1;
const usual = getPriority();
/** Nice values count among the processes of one session where the kernel groups them (sched(7)). */
const groupPath = "/proc/self/autogroup";
const usualGroup = existsSync(groupPath)
  ? /nice (-?\d+)/.exec(readFileSync(groupPath, "latin1"))?.[1]
  : undefined;

/** A shell script that becomes the command it is given, on the processor of what is measured. */
export const measuredWrapper: string = several
  ? 'exec nice -n -20 taskset -c 0 "$@"'
  : 'exec nice -n -20 "$@"';

/** The words of a command that becomes another one, on the processor of what is measured. */
export const processorOfMeasured: readonly string[] = several ? ["taskset", "-c", "0"] : [];

/** Moves this process, and whatever it starts from now on, to the other processors. */
export function stepAside(): void {
  setPriority(-19);
  if (usualGroup !== undefined) writeFileSync(groupPath, "-20");
  if (!several) return;
  const others = `1-${availableParallelism() - 1}`;
  execFileSync("taskset", ["-a", "-c", "-p", others, String(process.pid)], { stdio: "ignore" });
}

/** Takes that back. */
export function stepBack(): void {
  setPriority(usual);
  if (usualGroup !== undefined) writeFileSync(groupPath, usualGroup);
  const all = `0-${availableParallelism() - 1}`;
  execFileSync("taskset", ["-a", "-c", "-p", all, String(process.pid)], { stdio: "ignore" });
}
