/**
 * Waiting in the story: for time to pass, or for something to become true. Both end at once when
 * the demo is interrupted.
 */

/** What an interrupted demo ends with: 128 and the number of SIGINT, as shells have it. */
export const interruptedCode = 130;

/** The demo was ended from outside. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** What is waited for. */
export interface Expectation {
  /** Completes the sentence "Waited 10 s for …". */
  readonly what: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const lookEveryMs = 10;

/** Lets time pass. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Interrupted());
    function wake(): void {
      signal.removeEventListener("abort", interrupt);
      resolve();
    }
    function interrupt(): void {
      clearTimeout(timer);
      reject(new Interrupted());
    }
    const timer = setTimeout(wake, ms);
    signal.addEventListener("abort", interrupt, { once: true });
  });
}

/** Waits until the condition holds; throws when that takes too long. */
export async function until(condition: () => boolean, expectation: Expectation): Promise<void> {
  const { what, timeoutMs, signal } = expectation;
  const giveUpAt = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error(`Waited ${timeoutMs / 1000} s for ${what}`);
    await pause(lookEveryMs, signal);
  }
}
