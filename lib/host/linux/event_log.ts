/**
 * The event log: what was told, kept for questions such as "why did it move last night". The latest
 * events stay in memory; all go to a file, which is read when somebody asks for what was before.
 * Whatever becomes of the disk, memory answers, and a record says that something is missing.
 */
import {
  Causes,
  type EventRecord,
  isAbout,
  type Level,
  levelOf,
  renderTell,
  type Tell,
} from "../../engine/mod.ts";
import type { EventQuestion, Events } from "../port.ts";
import { type EventLogPlace, EventWriter, recordBefore } from "./event_writer.ts";
import { withPatience } from "./patience.ts";
import { plainTell } from "./plain_tell.ts";

/** Events that are kept in memory. */
const keptMax = 1000;
/** What a disk has to say what it keeps. */
const readLimitMs = 5000;

type Visitor = (record: EventRecord) => void;

/** The event log of one daemon. */
export class EventLog implements Events {
  readonly path: string;
  readonly #writer: EventWriter;
  readonly #causes = new Causes();
  readonly #kept: EventRecord[] = [];
  readonly #listeners = new Set<Visitor>();
  #id = 0;
  /** The latest event that memory has lost; at first it is one before the first. */
  #forgotten = Infinity;
  /** Those who wait for the next passage through the file. */
  #visitors: Visitor[] = [];
  #passage: Promise<void> = Promise.resolve();

  constructor(place: EventLogPlace) {
    this.path = place.path;
    this.#writer = new EventWriter(place);
  }

  /** Keeps what the engine tells, unless only debugging wants it. */
  tell(tell: Tell): void {
    const level = levelOf(tell);
    if (level === "debug") return;
    const id = this.#nextId();
    const causes = this.#causes.of(tell, id);
    const data = plainTell(tell);
    this.#keep(id, level, renderTell(tell), causes.length === 0 ? data : { ...data, causes });
  }

  /** Keeps what the daemon itself says. */
  note(event: string, level: Level, message: string): void {
    this.#keep(this.#nextId(), level, message, { event });
  }

  get version(): string {
    return `${this.#id}.${this.#writer.turns}`;
  }

  remembers(after: number): boolean {
    return after >= this.#forgotten && after <= this.#id;
  }

  since({ after, about }: EventQuestion): readonly EventRecord[] {
    return this.#kept.filter((record) => record.id > after && isAbout(record, about));
  }

  follow(listener: Visitor): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Those who ask while somebody's passage goes on share the next one. */
  history(visit: Visitor): Promise<void> {
    this.#visitors.push(visit);
    if (this.#visitors.length === 1) {
      this.#passage = this.#passage.then(() => this.#pass(this.#visitors.splice(0)));
    }
    return this.#passage;
  }

  /** Writes what waits; a disk that hangs does not keep the daemon from ending. */
  close(): Promise<void> {
    return this.#writer.close();
  }

  /** The file first, then what is in memory now, and what comes meanwhile. */
  async #pass(visitors: readonly Visitor[]): Promise<void> {
    const visit: Visitor = (record) => visitors.forEach((each) => each(record));
    const latest = [...this.#kept];
    const inMemory = new Set(latest.map(({ id }) => id));
    const unfollow = this.follow((record) => {
      inMemory.add(record.id);
      latest.push(record);
    });
    let reading = true;
    let resumed: EventRecord | undefined;
    const read = this.#writer.read(async () => {
      resumed = await this.#writer.resumed();
      const { readEventParts } = await import("./event_reader.ts");
      await readEventParts(this.path, (record) => {
        if (!reading) return;
        if (record.id === resumed?.id) resumed = undefined;
        if (!inMemory.has(record.id)) visit(record);
      });
    });
    const hangs = await withPatience(read, readLimitMs) === "over";
    reading = false;
    unfollow();
    const hole = hangs ? unread(latest) : this.#writer.hole();
    for (const about of [resumed, hole]) if (about !== undefined) visit(about);
    latest.forEach(visit);
  }

  #nextId(): number {
    this.#id = Math.max(this.#id + 1, Date.now() * 1000);
    return this.#id;
  }

  #keep(id: number, level: Level, message: string, data: Readonly<Record<string, unknown>>): void {
    const time = new Date().toISOString();
    const record = { id, time, level, event: "", message, ...data };
    if (this.#kept.length === 0) this.#forgotten = id - 1;
    this.#kept.push(record);
    if (this.#kept.length > keptMax) this.#forgotten = this.#kept.shift()?.id ?? id;
    for (const listener of this.#listeners) listener(record);
    this.#writer.add(record);
  }
}

function unread([first]: readonly EventRecord[]): EventRecord | undefined {
  if (first === undefined) return undefined;
  const message = "Events before this are not known: the disk that has them does not answer";
  return recordBefore(first, { level: "warning", event: "events-lost", message });
}
