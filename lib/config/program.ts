/**
 * Whether the program of a command can be run as the machine is now. A command that is run again
 * and again says what it looks for, so that a program that was missing, or that others could have
 * written, is found when it has come or was mended, by the rules that held when the file was read.
 */
import { type CommandPlan, formatCommand, type SoughtProgram } from "../base/mod.ts";
import type { ScriptMachine } from "./source.ts";

/** A program as it stands on the machine, and why somebody besides root could have written it. */
export interface FoundProgram {
  readonly path: string;
  /** Only for what would run as root. */
  readonly objection?: string;
}

/** Looks for the program of a command; a sentence when there is none. */
export function findProgram(
  { first, identity }: SoughtProgram,
  machine: ScriptMachine,
): FoundProgram | string {
  const path = machine.locate(first);
  if (path === undefined) return `there is no program "${first}"`;
  const root = identity === undefined ? machine.isRoot : identity.uid === 0;
  const objection = root ? machine.objectionTo(path) : undefined;
  return { path, ...(objection === undefined ? {} : { objection }) };
}

/** The command that runs what was found. */
export function runFound(
  { words, identity, keepsLinks }: SoughtProgram,
  { path }: FoundProgram,
  machine: ScriptMachine,
): CommandPlan {
  const real = keepsLinks ? path : machine.realPath(path);
  return { kind: "run", path: real, words, ...(identity === undefined ? {} : { identity }) };
}

/** A command in the words of the configuration, with why it could not be run. */
export function commandWords(command: CommandPlan, quote: "" | '"' = ""): string {
  const text = `${quote}${formatCommand(command)}${quote}`;
  return command.kind === "none" ? `${text} (${command.reason})` : text;
}

/** The command as it can be run now: one that looks for its program may have found it. */
export function commandNow(command: CommandPlan, machine: ScriptMachine): CommandPlan {
  if (command.kind !== "none" || command.sought === undefined) return command;
  const { sought } = command;
  const found = findProgram(sought, machine);
  if (typeof found === "string") return { ...command, reason: found };
  const { objection } = found;
  if (sought.secured && objection !== undefined) return { ...command, reason: objection };
  return runFound(sought, found, machine);
}
