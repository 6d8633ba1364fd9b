/**
 * The beat of a master: an advert now, the next one an Advertisement_Interval later.
 */
import {
  after,
  type Duration,
  type Instant,
  instant,
  microseconds,
  milliseconds,
} from "../base/mod.ts";
import type { Instance } from "./instance_state.ts";
import type { Output } from "./output.ts";

/** About so many routers share a beat: their adverts go out within a fraction of a millisecond. */
const together = 32;
/** Beats lie at least so far apart: to wake up costs as much as thirty adverts. */
const leastApart: Duration = milliseconds(10);
/** More of them in an interval would cost more than they gain. */
const beatsMax = 8;
/** To intervals of this length and more some milliseconds are nothing. */
const longInterval: Duration = milliseconds(500);

/** Sends an advert and sets Adver_Timer (RFC 9568 §6.4.3). */
export function advertise(
  instance: Instance,
  state: { advertAt: Instant },
  now: Instant,
  out: Output[],
): void {
  state.advertAt = nextBeat(instance, state.advertAt, now);
  instance.counters.advertSent++;
  out.push({ kind: "advertise", priority: instance.effectivePriority });
}

/** Never more than an interval from now. */
function nextBeat({ plan, beatOffset }: Instance, due: Instant, now: Instant): Instant {
  const { advertInterval } = plan;
  const latest = after(now, advertInterval);
  if (beatOffset !== undefined) return instant(latest - (latest - beatOffset) % advertInterval);
  // The beat is kept from deadline to deadline, but never made up for after a stall.
  const beat = after(due, advertInterval);
  return due <= now && beat > now ? beat : latest;
}

/**
 * Has many routers with short intervals advertise in turn instead of all at the same moment, so
 * that no advert waits for hundreds of others and a pause of the machine makes few of them late.
 * Each finds its place in the interval with its next advert, which comes early for it and never
 * late.
 */
export function spreadBeats(instances: readonly Instance[]): void {
  for (const [index, instance] of instances.entries()) {
    const { advertInterval } = instance.plan;
    const wanted = Math.min(Math.ceil(instances.length / together), beatsMax);
    const beats = Math.min(wanted, Math.floor(advertInterval / leastApart));
    const offset = advertInterval * (index % beats) / beats;
    const spread = beats > 1 && advertInterval < longInterval;
    instance.beatOffset = spread ? microseconds(offset) : undefined;
  }
}
