/**
 * Those who follow the events of one daemon. What is told is written to a few of them in a round of
 * the loop, so that no advert waits until hundreds have got it; what was told since the last time
 * goes to a reader in one piece, so a failover of many routers is a few packets to each.
 */
import { type EventRecord, isAbout } from "../engine/mod.ts";
import type { EventSource } from "./source.ts";

/** How many are written to in one round; each takes some system calls. */
const readersPerRound = 8;
/** Both runtimes close connections on which nothing happens for ten seconds. */
const heartbeatMs = 5000;

/** Somebody who hears what is told from the moment in which he joined. */
export interface Reader {
  /** The name whose events he wants; all of them when absent. */
  readonly about: string | undefined;
  /** Others may get the same octets. */
  write(bytes: Uint8Array): void;
}

/** The readers of one source of events. */
export class Audience {
  readonly events: EventSource;
  /** Each with how much had been told when he joined. */
  readonly #readers = new Map<Reader, number>();
  /** What was told and is not written yet. */
  #waiting: EventRecord[] = [];
  #toldBefore = 0;
  #heartbeatIsDue = false;
  #writing = false;
  #leave = nothing;

  constructor(events: EventSource) {
    this.events = events;
  }

  /** Writes to the reader until the answer is called. */
  join(reader: Reader): () => void {
    if (this.#readers.size === 0) this.#listen();
    this.#readers.set(reader, this.#toldBefore + this.#waiting.length);
    return () => {
      if (this.#readers.delete(reader) && this.#readers.size === 0) this.#leave();
    };
  }

  #listen(): void {
    const unfollow = this.events.follow((record) => {
      this.#waiting.push(record);
      this.#begin();
    });
    const heartbeat = setInterval(() => {
      this.#heartbeatIsDue = true;
      this.#begin();
    }, heartbeatMs);
    this.#leave = (): void => {
      unfollow();
      clearInterval(heartbeat);
    };
  }

  #begin(): void {
    if (this.#writing) return;
    this.#writing = true;
    void this.#write().finally(() => this.#writing = false);
  }

  async #write(): Promise<void> {
    do {
      await nextRound();
      const [told, before] = [this.#waiting, this.#toldBefore];
      const silence = this.#heartbeatIsDue ? ": still here\n\n" : "";
      [this.#waiting, this.#toldBefore] = [[], before + told.length];
      this.#heartbeatIsDue = false;
      let written = 0;
      for (const [reader, joinedAt] of [...this.#readers]) {
        // He may have left while others were written to.
        if (!this.#readers.has(reader)) continue;
        const news = told.slice(Math.max(0, joinedAt - before));
        const text = textOf(news.filter((record) => isAbout(record, reader.about))) || silence;
        if (text === "") continue;
        reader.write(bytesOf(text));
        if (++written % readersPerRound === 0) await nextRound();
      }
    } while (this.#waiting.length > 0 || this.#heartbeatIsDue);
  }
}

/** Events as server-sent ones. */
export function textOf(records: readonly EventRecord[]): string {
  return records.map(render).join("");
}

/** The latest text in octets: each reader gets the same one after another. */
let latest = { text: "", bytes: new Uint8Array() };

/** A text in octets. */
export function bytesOf(text: string): Uint8Array {
  if (text !== latest.text) latest = { text, bytes: new TextEncoder().encode(text) };
  return latest.bytes;
}

const texts = new WeakMap<EventRecord, string>();

/** What is told to many is written once. */
function render(record: EventRecord): string {
  const known = texts.get(record);
  if (known !== undefined) return known;
  const text = `id: ${record.id}\nevent: ${record.event}\ndata: ${JSON.stringify(record)}\n\n`;
  texts.set(record, text);
  return text;
}

function nextRound(): Promise<unknown> {
  return new Promise((resolve) => setImmediate(resolve));
}

function nothing(): void {}
