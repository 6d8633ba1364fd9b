/**
 * A program beside what is measured, in a process of its own, that ends with JSON.
 */
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";

/** One such program. */
export class Program {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  #said = "";

  /** Starts it; the file stands in this folder. `inside` are the words of a command around it. */
  constructor(inside: readonly string[], file: string, words: readonly string[]) {
    const self = [process.execPath, new URL(file, import.meta.url).pathname];
    const [command = "", ...rest] = [...inside, ...self, ...words];
    this.#child = spawn(command, rest, { stdio: ["ignore", "pipe", "inherit"] });
    this.#child.stdout?.on("data", (bytes: Uint8Array) => {
      this.#said += new TextDecoder().decode(bytes);
    });
    this.#closed = new Promise((resolve) => this.#child.on("close", resolve));
  }

  /** What it found, after its end. */
  async found(): Promise<unknown> {
    await this.#closed;
    return JSON.parse(this.#said);
  }
}
