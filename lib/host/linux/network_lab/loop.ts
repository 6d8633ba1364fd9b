/**
 * What arrives at the lab's sockets, and what is due: one turn for each SIGIO, as in the daemon.
 */
import { Alarm, type Libc, MonotonicClock, Poller } from "../../../../ffi/mod.ts";
import { after, type Duration, type Instant } from "../../../base/mod.ts";

/** How often one turn looks before it lets the runtime go on. */
const looksPerTurn = 16;

/** Sockets and one rhythm over one event loop. */
export class LabLoop {
  readonly #libc: Libc;
  readonly #clock: MonotonicClock;
  readonly #poller: Poller;
  readonly #rhythms = new Set<Rhythm>();

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#clock = new MonotonicClock(libc);
    this.#poller = new Poller(libc, () => this.#turn());
  }

  /** The monotonic clock. */
  now(): Instant {
    return this.#clock.now();
  }

  /** Calls the handler when something waits at a non-blocking descriptor. */
  watch(fd: number, handler: () => void): void {
    this.#poller.add(fd, handler);
  }

  /** Must be called before the descriptor is closed. */
  unwatch(fd: number): void {
    this.#poller.remove(fd);
  }

  /** Calls `beat` now and after each period, until the rhythm is disposed of. */
  every(period: Duration, beat: () => void): Disposable {
    const rhythm = new Rhythm(this.#libc, period, beat);
    this.#rhythms.add(rhythm);
    rhythm.follow(this.now());
    return {
      [Symbol.dispose]: () => {
        if (this.#rhythms.delete(rhythm)) rhythm[Symbol.dispose]();
      },
    };
  }

  [Symbol.dispose](): void {
    for (const rhythm of this.#rhythms) rhythm[Symbol.dispose]();
    this.#rhythms.clear();
    this.#poller[Symbol.dispose]();
  }

  #turn(): void {
    let more = true;
    for (let look = 0; more && look < looksPerTurn; look++) more = this.#poller.look();
    if (more) setImmediate(() => this.#turn());
    for (const rhythm of this.#rhythms) rhythm.follow(this.now());
  }
}

/** One alarm that goes off again and again; beats that came too late are left out. */
class Rhythm {
  readonly #alarm: Alarm;
  readonly #period: Duration;
  readonly #beat: () => void;
  #next: Instant | undefined;

  constructor(libc: Libc, period: Duration, beat: () => void) {
    this.#alarm = new Alarm(libc);
    this.#period = period;
    this.#beat = beat;
  }

  follow(now: Instant): void {
    const due = this.#next ?? now;
    if (due <= now) {
      this.#beat();
      this.#alarm.wentOff();
      const next = after(due, this.#period);
      this.#next = next > now ? next : after(now, this.#period);
    }
    this.#alarm.arm(this.#next ?? due);
  }

  [Symbol.dispose](): void {
    this.#alarm[Symbol.dispose]();
  }
}
