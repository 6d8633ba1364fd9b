/**
 * The process around the daemon: mask for new files, network namespace, pid files that scripts made
 * for keepalived look for, and what becomes of standard input and output in the background.
 */
import { rmSync, writeFileSync } from "node:fs";
import { CLONE, cString, lastError, type Libc, O, renderOsError } from "../../../ffi/mod.ts";
import { err, ok, type Result } from "../../base/mod.ts";
import type { DaemonOptions } from "../port.ts";

/** Sets mask and network namespace; the error is a sentence for people. */
export function prepareProcess(libc: Libc, options: DaemonOptions): Result<void, string> {
  if (options.umask !== undefined) process.umask(options.umask);
  const { netNamespace } = options;
  if (netNamespace === undefined) return ok(undefined);
  // Only the main thread enters: it is the one that opens sockets.
  const path = `/run/netns/${netNamespace}`;
  const fd = libc.libc.open(cString(path), O.RDONLY | O.CLOEXEC, 0);
  if (fd < 0) return err(`Cannot enter namespace: ${renderOsError(lastError(libc, path))}`);
  const entered = libc.libc.setns(fd, CLONE.NEWNET);
  const error = lastError(libc, "setns");
  libc.libc.close(fd);
  if (entered < 0) return err(`Cannot enter namespace ${path}: ${renderOsError(error)}`);
  return ok(undefined);
}

/** Points standard input and output at /dev/null, and standard error unless it takes the log. */
export function leaveTerminal(libc: Libc, options: DaemonOptions): void {
  const fd = libc.libc.open(cString("/dev/null"), O.RDWR | O.CLOEXEC, 0);
  if (fd < 0) return;
  libc.libc.dup2(fd, 0);
  libc.libc.dup2(fd, 1);
  if (options.logTo !== "stderr" && options.logTo !== "both") libc.libc.dup2(fd, 2);
  libc.libc.close(fd);
}

/** Pid files beside the one in the run directory; removed at the end. */
export class ExtraPidFiles {
  readonly #paths: readonly string[];

  /** Writes them; throws a sentence when one can not be written. */
  constructor(paths: readonly string[]) {
    this.#paths = paths;
    for (const path of paths) {
      try {
        writeFileSync(path, `${process.pid}\n`);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(`Cannot write pid file "${path}": ${why}`);
      }
    }
  }

  [Symbol.dispose](): void {
    for (const path of this.#paths) rmSync(path, { force: true });
  }
}
