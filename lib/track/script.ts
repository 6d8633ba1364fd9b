/**
 * One `vrrp_script`, or a `track_probe` in the same way: when it is started, when a run takes too
 * long, and what its ends mean (behaviour 4.27). The interval is from start to start; a run that is
 * still going is not started again. A run over its limit counts as failed at once; its process
 * group gets TERM, two seconds later KILL, and KILL again every ten seconds for as long as it does
 * not end.
 *
 * Contract: `passScript` when `deadlineOfScript` has come (too early is harmless), `endScript` when
 * a run has ended. Both say what is to be done through `out`.
 */
import {
  after,
  type CommandEnd,
  type Duration,
  earlier,
  type Instant,
  never,
  seconds,
} from "../base/mod.ts";
import type { RunPlan, ScriptPlan } from "./plan.ts";
import type { Verdict } from "./weigh.ts";

/** What a script asks for. */
export type ScriptOutput =
  | { readonly kind: "run" }
  | { readonly kind: "signal"; readonly run: number; readonly signal: "TERM" | "KILL" }
  /** A run is over its limit. */
  | { readonly kind: "timed-out" };

/** A run that has not ended. */
interface Run {
  readonly id: number;
  /** When the next signal goes out. */
  signalAt: Instant;
  /** How many signals it got. */
  signals: number;
}

/** How a run ended: that of a command, or a question that was answered as is right, or was not. */
export type RunEnd =
  | CommandEnd
  | { readonly kind: "answered" }
  | { readonly kind: "failed"; readonly reason: string };

/** A script; only the functions of this file write to it. */
export interface Script<Plan extends RunPlan = ScriptPlan> {
  plan: Plan;
  verdict: Verdict;
  /** Whether it is run at all: only while somebody tracks it. */
  wanted: boolean;
  /**
   * Between 0 and rise + fall - 1, good from `rise` on: one failure is forgotten by a success, and
   * the other way round.
   */
  level: number;
  nextRunAt: Instant;
  run: Run | undefined;
  /** How the last run ended. */
  lastEnd: RunEnd | "timed-out" | undefined;
}

/** How long a run may take to obey TERM. */
const termGrace: Duration = seconds(2);
/** How long to wait between further KILLs. */
const killAgain: Duration = seconds(10);

/** A script that has not been run. */
export function newScript<Plan extends RunPlan>(plan: Plan): Script<Plan> {
  return {
    plan,
    verdict: plan.initFail ? { kind: "bad" } : { kind: "unknown" },
    wanted: false,
    level: 0,
    nextRunAt: never,
    run: undefined,
    lastEnd: undefined,
  };
}

/** Takes over a changed plan; results stay. What is `new` is run at once. */
export function replanScript<Plan extends RunPlan>(
  script: Script<Plan>,
  plan: Plan,
  isNew: boolean,
  now: Instant,
): void {
  script.plan = plan;
  script.level = Math.min(script.level, plan.rise + plan.fall - 1);
  if (script.verdict.kind === "good") script.level = Math.max(script.level, plan.rise);
  else script.level = Math.min(script.level, plan.rise - 1);
  if (!script.wanted) return;
  script.nextRunAt = earlier(script.nextRunAt, after(now, plan.interval));
  if (isNew) script.nextRunAt = now;
}

/** Says whether anybody tracks it: it is run from then on, or no more. */
export function wantScript(script: Script<RunPlan>, wanted: boolean, now: Instant): void {
  if (script.wanted === wanted) return;
  script.wanted = wanted;
  script.nextRunAt = wanted ? now : never;
}

/** When `passScript` has something to do. */
export function deadlineOfScript({ nextRunAt, run }: Script<RunPlan>): Instant {
  return earlier(nextRunAt, run?.signalAt ?? never);
}

/**
 * Starts runs and ends those that take too long. A question that is given up is over at once; a
 * command is over when it has ended.
 */
export function passScript(
  script: Script<RunPlan>,
  isQuestion: boolean,
  now: Instant,
  out: ScriptOutput[],
): void {
  const { run, plan } = script;
  if (run !== undefined && run.signalAt <= now) {
    if (run.signals === 0) {
      out.push({ kind: "timed-out" });
      script.lastEnd = "timed-out";
      note(script, false);
    }
    out.push({ kind: "signal", run: run.id, signal: run.signals === 0 ? "TERM" : "KILL" });
    run.signalAt = after(now, run.signals < 2 ? termGrace : killAgain);
    run.signals++;
    if (isQuestion) script.run = undefined;
  }
  if (script.nextRunAt > now) return;
  // From deadline to deadline, but runs that were missed are not made up for.
  const next = after(script.nextRunAt, plan.interval);
  script.nextRunAt = next > now ? next : after(now, plan.interval);
  if (script.run === undefined) out.push({ kind: "run" });
}

/** A run has begun. */
export function beginScript(script: Script<RunPlan>, id: number, now: Instant): void {
  script.run = { id, signalAt: after(now, script.plan.timeout), signals: 0 };
}

/** A run has ended. */
export function endScript(script: Script<RunPlan>, id: number, end: RunEnd): void {
  const { run } = script;
  if (run?.id !== id) return;
  script.run = undefined;
  // A run over its limit has counted already.
  if (run.signals > 0) return;
  script.lastEnd = end;
  note(script, end.kind === "answered" || (end.kind === "exited" && end.code === 0));
}

function note(script: Script<RunPlan>, success: boolean): void {
  const { rise, fall } = script.plan;
  const top = rise + fall - 1;
  if (script.verdict.kind === "unknown") script.level = success ? top : 0;
  else if (success) script.level = script.level + 1 >= rise ? top : script.level + 1;
  else script.level = script.level - 1 < rise ? 0 : script.level - 1;
  script.verdict = { kind: script.level >= rise ? "good" : "bad" };
}
