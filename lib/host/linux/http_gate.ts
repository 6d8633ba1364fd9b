/**
 * The share of the loop that answers on the status endpoint may take: so many begin, then the rest
 * of the daemon goes on, and so on. Who asks faster than that waits, and when too many wait the
 * next are sent away. Adverts leave in time however many people ask.
 */

/** How many answers begin before the rest of the daemon goes on: a millisecond at most. */
const answersAtOnce = 4;
/** How many may wait. */
const waitingMax = 1000;

/** Lets requests in. */
export class HttpGate {
  readonly #waiting: (() => void)[] = [];
  #left = answersAtOnce;
  #pausing = false;

  /** Resolves when an answer may be made; false when there is no room to wait. */
  enter(): Promise<boolean> {
    if (this.#waiting.length === 0 && this.#left > 0) {
      this.#left--;
      this.#pause();
      return Promise.resolve(true);
    }
    if (this.#waiting.length >= waitingMax) return Promise.resolve(false);
    return new Promise((resolve) => this.#waiting.push(() => resolve(true)));
  }

  #pause(): void {
    if (this.#pausing) return;
    this.#pausing = true;
    setImmediate(() => {
      this.#pausing = false;
      this.#left = answersAtOnce;
      const next = this.#waiting.splice(0, answersAtOnce);
      this.#left -= next.length;
      if (next.length > 0) this.#pause();
      for (const go of next) go();
    });
  }
}
