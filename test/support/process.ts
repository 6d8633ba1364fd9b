/**
 * A process of a stage: its output goes to a file, it leads a process group of its own so that it
 * can be ended as a whole, and it ends in time. Whatever it starts inherits a marker in its
 * environment, by which `leftovers.ts` finds what outlived it, daemons included.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Ending } from "./summary.ts";

/** What to run, and where its output goes. */
export interface Program {
  readonly argv: readonly string[];
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly outputPath: string;
  readonly minutes: number;
  /** Ends the program early. */
  readonly interruption: AbortSignal;
}

/** How long a program may take to end after it was asked to. */
const graceMs = 5000;

/** Runs a program to its end; not at all when the interruption came before. */
export async function runProgram(program: Program): Promise<Ending> {
  if (program.interruption.aborted) return { kind: "interrupted" };
  const output = openSync(program.outputPath, "w");
  const [command = "", ...argv] = program.argv;
  const child = spawn(command, argv, {
    cwd: program.directory,
    env: program.environment,
    stdio: ["ignore", output, output],
    detached: true,
  });
  closeSync(output);
  let early: Ending | undefined;
  function endEarly(ending: Ending): void {
    early ??= ending;
    signalGroup(child, "SIGTERM");
    setTimeout(() => signalGroup(child, "SIGKILL"), graceMs).unref();
  }
  const { minutes, interruption } = program;
  const limit = setTimeout(() => endEarly({ kind: "timed out", minutes }), minutes * 60_000);
  const interrupt = (): void => endEarly({ kind: "interrupted" });
  interruption.addEventListener("abort", interrupt);
  try {
    const ending = await ended(child);
    return early ?? ending;
  } finally {
    clearTimeout(limit);
    interruption.removeEventListener("abort", interrupt);
  }
}

function ended(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.on("error", () => resolve({ kind: "exited", code: 127 }));
    child.on("exit", (code, signal) => {
      if (code !== null) resolve({ kind: "exited", code });
      else resolve({ kind: "killed", signal: signal ?? "a signal" });
    });
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** Does something with every item, so many at a time; answers in the order of the items. */
export async function sideBySide<T, R>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  async function lane(): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [at, item] = next;
      results[at] = await work(item);
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
