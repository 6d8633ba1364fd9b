/**
 * What trackers find out: observations go to their machines, what these ask for becomes effects,
 * and what they conclude goes to those who use them.
 */
import { type CommandEnd, type Instant, never } from "../base/mod.ts";
import {
  beginScript,
  countProcesses,
  deadlineOfProcess,
  deadlineOfScript,
  endScript,
  passProcess,
  passScript,
  readTrackedFile,
  type ScriptOutput,
  trackerKey,
} from "../track/mod.ts";
import { judged } from "./judged.ts";
import { passLink } from "./links.ts";
import { tell } from "./slot.ts";
import type { EngineEvent } from "./event.ts";
import { beginProbe, giveUpProbe, probeAnswered } from "./probes.ts";
import type { Tracker } from "./tracked.ts";
import type { World } from "./world.ts";

/** Lets everything act whose time has come. */
export function passTrackers(world: World, now: Instant): void {
  for (;;) {
    const due = world.tracked.deadlines.takeDue(now);
    if (due === undefined) return;
    if (due.kind === "link") {
      passLink(world, due, now);
      continue;
    }
    const before = due.machine.verdict;
    if (due.kind === "script" || due.kind === "probe") passOneScript(world, due, now);
    else if (due.kind === "process") passProcess(due.machine, now);
    schedule(world, due);
    judged(world, due, before, now);
  }
}

function passOneScript(
  world: World,
  tracker: Extract<Tracker, { kind: "script" | "probe" }>,
  now: Instant,
): void {
  const { machine } = tracker;
  const out: ScriptOutput[] = [];
  const isQuestion = tracker.kind === "probe" && tracker.machine.plan.subject.kind !== "command";
  passScript(machine, isQuestion, now, out);
  for (const output of out) {
    switch (output.kind) {
      case "run": {
        if (tracker.kind === "probe") {
          beginProbe(world, tracker, now);
          break;
        }
        const run = world.tracked.nextRun++;
        beginScript(machine, run, now);
        world.tracked.runs.set(run, tracker);
        world.effects.push({ kind: "run-command", run, command: tracker.machine.plan.command });
        break;
      }
      case "signal":
        if (tracker.kind === "probe") {
          giveUpProbe(world, output.run, tracker.machine, output.signal);
          break;
        }
        world.effects.push({ kind: "signal-command", run: output.run, signal: output.signal });
        break;
      case "timed-out":
        if (tracker.retired || isQuestion) break;
        tell(world, {
          kind: "script-timed-out",
          script: tracker.name,
          limit: machine.plan.timeout,
        });
    }
  }
}

/** A command has ended. */
export function commandEnded(world: World, run: number, end: CommandEnd, now: Instant): void {
  const tracker = world.tracked.runs.get(run);
  if (tracker?.kind !== "script" && tracker?.kind !== "probe") return;
  world.tracked.runs.delete(run);
  const before = tracker.machine.verdict;
  endScript(tracker.machine, run, end);
  schedule(world, tracker);
  judged(world, tracker, before, now);
}

/** A question of a probe has its answer. */
export function probeEnded(
  world: World,
  event: Extract<EngineEvent, { kind: "track-probe-ended" }>,
  now: Instant,
): void {
  const before = world.tracked.runs.get(event.run)?.machine.verdict;
  const tracker = probeAnswered(world, event);
  if (tracker === undefined || before === undefined) return;
  schedule(world, tracker);
  judged(world, tracker, before, now);
}

/** A watched file has been read. */
export function fileRead(world: World, path: string, text: string | undefined, now: Instant): void {
  for (const tracker of world.tracked.trackers.values()) {
    if (tracker.kind !== "file" || tracker.machine.plan.path !== path) continue;
    const before = tracker.machine.verdict;
    readTrackedFile(tracker.machine, text);
    judged(world, tracker, before, now);
  }
}

/** Processes have been counted. */
export function processesCounted(world: World, name: string, count: number, now: Instant): void {
  const tracker = world.tracked.trackers.get(trackerKey({ kind: "process", name }));
  if (tracker?.kind !== "process") return;
  const before = tracker.machine.verdict;
  countProcesses(tracker.machine, count, now);
  schedule(world, tracker);
  judged(world, tracker, before, now);
}

/** A BFD session went up or down. */
export function sessionChanged(world: World, name: string, up: boolean, now: Instant): void {
  const tracker = world.tracked.trackers.get(trackerKey({ kind: "bfd", name }));
  if (tracker?.kind !== "bfd") return;
  const before = tracker.machine.verdict;
  tracker.machine.verdict = { kind: up ? "good" : "bad" };
  judged(world, tracker, before, now);
}

/** A virtual server has its quorum, or has not. */
export function quorumJudged(world: World, name: string, up: boolean, now: Instant): void {
  const tracker = world.tracked.trackers.get(trackerKey({ kind: "virtual_server", name }));
  if (tracker?.kind !== "virtual_server") return;
  const before = tracker.machine.verdict;
  tracker.machine.verdict = { kind: up ? "good" : "bad" };
  judged(world, tracker, before, now);
}

/** The daemon ends: nothing is run any more, and what runs is told to end. */
export function stopTrackers(world: World): void {
  const { tracked } = world;
  for (const [run, tracker] of [...tracked.runs]) {
    if (tracker.kind === "probe") giveUpProbe(world, run, tracker.machine, "TERM");
    else world.effects.push({ kind: "signal-command", run, signal: "TERM" });
  }
  for (const tracker of tracked.trackers.values()) tracked.deadlines.set(tracker, never);
  for (const link of tracked.links.values()) tracked.deadlines.set(link, never);
}

/** Sets when the machine of a tracker has something to do. */
export function schedule({ tracked, stopping }: World, tracker: Tracker): void {
  if (stopping) return;
  const { kind, machine } = tracker;
  if (kind === "script" || kind === "probe") {
    tracked.deadlines.set(tracker, deadlineOfScript(machine));
  } else if (kind === "process") tracked.deadlines.set(tracker, deadlineOfProcess(machine));
}
