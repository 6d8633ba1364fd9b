/**
 * What is being done while nothing else can be said: a line on the terminal that is gone when the
 * answer is there. What is done in a moment is not worth one, and where standard error is no
 * terminal there is none.
 */
import { clearTransient, showTransient } from "./output.ts";

const momentMs = 700;
const paceMs = 200;

/** The progress of one piece of work. */
export class Progress {
  readonly #begun: number = Date.now();
  #saidAt = 0;

  /** Says how far it is; how often this is called does not matter. */
  say(text: string): void {
    const now = Date.now();
    if (now - this.#begun < momentMs || now - this.#saidAt < paceMs) return;
    this.#saidAt = now;
    showTransient(text);
  }

  /** How long it has been going on, in whole seconds. */
  get seconds(): number {
    return Math.floor((Date.now() - this.#begun) / 1000);
  }

  /** It is done. */
  end(): void {
    if (this.#saidAt > 0) clearTransient();
  }
}

/** Says what is waited for until it is there. */
export async function waitingFor<T>(what: string, coming: Promise<T>): Promise<T> {
  const progress = new Progress();
  const timer = setInterval(() => progress.say(`${what} … ${progress.seconds} s`), paceMs);
  try {
    return await coming;
  } finally {
    clearInterval(timer);
    progress.end();
  }
}
