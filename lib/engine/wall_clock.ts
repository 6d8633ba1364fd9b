/**
 * The time of day: signed adverts carry it, nothing else depends on it. That somebody set it is
 * worth a sentence, because logs and signatures jump with it.
 */
import { type Duration, microseconds, milliseconds } from "../base/mod.ts";
import { tell } from "./slot.ts";
import type { World } from "./world.ts";

/** What a clock is moved by in everyday life is not told. */
const leastTold = milliseconds(100);

/** The host says how far the wall clock is ahead of the engine's; the first time is no change. */
export function wallClockRead(world: World, offset: number): void {
  const { wallOffset: before } = world;
  world.wallOffset = offset;
  const by = microseconds(offset - before);
  if (before !== 0 && Math.abs(by) >= leastTold) tell(world, { kind: "clock-set", by });
}

/** The machine slept: the wall clock went on, and that is not somebody's doing. */
export function wallClockSlept(world: World, by: Duration): void {
  if (world.wallOffset !== 0) world.wallOffset += by;
}
