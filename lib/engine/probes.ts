/**
 * `track_probe` in the engine: questions become effects, their answers results of the machine that
 * scripts have, too. A probe that counts others is looked at whenever one of them is judged.
 */
import type { Instant } from "../base/mod.ts";
import {
  beginScript,
  endScript,
  type ProbePlan,
  type Script,
  trackerKey,
  type Verdict,
} from "../track/mod.ts";
import type { EngineEvent } from "./event.ts";
import type { Tracker } from "./tracked.ts";
import type { World } from "./world.ts";

/** A probe in its place. */
export type ProbeTracker = Extract<Tracker, { kind: "probe" }>;

/** Whether it is run by itself. */
export function isAsked({ subject }: ProbePlan): boolean {
  return subject.kind !== "group";
}

/** Begins a run: a question to the host, or a command. */
export function beginProbe(world: World, tracker: ProbeTracker, now: Instant): void {
  const { machine } = tracker;
  const { tracked, effects, balance } = world;
  const { subject } = machine.plan;
  if (subject.kind === "group") return;
  const run = tracked.nextRun++;
  beginScript(machine, run, now);
  tracked.runs.set(run, tracker);
  if (subject.kind === "command") {
    effects.push({ kind: "run-command", run, command: subject.command });
    return;
  }
  const token = Math.floor(balance.random.next() * 65_536);
  effects.push({ kind: "track-probe", run, token, subject });
}

/** Nobody waits for the end of a run any more. */
export function giveUpProbe(
  world: World,
  run: number,
  { plan: { subject } }: Script<ProbePlan>,
  signal: "TERM" | "KILL",
): void {
  if (subject.kind === "command") {
    world.effects.push({ kind: "signal-command", run, signal });
    return;
  }
  world.tracked.runs.delete(run);
  world.effects.push({ kind: "cancel-track-probe", run });
}

/** The answer to a question; `undefined` when nobody waits for it. */
export function probeAnswered(
  { tracked }: World,
  { run, failure }: Extract<EngineEvent, { kind: "track-probe-ended" }>,
): ProbeTracker | undefined {
  const tracker = tracked.runs.get(run);
  if (tracker?.kind !== "probe") return undefined;
  tracked.runs.delete(run);
  endScript(
    tracker.machine,
    run,
    failure === undefined ? { kind: "answered" } : { kind: "failed", reason: failure },
  );
  return tracker;
}

/** The probes that count a probe. */
export function groupsOf({ tracked }: World, { key, kind, name }: Tracker): ProbeTracker[] {
  if (kind !== "probe" || !tracked.counted.has(key)) return [];
  return [...tracked.trackers.values()].filter((one): one is ProbeTracker => {
    if (one.kind !== "probe") return false;
    const { subject } = one.machine.plan;
    return subject.kind === "group" && subject.probes.includes(name);
  });
}

/** How many of the probes that one counts are good, and how many are known. */
export function countGood(
  { tracked }: World,
  probes: readonly string[],
): { readonly good: number; readonly known: number } {
  const verdicts = probes.map((name) =>
    tracked.trackers.get(trackerKey({ kind: "probe", name }))?.machine.verdict.kind ?? "unknown"
  );
  return {
    good: verdicts.filter((kind) => kind === "good").length,
    known: verdicts.filter((kind) => kind !== "unknown").length,
  };
}

/** Counts anew; nothing is said of a probe that is asked itself. */
export function recount(world: World, { machine }: ProbeTracker): void {
  const { subject } = machine.plan;
  if (subject.kind !== "group") return;
  const { good, known } = countGood(world, subject.probes);
  const missing = subject.probes.length - known;
  const verdict: Verdict = good >= subject.least
    ? { kind: "good" }
    : { kind: good + missing >= subject.least ? "unknown" : "bad" };
  machine.verdict = verdict;
}
