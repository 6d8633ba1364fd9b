/**
 * The engine's one clock: a binary heap of deadlines in which an item stands at most once and can
 * be moved. The host arms a single timer for the earliest. Of equal deadlines the one that was set
 * first comes first: routers that share a beat keep their places in it, and none of them is late
 * because it was early the last time.
 */
import { type Instant, instant, never } from "../base/mod.ts";

interface Entry<T> {
  readonly item: T;
  at: Instant;
  /** Counts up with each deadline that is set. */
  turn: number;
}

/** A priority queue of items by the instant at which they want to be looked at. */
export class Deadlines<T> {
  readonly #heap: Entry<T>[] = [];
  readonly #places = new Map<T, number>();
  readonly #grid: number;
  #turns = 0;

  /** With a `grid` in microseconds items may be that much late, so that many share a turn. */
  constructor(grid = 1) {
    this.#grid = grid;
  }

  /** The earliest deadline; `never` when there is none. */
  next(): Instant {
    const at = this.#heap[0]?.at ?? never;
    return at === never ? never : instant(Math.ceil(at / this.#grid) * this.#grid);
  }

  /** Sets or moves the deadline of an item; `never` takes it out. */
  set(item: T, at: Instant): void {
    const place = this.#places.get(item);
    if (at === never) {
      if (place !== undefined) this.#removeAt(place);
      return;
    }
    if (place === undefined) {
      this.#heap.push({ item, at, turn: this.#turns++ });
      this.#places.set(item, this.#heap.length - 1);
      this.#rise(this.#heap.length - 1);
      return;
    }
    const entry = this.#heap[place];
    if (entry === undefined || entry.at === at) return;
    entry.at = at;
    entry.turn = this.#turns++;
    this.#rise(place);
    this.#sink(this.#places.get(item) ?? place);
  }

  /** Takes the earliest item out when its deadline is not after `now`. */
  takeDue(now: Instant): T | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.at > now) return undefined;
    this.#removeAt(0);
    return first.item;
  }

  #removeAt(place: number): void {
    const removed = this.#heap[place];
    const last = this.#heap.pop();
    if (removed === undefined || last === undefined) return;
    this.#places.delete(removed.item);
    if (removed === last) return;
    this.#put(last, place);
    this.#rise(place);
    this.#sink(this.#places.get(last.item) ?? place);
  }

  #rise(start: number): void {
    const entry = this.#heap[start];
    let place = start;
    while (entry !== undefined && place > 0) {
      const up = (place - 1) >> 1;
      const parent = this.#heap[up];
      if (parent === undefined || precedes(parent, entry)) break;
      this.#put(parent, place);
      place = up;
    }
    if (entry !== undefined) this.#put(entry, place);
  }

  #sink(start: number): void {
    const entry = this.#heap[start];
    if (entry === undefined) return;
    let place = start;
    for (;;) {
      const left = this.#heap[2 * place + 1];
      const right = this.#heap[2 * place + 2];
      const isRight = right !== undefined && left !== undefined && precedes(right, left);
      const child = isRight ? right : left;
      if (child === undefined || precedes(entry, child)) break;
      const down = isRight ? 2 * place + 2 : 2 * place + 1;
      this.#put(child, place);
      place = down;
    }
    this.#put(entry, place);
  }

  #put(entry: Entry<T>, place: number): void {
    this.#heap[place] = entry;
    this.#places.set(entry.item, place);
  }
}

function precedes<T>(one: Entry<T>, other: Entry<T>): boolean {
  return one.at < other.at || (one.at === other.at && one.turn < other.turn);
}
