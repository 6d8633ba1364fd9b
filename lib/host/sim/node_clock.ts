/**
 * The clocks of one node as its kernel keeps them. The monotonic one starts where it likes, runs a
 * little faster or slower than the others, and stands still while the machine sleeps; the clock on
 * the wall is so far ahead of it, and steps when somebody sets it.
 */
import { type Duration, type Instant, instant, never } from "../../base/mod.ts";

const million = 1_000_000;

/** How many millionths a clock may run too fast or too slow. */
const driftMax = 100_000;

/** The monotonic clock of a node, and how far the wall's is ahead. */
export class NodeClock {
  /** Microseconds since 1970 when this clock says 0; nothing is told of it while it is absent. */
  wall: number | undefined;
  #ppm = 0;
  /** At this time of the network ... */
  #from: Instant = instant(0);
  /** ... it said this. */
  #said: Instant = instant(0);

  /** What it says at a time of the network. */
  read(now: Instant): Instant {
    if (this.#ppm === 0) return instant(this.#said + (now - this.#from));
    const passed = now - this.#from;
    return instant(this.#said + passed + Math.floor(passed * this.#ppm / million));
  }

  /** The first time of the network at which it says so much, or more. */
  when(reading: Instant): Instant {
    if (reading === never) return never;
    const wanted = reading - this.#said;
    if (this.#ppm === 0) return instant(this.#from + wanted);
    let at = instant(this.#from + Math.floor(wanted / (1 + this.#ppm / million)) - 1);
    while (this.read(at) < reading) at = instant(at + 1);
    return at;
  }

  /** Sets it; a monotonic clock is set before the daemon starts only. */
  set(reading: Instant, now: Instant): void {
    this.#from = now;
    this.#said = reading;
  }

  /** Runs so many millionths faster from now on. */
  drift(ppm: number, now: Instant): void {
    this.set(this.read(now), now);
    this.#ppm = Math.max(-driftMax, Math.min(driftMax, Math.round(ppm)));
  }

  /** It stood still for so long. */
  stoodStill(duration: Duration, now: Instant): void {
    this.set(instant(this.read(now) - duration), now);
  }
}
