/**
 * Small files of the run directory that are for those who clean up after a crash, and for the next
 * start. The file system may be full, or be taken away: then this daemon goes on without them, and
 * it is told once for each file until it can be written again.
 */
import { rmSync } from "node:fs";
import { writeWhole } from "./whole_file.ts";

/** Writes and removes such files; never throws. */
export class RunFiles {
  readonly #complain: (sentence: string) => void;
  readonly #refused = new Set<string>();

  constructor(complain: (sentence: string) => void) {
    this.#complain = complain;
  }

  /** Replaces a file as a whole. */
  write(path: string, text: string): void {
    this.#try(path, () => writeWhole(path, text));
  }

  /** Removes a file that may be there. */
  remove(path: string): void {
    this.#try(path, () => rmSync(path, { force: true }));
  }

  /** A file could not be written, in the words of the system. */
  refused(path: string, why: string): void {
    if (this.#refused.has(path)) return;
    this.#refused.add(path);
    this.#complain(`Cannot write ${path}: ${why}; after a crash it will be missing or out of date`);
  }

  /** It could. */
  written(path: string): void {
    this.#refused.delete(path);
  }

  #try(path: string, act: () => void): void {
    try {
      act();
      this.written(path);
    } catch (error) {
      this.refused(path, error instanceof Error ? error.message : String(error));
    }
  }
}
