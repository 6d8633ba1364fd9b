/**
 * How much room a file system has. One that hangs, such as that of a server which is away, keeps a
 * thread of the runtime for as long, and there are few of them: so a path is not asked about again
 * before the question before is answered.
 */
import { statfs, type StatsFs } from "node:fs";
import type { DiskSubject } from "../../track/mod.ts";

/** Asks the kernel about a path. */
export type AskKernel = (
  path: string,
  told: (error: Error | null, found: StatsFs) => void,
) => void;

/** All file systems. */
export class DiskAsker {
  readonly #askKernel: AskKernel;
  readonly #asked = new Set<string>();

  constructor(askKernel: AskKernel = statfs) {
    this.#askKernel = askKernel;
  }

  /** Asks; what is wrong is told, or nothing. */
  ask({ path, least }: DiskSubject, ended: (failure?: string) => void): void {
    if (this.#asked.has(path)) return ended("the file system does not answer");
    this.#asked.add(path);
    this.#askKernel(path, (error, found) => {
      this.#asked.delete(path);
      ended(error === null ? shortageOf(found, least) : error.message);
    });
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
