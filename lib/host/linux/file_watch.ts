/**
 * Watches files by inotify on their directories: a file may be written, replaced, removed and made
 * again, and each is told with the beginning of what it then holds. A directory that is not there
 * is looked for once a second.
 */
import { closeSync, existsSync, openSync, readSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { cString, INOTIFY, type Libc, type Poller } from "../../../ffi/mod.ts";
import { viewOf } from "../../base/mod.ts";
import type { EngineEvent } from "../../engine/mod.ts";
import { type FilePlan, numberLengthMax } from "../../track/mod.ts";

const mask = INOTIFY.CLOSE_WRITE | INOTIFY.MOVED_FROM | INOTIFY.MOVED_TO | INOTIFY.CREATE |
  INOTIFY.DELETE |
  INOTIFY.DELETE_SELF | INOTIFY.MOVE_SELF;
/** sizeof(struct inotify_event) without the name. */
const headerSize = 16;
/** How often an absent directory is looked for, in milliseconds. */
const lookAgainMs = 1000;

interface Parts {
  readonly libc: Libc;
  readonly poller: Poller;
  feed(event: EngineEvent): void;
}

/** The watched files of one node. */
export class FileWatch {
  readonly #parts: Parts;
  readonly #buffer = new Uint8Array(16 * 1024);
  readonly #paths = new Set<string>();
  /** Watch descriptors by directory; absent while there is no such directory. */
  readonly #directories = new Map<string, number>();
  #fd = -1;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Tells what the file holds, now and after every change. */
  watch(path: string, init: FilePlan["init"]): void {
    const known = this.#paths.has(path);
    if (!known && init !== undefined && (init.overwrite || !existsSync(path))) {
      try {
        writeFileSync(path, `${init.value}\n`);
      } catch (error) {
        this.#refused(path, error);
      }
    }
    this.#paths.add(path);
    this.#watchDirectory(dirname(path));
    this.#tell(path);
  }

  /** Tells nothing of the file any more. */
  unwatch(path: string): void {
    this.#paths.delete(path);
    const directory = dirname(path);
    const descriptor = this.#directories.get(directory);
    if ([...this.#paths].some((other) => dirname(other) === directory)) return;
    this.#directories.delete(directory);
    if (descriptor === undefined || descriptor < 0) return;
    this.#parts.libc.libc.inotify_rm_watch(this.#fd, descriptor);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    if (this.#fd < 0) return;
    this.#parts.poller.remove(this.#fd);
    this.#parts.libc.libc.close(this.#fd);
  }

  #watchDirectory(directory: string): void {
    if ((this.#directories.get(directory) ?? -1) >= 0) return;
    const { libc: { libc }, poller } = this.#parts;
    if (this.#fd < 0) {
      this.#fd = libc.inotify_init1(INOTIFY.NONBLOCK | INOTIFY.CLOEXEC);
      if (this.#fd < 0) return;
      poller.add(this.#fd, () => this.#drain());
    }
    this.#directories.set(directory, libc.inotify_add_watch(this.#fd, cString(directory), mask));
    this.#lookAgain();
  }

  /** Directories that are not there come or do not come. */
  #lookAgain(): void {
    const missing = [...this.#directories].filter(([, descriptor]) => descriptor < 0);
    if (missing.length === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    this.#timer ??= setInterval(() => {
      for (const [directory, descriptor] of [...this.#directories]) {
        if (descriptor >= 0) continue;
        this.#watchDirectory(directory);
        if ((this.#directories.get(directory) ?? -1) >= 0) this.#tellAll(directory);
      }
    }, lookAgainMs);
  }

  #drain(): void {
    for (;;) {
      const got = this.#parts.libc.libc.read(this.#fd, this.#buffer, this.#buffer.length);
      if (got <= 0) return;
      const changed = new Set<string>();
      const view = viewOf(this.#buffer);
      for (let at = 0; at + headerSize <= got;) {
        const descriptor = view.getInt32(at, true);
        const what = view.getUint32(at + 4, true);
        const length = view.getUint32(at + 12, true);
        const name = this.#buffer.subarray(at + headerSize, at + headerSize + length);
        this.#note(descriptor, what, textOf(name), changed);
        at += headerSize + length;
      }
      for (const path of changed) this.#tell(path);
    }
  }

  #note(descriptor: number, what: number, name: string, changed: Set<string>): void {
    if ((what & INOTIFY.Q_OVERFLOW) !== 0) {
      for (const path of this.#paths) changed.add(path);
      return;
    }
    const found = [...this.#directories].find(([, known]) => known === descriptor);
    if (found === undefined) return;
    const [directory] = found;
    for (const path of this.#paths) {
      if (dirname(path) === directory && (name === "" || basename(path) === name)) {
        changed.add(path);
      }
    }
    if ((what & (INOTIFY.IGNORED | INOTIFY.MOVE_SELF | INOTIFY.DELETE_SELF)) === 0) return;
    this.#directories.set(directory, -1);
    this.#lookAgain();
  }

  #tellAll(directory: string): void {
    for (const path of this.#paths) if (dirname(path) === directory) this.#tell(path);
  }

  #tell(path: string): void {
    const text = beginningOf(path);
    const event = { kind: "file-content" as const, path };
    this.#parts.feed(text === undefined ? event : { ...event, text });
  }

  #refused(path: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const refusal = { errno: "EIO", message };
    this.#parts.feed({ kind: "watch-refused", what: `file ${path}`, refusal });
  }
}

function beginningOf(path: string): string | undefined {
  try {
    const fd = openSync(path, "r");
    try {
      const bytes = new Uint8Array(numberLengthMax);
      return new TextDecoder().decode(bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0)));
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

function textOf(name: Uint8Array): string {
  const end = name.indexOf(0);
  return new TextDecoder().decode(end < 0 ? name : name.subarray(0, end));
}
