/**
 * How fast packets arrive at a socket, and how it is read. Usually each packet wakes the daemon.
 * From some thousand a second on, the wake-ups cost more than the packets; then the socket rests,
 * and is read every few milliseconds, and so many packets at most. So a flood takes a bounded part
 * of a processor, adverts leave between two looks, and what nobody reads in time the kernel drops
 * and counts.
 */
import { after, between, type Instant, milliseconds, never } from "../../base/mod.ts";

/** The time over which packets are counted. */
const window = milliseconds(20);
/** With more than so many in a window, 10,000 a second, a socket rests; with less than half not. */
const many = 200;
/** The time between two looks at a socket that rests; its buffer holds ten times as many. */
const pause = milliseconds(4);
/** Packets of one look at most. */
export const packetsPerLook = 512;

/** The pace of one socket. */
export class Inflow {
  #since: Instant;
  #count = 0;
  /** When a socket that rests is looked at next; `never` when packets wake the daemon. */
  nextLook: Instant = never;

  constructor(now: Instant) {
    this.#since = now;
  }

  /** Whether the socket rests between two looks. */
  get rests(): boolean {
    return this.nextLook !== never;
  }

  /** Counts what was read at an instant; answers whether the socket is to be read otherwise now. */
  arrived(count: number, now: Instant): boolean {
    this.#count += count;
    const { rests } = this;
    if (rests) this.nextLook = after(now, pause);
    const elapsed = between(this.#since, now);
    if (elapsed < window) return false;
    const rate = this.#count * window / elapsed;
    this.#since = now;
    this.#count = 0;
    if (rests ? rate >= many / 2 : rate <= many) return false;
    this.nextLook = rests ? never : after(now, pause);
    return true;
  }
}
