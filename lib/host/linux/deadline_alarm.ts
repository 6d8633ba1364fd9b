/**
 * Wakes the loop for the engine's next deadline. A wake-up takes the kernel and the runtime some
 * time, so after a long sleep the alarm goes off early by that and the rest is waited for awake:
 * the packet that takes over leaves in time, at the cost of 0.4 % of a processor at most.
 */
import { Alarm, type Libc, type MonotonicClock } from "../../../ffi/mod.ts";
import {
  after,
  between,
  type Duration,
  type Instant,
  microseconds,
  milliseconds,
  never,
} from "../../base/mod.ts";

/** How long a wake-up takes, about. */
const wakeUp = microseconds(400);
const longSleep = milliseconds(100);

/** The alarm of one host. */
export class DeadlineAlarm {
  readonly #clock: MonotonicClock;
  readonly #alarm: Alarm;
  /** The deadline that the alarm goes off early for; `never` when it does not. */
  #awaited: Instant = never;

  constructor(libc: Libc, clock: MonotonicClock) {
    this.#clock = clock;
    this.#alarm = new Alarm(libc);
  }

  /** Has the loop woken for this deadline, in place of the one before; `never` changes nothing. */
  arm(deadline: Instant): void {
    if (deadline === never) return;
    const sleepsLong = between(this.#clock.now(), deadline) >= longSleep;
    this.#awaited = sleepsLong ? deadline : never;
    this.#alarm.arm(sleepsLong ? earlierBy(deadline, wakeUp) : deadline);
  }

  /** The loop is awake, by whatever: waits for a deadline that is about to come. */
  awake(): void {
    this.#alarm.wentOff();
    const deadline = this.#awaited;
    if (this.#clock.now() < earlierBy(deadline, wakeUp)) return;
    while (this.#clock.now() < deadline);
  }

  [Symbol.dispose](): void {
    this.#alarm[Symbol.dispose]();
  }
}

function earlierBy(end: Instant, lead: Duration): Instant {
  return after(end, microseconds(-lead));
}
