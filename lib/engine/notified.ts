/**
 * Notifications in the engine. Everything that is told goes through one door, so at the end of a
 * step this file looks at what the step has told, and has scripts run and FIFOs written for it.
 * What a script is told of is done by then: the addresses are there when `notify_master` starts.
 */
import {
  after,
  between,
  type CommandEnd,
  type Duration,
  formatIp,
  type Instant,
  never,
  seconds,
} from "../base/mod.ts";
import {
  type Conflict,
  conflictScripts,
  deadlineOfQueue,
  endRun,
  enqueue,
  enqueueAlso,
  isIdle,
  lowerPriorityScripts,
  newScriptQueue,
  type NotifiedState,
  type NotifyPlan,
  passQueue,
  type QueueOutput,
  runStarted,
  type ScriptQueue,
  scriptsOf,
} from "../notify/mod.ts";
import { Deadlines } from "./deadlines.ts";
import { type OpenFifo, openFifos, writeFifos } from "./fifos.ts";
import { changeIn, notifiedState } from "./notified_change.ts";
import { tell } from "./slot.ts";
import type { Tell } from "./tell.ts";
import type { World } from "./world.ts";

/** Somebody of whom scripts and FIFOs are told. */
interface Subject {
  plan: NotifyPlan;
  readonly queue: ScriptQueue;
  /** The effective priority at the last change. */
  priority: number;
  /** When the script that runs was started. */
  startedAt: Instant;
  /** No longer in the configuration; its last scripts still run. */
  retired: boolean;
}

/** Everything that is told outside of the log. */
export interface Notified {
  readonly subjects: Map<string, Subject>;
  /** Whether one of them may be retired. */
  hasRetired: boolean;
  /** Who a running script belongs to. */
  readonly runs: Map<number, Subject>;
  fifos: OpenFifo[];
  readonly deadlines: Deadlines<Subject>;
  /** When the daemon ends even though scripts still run; `never` while it is not ending. */
  endBy: Instant;
}

/** Nobody is told anything. */
export function newNotified(): Notified {
  return {
    subjects: new Map(),
    hasRetired: false,
    runs: new Map(),
    fifos: [],
    deadlines: new Deadlines(),
    endBy: never,
  };
}

/** How long the scripts of the end may hold it up; keepalived waits for a second. */
const endGrace = seconds(5);

/** Tells scripts and FIFOs of everything that this step has told. */
export function passNotifications(world: World, now: Instant): void {
  const { notified, effects } = world;
  if (notified.subjects.size === 0) return;
  passDueQueues(world, now);
  // What is added below is told by nobody else.
  for (const effect of [...effects]) {
    if (effect.kind === "tell") notify(world, effect.tell, now);
  }
  if (notified.hasRetired) forgetRetired(world);
}

/** Brings scripts and FIFOs in line with the configuration; comes first in its step. */
export function configureNotifications(world: World): void {
  const { notified, model } = world;
  if (model === undefined) return;
  for (const subject of notified.subjects.values()) subject.retired = true;
  notified.hasRetired = notified.subjects.size > 0;
  for (const plan of model.notified) {
    const key = keyOf(plan);
    const known = notified.subjects.get(key);
    if (known !== undefined) Object.assign(known, { plan, retired: false });
    else {
      const queue = newScriptQueue();
      const subject = { plan, queue, priority: 0, startedAt: never, retired: false };
      notified.subjects.set(key, subject);
    }
  }
  openFifos(world, model.fifos);
}

/** Repeats to the FIFOs what a reload did not change, where that is asked for. */
export function repeatStates(world: World): void {
  if (world.model?.global.repeatsStatesOnReload !== true) return;
  for (const { plan } of world.notified.subjects.values()) {
    const { kind, name } = plan;
    const slot = kind === "INSTANCE" ? world.slots.get(name) : undefined;
    const state = kind === "GROUP" ? world.groups.get(name)?.state : slot?.instance.state.kind;
    const word = state === undefined ? undefined : notifiedState(state);
    if (word !== undefined) writeFifos(world, plan, word, priorityOf(world, name));
  }
}

/** A command has ended: a script, or the reader of a FIFO. True when it was one of these. */
export function notificationEnded(
  world: World,
  run: number,
  { end, output = [] }: { end: CommandEnd; output: readonly string[] | undefined },
  now: Instant,
): boolean {
  const { notified } = world;
  const subject = notified.runs.get(run);
  if (subject === undefined) return notified.fifos.some(({ reader }) => reader === run);
  notified.runs.delete(run);
  const { queue, plan, startedAt } = subject;
  const running = queue.running?.command;
  if (running !== undefined) {
    const { kind, name } = plan;
    const { state, ...command } = running;
    const more = { ...(state && { state }), ...(output.length > 0 && { output }) };
    const took = between(startedAt, now);
    tell(world, { kind: "script-ended", about: { kind, name }, command, end, took, ...more });
  }
  act(world, subject, now, (out) => endRun(queue, out));
  return true;
}

/** The earliest time at which something is to be done. */
export function notificationDeadline({ notified: { deadlines, endBy } }: World): Instant {
  const next = deadlines.next();
  return next < endBy ? next : endBy;
}

/** The daemon ends as soon as the last scripts have ended, but not much later. */
export function endAfterScripts(world: World, now: Instant): void {
  world.notified.endBy = after(now, endGrace);
}

/** Says that the daemon may end when it may; called at the end of every step. */
export function passEnd(world: World, now: Instant): void {
  const { notified } = world;
  if (notified.endBy === never) return;
  const busy = notified.runs.size > 0;
  if (busy && now < notified.endBy) return;
  notified.endBy = never;
  openFifos(world, []);
  world.effects.push({ kind: "stopped" });
}

function keyOf({ kind, name }: Pick<NotifyPlan, "kind" | "name">): string {
  return `${kind} ${name}`;
}

function notify(world: World, sentence: Tell, now: Instant): void {
  const change = changeIn(sentence);
  if (change !== undefined) {
    const subject = world.notified.subjects.get(change.key);
    if (change.removed) return removed(world, subject, now);
    return changed(world, subject, change.state, now);
  }
  switch (sentence.kind) {
    case "lower-priority-advert": {
      const subject = world.notified.subjects.get(`INSTANCE ${sentence.instance}`);
      if (!sentence.answered || subject === undefined) return;
      const { plan, queue } = subject;
      writeFifos(world, plan, "MASTER_RX_LOWER_PRI", priorityOf(world, plan.name));
      const timeout = timeoutOf(world);
      act(
        world,
        subject,
        now,
        (out) => enqueueAlso(queue, lowerPriorityScripts(plan), timeout, now, out),
      );
      return;
    }
    case "two-masters":
      return atOdds(world, sentence.instance, "TWO_MASTERS", [formatIp(sentence.source)], now);
    case "duplicate-address": {
      const { instance, hardwareAddress = "unknown", address } = sentence;
      const who = [hardwareAddress, formatIp(address)];
      return atOdds(world, instance, "DUPLICATE_ADDRESS", who, now);
    }
    case "advert-dropped":
      if (sentence.counter !== "addressListErrors") return;
      return atOdds(world, sentence.instance, "ADDRESS_LIST", [formatIp(sentence.source)], now);
    case "priority-changed": {
      const subject = world.notified.subjects.get(`INSTANCE ${sentence.instance}`);
      if (subject?.plan.priorityChanges !== true) return;
      const state = world.slots.get(sentence.instance)?.instance.state.kind;
      if (state !== "MASTER" && state !== "BACKUP") return;
      return writeFifos(world, subject.plan, `${state}_PRIORITY`, sentence.to);
    }
  }
}

function atOdds(
  world: World,
  instance: string,
  conflict: Conflict,
  who: readonly string[],
  now: Instant,
): void {
  const subject = world.notified.subjects.get(`INSTANCE ${instance}`);
  if (subject?.plan.conflict === undefined) return;
  const commands = conflictScripts(subject.plan, conflict, who);
  const { queue } = subject;
  act(world, subject, now, (out) => enqueueAlso(queue, commands, timeoutOf(world), now, out));
}

function changed(
  world: World,
  subject: Subject | undefined,
  state: NotifiedState | undefined,
  now: Instant,
): void {
  if (subject === undefined || state === undefined) return;
  const { plan, queue } = subject;
  const priority = priorityOf(world, plan.name);
  subject.priority = priority;
  const timeout = timeoutOf(world);
  act(
    world,
    subject,
    now,
    (out) => enqueue(queue, scriptsOf(plan, state, priority), timeout, now, out),
  );
  writeFifos(world, plan, state, priority);
}

/**
 * A reload has taken an instance away. keepalived: without `notify_deleted` that is FAULT, but the
 * script of FAULT is not run; the priority is the last one.
 */
function removed(world: World, subject: Subject | undefined, now: Instant): void {
  if (subject === undefined) return;
  const { plan, queue, priority } = subject;
  const state = plan.tellsDeleted ? "DELETED" : "FAULT";
  const { FAULT: _unsaid, ...scripts } = plan.scripts;
  const commands = scriptsOf({ ...plan, scripts }, state, priority);
  act(world, subject, now, (out) => enqueue(queue, commands, timeoutOf(world), now, out));
  writeFifos(world, plan, state, priority);
}

/** The effective priority; 0 for groups. */
function priorityOf(world: World, name: string): number {
  return world.slots.get(name)?.instance.effectivePriority ?? 0;
}

function timeoutOf({ model }: World): Duration {
  return model?.global.notifyTimeout ?? seconds(60);
}

/** Lets a queue do something and carries out what it asks for. */
function act(
  world: World,
  subject: Subject,
  now: Instant,
  work: (out: QueueOutput[]) => void,
): void {
  const { notified, tracked } = world;
  const out: QueueOutput[] = [];
  work(out);
  const about = { kind: subject.plan.kind, name: subject.plan.name };
  for (const output of out) {
    switch (output.kind) {
      case "run": {
        const run = tracked.nextRun++;
        const { state: _, ...command } = output.command;
        subject.startedAt = now;
        runStarted(subject.queue, run);
        notified.runs.set(run, subject);
        world.effects.push({ kind: "run-command", run, command, listen: true });
        break;
      }
      case "signal":
        world.effects.push({ kind: "signal-command", run: output.run, signal: output.signal });
        break;
      case "timed-out":
        tell(world, { kind: "script-held-up", about, command: output.command });
        break;
      case "overtaken":
        tell(world, { kind: "scripts-overtaken", about, commands: output.commands });
    }
  }
  notified.deadlines.set(subject, deadlineOfQueue(subject.queue));
}

function passDueQueues(world: World, now: Instant): void {
  for (;;) {
    const subject = world.notified.deadlines.takeDue(now);
    if (subject === undefined) return;
    act(world, subject, now, (out) => passQueue(subject.queue, now, out));
  }
}

/** Forgets whoever is gone as soon as the last scripts have ended. */
function forgetRetired(world: World): void {
  const { subjects } = world.notified;
  const retired = [...subjects].filter(([, subject]) => subject.retired);
  for (const [key, { queue }] of retired) {
    if (!isIdle(queue)) continue;
    subjects.delete(key);
    // One that comes back under the name is told of anew.
    world.mailed.states.delete(key);
    for (const { states } of world.hooked.hooks.values()) states.delete(key);
  }
  world.notified.hasRetired = retired.some(([key]) => subjects.has(key));
}
