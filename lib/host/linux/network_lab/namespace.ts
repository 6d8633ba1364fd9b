/**
 * Network namespaces without names: each lives as long as its descriptor is open or a process is in
 * it, so a program that dies takes its networks with it. A namespace belongs to the thread, not to
 * the process; both runtimes make our calls, and start processes, on the one thread that we move.
 */
import { CLONE, cString, lastError, type Libc, O, renderOsError } from "../../../../ffi/mod.ts";

/** One network namespace. */
export class NetworkNamespace {
  readonly #libc: Libc;
  /** The descriptor by which the kernel knows it. */
  readonly fd: number;

  private constructor(libc: Libc, fd: number) {
    this.#libc = libc;
    this.fd = fd;
  }

  /** Makes a namespace; this thread is in it afterwards. Throws when the kernel refuses. */
  static create(libc: Libc): NetworkNamespace {
    if (libc.libc.unshare(CLONE.NEWNET) < 0) fail(libc, "make a network namespace", "unshare");
    return NetworkNamespace.#current(libc);
  }

  /** Moves this thread into it. */
  enter(): void {
    const moved = this.#libc.libc.setns(this.fd, CLONE.NEWNET);
    if (moved < 0) fail(this.#libc, "enter a network namespace", "setns");
  }

  [Symbol.dispose](): void {
    this.#libc.libc.close(this.fd);
  }

  static #current(libc: Libc): NetworkNamespace {
    const path = cString("/proc/thread-self/ns/net");
    const fd = libc.libc.open(path, O.RDONLY | O.CLOEXEC, 0);
    if (fd < 0) fail(libc, "open a network namespace", "open");
    return new NetworkNamespace(libc, fd);
  }
}

function fail(libc: Libc, action: string, operation: string): never {
  throw new Error(`Cannot ${action}: ${renderOsError(lastError(libc, operation))}`);
}
