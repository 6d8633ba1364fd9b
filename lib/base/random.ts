/**
 * Numbers that look random and are not: the same seed gives the same sequence on every machine, so
 * a run of the simulator can be told by its seed alone. Mulberry32, a counter behind a mixer, is
 * enough to decide which packets are lost.
 */

/** A source of numbers from one seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to, but not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    const first = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    const second = first ^ (first + Math.imul(first ^ (first >>> 7), first | 61));
    return ((second ^ (second >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  /** Whether something happens that has this probability; 0 and 1 use no number. */
  chance(probability: number): boolean {
    if (probability <= 0) return false;
    return probability >= 1 || this.next() < probability;
  }

  /** A whole number from 0 up to, but not including, `limit`. */
  below(limit: number): number {
    return limit <= 1 ? 0 : Math.floor(this.next() * limit);
  }
}
