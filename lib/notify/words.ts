/**
 * What is told of a change: the scripts that run, each with its arguments, and the lines for the
 * FIFOs; to the letter as keepalived says them (behaviour 5.1 to 5.3).
 */
import type { CommandPlan } from "../base/mod.ts";
import type { Conflict, FifoPlan, NotifiedState, NotifyPlan } from "./plan.ts";
import type { Command } from "./queue.ts";

/** What FIFOs are told besides the states. */
export type FifoWord =
  | NotifiedState
  | "MASTER_RX_LOWER_PRI"
  | "MASTER_PRIORITY"
  | "BACKUP_PRIORITY";

/** The scripts of a change in the order in which they run: the one of the state, then `notify`. */
export function scriptsOf(plan: NotifyPlan, state: NotifiedState, priority: number): Command[] {
  const { kind, name, scripts, always } = plan;
  const argument = String(kind === "GROUP" ? 0 : priority);
  const commands = [...runnable(scripts[state]), ...runnable(always, kind, name, state, argument)];
  return commands.map((command) => ({ ...command, state }));
}

/** The script of `notify_master_rx_lower_pri`. */
export function lowerPriorityScripts({ lowerPriority }: NotifyPlan): Command[] {
  return runnable(lowerPriority);
}

/**
 * The script of `notify_conflict`: it is told what, and who the other one is; of a duplicate
 * address that is an Ethernet address, and which address of ours it uses.
 */
export function conflictScripts(
  plan: NotifyPlan,
  conflict: Conflict,
  who: readonly string[],
): Command[] {
  return runnable(plan.conflict, plan.kind, plan.name, conflict, ...who);
}

/** Whether a FIFO takes lines about a subject. */
export function isForFifo({ kind }: FifoPlan, { fifoName }: NotifyPlan): boolean {
  return kind === "all" || (kind === "lvs") === (fifoName !== undefined);
}

/** One line of a FIFO, with its end. */
export function fifoLine(plan: NotifyPlan, word: FifoWord, priority: number): string {
  if (plan.fifoName !== undefined) return `${plan.fifoName} ${word}\n`;
  return `${plan.kind} "${plan.name}" ${word} ${plan.kind === "GROUP" ? 0 : priority}\n`;
}

function runnable(command: CommandPlan | undefined, ...more: readonly string[]): Command[] {
  if (command?.kind !== "run") return [];
  return [{ ...command, words: [...command.words, ...more] }];
}
