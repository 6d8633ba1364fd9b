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
import { commandNow } from "../../config/mod.ts";
import { startChild } from "./child_start.ts";
import { CommandOutput } from "./command_output.ts";
import { scriptMachine } from "./script_machine.ts";

/** What happens to the end of a command; `output` is there for those that are listened to. */
export type Ended = (run: number, end: CommandEnd, output?: readonly string[]) => void;

/** A program is started where nothing else is due for so long, if that comes soon. */
const enough = milliseconds(10);
/** How long a start waits for such a pause, in milliseconds, and how often it looks. */
const [patienceMs, lookMs] = [50, 1];

/** Outputs of commands that have ended, whose children may still talk, at most. */
const restingMax = 16;

interface Waiting {
  readonly command: CommandPlan;
  readonly listen: boolean;
  /** When it was asked for, on the clock of the runtime. */
  readonly sinceMs: number;
}

interface Running {
  readonly pid: number;
  readonly output: CommandOutput | undefined;
}

/** Variables that would make a shell or the loader do something else (behaviour 5.10). */
const dangerous: ReadonlySet<string> = new Set(["IFS", "LD_PRELOAD", "LD_LIBRARY_PATH"]);

/** <asm-generic/signal.h> */
const signals = { TERM: 15, KILL: 9 } as const;

/** Commands that run, each by a number that the engine has given it. */
export class CommandRunner {
  readonly #libc: Libc;
  readonly #copyTo: number;
  readonly #spawner: Spawner;
  readonly #ended: Ended;
  readonly #running = new Map<number, Running>();
  readonly #resting: CommandOutput[] = [];
  readonly #reap = (): void => this.reap();
  /** What is to be started, in order. */
  readonly #waiting = new Map<number, Waiting>();
  readonly #quiet: () => Duration;
  /** Whether the next start is a matter of time. */
  #pausing = false;
  #environment: readonly string[] | undefined;

  /**
   * `quiet` tells how long nothing is due that a start would make late; what is heard of commands
   * goes on to the descriptor `copyTo`, where commands write that nobody listens to.
   */
  constructor(libc: Libc, ended: Ended, quiet: () => Duration = () => enough, copyTo = 2) {
    this.#copyTo = copyTo;
    this.#libc = libc;
    this.#spawner = new Spawner(libc);
    this.#quiet = quiet;
    this.#ended = ended;
    process.on("SIGCHLD", this.#reap);
  }

  /**
   * Starts a command, now or soon; its end is told later, also when it can not be started, with its
   * last lines where somebody listens.
   */
  run(run: number, command: CommandPlan, listen = false): void {
    this.#waiting.set(run, { command, listen, sinceMs: performance.now() });
    if (!this.#pausing) this.#startNext();
  }

  /** Sends a signal to everything that a command has started; what waits is not started at all. */
  signal(run: number, signal: keyof typeof signals): void {
    const running = this.#running.get(run);
    if (running !== undefined) return this.#spawner.signal(running.pid, signals[signal]);
    if (this.#waiting.delete(run)) this.#endSoon(run, { kind: "killed", signal: signals[signal] });
  }

  /** Looks which commands have ended. */
  reap(): void {
    for (const [run, { pid, output }] of [...this.#running]) {
      const end = this.#spawner.endOf(pid);
      if (end === undefined) continue;
      this.#running.delete(run);
      this.#ended(run, end, output?.end());
      if (output !== undefined) this.#rest(output);
    }
  }

  [Symbol.dispose](): void {
    process.removeListener("SIGCHLD", this.#reap);
    this.#waiting.clear();
    for (const { output } of this.#running.values()) output?.[Symbol.dispose]();
    for (const output of this.#resting) output[Symbol.dispose]();
  }

  #startNext(): void {
    const [next] = this.#waiting;
    this.#pausing = next !== undefined;
    if (next === undefined) return;
    const [run, { command, listen, sinceMs }] = next;
    if (this.#quiet() < enough && performance.now() - sinceMs < patienceMs) {
      setTimeout(() => this.#startNext(), lookMs);
      return;
    }
    this.#waiting.delete(run);
    this.#start(run, command, listen);
    setImmediate(() => this.#startNext());
  }

  #rest(output: CommandOutput): void {
    this.#resting.push(output);
    if (this.#resting.length > restingMax) this.#resting.shift()?.[Symbol.dispose]();
  }

  #start(run: number, asked: CommandPlan, listen: boolean): void {
    const command = commandNow(asked, scriptMachine);
    if (command.kind === "readable") return void this.#look(run, command.path);
    if (command.kind === "none") return this.#fail(run, command.reason);
    const { path, words, identity } = command;
    this.#environment ??= environmentOf(process.env);
    const environment = this.#environment;
    const output = listen ? CommandOutput.open(this.#libc, identity, this.#copyTo) : undefined;
    const spawning = {
      path,
      words,
      environment,
      ...(output === undefined ? {} : { output: output.fd }),
      ...(identity === undefined ? {} : {
        credentials: { ...identity, groups: identity.groups ?? [identity.gid] },
      }),
    };
    const started = startChild(() => this.#spawner.start(spawning));
    if (typeof started === "number") this.#running.set(run, { pid: started, output });
    else {
      output?.[Symbol.dispose]();
      this.#fail(run, started);
    }
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
