/**
 * What is going to happen on the virtual network, in the order of its time; what happens at the
 * same time happens in the order in which it was planned. A binary heap of actions.
 */
import { type Instant, never } from "../../base/mod.ts";

interface Entry {
  readonly at: Instant;
  readonly order: number;
  readonly act: () => void;
}

/** Actions by the time at which they happen. */
export class Timeline {
  readonly #heap: Entry[] = [];
  #planned = 0;

  /** When the next action happens; `never` when nothing is planned. */
  next(): Instant {
    return this.#heap[0]?.at ?? never;
  }

  /** Plans an action. */
  add(at: Instant, act: () => void): void {
    const entry = { at, order: this.#planned++, act };
    let place = this.#heap.length;
    this.#heap.push(entry);
    while (place > 0) {
      const up = (place - 1) >> 1;
      const parent = this.#heap[up];
      if (parent === undefined || isBefore(parent, entry)) break;
      this.#heap[place] = parent;
      place = up;
    }
    this.#heap[place] = entry;
  }

  /** Takes the next action out. */
  take(): (() => void) | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (this.#heap.length > 0) this.#sink(last);
    return first.act;
  }

  #sink(entry: Entry): void {
    let place = 0;
    for (;;) {
      const left = this.#heap[2 * place + 1];
      const right = this.#heap[2 * place + 2];
      const useRight = left !== undefined && right !== undefined && isBefore(right, left);
      const child = useRight ? right : left;
      if (child === undefined || isBefore(entry, child)) break;
      this.#heap[place] = child;
      place = 2 * place + (useRight ? 2 : 1);
    }
    this.#heap[place] = entry;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
