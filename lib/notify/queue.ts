/**
 * The scripts of one subject, one after the other. keepalived starts every script at once, so that
 * two changes in a row race each other and the older one may win. Here a script begins when the one
 * before it has ended; of the changes that wait meanwhile only the latest is run, because what was
 * in between is no longer true. A script may run as long as nobody waits for it; one that holds up
 * a change longer than the limit gets TERM, and KILL two seconds later.
 *
 * Contract: `enqueue` when something changed, `endRun` when a run has ended, `passQueue` when
 * `deadlineOfQueue` has come; each says what is to be done through `out`.
 */
import {
  after,
  type CommandPlan,
  type Duration,
  equalPlain,
  type Instant,
  never,
  seconds,
} from "../base/mod.ts";
import type { NotifiedState } from "./plan.ts";

/** A command, complete with its arguments. */
export type Command = Extract<CommandPlan, { kind: "run" }> & {
  /** The state that it is told of; absent when it is told of something else. */
  readonly state?: NotifiedState;
};

/** What a queue asks for. */
export type QueueOutput =
  | { readonly kind: "run"; readonly command: Command }
  | { readonly kind: "signal"; readonly run: number; readonly signal: "TERM" | "KILL" }
  /** A run held up the next one for too long. */
  | { readonly kind: "timed-out"; readonly command: Command }
  /** A change that nobody needs to hear of any more. */
  | { readonly kind: "overtaken"; readonly commands: readonly Command[] };

interface Running {
  readonly command: Command;
  /** Absent until the host has started it. */
  id: number | undefined;
  signals: number;
  signalAt: Instant;
}

/** The scripts of one subject; only the functions of this file write to it. */
export interface ScriptQueue {
  running: Running | undefined;
  /** What is left of the change whose script runs now. */
  current: Command[];
  /** The latest change that waits. */
  waiting: readonly Command[] | undefined;
}

/** How long a script may take to obey TERM. */
const termGrace: Duration = seconds(2);
/** How long to wait between further KILLs. */
const killAgain: Duration = seconds(10);

/** A queue in which nothing runs. */
export function newScriptQueue(): ScriptQueue {
  return { running: undefined, current: [], waiting: undefined };
}

/** Whether nothing runs and nothing waits. */
export function isIdle({ running, current, waiting }: ScriptQueue): boolean {
  return running === undefined && current.length === 0 && waiting === undefined;
}

/** Takes the scripts of a change; they run in this order, after those that run already. */
export function enqueue(
  queue: ScriptQueue,
  commands: readonly Command[],
  timeout: Duration,
  now: Instant,
  out: QueueOutput[],
): void {
  if (commands.length === 0) return;
  const { running } = queue;
  if (running === undefined) {
    queue.current = [...commands];
    return startNext(queue, out);
  }
  if (queue.waiting !== undefined) out.push({ kind: "overtaken", commands: queue.waiting });
  queue.waiting = commands;
  if (running.signalAt === never) running.signalAt = after(now, timeout);
}

/**
 * Takes scripts of something that is not a change of state: they overtake nothing, and are not said
 * twice while they wait.
 */
export function enqueueAlso(
  queue: ScriptQueue,
  commands: readonly Command[],
  timeout: Duration,
  now: Instant,
  out: QueueOutput[],
): void {
  if (isIdle(queue)) return enqueue(queue, commands, timeout, now, out);
  const line = queue.waiting ?? queue.current;
  const more = commands.filter((command) => !line.some((known) => equalPlain(known, command)));
  if (queue.waiting !== undefined) queue.waiting = [...queue.waiting, ...more];
  else queue.current.push(...more);
  const { running } = queue;
  if (running?.signalAt === never) running.signalAt = after(now, timeout);
}

/** Says by which number the host knows the run that was asked for last. */
export function runStarted(queue: ScriptQueue, id: number): void {
  if (queue.running !== undefined) queue.running.id = id;
}

/** The run has ended: the next one begins. */
export function endRun(queue: ScriptQueue, out: QueueOutput[]): void {
  queue.running = undefined;
  // A change that waits has overtaken what is left of the one before.
  if (queue.waiting !== undefined) {
    if (queue.current.length > 0) out.push({ kind: "overtaken", commands: queue.current });
    queue.current = [...queue.waiting];
    queue.waiting = undefined;
  }
  startNext(queue, out);
}

/** When `passQueue` has something to do. */
export function deadlineOfQueue({ running }: ScriptQueue): Instant {
  return running?.signalAt ?? never;
}

/** Ends a run that holds up the next one. */
export function passQueue(queue: ScriptQueue, now: Instant, out: QueueOutput[]): void {
  const { running } = queue;
  if (running === undefined || running.signalAt > now || running.id === undefined) return;
  const first = running.signals++ === 0;
  if (first) out.push({ kind: "timed-out", command: running.command });
  out.push({ kind: "signal", run: running.id, signal: first ? "TERM" : "KILL" });
  running.signalAt = after(now, first ? termGrace : killAgain);
}

function startNext(queue: ScriptQueue, out: QueueOutput[]): void {
  const command = queue.current.shift();
  if (command === undefined) return;
  queue.running = { command, id: undefined, signals: 0, signalAt: never };
  out.push({ kind: "run", command });
}
