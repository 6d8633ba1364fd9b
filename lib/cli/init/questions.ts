/**
 * Asking for an answer until it is one: on a terminal with what would be taken if nothing is said,
 * from a pipe line by line. Whoever ends the input ends the questions.
 */
import { createInterface, type Interface } from "node:readline";
import process from "node:process";
import { complain } from "../output.ts";

/** A question, and how its answer is read: a value, or a sentence about what is wrong. */
export interface Question<T> {
  readonly text: string;
  /** Taken when nothing is said. */
  readonly usual?: string;
  readonly read: (answer: string) => { readonly value: T } | { readonly problem: string };
}

/** The end of the input came before the answer. */
export class InputEnded extends Error {}

/** Asks on standard error, so that standard output is left to results. */
export class Questions {
  readonly #lines: Interface = createInterface({ input: process.stdin, terminal: false });
  readonly #answers: AsyncIterator<string> = this.#lines[Symbol.asyncIterator]();

  /** Asks until the answer can be used; throws `InputEnded`. */
  async ask<T>({ text, usual, read }: Question<T>): Promise<T> {
    for (;;) {
      process.stderr.write(`${text}${usual === undefined ? "" : ` [${usual}]`}: `);
      const answer = await this.#answers.next();
      if (answer.done === true) throw new InputEnded();
      const said = answer.value.trim();
      const result = read(said === "" ? usual ?? "" : said);
      if ("value" in result) return result.value;
      complain(`  ${result.problem}`);
    }
  }

  /** Nothing more is asked. */
  close(): void {
    this.#lines.close();
  }
}
