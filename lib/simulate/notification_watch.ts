/**
 * Nobody is told out of order: the lines of FIFOs are the transitions as they happened, and the
 * scripts of one instance run one at a time, each about a later transition than the one before.
 */
import { formatCommand } from "../base/mod.ts";
import type { Effect } from "../engine/mod.ts";
import type { Step, Watcher } from "../host/sim/mod.ts";
import { isWaiting } from "../vrrp/mod.ts";

/** What was told of one instance in one run of a daemon. */
interface Story {
  /** States of its transitions, in the words of notifications. */
  readonly states: string[];
  /** How many of them lines were written for, by FIFO. */
  readonly written: Map<string, number>;
  /** How many of them are behind the last script. */
  past: number;
  /** The script that runs. */
  running: number | undefined;
}

interface Run {
  readonly starts: number;
  readonly stories: Map<string, Story>;
}

/** Watches notifications. */
export class NotificationWatch implements Watcher {
  readonly #runs = new Map<string, Run>();

  /** Looks at what is told, and at what is written and run for it. */
  stepped({ node, event, effects }: Step): readonly string[] {
    let run = this.#runs.get(node.name);
    if (run === undefined || run.starts !== node.starts) {
      run = { starts: node.starts, stories: new Map() };
      this.#runs.set(node.name, run);
    }
    if (event.kind === "command-ended") ended(run, event.run);
    const objections: string[] = [];
    for (const effect of effects) {
      if (effect.kind === "tell") follow(run, effect.tell);
      else if (effect.kind === "write-fifo") objections.push(...judgeLine(run, effect));
      else if (effect.kind === "run-command") objections.push(...judgeRun(run, effect));
      else if (effect.kind === "signal-command") ended(run, effect.run);
    }
    return objections;
  }
}

const words: ReadonlyMap<string, string> = new Map([
  ["BACKUP", "BACKUP"],
  ["MASTER", "MASTER"],
  ["FAULT", "FAULT"],
  ["STOPPED", "STOP"],
]);

function follow(run: Run, tell: Extract<Effect, { kind: "tell" }>["tell"]): void {
  if (tell.kind !== "transition") return;
  const { instance, to, reason } = tell;
  const word = words.get(to);
  const silent = reason.kind === "fault" && isWaiting(reason.fault);
  if (word === undefined || silent) return;
  const story = run.stories.get(instance) ??
    { states: [], written: new Map<string, number>(), past: 0, running: undefined };
  run.stories.set(instance, story);
  // keepalived: an instance that a reload takes away is told to be in FAULT.
  story.states.push(to === "STOPPED" && reason.kind === "reload" ? "FAULT" : word);
}

const line = /^INSTANCE "([^"]+)" (BACKUP|MASTER|FAULT|STOP) \d+/;

function judgeLine(
  run: Run,
  { path, line: text }: Extract<Effect, { kind: "write-fifo" }>,
): string[] {
  const [, name = "", state = ""] = line.exec(text) ?? [];
  const story = run.stories.get(name);
  if (story === undefined) return [];
  const place = story.written.get(path) ?? 0;
  story.written.set(path, place + 1);
  return story.states[place] === state
    ? []
    : [`${path} says ${state} of ${name}, which was ${story.states[place] ?? "nothing new"}`];
}

const about = /\bINSTANCE (\S+) (BACKUP|MASTER|FAULT|STOP)\b/;

function judgeRun(
  run: Run,
  { run: number, command }: Extract<Effect, { kind: "run-command" }>,
): string[] {
  const [, name = "", state = ""] = about.exec(formatCommand(command)) ?? [];
  const story = run.stories.get(name);
  if (story === undefined) return [];
  const objections = story.running === undefined ? [] : [`two scripts of ${name} run at a time`];
  story.running = number;
  const place = story.states.indexOf(state, story.past);
  if (place < 0) objections.push(`a script says ${state} of ${name} after its time`);
  else story.past = place + 1;
  return objections;
}

function ended({ stories }: Run, number: number): void {
  for (const story of stories.values()) {
    if (story.running === number) story.running = undefined;
  }
}
