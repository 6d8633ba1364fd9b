/**
 * The threads of Bun that compile go behind the one that decides. When questions begin to come in
 * numbers, the code that answers them is compiled for seconds; by threads as urgent as the one that
 * sends adverts, with which they would take turns of some milliseconds where both have the same
 * processor. They need little, and get it while that one sleeps. They may not starve on a busy
 * machine, because it waits for them now and then: so they are less urgent by a bit, not idle.
 */
import { readdirSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { type Libc, setNice } from "../../../ffi/mod.ts";

/** What Bun calls them. */
const nameOfAll = "JITWorker";
/** Less urgent by so much: a tenth of the weight (sched(7), nice values). */
const stepsBack = 10;
const niceMax = 19;
/** They come and go: the runtime ends those that had nothing to do for ten seconds. */
const periodMs = 1000;

const threads = "/proc/self/task";

/** Those of this process. */
export class CompilerThreads {
  readonly #libc: Libc;
  #next = 0;

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  /** Has them go behind, once a second at most; for when there is work that makes them work. */
  stepBack(): void {
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + periodMs;
    const nice = Math.min(getPriority() + stepsBack, niceMax);
    for (const thread of readdirSync(threads)) {
      // A thread that has just ended has no name, and one that refuses stays as it is.
      if (nameOf(thread) === nameOfAll) setNice(this.#libc, Number(thread), nice);
    }
  }
}

function nameOf(thread: string): string {
  try {
    return readFileSync(`${threads}/${thread}/comm`, "latin1").trim();
  } catch {
    return "";
  }
}
