/**
 * Waiting, and the wall clock in the kernel's own resolution, to be compared with timestamps that
 * the kernel put on frames.
 */
import { type Libc, openLibc } from "../../ffi/mod.ts";
import { viewOf } from "../../lib/base/mod.ts";

const CLOCK_REALTIME = 0;

/** Resolves after so many milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves with what `look` finds, or with nothing when the time is over. */
export async function waitFor<T>(
  look: () => T | undefined,
  limitMs: number,
  pauseMs = 5,
): Promise<T | undefined> {
  const end = performance.now() + limitMs;
  for (;;) {
    const found = look();
    if (found !== undefined || performance.now() > end) return found;
    await sleep(pauseMs);
  }
}

/** Clocks that the runtime does not show. */
export class Clocks {
  readonly #libc: Libc;
  readonly #time = new Uint8Array(16);

  private constructor(libc: Libc) {
    this.#libc = libc;
  }

  /** Opens the C library. */
  static async open(): Promise<Clocks> {
    return new Clocks(await openLibc());
  }

  /** Microseconds since 1970. */
  wall(): number {
    return this.#read(CLOCK_REALTIME) ?? 0;
  }

  /** Processor time of a process, all its threads, in microseconds; undefined when it is gone. */
  processor(pid: number): number | undefined {
    // <linux/posix-timers_types.h>: the clock of another process, CPUCLOCK_SCHED.
    return this.#read((~pid << 3) | 2);
  }

  #read(clock: number): number | undefined {
    if (this.#libc.libc.clock_gettime(clock, this.#time) < 0) return undefined;
    const view = viewOf(this.#time);
    return view.getUint32(0, true) * 1e6 + view.getUint32(8, true) / 1000;
  }
}
