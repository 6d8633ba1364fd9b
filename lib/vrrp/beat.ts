/**
 * The beat of a master: an advert now, the next one an Advertisement_Interval later.
 */
import { after, type Instant } from "../base/mod.ts";
import type { Instance } from "./instance_state.ts";
import type { Output } from "./output.ts";

/** Sends an advert and sets Adver_Timer (RFC 9568 §6.4.3). */
export function advertise(
  instance: Instance,
  state: { advertAt: Instant },
  now: Instant,
  out: Output[],
): void {
  const { plan } = instance;
  // The beat is kept from deadline to deadline, but never made up for after a stall.
  const beat = after(state.advertAt, plan.advertInterval);
  const onBeat = state.advertAt <= now && beat > now;
  state.advertAt = onBeat ? beat : after(now, plan.advertInterval);
  instance.counters.advertSent++;
  out.push({ kind: "advertise", priority: instance.effectivePriority });
}
