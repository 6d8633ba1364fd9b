/**
 * Results of checks over a restart: they are kept by the host whenever a server changes, and asked
 * for before the first service is put into the kernel.
 */
import type { Instant } from "../base/mod.ts";
import { type CheckMemory, memoryOf, recall } from "../check/mod.ts";
import type { World } from "./world.ts";

/** Asks for the results of an earlier run; a reload knows its own. */
export function recallChecks(world: World): void {
  if (world.reloads === 0) world.effects.push({ kind: "recall-checks" });
}

/** Checks without a result of their own go on from those of the earlier run. */
export function checksRemembered(
  { balance }: World,
  memories: readonly CheckMemory[],
  now: Instant,
): void {
  for (const memory of memories) {
    const slot = balance.checksByName.get(memory.name);
    if (slot === undefined) continue;
    recall(slot.checker, memory, now);
    balance.deadlines.set(slot, slot.checker.dueAt);
    for (const { virtualServer } of slot.users) {
      const server = balance.slots.get(virtualServer);
      // Nothing is settled before the kernel's table is known.
      if (server !== undefined && balance.table !== "asked") balance.unsettled.add(server);
    }
  }
}

/**
 * Has the results kept that a start would not take for granted. After an orderly end nobody knows
 * when that will be: what was good by then has to show it again.
 */
export function rememberChecks({ balance, effects, stopping }: World): void {
  if (stopping && balance.checksByName.size === 0) return;
  const checks = [...balance.checksByName].flatMap(([name, { checker }]) =>
    memoryOf(name, checker) ?? []
  ).filter(({ up }) => !(stopping && up));
  effects.push({ kind: "remember-checks", checks });
}
