/**
 * FIFOs that are told of changes: which are open, each with the script that reads it.
 */
import { type CommandPlan, equalPlain } from "../base/mod.ts";
import {
  fifoLine,
  type FifoPlan,
  type FifoWord,
  isForFifo,
  type NotifyPlan,
} from "../notify/mod.ts";
import type { Effect } from "./effect.ts";
import type { World } from "./world.ts";

/** A FIFO that is open, with the number of its reader's run. */
export interface OpenFifo {
  readonly plan: FifoPlan;
  readonly reader: number | undefined;
}

/** Writes a line to every FIFO that is for it. */
export function writeFifos(world: World, plan: NotifyPlan, word: FifoWord, priority: number): void {
  for (const { plan: fifo } of world.notified.fifos) {
    if (!isForFifo(fifo, plan)) continue;
    const line = fifoLine(plan, word, priority);
    world.effects.push({ kind: "write-fifo", path: fifo.name, line });
  }
}

/** Opens what is new, closes what is gone; what did not change stays open, and its reader runs. */
export function openFifos(world: World, plans: readonly FifoPlan[]): void {
  const { notified } = world;
  const staying = notified.fifos.filter(({ plan }) => plans.some((one) => equalPlain(one, plan)));
  for (const { plan, reader } of notified.fifos) {
    if (staying.some((one) => one.plan === plan)) continue;
    if (reader !== undefined) {
      world.effects.push({ kind: "signal-command", run: reader, signal: "TERM" });
    }
    world.effects.push({ kind: "close-fifo", path: plan.name });
  }
  notified.fifos = plans.map((plan) =>
    staying.find((one) => equalPlain(one.plan, plan)) ?? openFifo(world, plan)
  );
}

function openFifo(world: World, plan: FifoPlan): OpenFifo {
  const open: Effect = {
    kind: "open-fifo",
    path: plan.name,
    ...(plan.owner === undefined ? {} : { owner: plan.owner }),
  };
  world.effects.push(open);
  const reader = readerOf(plan);
  if (reader === undefined) return { plan, reader: undefined };
  const run = world.tracked.nextRun++;
  world.effects.push({ kind: "run-command", run, command: reader });
  return { plan, reader: run };
}

function readerOf({ reader, name }: FifoPlan): CommandPlan | undefined {
  if (reader?.kind !== "run") return undefined;
  return { ...reader, words: [...reader.words, name] };
}
