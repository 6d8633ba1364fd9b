/**
 * The file of the event log: JSON lines, of which one older part is kept. Writing happens beside
 * the loop and in batches. A disk that is full or gone costs events on disk and one line in the
 * log, never an advert. What nobody can see in the events themselves is said by records that only
 * the file has: since when no daemon ran before this one, and that events are missing.
 */
import type { FileHandle } from "node:fs/promises";
import { formatDuration, milliseconds } from "../../base/mod.ts";
import type { EventRecord, Level } from "../../engine/mod.ts";
import { withPatience } from "./patience.ts";

/** Records that wait for a disk that does not take them. */
const waitingMax = 1000;
/** Octets of one part of the file; there are two. */
const partSize = 1_048_576;
/** Events of one step, and of a burst, are written together. */
const gatherMs = 50;
const retryMs = 5000;
/** What a disk has for the last events of a daemon that ends. */
const closeLimitMs = 2000;
/** How often the file is marked, so that a daemon that was killed is known to have lived. */
const signMs = 60_000;

/** Where the log is, and who hears that it can not be written. */
export interface EventLogPlace {
  readonly path: string;
  /** What the crash guard writes when a daemon ends without a word. */
  readonly deathNote?: string;
  complain(level: Level, sentence: string): void;
}

/** Writes the events of one daemon. */
export class EventWriter {
  readonly #path: string;
  readonly #deathNote: string | undefined;
  readonly #complain: EventLogPlace["complain"];
  readonly #waiting: EventRecord[] = [];
  #first: EventRecord | undefined;
  #resumed: Promise<EventRecord | undefined> | undefined;
  #resumedWritten = false;
  #lost = 0;
  #file: FileHandle | undefined;
  #size = 0;
  /** Whether the file may end in a part of a record. */
  #torn = true;
  #refused = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #signs: ReturnType<typeof setInterval> | undefined;
  #writing: Promise<void> | undefined;
  #readers = 0;
  /** How often a part became the older one. */
  turns = 0;

  constructor({ path, deathNote, complain }: EventLogPlace) {
    this.#path = path;
    this.#deathNote = deathNote;
    this.#complain = complain;
  }

  /** Writes a record, soon. */
  add(record: EventRecord): void {
    this.#first ??= record;
    this.#waiting.push(record);
    this.#limitWaiting();
    this.#writeLater(this.#refused ? retryMs : gatherMs);
  }

  /** Writes what waits; a disk that hangs does not keep the daemon from ending. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await withPatience(this.#writeAll(), closeLimitMs);
    clearInterval(this.#signs);
    this.#signs = undefined;
  }

  /** Lets somebody read both parts; while he does they stay where they are. */
  async read(body: () => Promise<void>): Promise<void> {
    this.#readers++;
    try {
      await this.#writing;
      await body();
    } finally {
      this.#readers--;
    }
  }

  /** When there was a daemon before this one; nothing where there never was. */
  resumed(): Promise<EventRecord | undefined> {
    this.#resumed ??= this.#lookBack();
    return this.#resumed;
  }

  /** What is missing between the file and the records that wait for it. */
  hole(): EventRecord | undefined {
    const [next] = this.#waiting;
    if (this.#lost === 0 || next === undefined) return undefined;
    return recordBefore(next, {
      level: "warning",
      event: "events-lost",
      message: `${counted(this.#lost)} lost here: the disk did not take them`,
      lost: this.#lost,
    });
  }

  async #lookBack(): Promise<EventRecord | undefined> {
    const { daemonBefore } = await import("./daemon_before.ts");
    const before = await daemonBefore([olderPart(this.#path), this.#path], this.#deathNote);
    const first = this.#first;
    if (first === undefined || before === undefined) return undefined;
    const { lastSign, inOrder, pid } = before;
    const which = pid === undefined ? "" : ` (pid ${pid})`;
    const sinceMs = Math.max(0, Math.round(Date.parse(first.time) - lastSign));
    const since = formatDuration(milliseconds(sinceMs));
    const how = pid === undefined ? `its last sign of life is from ${since}` : `it ended ${since}`;
    const end = `The daemon before this one${which} crashed or was killed`;
    return recordBefore(first, {
      level: inOrder ? "info" : "warning",
      event: "log-resumed",
      message: inOrder
        ? `A daemon starts, ${since} after the one before stopped`
        : `${end}: ${how} ago`,
      lastSignAt: new Date(lastSign).toISOString(),
      inOrder,
    });
  }

  async #writeAll(): Promise<void> {
    await this.#writing;
    await this.#write();
    await this.#file?.close();
    this.#file = undefined;
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
    if (this.#waiting.length === 0) return;
    let records: EventRecord[] = [];
    try {
      const resumed = this.#resumedWritten ? undefined : await this.resumed();
      const file = await this.#open();
      const about = [resumed, this.hole()].filter((one) => one !== undefined);
      const lost = this.#lost;
      records = this.#waiting.splice(0);
      const text = [...about, ...records].map((one) => `${JSON.stringify(one)}\n`).join("");
      await file.appendFile(this.#torn ? `\n${text}` : text);
      this.#torn = false;
      this.#resumedWritten = true;
      await file.datasync();
      this.#size += text.length;
      await this.#turnOver(file);
      this.#wentWell(lost);
    } catch (error) {
      this.#waiting.unshift(...records);
      this.#limitWaiting();
      this.#wentWrong(error);
    }
  }

  async #open(): Promise<FileHandle> {
    if (this.#file !== undefined) return this.#file;
    const { chmod, mkdir, open } = await import("node:fs/promises");
    const directory = this.#path.replace(/\/[^/]*$/, "");
    const made = await mkdir(directory, { recursive: true, mode: 0o755 });
    // Whatever the mask of the daemon is: it is for its scripts. Where root has to obey modes, as
    // in a container without CAP_DAC_OVERRIDE, the file can be opened only now.
    if (made !== undefined) await chmod(directory, 0o755);
    this.#file = await open(this.#path, "a", 0o640);
    this.#size = (await this.#file.stat()).size;
    if (this.#size === 0) await this.#file.chmod(0o640);
    this.#torn = this.#size > 0;
    this.#signs ??= setInterval(() => void this.#giveSign(), signMs).unref();
    return this.#file;
  }

  /** A part that is full becomes the older one, unless somebody reads. */
  async #turnOver(file: FileHandle): Promise<void> {
    if (this.#size < partSize || this.#readers > 0) return;
    const { rename } = await import("node:fs/promises");
    this.#file = undefined;
    await file.close();
    await rename(this.#path, olderPart(this.#path));
    this.turns++;
  }

  async #giveSign(): Promise<void> {
    const { utimes } = await import("node:fs/promises");
    const now = new Date();
    const part = this.#file === undefined ? olderPart(this.#path) : this.#path;
    // A disk that refuses this refuses records, too, and is complained about then.
    await utimes(part, now, now).catch(() => {});
  }

  #wentWell(lost: number): void {
    this.#lost -= lost;
    if (!this.#refused) return;
    this.#refused = false;
    const loss = lost === 0 ? "none was lost" : `${counted(lost)} lost`;
    this.#complain("notice", `The event log ${this.#path} can be written again; ${loss}`);
  }

  #wentWrong(error: unknown): void {
    void this.#file?.close().catch(() => {});
    this.#file = undefined;
    if (this.#refused) return;
    this.#refused = true;
    const why = error instanceof Error ? error.message : String(error);
    const rest = `the latest ${waitingMax} events stay in memory`;
    this.#complain("warning", `Cannot write the event log ${this.#path}: ${why}; ${rest}`);
  }
}

/** Where the older part of an event log is. */
export function olderPart(path: string): string {
  return `${path}.1`;
}

function counted(count: number): string {
  return count === 1 ? "1 event was" : `${count} events were`;
}

/** A record right before another one; ids have a microsecond of room at least. */
export function recordBefore(
  { id, time }: EventRecord,
  data: Omit<EventRecord, "id" | "time">,
): EventRecord {
  return { id: id - 1, time, level: "info", event: "", message: "", ...data };
}
