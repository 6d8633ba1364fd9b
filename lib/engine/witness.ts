/**
 * What the witness of a virtual router says at the moment. A probe is believed to be bad only after
 * some failures, which is too late for whoever is about to become master: for that its last answer
 * counts as well.
 */
import type { Instant } from "../base/mod.ts";
import { trackerKey } from "../track/mod.ts";
import { hearWitness, type WitnessWord } from "../vrrp/mod.ts";
import { settle } from "./settle.ts";
import type { Slot } from "./slot.ts";
import type { Tracker } from "./tracked.ts";
import type { World } from "./world.ts";

/** Brings a virtual router in line with its witness. */
export function applyWitness(world: World, slot: Slot, now: Instant): void {
  const { instance, out } = slot;
  const { witness } = instance.plan;
  if (witness === undefined && instance.witness === "unknown") return;
  const word = witness === undefined ? "unknown" : wordOf(world, witness.probe);
  hearWitness(instance, word, now, out);
  settle(world, slot, now);
}

/** A probe was asked once more: its verdict may be the same, but it may be in doubt now. */
export function askedAgain(world: World, { key }: Tracker, now: Instant): void {
  for (const name of world.tracked.users.get(key) ?? []) {
    const slot = world.slots.get(name);
    const witness = slot?.instance.plan.witness;
    if (slot === undefined || witness === undefined) continue;
    if (slot.instance.witness !== wordOf(world, witness.probe)) applyWitness(world, slot, now);
  }
}

/** Good only while nothing speaks against it, bad only when that is certain. */
function wordOf(world: World, name: string): WitnessWord {
  const tracker = world.tracked.trackers.get(trackerKey({ kind: "probe", name }));
  if (tracker?.kind !== "probe") return "unknown";
  const { plan: { subject }, verdict, lastEnd } = tracker.machine;
  if (verdict.kind !== "good") return verdict.kind === "bad" ? "bad" : "unknown";
  if (subject.kind === "group") {
    const good = subject.probes.filter((one) => wordOf(world, one) === "good").length;
    return good >= subject.least ? "good" : "unknown";
  }
  if (lastEnd === undefined || lastEnd === "timed-out") return "unknown";
  const fine = lastEnd.kind === "answered" || (lastEnd.kind === "exited" && lastEnd.code === 0);
  return fine ? "good" : "unknown";
}
