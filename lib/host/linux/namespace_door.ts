/**
 * The network namespace that virtual servers are in (`net_namespace_ipvs`). A socket stays in the
 * namespace that it was opened in, so this thread goes there, opens it, and comes back at once.
 */
import { CLONE, cString, lastError, type Libc, O, renderOsError } from "../../../ffi/mod.ts";
import { err, ok, type Result } from "../../base/mod.ts";
import { netNamespacePath } from "./config_files.ts";

/** The way into a namespace and out again. */
export class NamespaceDoor {
  readonly #libc: Libc;
  /** Absent: our own. */
  #path: string | undefined;

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  /** Leads to the namespace of this name; the empty name is that of the machine. */
  leadTo(name: string | undefined): void {
    this.#path = name === undefined
      ? undefined
      : name === ""
      ? "/proc/1/ns/net"
      : netNamespacePath(name);
  }

  /** Does something there; a sentence says why nobody can go there. */
  within<T>(act: () => T): Result<T, string> {
    const path = this.#path;
    if (path === undefined) return ok(act());
    const home = this.#open("/proc/thread-self/ns/net");
    if (!home.ok) return home;
    try {
      const there = this.#open(path);
      if (!there.ok) return there;
      const entered = this.#libc.libc.setns(there.value, CLONE.NEWNET);
      const failure = entered < 0 ? renderOsError(lastError(this.#libc, "setns")) : undefined;
      this.#libc.libc.close(there.value);
      if (failure !== undefined) return err(`Cannot enter ${path}: ${failure}`);
      try {
        return ok(act());
      } finally {
        this.#comeBack(home.value);
      }
    } finally {
      this.#libc.libc.close(home.value);
    }
  }

  /** Whoever does not come back would send adverts into another network. */
  #comeBack(home: number): void {
    const back = this.#libc.libc.setns(home, CLONE.NEWNET);
    if (back < 0) throw new Error(renderOsError(lastError(this.#libc, "setns")));
  }

  #open(path: string): Result<number, string> {
    const fd = this.#libc.libc.open(cString(path), O.RDONLY | O.CLOEXEC, 0);
    if (fd >= 0) return ok(fd);
    return err(`Cannot open ${path}: ${renderOsError(lastError(this.#libc, "open"))}`);
  }
}
