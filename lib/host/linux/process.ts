/**
 * The process around the daemon: mask for new files, network namespace, pid files that scripts made
 * for keepalived look for, and what becomes of standard input and output in the background.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cString, type Libc, O } from "../../../ffi/mod.ts";
import { ok, type Result } from "../../base/mod.ts";
import type { DaemonOptions } from "../port.ts";

/** keepalived: what nobody asked to be otherwise is for the daemon's user alone, and no program. */
export const usualMask = 0o177;

/** Sets the mask, and goes on in a network namespace; the error is a sentence for people. */
export async function prepareProcess(
  libc: Libc,
  { umask, netNamespace }: {
    readonly umask?: number | undefined;
    readonly netNamespace?: string | undefined;
  },
): Promise<Result<void, string>> {
  if (umask !== undefined) process.umask(umask);
  if (netNamespace === undefined) return ok(undefined);
  const { enterNetNamespace } = await import("./net_namespace.ts");
  return enterNetNamespace(libc, netNamespace);
}

/** What nobody has named is kept for each network namespace apart. */
export function optionsInside(options: DaemonOptions, netNamespace: string): DaemonOptions {
  const { runDir, runDirExplicit, usualPidFile } = options;
  return {
    ...options,
    ...(runDirExplicit === true ? {} : { runDir: join(runDir, netNamespace) }),
    ...(usualPidFile === undefined ? {} : {
      usualPidFile: usualPidFile.replace(/([^/]+)\.pid$/, `$1/${netNamespace}/$1.pid`),
    }),
  };
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
        mkdirSync(dirname(path), { recursive: true });
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
