/**
 * The event log: what was told, kept for questions such as "why did it move last night". The latest
 * events stay in memory; all go to a file of JSON lines, of which one older part is kept. Writing
 * happens beside the loop and in batches. A disk that is full or gone costs events on disk and one
 * line in the log, never an advert; a record that a crash tore is passed over by readers.
 */
import type { FileHandle } from "node:fs/promises";
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
import { withPatience } from "./patience.ts";
import { plainTell } from "./plain_tell.ts";

/** Events that are kept in memory. */
const keptMax = 1000;
/** Records that wait for a disk that does not take them. */
const waitingMax = 1000;
/** Octets of one part of the file; there are two. */
const partSize = 1_048_576;
/** Events of one step, and of a burst, are written together. */
const gatherMs = 50;
const retryMs = 5000;
/** What a disk has for the last events of a daemon that ends. */
const closeLimitMs = 2000;

/** Where the log is, and who hears that it can not be written. */
export interface EventLogPlace {
  readonly path: string;
  complain(level: Level, sentence: string): void;
}

/** The event log of one daemon. */
export class EventLog implements Events {
  readonly path: string;
  readonly #complain: EventLogPlace["complain"];
  readonly #causes = new Causes();
  readonly #kept: EventRecord[] = [];
  readonly #listeners = new Set<(record: EventRecord) => void>();
  readonly #waiting: string[] = [];
  #id = 0;
  #lost = 0;
  #file: FileHandle | undefined;
  #size = 0;
  /** Whether the file may end in a part of a record. */
  #torn = true;
  #refused = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | undefined;

  constructor({ path, complain }: EventLogPlace) {
    this.path = path;
    this.#complain = complain;
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

  since({ after, about }: EventQuestion): readonly EventRecord[] {
    return this.#kept.filter((record) => record.id > after && isAbout(record, about));
  }

  follow(listener: (record: EventRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Writes what waits; a disk that hangs does not keep the daemon from ending. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await withPatience(this.#writeAll(), closeLimitMs);
  }

  async #writeAll(): Promise<void> {
    await this.#writing;
    await this.#write();
    await this.#file?.close();
    this.#file = undefined;
  }

  #nextId(): number {
    this.#id = Math.max(this.#id + 1, Date.now() * 1000);
    return this.#id;
  }

  #keep(id: number, level: Level, message: string, data: Readonly<Record<string, unknown>>): void {
    const time = new Date().toISOString();
    const record = { id, time, level, event: "", message, ...data };
    this.#kept.push(record);
    if (this.#kept.length > keptMax) this.#kept.shift();
    for (const listener of this.#listeners) listener(record);
    this.#waiting.push(`${JSON.stringify(record)}\n`);
    this.#limitWaiting();
    this.#writeLater(this.#refused ? retryMs : gatherMs);
  }

  #limitWaiting(): void {
    const lost = Math.max(0, this.#waiting.length - waitingMax);
    this.#waiting.splice(0, lost);
    this.#lost += lost;
  }

  #writeLater(delayMs: number): void {
    if (this.#timer !== undefined || this.#writing !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
        if (this.#waiting.length > 0) this.#writeLater(this.#refused ? retryMs : gatherMs);
      });
    }, delayMs);
    this.#timer.unref();
  }

  async #write(): Promise<void> {
    const records = this.#waiting.splice(0);
    if (records.length === 0) return;
    const text = records.join("");
    try {
      const file = await this.#open();
      await file.appendFile(this.#torn ? `\n${text}` : text);
      this.#torn = false;
      await file.datasync();
      this.#size += text.length;
      await this.#turnOver(file);
      this.#wentWell();
    } catch (error) {
      this.#waiting.unshift(...records);
      this.#limitWaiting();
      this.#wentWrong(error);
    }
  }

  async #open(): Promise<FileHandle> {
    if (this.#file !== undefined) return this.#file;
    const { chmod, mkdir, open } = await import("node:fs/promises");
    const directory = this.path.replace(/\/[^/]*$/, "");
    const made = await mkdir(directory, { recursive: true, mode: 0o755 });
    this.#file = await open(this.path, "a", 0o640);
    this.#size = (await this.#file.stat()).size;
    // Whatever the mask of the daemon is: it is for its scripts.
    if (made !== undefined) await chmod(directory, 0o755);
    if (this.#size === 0) await this.#file.chmod(0o640);
    this.#torn = this.#size > 0;
    return this.#file;
  }

  /** A part that is full becomes the older one. */
  async #turnOver(file: FileHandle): Promise<void> {
    if (this.#size < partSize) return;
    const { rename } = await import("node:fs/promises");
    this.#file = undefined;
    await file.close();
    await rename(this.path, olderPart(this.path));
  }

  #wentWell(): void {
    const lost = this.#lost;
    this.#lost = 0;
    if (!this.#refused) return;
    this.#refused = false;
    const loss = lost === 0 ? "none was lost" : `${lost} events were lost`;
    this.#complain("notice", `The event log ${this.path} can be written again; ${loss}`);
  }

  #wentWrong(error: unknown): void {
    void this.#file?.close().catch(() => {});
    this.#file = undefined;
    if (this.#refused) return;
    this.#refused = true;
    const why = error instanceof Error ? error.message : String(error);
    const rest = `the latest ${keptMax} events stay in memory`;
    this.#complain("warning", `Cannot write the event log ${this.path}: ${why}; ${rest}`);
  }
}

/** Where the older part of an event log is. */
function olderPart(path: string): string {
  return `${path}.1`;
}
