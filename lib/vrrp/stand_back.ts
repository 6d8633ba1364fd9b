/**
 * Leaving the role to others on purpose. A router that hands over steps down with priority 0 and
 * then does not preempt: whoever took the role keeps it until it fails. In maintenance a router
 * steps down and listens only; whatever it waits for is counted from the end of the maintenance,
 * as from that of a startup delay.
 */
import type { Instant } from "../base/mod.ts";
import { listenUntil, stepDown } from "./instance.ts";
import type { Instance } from "./instance_state.ts";
import type { Reason } from "./state.ts";
import type { Output } from "./output.ts";
import { masterDownInterval } from "./timing.ts";

/** Hands the role over, and takes it again only when nobody has it. */
export function handOver(instance: Instance, now: Instant, out: Output[]): void {
  instance.yielded = true;
  stepDown(instance, { kind: "handed-over" }, now, out);
}

/** Takes no part until then; a time that is never means until it is called back. */
export function standBack(
  instance: Instance,
  until: Instant,
  now: Instant,
  out: Output[],
  reason: Reason = { kind: "maintenance" },
): void {
  instance.holdUntil = until;
  const { state } = instance;
  if (state.kind === "MASTER") stepDown(instance, reason, now, out);
  else if (state.kind === "BACKUP") listenAgain(instance, now);
}

/** Takes part again, now or at that time: listens for as long as one that has just started. */
export function comeBack(instance: Instance, until: Instant, now: Instant): void {
  instance.holdUntil = until;
  listenAgain(instance, now);
}

function listenAgain(instance: Instance, now: Instant): void {
  const { state, plan, effectivePriority } = instance;
  if (state.kind !== "BACKUP") return;
  const wait = masterDownInterval(plan, effectivePriority, state.activeAdvertInterval);
  state.masterDownAt = listenUntil(instance, now, wait);
  state.heardAt = now;
  state.wantsMaster = false;
}
