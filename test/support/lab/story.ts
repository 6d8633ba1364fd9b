/**
 * Stories: tests that mostly wait, so many of one file are told at the same time, each in a lab of
 * its own. The first test that is asked for starts them all, a few at a time; every test then
 * waits for its own story. LAB_STORY="part of a name" tells only those stories, for whoever works
 * on one.
 */
import process from "node:process";
import { test } from "../test.ts";
import { Lab } from "./lab.ts";

type Result = { readonly error?: unknown };

/** Longer than a lab takes at most, its end included. */
const testLimitMs = 360_000;
const wanted = process.env["LAB_STORY"];

/** Why a story is not told when only some are wanted. */
export function whyNotWanted(name: string): string | undefined {
  const other = wanted !== undefined && wanted !== "" && !name.includes(wanted);
  return other ? `LAB_STORY is "${wanted}"` : undefined;
}

/** The stories of one file. */
export class Stories {
  readonly #atOnce: number;
  readonly #waiting: (() => Promise<void>)[] = [];
  #started = false;

  /** So many are told at the same time. */
  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** Adds a story and the test that waits for it. */
  tell(name: string, body: (lab: Lab) => Promise<void>, options: { skip?: string } = {}): void {
    this.#add(name, () => Lab.run(body), options);
  }

  /** The same with a story that opens its labs by itself. */
  tellInLabs(name: string, body: () => Promise<void>, options: { skip?: string } = {}): void {
    this.#add(name, () => body().then(() => ({ judged: Promise.resolve() })), options);
  }

  /** The next story begins before the wire of this one is judged. */
  #add(
    name: string,
    body: () => Promise<{ readonly judged: Promise<void> }>,
    options: { skip?: string },
  ): void {
    const skip = options.skip ?? whyNotWanted(name);
    const { promise, resolve } = Promise.withResolvers<Result>();
    if (skip === undefined) {
      this.#waiting.push(async () => {
        try {
          const { judged } = await body();
          judged.then(() => resolve({}), (error: unknown) => resolve({ error }));
        } catch (error) {
          resolve({ error });
        }
      });
    }
    test(name, async () => {
      this.#start();
      const result = await promise;
      if ("error" in result) throw result.error;
    }, { timeoutMs: testLimitMs, ...(skip === undefined ? {} : { skip }) });
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    for (let teller = 0; teller < this.#atOnce; teller++) void this.#tellAll();
  }

  async #tellAll(): Promise<void> {
    for (;;) {
      const story = this.#waiting.shift();
      if (story === undefined) return;
      await story();
    }
  }
}
