/**
 * Waiting for something to happen, without a clock that guesses how long it takes: everything in a
 * lab that can change rings the lab's bell (a log line, a frame on the wire, a kernel event, the
 * end of a process), and whoever waits looks again. The limit is only there to turn a hang into a
 * failure; it is generous, and reaching it says what was waited for.
 */

/** How long a wait may take when nobody says otherwise. */
const generousLimitMs = 60_000;

/** Rung at every change; the waiting look again. */
export class Bell {
  readonly #waiting = new Set<() => void>();

  /** Something changed. */
  ring(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Waits until `look` finds what it looks for; `undefined` and `false` mean not yet. */
  until<T>(
    what: string,
    look: () => T | undefined | false,
    limitMs: number = generousLimitMs,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        this.#waiting.delete(wake);
        clearTimeout(limit);
        settle();
      };
      const wake = (): void => {
        try {
          const found = look();
          if (found !== undefined && found !== false) finish(() => resolve(found));
        } catch (error) {
          finish(() => reject(error));
        }
      };
      const limit = setTimeout(() => {
        finish(() => reject(new Error(`Waited ${limitMs} ms in vain: ${what}`)));
      }, limitMs);
      this.#waiting.add(wake);
      wake();
    });
  }
}

/** Asks again and again what tells nobody of its changes, until the answer pleases. */
export async function poll<T>(
  what: string,
  ask: () => Promise<T> | T,
  pleases: (answer: T) => boolean,
  limitMs: number = generousLimitMs,
  pauseMs = 20,
): Promise<T> {
  const giveUpAt = performance.now() + limitMs;
  while (true) {
    const answer = await ask();
    if (pleases(answer)) return answer;
    if (performance.now() > giveUpAt) {
      throw new Error(`Asked for ${limitMs} ms in vain: ${what}; it is ${JSON.stringify(answer)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
