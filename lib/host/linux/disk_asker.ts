/**
 * How much room a file system has. One that hangs, such as that of a server which is away, keeps a
 * thread of the runtime for as long, and there are few of them: so a path is not asked about again
 * before the question before is answered. Who asks meanwhile gets the same answer; when everybody
 * has given up waiting for it, the file system is known to hang.
 */
import { statfs, type StatsFs } from "node:fs";
import type { DiskSubject } from "../../track/mod.ts";

/** Asks the kernel about a path. */
export type AskKernel = (
  path: string,
  told: (error: Error | null, found: StatsFs) => void,
) => void;

/** Somebody who waits for an answer about a path. */
interface Waiter {
  readonly least: DiskSubject["least"];
  readonly ended: (failure?: string) => void;
}

/** All file systems. */
export class DiskAsker {
  readonly #askKernel: AskKernel;
  /** Who waits, by path and run. */
  readonly #waiting = new Map<string, Map<number, Waiter>>();

  constructor(askKernel: AskKernel = statfs) {
    this.#askKernel = askKernel;
  }

  /** Asks; what is wrong is told, or nothing. */
  ask(run: number, { path, least }: DiskSubject, ended: Waiter["ended"]): void {
    const waiting = this.#waiting.get(path);
    if (waiting?.size === 0) return ended("the file system does not answer");
    if (waiting !== undefined) return void waiting.set(run, { least, ended });
    const waiters = new Map([[run, { least, ended }]]);
    this.#waiting.set(path, waiters);
    this.#askKernel(path, (error, found) => {
      this.#waiting.delete(path);
      for (const { least, ended } of waiters.values()) {
        ended(error === null ? shortageOf(found, least) : error.message);
      }
    });
  }

  /** A run waits no longer. */
  close(run: number): void {
    for (const waiters of this.#waiting.values()) waiters.delete(run);
  }
}

function shortageOf(
  { bavail, bfree, blocks, bsize }: StatsFs,
  least: DiskSubject["least"],
): string | undefined {
  const percent = 100 * bavail / Math.max(1, blocks - bfree + bavail);
  const free = least.kind === "percent" ? percent : bavail * bsize;
  if (free >= least.value) return undefined;
  const shown = least.kind === "percent"
    ? `${percent.toFixed(1)} %`
    : `${Math.floor(bavail * bsize / 2 ** 20)} MiB`;
  return `${shown} are free`;
}
