/**
 * FIFOs that take a line for every change of state. They are opened for reading too, so that a line
 * can wait for a reader that comes later, and never block: a line for which there is no room is
 * lost, and that is told. Behaviour 5.5: a FIFO that was not there is made, belongs to its reader's
 * user, and is removed again.
 */
import { chownSync, constants, lstatSync, unlinkSync } from "node:fs";
import { cString, lastError, type Libc, O, renderOsError } from "../../../ffi/mod.ts";
import type { Effect, EngineEvent } from "../../engine/mod.ts";

type OpenFifo = Extract<Effect, { kind: "open-fifo" }>;
type Refused = Extract<EngineEvent, { kind: "fifo-refused" }>;

interface Fifo {
  readonly fd: number;
  /** Whether it was made here and goes again. */
  readonly made: boolean;
}

/** Owner may read and write; keepalived's umask leaves no more. */
const mode = 0o600;

/** The FIFOs of one node. */
export class Fifos {
  readonly #libc: Libc;
  readonly #refuse: (event: Refused) => void;
  readonly #open = new Map<string, Fifo>();

  constructor(libc: Libc, refuse: (event: Refused) => void) {
    this.#libc = libc;
    this.#refuse = refuse;
  }

  /** Makes the FIFO where there is none, and opens it. */
  open({ path, owner }: OpenFifo): void {
    const { libc } = this.#libc;
    const made = libc.mkfifo(cString(path), mode) === 0;
    try {
      if (!lstatSync(path).isFIFO()) return this.#say("open", path, "it is no FIFO");
      if (made && owner !== undefined) chownSync(path, owner.uid, owner.gid);
    } catch (error) {
      return this.#say("open", path, error instanceof Error ? error.message : String(error));
    }
    const fd = libc.open(cString(path), O.RDWR | O.NONBLOCK | constants.O_NOFOLLOW | O.CLOEXEC, 0);
    if (fd < 0) return this.#say("open", path, renderOsError(lastError(this.#libc, "open")));
    this.#open.set(path, { fd, made });
  }

  /** Writes a line as a whole or not at all. */
  write(path: string, line: string): void {
    const fifo = this.#open.get(path);
    if (fifo === undefined) return;
    const bytes = new TextEncoder().encode(line);
    if (this.#libc.libc.write(fifo.fd, bytes, bytes.length) >= 0) return;
    this.#say("write to", path, renderOsError(lastError(this.#libc, "write")));
  }

  /** Closes a FIFO, and removes it when it was made here. */
  close(path: string): void {
    const fifo = this.#open.get(path);
    if (fifo === undefined) return;
    this.#open.delete(path);
    this.#libc.libc.close(fifo.fd);
    if (!fifo.made) return;
    try {
      unlinkSync(path);
    } catch {
      // Somebody else has removed it.
    }
  }

  #say(operation: Refused["operation"], path: string, reason: string): void {
    this.#refuse({ kind: "fifo-refused", operation, path, reason });
  }
}
