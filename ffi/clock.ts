/**
 * The monotonic clock, and one timer on it that is finer than `setTimeout`: the kernel sends SIGIO
 * at the instant it was armed for, and the signal wakes the runtime's event loop.
 */
import { type Instant, instant, viewOf } from "../lib/base/mod.ts";
import { CLOCK, SIGIO, TIMER_ABSTIME } from "./constants.ts";
import { signalThread, timerSpecSize, writeTimerSpec } from "./layouts.ts";
import { lastError, type Libc, renderOsError } from "./libc.ts";

/** Reads CLOCK_MONOTONIC. */
export class MonotonicClock {
  readonly #libc: Libc;
  readonly #time = new Uint8Array(16);
  readonly #view = viewOf(this.#time);

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  /** The current instant. */
  now(): Instant {
    this.#libc.libc.clock_gettime(CLOCK.MONOTONIC, this.#time);
    // Two 32-bit reads: seconds since boot never fill more than the lower half.
    const seconds = this.#view.getUint32(0, true);
    return instant(seconds * 1_000_000 + this.#view.getUint32(8, true) / 1000);
  }
}

/** One alarm on the monotonic clock. */
export class Alarm {
  readonly #libc: Libc;
  readonly #timer: number;
  readonly #spec = new Uint8Array(timerSpecSize);
  readonly #specAddress: number;
  #armed: Instant = Infinity as Instant;

  /** Throws when the kernel has no timer left. */
  constructor(libc: Libc) {
    this.#libc = libc;
    this.#specAddress = libc.addressOf(this.#spec);
    const event = signalThread(SIGIO, process.pid);
    const timer = new Uint8Array(4);
    const { timer_create: create } = libc.architecture.syscall;
    const [eventAddress, timerAddress] = [libc.addressOf(event), libc.addressOf(timer)];
    const made = libc.libc.syscall(create, CLOCK.MONOTONIC, eventAddress, timerAddress, 0);
    if (made < 0) throw new Error(renderOsError(lastError(libc, "timer_create")));
    this.#timer = viewOf(timer).getInt32(0, true);
  }

  /** Wakes the loop at the instant, or as soon as possible when it has passed. */
  arm(at: Instant): void {
    if (at === this.#armed) return;
    this.#armed = at;
    if (at === Infinity) return;
    writeTimerSpec(this.#spec, at);
    const { timer_settime: settime } = this.#libc.architecture.syscall;
    this.#libc.libc.syscall(settime, this.#timer, TIMER_ABSTIME, this.#specAddress, 0);
  }

  /** Must be called when the alarm may have gone off: the next `arm` is then not left out. */
  wentOff(): void {
    this.#armed = Infinity as Instant;
  }

  [Symbol.dispose](): void {
    this.#libc.libc.syscall(this.#libc.architecture.syscall.timer_delete, this.#timer, 0, 0, 0);
  }
}
