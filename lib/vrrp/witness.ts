/**
 * The witness rule: a node that hears no peer and does not reach its witness, such as the gateway,
 * is the one that is cut off, so it does not become master. It stays in BACKUP and waits for its
 * witness by name. A peer that gives the role away with priority 0 has been heard, and nobody else
 * is master then: that counts for as much as the witness. A lesser master that is heard keeps the
 * role, because it may reach what this one does not.
 *
 * A master hears nobody as a rule. When its witness is lost it steps down, with priority 0 for
 * peers that hear it; where `keep` is said it goes on.
 */
import type { Instant } from "../base/mod.ts";
import { never } from "../base/mod.ts";
import { listenUntil, stepDown } from "./instance.ts";
import type { BackupState, Instance } from "./instance_state.ts";
import type { Output } from "./output.ts";
import { masterDownInterval } from "./timing.ts";

/** What is known of a witness; `unknown` before its first answer. */
export type WitnessWord = "good" | "bad" | "unknown";

/** Whether the witness allows the router to become master. */
export function mayRise({ plan, witness }: Instance, state?: BackupState): boolean {
  return plan.witness === undefined || witness === "good" || state?.released === true;
}

/** It would be master now if its witness were there. */
export function waitForWitness(instance: Instance, state: BackupState, out: Output[]): void {
  const { witness } = instance.plan;
  state.masterDownAt = never;
  state.wantsMaster = false;
  if (state.unwitnessed || witness === undefined) return;
  state.unwitnessed = true;
  out.push({ kind: "witness-missed", probe: witness.probe });
}

/** The probe that the router waits for instead of becoming master; absent when it does not. */
export function witnessAwaited({ plan, state }: Instance): string | undefined {
  if (state.kind !== "BACKUP" || !state.unwitnessed || state.masterDownAt !== never) {
    return undefined;
  }
  return plan.witness?.probe;
}

/** Takes what is known of the witness now. */
export function hearWitness(
  instance: Instance,
  word: WitnessWord,
  now: Instant,
  out: Output[],
): void {
  const { plan, state } = instance;
  const changed = instance.witness !== word;
  instance.witness = word;
  if (state.kind === "BACKUP") {
    if (mayRise(instance, state)) endWait(instance, state, now);
    else state.wantsMaster = false;
  } else if (
    state.kind === "MASTER" && changed && word === "bad" && plan.witness?.keeps === false
  ) {
    stepDown(instance, { kind: "witness-lost", probe: plan.witness.probe }, now, out);
    if (instance.state.kind === "BACKUP") waitForWitness(instance, instance.state, out);
  }
}

/** Whoever took over meanwhile is heard first. */
function endWait(instance: Instance, state: BackupState, now: Instant): void {
  if (!state.unwitnessed) return;
  state.unwitnessed = false;
  if (state.masterDownAt !== never) return;
  const { plan, effectivePriority } = instance;
  const wait = masterDownInterval(plan, effectivePriority, state.activeAdvertInterval);
  state.masterDownAt = listenUntil(instance, now, wait);
}
