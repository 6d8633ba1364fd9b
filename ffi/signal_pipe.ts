/**
 * Signals that no runtime hands to a program, the real-time ones (signal(7)). The kernel calls
 * libc's `eventfd_write` as their handler: its first argument is the number of the signal, so it
 * writes eight octets to the descriptor of that number, which is the end of a pipe. write(2) may be
 * called in a handler, on whichever thread; the poller wakes for the other end.
 */
import { F, FD_CLOEXEC, O, SIG_IGN } from "./constants.ts";
import type { Libc } from "./libc.ts";
import { viewOf } from "../lib/base/mod.ts";
import { cString } from "./layouts.ts";

/** dlsym(3) is in libc since glibc 2.34, and in musl; before that in libdl. */
const libraries = ["libc.so.6", "libdl.so.2", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"];
const RTLD_DEFAULT = 0;

/** A signal as something that can be read. */
export class SignalPipe {
  readonly #libc: Libc;
  readonly #signal: number;
  readonly #ends: readonly [read: number, write: number];

  private constructor(libc: Libc, signal: number, ends: readonly [number, number]) {
    this.#libc = libc;
    this.#signal = signal;
    this.#ends = ends;
  }

  /**
   * Takes the descriptor of the signal's number, while few are in use; the signal is ignored until
   * it is heard. `undefined` where the descriptor is in use.
   */
  static reserve(libc: Libc, signal: number): SignalPipe | undefined {
    libc.libc.signal(signal, SIG_IGN);
    if (libc.libc.fcntl(signal, F.GETFD, 0) >= 0) return undefined;
    const pair = new Uint8Array(8);
    if (libc.libc.pipe2(pair, O.NONBLOCK | O.CLOEXEC) !== 0) return undefined;
    const view = viewOf(pair);
    const [read, write] = [view.getInt32(0, true), view.getInt32(4, true)];
    // The descriptor may be the next one that is free, and an end of the pipe already.
    const source = read === signal ? libc.libc.fcntl(read, F.DUPFD_CLOEXEC, read + 1) : read;
    if (write !== signal) {
      libc.libc.dup2(write, signal);
      libc.libc.fcntl(signal, F.SETFD, FD_CLOEXEC);
      libc.libc.close(write);
    }
    return new SignalPipe(libc, signal, [source, signal]);
  }

  /** The descriptor that can be read when the signal came. */
  get fd(): number {
    return this.#ends[0];
  }

  /** From now on the signal is heard; false where libc has no such function to give. */
  hear(): boolean {
    for (const name of libraries) {
      const library = this.#libc.openLibrary(name, {
        /** void *dlsym(void *handle, const char *symbol) */
        dlsym: { parameters: ["usize", "buffer"], result: "address" },
      });
      const handler = library?.["dlsym"]?.(RTLD_DEFAULT, cString("eventfd_write")) ?? 0;
      if (handler === 0) continue;
      this.#libc.libc.signal(this.#signal, handler);
      return true;
    }
    return false;
  }

  /** Forgets the signals that came; true when there were any. */
  drain(): boolean {
    const buffer = new Uint8Array(512);
    let came = false;
    while (this.#libc.libc.read(this.fd, buffer, buffer.length) > 0) came = true;
    return came;
  }

  [Symbol.dispose](): void {
    this.#libc.libc.signal(this.#signal, SIG_IGN);
    for (const fd of this.#ends) this.#libc.libc.close(fd);
  }
}
