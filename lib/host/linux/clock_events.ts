/**
 * What jumps of the clocks mean to the engine: `slept` when the machine was suspended, `wall-clock`
 * when the time of day is another one than it was. The order matters: a sleep moves both.
 */
import type { ClockOffsets } from "../../../ffi/mod.ts";
import { microseconds, milliseconds } from "../../base/mod.ts";
import type { EngineEvent } from "../../engine/mod.ts";

/** Differences below this are how clocks are read. */
const least = milliseconds(10);

/** Remembers the offsets that the engine knows of. */
export class ClockEvents {
  #boot: number;
  #wall: number | undefined;

  constructor({ boot }: ClockOffsets) {
    this.#boot = boot;
  }

  /** What there is to tell of these offsets. */
  changed({ boot, wall }: ClockOffsets): EngineEvent[] {
    const events: EngineEvent[] = [];
    const asleep = boot - this.#boot;
    if (asleep >= least) {
      this.#boot = boot;
      events.push({ kind: "slept", duration: microseconds(asleep) });
    }
    if (this.#wall === undefined || Math.abs(wall - this.#wall) >= least) {
      this.#wall = wall;
      events.push({ kind: "wall-clock", offset: Math.round(wall) });
    }
    return events;
  }
}
