/**
 * Whether the machine stood still for a while, as far as a thread of its own can tell.
 */
import { Worker } from "node:worker_threads";

interface Pause {
  readonly atMs: number;
  readonly lateMs: number;
}

const pauses: Pause[] = [];
let listening: Promise<void> | undefined;

/** Begins to take the pulse of the machine; resolves when no pause is missed any more. */
export function takePulse(): Promise<void> {
  listening ??= new Promise((resolve) => {
    const worker = new Worker(new URL("./pulse_worker.ts", import.meta.url));
    worker.on("message", (pause: Pause) => {
      pauses.push(pause);
      resolve();
    });
    // Nobody waits for it at the end.
    worker.unref();
  });
  return listening;
}

/** The longest pause since a time, in milliseconds. */
export function longestPause(sinceMs: number): number {
  return Math.max(0, ...pauses.flatMap((one) => one.atMs >= sinceMs ? [one.lateMs] : []));
}
