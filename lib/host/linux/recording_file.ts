/**
 * The file of a recording. Lines are written beside the loop, a batch at a time, and never wait for
 * a disk: one that is full, or that takes too long, ends the recording and one line in the log says
 * so, while the daemon goes on. So does a size limit. Only the owner may read the file, because
 * what a daemon is given has its passwords in it.
 */
import { lstatSync, writeSync } from "node:fs";
import { type FileHandle, open, rename } from "node:fs/promises";
import type { Level } from "../../engine/mod.ts";
import { encodeLine, type EndReason, type Sink } from "../../recording/mod.ts";
import { withPatience } from "./patience.ts";

/** What happens together is written together. */
const gatherMs = 50;
/** How long lines of a configuration may be made before the loop goes on. */
const sliceMs = 1;
/** Characters of one batch. */
const batchSize = 262_144;
/** Characters that may wait for the disk. */
const waitingMax = 16_777_216;
/** What a disk has for the last lines of a daemon that ends. */
const closeLimitMs = 2000;

/** Where a recording goes, and how large it may become. */
export interface RecordingPlace {
  readonly path: string;
  readonly limitBytes: number;
  complain(level: Level, sentence: string): void;
}

/** A recording that is being written. */
export class RecordingFile implements Sink {
  open = true;
  readonly #place: RecordingPlace;
  readonly #file: FileHandle;
  readonly #encoder = new TextEncoder();
  readonly #waiting: (string | Iterator<string>)[] = [];
  #waitingSize = 0;
  /** Where the next batch goes: positions are said, so that a batch can be written twice. */
  #size = 0;
  #batch: Uint8Array | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | undefined;

  private constructor(file: FileHandle, place: RecordingPlace) {
    this.#file = file;
    this.#place = place;
  }

  /** Begins a file; one that is there already is kept beside it. Throws what the system says. */
  static async begin(place: RecordingPlace): Promise<RecordingFile> {
    const { path } = place;
    const before = lstatSync(path, { throwIfNoEntry: false });
    if (before?.isCharacterDevice() === true) {
      return new RecordingFile(await open(path, "w"), place);
    }
    if (before !== undefined && !before.isFile()) throw new Error("it is no regular file");
    if (before !== undefined) await rename(path, `${path}.1`);
    return new RecordingFile(await open(path, "wx", 0o600), place);
  }

  take(lines: string | Iterable<string>): void {
    if (!this.open) return;
    this.#waiting.push(typeof lines === "string" ? lines : lines[Symbol.iterator]());
    if (typeof lines === "string") this.#waitingSize += lines.length;
    if (this.#waitingSize > waitingMax) return this.#endFor("slow-disk");
    if (this.#size + this.#waitingSize > this.#place.limitBytes) return this.#endFor("limit");
    this.#writeLater();
  }

  save(): void {
    this.open = false;
    clearTimeout(this.#timer);
    try {
      // One that is on its way may never arrive.
      let batch = this.#batch ?? this.#nextBatch(Infinity);
      while (batch.length > 0) {
        writeSync(this.#file.fd, batch, 0, batch.length, this.#size);
        this.#size += batch.length;
        batch = this.#nextBatch(Infinity);
      }
    } catch {
      // The process ends anyway, and says why.
    }
  }

  /** Writes what waits; a disk that hangs does not keep the daemon from ending. */
  async close(): Promise<void> {
    if (this.open) this.#end("stopped");
    await withPatience(this.#writeAll(), closeLimitMs);
  }

  async #writeAll(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#writing;
    await this.#write();
    await this.#file.close();
  }

  #end(end: EndReason): void {
    this.open = false;
    this.#waiting.push(encodeLine({ kind: "end", end }));
    this.#writeLater();
  }

  #endFor(end: "limit" | "slow-disk"): void {
    this.#end(end);
    const why = end === "limit" ? "it has reached its size" : "the disk does not keep up";
    this.#place.complain("warning", `The recording ${this.#place.path} ends: ${why}`);
  }

  #writeLater(): void {
    if (this.#timer !== undefined || this.#writing !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
        if (this.#waiting.length > 0) this.#writeLater();
      });
    }, gatherMs);
    this.#timer.unref();
  }

  async #write(): Promise<void> {
    try {
      for (;;) {
        this.#batch = this.#nextBatch(sliceMs);
        if (this.#batch.length === 0) return;
        await this.#writeWhole(this.#batch);
        this.#size += this.#batch.length;
      }
    } catch (error) {
      this.open = false;
      this.#waiting.length = 0;
      const why = error instanceof Error ? error.message : String(error);
      const { path, complain } = this.#place;
      complain("warning", `Cannot write the recording ${path}: ${why}; it ends here`);
    } finally {
      this.#batch = undefined;
    }
  }

  async #writeWhole(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const rest = bytes.length - at;
      at += (await this.#file.write(bytes, at, rest, this.#size + at)).bytesWritten;
    }
  }

  /** Lines that wait, as many as can be made in the time; none when nothing waits. */
  #nextBatch(limitMs: number): Uint8Array {
    const until = performance.now() + limitMs;
    let text = "";
    while (text.length < batchSize) {
      const [first] = this.#waiting;
      if (first === undefined) break;
      const line = typeof first === "string" ? first : first.next().value;
      if (typeof first === "string") this.#waitingSize -= first.length;
      if (typeof first === "string" || line === undefined) this.#waiting.shift();
      if (line !== undefined) text += `${line}\n`;
      if (text !== "" && performance.now() > until) break;
    }
    return this.#encoder.encode(text);
  }
}
