/**
 * Runs commands for the engine: tracking scripts, notifications, checks. Each is a process group of
 * its own, so that what it started can be ended with it. Its end is noticed by SIGCHLD and taken
 * with waitpid for that one process, so the runtime's own children are left to the runtime.
 *
 * The daemon stands still until a program that it starts is there: half a millisecond, or some on a
 * busy machine. Scripts of one interval are all due at once, so each turn of the loop starts one,
 * in a pause between adverts where there are any, and adverts leave between them.
 */
import { access, constants } from "node:fs/promises";
import process from "node:process";
import { type Libc, Spawner } from "../../../ffi/mod.ts";
import { type CommandEnd, type CommandPlan, type Duration, milliseconds } from "../../base/mod.ts";
import { startChild } from "./child_start.ts";

/** What happens to the end of a command. */
export type Ended = (run: number, end: CommandEnd) => void;

/** A program is started where nothing else is due for so long, if that comes soon. */
const enough = milliseconds(10);
/** How long a start waits for such a pause, in milliseconds, and how often it looks. */
const [patienceMs, lookMs] = [50, 1];

interface Waiting {
  readonly command: CommandPlan;
  /** When it was asked for, on the clock of the runtime. */
  readonly sinceMs: number;
}

/** Variables that would make a shell or the loader do something else (behaviour 5.10). */
const dangerous: ReadonlySet<string> = new Set(["IFS", "LD_PRELOAD", "LD_LIBRARY_PATH"]);

/** <asm-generic/signal.h> */
const signals = { TERM: 15, KILL: 9 } as const;

/** Commands that run, each by a number that the engine has given it. */
export class CommandRunner {
  readonly #spawner: Spawner;
  readonly #ended: Ended;
  readonly #running = new Map<number, number>();
  readonly #reap = (): void => this.reap();
  /** What is to be started, in order. */
  readonly #waiting = new Map<number, Waiting>();
  readonly #quiet: () => Duration;
  /** Whether the next start is a matter of time. */
  #pausing = false;
  #environment: readonly string[] | undefined;

  /** `quiet` tells how long nothing is due that a start would make late. */
  constructor(libc: Libc, ended: Ended, quiet: () => Duration = () => enough) {
    this.#spawner = new Spawner(libc);
    this.#quiet = quiet;
    this.#ended = ended;
    process.on("SIGCHLD", this.#reap);
  }

  /** Starts a command, now or soon; its end is told later, also when it can not be started. */
  run(run: number, command: CommandPlan): void {
    this.#waiting.set(run, { command, sinceMs: performance.now() });
    if (!this.#pausing) this.#startNext();
  }

  /** Sends a signal to everything that a command has started; what waits is not started at all. */
  signal(run: number, signal: keyof typeof signals): void {
    const pid = this.#running.get(run);
    if (pid !== undefined) return this.#spawner.signal(pid, signals[signal]);
    if (this.#waiting.delete(run)) this.#endSoon(run, { kind: "killed", signal: signals[signal] });
  }

  /** Looks which commands have ended. */
  reap(): void {
    for (const [run, pid] of [...this.#running]) {
      const end = this.#spawner.endOf(pid);
      if (end === undefined) continue;
      this.#running.delete(run);
      this.#ended(run, end);
    }
  }

  [Symbol.dispose](): void {
    process.removeListener("SIGCHLD", this.#reap);
    this.#waiting.clear();
  }

  #startNext(): void {
    const [next] = this.#waiting;
    this.#pausing = next !== undefined;
    if (next === undefined) return;
    const [run, { command, sinceMs }] = next;
    if (this.#quiet() < enough && performance.now() - sinceMs < patienceMs) {
      setTimeout(() => this.#startNext(), lookMs);
      return;
    }
    this.#waiting.delete(run);
    this.#start(run, command);
    setImmediate(() => this.#startNext());
  }

  #start(run: number, command: CommandPlan): void {
    if (command.kind === "readable") return void this.#look(run, command.path);
    if (command.kind === "none") return this.#fail(run, command.reason);
    const { path, words, identity } = command;
    this.#environment ??= environmentOf(process.env);
    const environment = this.#environment;
    const spawning = {
      path,
      words,
      environment,
      ...(identity === undefined ? {} : {
        credentials: { ...identity, groups: identity.groups ?? [identity.gid] },
      }),
    };
    const started = startChild(() => this.#spawner.start(spawning));
    if (typeof started === "string") this.#fail(run, started);
    else this.#running.set(run, started);
  }

  #fail(run: number, reason: string): void {
    this.#endSoon(run, { kind: "not-started", reason });
  }

  /** The engine is not told while it waits for its effects to be carried out. */
  #endSoon(run: number, end: CommandEnd): void {
    queueMicrotask(() => this.#ended(run, end));
  }

  async #look(run: number, path: string): Promise<void> {
    const code = await access(path, constants.R_OK).then(() => 0, () => 1);
    this.#ended(run, { kind: "exited", code });
  }
}

function environmentOf(variables: NodeJS.ProcessEnv): string[] {
  return Object.entries(variables).flatMap(([name, value]) =>
    value === undefined || dangerous.has(name) ? [] : [`${name}=${value}`]
  );
}
