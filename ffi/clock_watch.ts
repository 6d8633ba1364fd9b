/**
 * Notices that a clock jumped: the machine was suspended, or somebody set the wall clock. A timer
 * on the wall clock that never goes off is cancelled by the kernel in either case
 * (timerfd_create(2), TFD_TIMER_CANCEL_ON_SET), and its descriptor becomes readable; until then
 * nothing is looked at.
 * The kernel raises no signal for it, so it is found in the next turn, before any packet of it.
 */
import { viewOf } from "../lib/base/mod.ts";
import { CLOCK, TFD } from "./constants.ts";
import { timerSpecSize } from "./layouts.ts";
import { lastError, type Libc, renderOsError } from "./libc.ts";

/** How far other clocks are ahead of the monotonic one, in microseconds. */
export interface ClockOffsets {
  /** CLOCK_BOOTTIME: how long the machine was suspended since it was started. */
  readonly boot: number;
  /** CLOCK_REALTIME: the Unix time of the instant 0. */
  readonly wall: number;
}

/** Seconds since 1970 that are far enough away. */
const farFuture = 1n << 40n;

/** Watches the clocks of the machine. */
export class ClockWatch {
  /** The descriptor to watch. */
  readonly fd: number;
  readonly #libc: Libc;
  readonly #time = new Uint8Array(16);
  readonly #view = viewOf(this.#time);

  /** Throws when the kernel has no such timer. */
  constructor(libc: Libc) {
    this.#libc = libc;
    this.fd = libc.libc.timerfd_create(CLOCK.REALTIME, TFD.NONBLOCK | TFD.CLOEXEC);
    if (this.fd < 0) throw new Error(renderOsError(lastError(libc, "timerfd_create")));
    const spec = new Uint8Array(timerSpecSize);
    viewOf(spec).setBigInt64(16, farFuture, true);
    const flags = TFD.TIMER_ABSTIME | TFD.TIMER_CANCEL_ON_SET;
    const set = libc.libc.timerfd_settime(this.fd, flags, spec, null);
    if (set < 0) throw new Error(renderOsError(lastError(libc, "timerfd_settime")));
  }

  /** Takes note of the jump, so that the next one is noticed, too. */
  acknowledge(): void {
    // ECANCELED is the answer that says so.
    this.#libc.libc.read(this.fd, this.#time, 8);
  }

  /** The offsets now. */
  offsets(): ClockOffsets {
    const before = this.#read(CLOCK.MONOTONIC);
    const boot = this.#read(CLOCK.BOOTTIME);
    const wall = this.#read(CLOCK.REALTIME);
    const monotonic = (before + this.#read(CLOCK.MONOTONIC)) / 2;
    return { boot: boot - monotonic, wall: wall - monotonic };
  }

  [Symbol.dispose](): void {
    this.#libc.libc.close(this.fd);
  }

  #read(clock: number): number {
    this.#libc.libc.clock_gettime(clock, this.#time);
    return this.#view.getUint32(0, true) * 1_000_000 + this.#view.getUint32(8, true) / 1000;
  }
}
