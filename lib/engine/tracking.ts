/**
 * Trackers in the engine: what a configuration defines gets its machine, observations go to the
 * machines, and what they ask for becomes effects. What did not change is not touched by a reload:
 * results stay, and a run that is under way goes on.
 */
import { type CommandEnd, earlier, equalPlain, type Instant, never } from "../base/mod.ts";
import type { Model } from "../config/mod.ts";
import {
  beginScript,
  countProcesses,
  deadlineOfProcess,
  deadlineOfScript,
  endScript,
  type FilePlan,
  newScript,
  newTrackedFile,
  newTrackedProcess,
  passProcess,
  passScript,
  type ProbePlan,
  type ProcessPlan,
  readTrackedFile,
  replanScript,
  type ScriptOutput,
  trackerKey,
  type TrackerPlan,
  type Verdict,
  wantScript,
} from "../track/mod.ts";
import { judged } from "./judged.ts";
import { configureLinks, passLink } from "./links.ts";
import { tell } from "./slot.ts";
import type { EngineEvent } from "./event.ts";
import {
  beginProbe,
  giveUpProbe,
  isAsked,
  probeAnswered,
  type ProbeTracker,
  recount,
} from "./probes.ts";
import type { Tracked, Tracker } from "./tracked.ts";
import type { World } from "./world.ts";

/** Brings the trackers in line with a configuration. */
export function configureTrackers(world: World, model: Model, now: Instant): void {
  const { tracked } = world;
  learnUses(world, model);
  const plans = new Map(model.trackers.map((plan) => [trackerKey(plan), plan]));
  const before = processPlans(world);
  for (const [key, tracker] of tracked.trackers) {
    const stays = plans.has(key) || (isJudgedElsewhere(tracker) && tracked.users.has(key));
    if (!stays) remove(world, tracker, now);
  }
  for (const plan of plans.values()) adopt(world, plan, now);
  for (const key of tracked.users.keys()) adoptUsed(world, key, now);
  for (const tracker of tracked.trackers.values()) {
    if (tracker.kind !== "probe") continue;
    const { verdict } = tracker.machine;
    recount(world, tracker);
    judged(world, tracker, verdict, now);
  }
  watchProcesses(world, before);
  configureLinks(world, model, now);
}

function isJudgedElsewhere({ kind }: Tracker): boolean {
  return kind === "interface" || kind === "bfd" || kind === "virtual_server";
}

function learnUses(world: World, model: Model): void {
  const { tracked } = world;
  const { tracking, checks, instances } = model;
  tracked.uses.clear();
  tracked.users.clear();
  for (const { name, uses } of tracking) {
    tracked.uses.set(name, uses);
    for (const use of uses) {
      const key = trackerKey(use);
      const users = tracked.users.get(key) ?? [];
      if (!users.includes(name)) tracked.users.set(key, [...users, name]);
    }
  }
  tracked.witnessed = instances.some(({ witness }) => witness !== undefined);
  for (const { name, witness } of instances) {
    if (witness === undefined) continue;
    const key = trackerKey({ kind: "probe", name: witness.probe });
    const users = tracked.users.get(key) ?? [];
    if (!users.includes(name)) tracked.users.set(key, [...users, name]);
  }
  learnCounted(world.tracked, model.trackers);
  for (const { name, subject } of checks) {
    if (subject.kind !== "file" && subject.kind !== "bfd") continue;
    const key = trackerKey({ kind: subject.kind, name: subject.tracker });
    tracked.users.set(key, [...tracked.users.get(key) ?? [], name]);
  }
}

/** Whoever uses a probe that counts others uses these; those that it counts stand before it. */
function learnCounted({ users, counted }: Tracked, plans: readonly TrackerPlan[]): void {
  counted.clear();
  for (const plan of plans.toReversed()) {
    if (plan.kind !== "probe" || plan.subject.kind !== "group") continue;
    const mine = users.get(trackerKey(plan)) ?? [];
    for (const name of plan.subject.probes) {
      const key = trackerKey({ kind: "probe", name });
      counted.add(key);
      const all = new Set([...users.get(key) ?? [], ...mine]);
      if (all.size > 0) users.set(key, [...all]);
    }
  }
}

/** A definition gets its machine, or its machine gets the new plan. */
function adopt(world: World, plan: TrackerPlan, now: Instant): void {
  const { trackers, users } = world.tracked;
  const key = trackerKey(plan);
  const used = users.has(key);
  const known = trackers.get(key);
  if (known === undefined) {
    const place = { key, name: plan.name, since: now, retired: false };
    const tracker = machineFor(plan, place);
    trackers.set(key, tracker);
    if (isRun(tracker)) wantScript(tracker.machine, used, now);
    if (tracker.kind === "file" && used) watchFile(world, tracker.machine.plan);
    schedule(world, tracker);
    return;
  }
  const verdict = known.machine.verdict;
  if (known.kind === "script" && plan.kind === "script") {
    const { plan: old } = known.machine;
    if (!equalPlain(old, plan)) {
      replanScript(known.machine, plan, plan.command !== old.command, now);
    }
    wantScript(known.machine, used, now);
  } else if (known.kind === "probe" && plan.kind === "probe") {
    adaptProbe(world, known, plan, now);
    wantScript(known.machine, used && isAsked(plan), now);
  } else if (known.kind === "process" && plan.kind === "process") {
    known.machine.plan = plan;
    countProcesses(known.machine, known.machine.count, now);
  } else if (known.kind === "file" && plan.kind === "file") {
    const { path } = known.machine.plan;
    known.machine.plan = plan;
    if (path !== plan.path || !used) world.effects.push({ kind: "unwatch-file", path });
    if (used) watchFile(world, plan);
  }
  schedule(world, known);
  judged(world, known, verdict, now);
}

/** Whether it is run again and again. */
function isRun(tracker: Tracker): tracker is Extract<Tracker, { kind: "script" | "probe" }> {
  return tracker.kind === "script" || (tracker.kind === "probe" && isAsked(tracker.machine.plan));
}

/** What is under way asks what the old plan asks. */
function adaptProbe(world: World, tracker: ProbeTracker, plan: ProbePlan, now: Instant): void {
  const { machine } = tracker;
  const { plan: old, run } = machine;
  if (equalPlain(old, plan)) return;
  const isNew = !equalPlain(old.subject, plan.subject);
  if (isNew && run !== undefined) {
    giveUpProbe(world, run.id, machine, "TERM");
    world.tracked.runs.delete(run.id);
    machine.run = undefined;
  }
  replanScript(machine, plan, isNew, now);
}

type Settled = Pick<Tracker, "key" | "name" | "since" | "retired">;

function machineFor(plan: TrackerPlan, place: Settled): Tracker {
  switch (plan.kind) {
    case "script":
      return { ...place, kind: "script", machine: newScript(plan) };
    case "file":
      return { ...place, kind: "file", machine: newTrackedFile(plan) };
    case "process":
      return { ...place, kind: "process", machine: newTrackedProcess(plan) };
    case "probe":
      return { ...place, kind: "probe", machine: newScript(plan) };
  }
}

/** Interfaces and BFD sessions are not defined as trackers: being used makes them some. */
function adoptUsed({ tracked, bfd, balance }: World, key: string, now: Instant): void {
  if (tracked.trackers.has(key)) return;
  const at = key.indexOf(" ");
  const [kind, name] = [key.slice(0, at), key.slice(at + 1)];
  if (kind !== "interface" && kind !== "bfd" && kind !== "virtual_server") return;
  // keepalived: a session counts as down until something else is known.
  const session = bfd.slots.get(name)?.session.state === "Up" ? "good" : "bad";
  const server = kind === "virtual_server" ? balance.slots.get(name) : undefined;
  const quorum = server?.begun === true ? (server.quorum ? "good" : "bad") : "unknown";
  const verdict: Verdict = { kind: kind === "bfd" ? session : quorum };
  tracked.trackers.set(key, { key, kind, name, since: now, retired: false, machine: { verdict } });
}

function remove(world: World, tracker: Tracker, now: Instant): void {
  const { tracked } = world;
  tracked.trackers.delete(tracker.key);
  tracked.deadlines.set(tracker, never);
  tracker.retired = true;
  if (tracker.kind === "file") {
    world.effects.push({ kind: "unwatch-file", path: tracker.machine.plan.path });
  }
  if (tracker.kind !== "script" && tracker.kind !== "probe") return;
  wantScript(tracker.machine, false, now);
  const { run } = tracker.machine;
  // Nobody waits for its result: it is ended as one that is over its limit.
  if (run === undefined) return;
  run.signalAt = earlier(run.signalAt, now);
  schedule(world, tracker);
}

function watchFile(world: World, { path, init }: FilePlan): void {
  world.effects.push({ kind: "watch-file", path, ...(init === undefined ? {} : { init }) });
}

function processPlans(world: World): ProcessPlan[] {
  return Array.from(world.tracked.trackers.values()).flatMap((tracker) =>
    tracker.kind === "process" ? [tracker.machine.plan] : []
  );
}

function watchProcesses(world: World, before: readonly ProcessPlan[]): void {
  const plans = processPlans(world);
  if (equalPlain(before, plans)) return;
  const buffer = world.model?.global.processBuffer;
  const effect = { kind: "watch-processes" as const, plans };
  world.effects.push(buffer === undefined ? effect : { ...effect, buffer });
}

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

function schedule({ tracked, stopping }: World, tracker: Tracker): void {
  if (stopping) return;
  const { kind, machine } = tracker;
  if (kind === "script" || kind === "probe") {
    tracked.deadlines.set(tracker, deadlineOfScript(machine));
  } else if (kind === "process") tracked.deadlines.set(tracker, deadlineOfProcess(machine));
}
