/**
 * What trackers do to a virtual router: their changes are added up, those with weight 0 are FAULTs,
 * and those that have not spoken yet hold it in INIT. One that a reload adds to a router at work
 * takes nothing from it until it has spoken.
 */
import type { Instant } from "../base/mod.ts";
import { trackerKey } from "../track/mod.ts";
import { adjustPriority, clearFault, type Fault, setFault } from "../vrrp/mod.ts";
import { settle } from "./settle.ts";
import type { Slot } from "./slot.ts";
import { type Effected, effectsOn } from "./tracked.ts";
import { applyWitness } from "./witness.ts";
import type { World } from "./world.ts";

/** Brings a virtual router in line with its trackers. */
export function applyTracking(world: World, slot: Slot, now: Instant): void {
  const { instance, out } = slot;
  if (world.stopping || instance.state.kind === "STOPPED") return;
  applyWitness(world, slot, now);
  const effects = effectsOn(world, instance.plan.name);
  if (effects.length === 0 && instance.adjustment === 0 && instance.faults.length === 0) return;
  const { faults: { length }, state } = instance;
  const change = effects.reduce(
    (sum, { effect }) => effect.kind === "priority" ? sum + effect.change : sum,
    0,
  );
  adjustPriority(instance, change, now, out);
  const atWork = state.kind === "MASTER" || state.kind === "BACKUP";
  const present = [
    ...faultOf("tracked", "fault", effects),
    ...(atWork ? [] : faultOf("untested", "untested", effects)),
  ];
  for (const fault of present) setFault(instance, fault, now, out);
  for (const kind of ["tracked", "untested"] as const) {
    if (!present.some((fault) => fault.kind === kind)) clearFault(instance, kind, now, out);
  }
  const changed = instance.faults.length !== length || instance.state !== state;
  settle(world, slot, now, changed);
}

function faultOf(
  kind: "tracked" | "untested",
  effect: Effected["effect"]["kind"],
  effects: readonly Effected[],
): Fault[] {
  const found = effects.filter((one) => one.effect.kind === effect);
  if (found.length === 0) return [];
  return [{ kind, trackers: found.map((one) => wordsOf(one, kind)) }];
}

function wordsOf({ use, tracker }: Effected, kind: "tracked" | "untested"): string {
  if (kind === "untested") return trackerKey(use);
  const verdict = tracker?.machine.verdict;
  const state = verdict?.kind === "number" ? `says ${verdict.value}` : `is ${verdict?.kind}`;
  return `${trackerKey(use)} ${state}`;
}
