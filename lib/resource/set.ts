/**
 * The state machine of one set of resources. There is one step at a time, and each step is chosen
 * by what is wanted then: a change of mind while something starts or stops lets that end, and goes
 * on towards the latest wish. So starts and stops never overlap, whatever comes in between.
 *
 *     wish run:  stop what failed and what stands after it, in reverse; then start, in order
 *     wish rest: stop everything, in reverse
 *     wish wait: look at what nobody has looked at yet
 *
 * A start that fails is undone and tried again; when too many failed the set gives up and rests by
 * itself, until somebody wishes anew. What can not be stopped is tried harder, as its kind has it;
 * then the fence is called; then it is stuck, the rest goes on, and it is tried again later.
 *
 * Contract: `wish`, `passSet` when `deadline` has come (too early is harmless) and `runEnded` are
 * the doors, `replanSet` stands in `replan.ts`. Each says what is to be done through `out`.
 */
import { after, between, type Instant, milliseconds, never, seconds } from "../base/mod.ts";
import { deadlineOf, nextStep } from "./choice.ts";
import { commandsOf, fenceFor } from "./commands.ts";
import type { ResourcesPlan } from "./plan.ts";
import { passProbes, passRun, probeEnded, probeLater, startRun } from "./run.ts";
import {
  isPlace,
  newResource,
  type Resource,
  type ResourceOutput,
  type ResourceSet,
  type ResourceState,
  type Run,
  type RunEnd,
  type Step,
  type Wish,
} from "./state.ts";
import { detailOf, failed, fails, isGood } from "./failure.ts";

/** Between attempts to start, or to stop, the same. */
const pause = seconds(1);
/** What is stuck is tried again after it. */
const stuckPause = seconds(60);

/** A set of which nobody has wished anything. */
export function newResourceSet(plan: ResourcesPlan, now: Instant): ResourceSet {
  const resources = plan.resources.map((one) => newResource(one, now));
  return { plan, resources, wish: "wait", startAt: now, step: undefined, deadline: now };
}

/** Says what is wanted from now on; the same again is harmless. */
export function wish(set: ResourceSet, wanted: Wish, now: Instant, out: ResourceOutput[]): void {
  if (set.wish === wanted) return;
  set.wish = wanted;
  if (wanted === "run") {
    set.startAt = after(now, set.plan.startDelay);
    for (const resource of set.resources) resource.failures = 0;
  }
  advance(set, now, out);
}

/** Addresses and routes are gone at once with the role, wherever they stand in the order. */
export function losePlaces(set: ResourceSet, now: Instant): void {
  for (const resource of set.resources) {
    if (isPlace(resource.plan) && resource.state === "active") enter(resource, "stopped", now);
  }
}

/** They were there with the role before anybody gave them a place in the order. */
export function keepPlaces(set: ResourceSet, now: Instant): void {
  for (const resource of set.resources) {
    if (isPlace(resource.plan)) enter(resource, "active", now);
  }
}

/** Whether nothing is there that has to be stopped, and nothing runs. */
export function isAtRest({ resources, step }: ResourceSet): boolean {
  return step === undefined &&
    resources.every(({ state }) => state === "stopped" || state === "stuck");
}

/** Acts on everything that is due. */
export function passSet(set: ResourceSet, now: Instant, out: ResourceOutput[]): void {
  const { step } = set;
  if (step?.run !== undefined && passRun(step.run, now, out)) {
    stepEnded(set, step, { kind: "timeout" }, now, out);
  }
  for (const resource of passProbes(set, now, out)) {
    probeFailed(set, resource, "timeout", now, out);
  }
  advance(set, now, out);
}

/**
 * A run has ended, with the last line that it has said; one that was given up before is not known
 * any more.
 */
export function runEnded(
  set: ResourceSet,
  run: Run,
  { end, said }: { readonly end: RunEnd; readonly said: string },
  now: Instant,
  out: ResourceOutput[],
): void {
  const { step } = set;
  run.said = said;
  if (step?.run === run) stepEnded(set, step, end, now, out);
  else if (run.resource.probe === run) {
    probeEnded(run.resource, now);
    // One that was over its limit has failed, however it ended then.
    if (!isGood(run, end)) probeFailed(set, run.resource, detailOf(run, end), now, out);
  }
  advance(set, now, out);
}

/** Takes steps until one takes time, or there is nothing to do. */
export function advance(set: ResourceSet, now: Instant, out: ResourceOutput[]): void {
  for (;;) {
    const { step } = set;
    if (step !== undefined) {
      if (step.run !== undefined || step.nextAt > now) break;
      attempt(set, step, now, out);
    } else {
      const next = nextStep(set, now);
      if (next === undefined) break;
      begin(set, next.resource, next.kind, now, out);
    }
  }
  set.resources = set.resources.filter(({ retired, state }) => !retired || state !== "stopped");
  set.deadline = deadlineOf(set, now);
}

function begin(
  set: ResourceSet,
  resource: Resource,
  kind: Step["kind"],
  now: Instant,
  out: ResourceOutput[],
): void {
  if (isPlace(resource.plan)) return putInPlace(resource, kind === "start", now, out);
  const unsure = resource.state === "unknown";
  if (kind !== "status") {
    probeEnded(resource, now, out);
    enter(resource, kind === "start" ? "starting" : "stopping", now);
  }
  resource.looked = true;
  set.step = { resource, kind, unsure, at: now, attempt: 0, nextAt: now, run: undefined };
}

function putInPlace(
  resource: Resource,
  up: boolean,
  now: Instant,
  out: ResourceOutput[],
): void {
  const { kind } = resource.plan.subject;
  if (kind !== "address" && kind !== "route") return;
  out.push({ kind: "place", what: kind, up });
  enter(resource, up ? "active" : "stopped", now);
  out.push({ kind: "changed", resource, to: up ? "active" : "stopped" });
}

/** Runs what comes next in a step. */
function attempt(set: ResourceSet, step: Step, now: Instant, out: ResourceOutput[]): void {
  const { resource, kind } = step;
  const { limits } = resource.plan;
  const commands = commandsOf(resource.plan);
  step.nextAt = never;
  if (kind === "start") {
    if (commands !== undefined) {
      step.run = startRun(resource, kind, limits.startTimeout, commands.start, now, out);
    }
    return;
  }
  if (kind === "status") {
    if (commands?.status === undefined) {
      set.step = undefined;
      return;
    }
    step.run = startRun(resource, kind, limits.statusTimeout, commands.status, now, out);
    return;
  }
  const stop = commands?.stop[step.attempt];
  const fence = set.plan.fence;
  if (stop !== undefined) {
    step.run = startRun(resource, "stop", limits.stopTimeout, stop, now, out);
  } else if (fence !== undefined && !step.unsure) {
    const command = fenceFor(set.plan, fence, resource);
    step.run = startRun(resource, "fence", limits.stopTimeout, command, now, out);
  }
}

function stepEnded(
  set: ResourceSet,
  step: Step,
  end: RunEnd,
  now: Instant,
  out: ResourceOutput[],
): void {
  const { resource, run } = step;
  if (run === undefined) return;
  step.run = undefined;
  const good = isGood(run, end);
  if (run.action === "stop" || run.action === "fence") {
    if (good) stopped(set, step, now, out);
    else stopFailed(set, step, run, detailOf(run, end), now, out);
    return;
  }
  set.step = undefined;
  if (run.action === "status") {
    // Whoever has no good answer is not there; whoever has none at all may be half there.
    if (run.signals > 0) enter(resource, "failed", now);
    else settled(resource, good ? "active" : "stopped", now);
    if (good) out.push({ kind: "changed", resource, to: "active" });
  } else if (good) {
    settled(resource, "active", now);
    out.push({ kind: "changed", resource, to: "active", took: between(step.at, now) });
  } else {
    enter(resource, "failed", now);
    resource.startAt = after(now, pause);
    recover(set, resource, { at: now, action: "start", detail: detailOf(run, end) }, out);
  }
}

function stopped(set: ResourceSet, step: Step, now: Instant, out: ResourceOutput[]): void {
  const { resource, at } = step;
  set.step = undefined;
  settled(resource, "stopped", now);
  out.push({ kind: "changed", resource, to: "stopped", took: between(at, now) });
}

function stopFailed(
  set: ResourceSet,
  step: Step,
  run: Run,
  detail: string,
  now: Instant,
  out: ResourceOutput[],
): void {
  const { resource } = step;
  const failure = { at: now, action: run.action, detail };
  const attempts = commandsOf(resource.plan)?.stop.length ?? 0;
  step.attempt++;
  if (step.attempt < attempts) {
    step.nextAt = after(now, milliseconds(500));
    return failed(resource, failure, { kind: "escalate" }, out);
  }
  if (step.unsure) {
    set.step = undefined;
    settled(resource, "stopped", now);
    return failed(resource, failure, { kind: "none" }, out);
  }
  if (step.attempt === attempts && set.plan.fence !== undefined && run.action === "stop") {
    step.nextAt = now;
    return failed(resource, failure, { kind: "fence" }, out);
  }
  set.step = undefined;
  enter(resource, "stuck", now);
  resource.againAt = after(now, stuckPause);
  failed(resource, failure, { kind: "stuck" }, out);
}

function probeFailed(
  set: ResourceSet,
  resource: Resource,
  detail: string,
  now: Instant,
  out: ResourceOutput[],
): void {
  if (resource.state !== "active") return;
  enter(resource, "failed", now);
  recover(set, resource, { at: now, action: "status", detail }, out);
}

/** What stands after a failed resource is stopped with it; both are started again, or given up. */
function recover(
  set: ResourceSet,
  resource: Resource,
  failure: NonNullable<Resource["lastFailure"]>,
  out: ResourceOutput[],
): void {
  const from = set.resources.indexOf(resource);
  for (const one of set.resources.slice(from)) one.mustStop = true;
  if (set.wish === "run" && !fails(resource, failure, out)) return;
  if (set.wish !== "run") return failed(resource, failure, { kind: "none" }, out);
  set.wish = "rest";
  out.push({ kind: "gave-up", resource, failure });
}

/** Enters a state that is known to be so. */
function settled(resource: Resource, state: "active" | "stopped", now: Instant): void {
  enter(resource, state, now);
  if (state === "active") probeLater(resource, now);
}

function enter(resource: Resource, state: ResourceState, now: Instant): void {
  if (resource.state === state) return;
  resource.state = state;
  resource.since = now;
  if (state !== "active") resource.probeAt = never;
}
