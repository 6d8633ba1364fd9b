/**
 * What answers on the status endpoint may take of the loop. Before each of them the rest of the
 * daemon gets its turn, so an advert is never later than the one answer that is being made. When
 * answers have taken their share of a round of the loop, those who ask then wait, and when too
 * many wait the next are sent away.
 *
 * Who does not have to wait is answered before anybody else is heard, and that matters: a head and
 * a body that are sent in the event of their request are one packet, later they are dozens.
 */

/** How long answers may go on in one round of the loop. */
const roundMs = 8;
/** How many of those who wait are answered in one round, beside. */
const releasedAtOnce = 2;
/** How many may wait. */
const waitingMax = 1000;

/** Lets requests in. */
export class HttpGate {
  readonly #turn: () => void;
  readonly #now: () => number;
  readonly #waiting: ((entered: true) => void)[] = [];
  /** When this round ends; none is under way without a number. */
  #until: number | undefined;

  /** `turn` does what else there is to do. */
  constructor(turn: () => void, now: () => number = () => performance.now()) {
    this.#turn = turn;
    this.#now = now;
  }

  /** Whether an answer may be made, as soon as that is known; false when there is no room. */
  enter(): true | Promise<boolean> {
    this.#turn();
    const now = this.#now();
    this.#until ??= this.#begin(now);
    if (now < this.#until) return true;
    if (this.#waiting.length >= waitingMax) return Promise.resolve(false);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #begin(now: number): number {
    setImmediate(() => {
      const released = this.#waiting.splice(0, releasedAtOnce);
      this.#until = released.length > 0 ? this.#begin(this.#now()) : undefined;
      for (const go of released) go(true);
    });
    return now + roundMs;
  }
}
