/**
 * Signals that reach a daemon before it can answer them. Their default would end it, and scripts
 * start a daemon and send HUP in their next line. So they are taken before anything else is
 * loaded, and answered when there is somebody who can.
 */
import process from "node:process";
import type { AnsweredSignal, Signals } from "../host/port.ts";

const answered: readonly AnsweredSignal[] = ["SIGHUP", "SIGUSR1", "SIGUSR2"];

/** Remembers each signal until it has an answer. */
export class EarlySignals implements Signals {
  readonly #came = new Set<AnsweredSignal>();
  readonly #notes = new Map<AnsweredSignal, () => void>();

  constructor() {
    for (const signal of answered) {
      const note = (): void => void this.#came.add(signal);
      this.#notes.set(signal, note);
      process.on(signal, note);
    }
  }

  answer(signal: AnsweredSignal, handler: () => void): void {
    process.on(signal, handler);
    this.#release(signal);
    if (this.#came.delete(signal)) handler();
  }

  /** There will be no daemon: what has no answer ends the process, as ever. */
  [Symbol.dispose](): void {
    for (const signal of answered) this.#release(signal);
  }

  #release(signal: AnsweredSignal): void {
    const note = this.#notes.get(signal);
    if (note !== undefined) process.removeListener(signal, note);
    this.#notes.delete(signal);
  }
}
