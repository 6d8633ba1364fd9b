/**
 * The commands of `MISC_CHECK`. One that is over its limit counts as failed at once; its process
 * group gets TERM, two seconds later KILL, and KILL again every ten seconds for as long as it does
 * not end. Until then it is not started again.
 */
import { after, type CommandPlan, type Instant, seconds } from "../base/mod.ts";
import type { CheckSlot } from "./balance_world.ts";
import type { World } from "./world.ts";

/** How long a command may take to obey TERM, and how long to wait between further KILLs. */
const [grace, killAgain] = [seconds(2), seconds(10)];

/** Runs the command of a check. */
export function startCommand(world: World, slot: CheckSlot, command: CommandPlan): void {
  const { tracked, balance, effects } = world;
  slot.run = tracked.nextRun++;
  balance.commands.set(slot.run, slot);
  effects.push({ kind: "run-command", run: slot.run, command });
}

/** Nobody waits for the end of the command that runs. */
export function abortCommand(world: World, slot: CheckSlot, now: Instant): void {
  world.effects.push({ kind: "signal-command", run: slot.run, signal: "TERM" });
  slot.overdue = { run: slot.run, signalAt: after(now, grace) };
}

/** The command that was told to end is still there. */
export function passCommand({ effects }: World, { overdue }: CheckSlot, now: Instant): void {
  if (overdue === undefined || overdue.signalAt > now) return;
  effects.push({ kind: "signal-command", run: overdue.run, signal: "KILL" });
  overdue.signalAt = after(now, killAgain);
}

/** When the next signal goes out; absent when no command has to end. */
export function commandDeadline({ overdue }: CheckSlot): Instant | undefined {
  return overdue?.signalAt;
}
