/**
 * The run directory: pid file with a lock, control socket, the list of held addresses. The lock is
 * the kernel's and ends with the process, however it ends, so a restart never waits for it.
 */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { cString, type Libc, LOCK, O } from "../../../ffi/mod.ts";
import { err, ok, type Result } from "../../base/mod.ts";
import type { DaemonOptions } from "../port.ts";

/** Names in the run directory. */
export interface RunPaths {
  readonly pid: string;
  readonly controlSocket: string;
  readonly held: string;
  readonly guardPid: string;
  /** What the crash guard notes. */
  readonly deathNote: string;
  readonly maintenance: string;
}

/** The paths below a run directory. */
export function runPaths(directory: string): RunPaths {
  return {
    pid: `${directory}/standin.pid`,
    controlSocket: `${directory}/control.sock`,
    held: `${directory}/held-addresses`,
    guardPid: `${directory}/guard.pid`,
    deathNote: `${directory}/held-addresses.death`,
    maintenance: `${directory}/maintenance.json`,
  };
}

/**
 * Where events are kept: in the run directory that somebody named, otherwise where they outlive the
 * machine's next start.
 */
export function eventLogPath({ runDir, runDirExplicit }: DaemonOptions): string {
  const directory = runDirExplicit === true ? runDir : runDir.replace(/^\/run\//, "/var/lib/");
  return `${directory}/events.jsonl`;
}

/** A pid file that is locked while the daemon lives. */
export class PidFile {
  readonly #libc: Libc;
  readonly #path: string;
  readonly #fd: number;

  private constructor(libc: Libc, path: string, fd: number) {
    this.#libc = libc;
    this.#path = path;
    this.#fd = fd;
  }

  /** Makes the directory, takes the lock, writes the pid; the error is a sentence for people. */
  static take(libc: Libc, directory: string): Result<PidFile, string> {
    const path = runPaths(directory).pid;
    try {
      mkdirSync(directory, { recursive: true, mode: 0o755 });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return err(`Cannot make the run directory "${directory}": ${why}`);
    }
    const fd = libc.libc.open(cString(path), O.RDWR | O.CREAT | O.CLOEXEC, 0o644);
    if (fd < 0) return err(`Cannot open "${path}" for writing`);
    if (libc.libc.flock(fd, LOCK.EX | LOCK.NB) < 0) {
      libc.libc.close(fd);
      return err(`standin is already running as process ${readPid(path)} (lock on ${path})`);
    }
    const text = new TextEncoder().encode(`${process.pid}\n`);
    libc.libc.ftruncate(fd, 0);
    libc.libc.pwrite(fd, text, text.length, 0);
    return ok(new PidFile(libc, path, fd));
  }

  /** Removes the file and gives the lock back. */
  [Symbol.dispose](): void {
    rmSync(this.#path, { force: true });
    this.#libc.libc.close(this.#fd);
  }
}

function readPid(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "?";
  }
}
