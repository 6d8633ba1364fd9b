/**
 * Trackers of a configuration: each definition gets its machine, or its machine gets the new plan.
 * What did not change is not touched by a reload: results stay, and a run that is under way goes
 * on.
 */
import { earlier, equalPlain, type Instant, never } from "../base/mod.ts";
import type { Model } from "../config/mod.ts";
import {
  countProcesses,
  type FilePlan,
  newScript,
  newTrackedFile,
  newTrackedProcess,
  type ProbePlan,
  type ProcessPlan,
  replanScript,
  trackerKey,
  type TrackerPlan,
  type Verdict,
  wantScript,
} from "../track/mod.ts";
import { judged } from "./judged.ts";
import { configureLinks } from "./links.ts";
import { giveUpProbe, isAsked, type ProbeTracker, recount } from "./probes.ts";
import type { Tracker } from "./tracked.ts";
import { learnUses } from "./tracker_uses.ts";
import { schedule } from "./tracking.ts";
import type { World } from "./world.ts";

/** Brings the trackers in line with a configuration. */
export function configureTrackers(world: World, model: Model, now: Instant): void {
  const { tracked } = world;
  learnUses(tracked, model);
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
