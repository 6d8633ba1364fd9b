/**
 * Commands of resources on their way: limits, signals, and looks at the status of what is active.
 * One that is over its limit gets TERM, two seconds later KILL; one that does not even end then,
 * such as an umount from a dead server, is left to itself two seconds later.
 */
import {
  after,
  type CommandPlan,
  type Duration,
  type Instant,
  never,
  seconds,
} from "../base/mod.ts";
import { commandsOf } from "./commands.ts";
import type { Resource, ResourceAction, ResourceOutput, ResourceSet, Run } from "./state.ts";

const grace = seconds(2);
/** Failures are forgotten after a resource was well for so long. */
const forgetAfter = seconds(600);

/** Asks for a command. */
export function startRun(
  resource: Resource,
  action: ResourceAction,
  limit: Duration,
  command: CommandPlan,
  now: Instant,
  out: ResourceOutput[],
): Run {
  const signalAt = after(now, limit);
  const run: Run = { action, resource, id: undefined, said: "", signalAt, signals: 0 };
  out.push({ kind: "run", run, command });
  return run;
}

/** Sends the signals that are due; true when the run is left to itself. */
export function passRun(run: Run, now: Instant, out: ResourceOutput[]): boolean {
  if (run.signalAt > now) return false;
  if (run.signals >= 2) return true;
  signal(run, run.signals === 0 ? "TERM" : "KILL", out);
  run.signals++;
  run.signalAt = after(now, grace);
  return false;
}

function signal({ id }: Run, word: "TERM" | "KILL", out: ResourceOutput[]): void {
  if (id !== undefined) out.push({ kind: "signal", run: id, signal: word });
}

/** Looks at what is active and due; answers those whose look hangs. */
export function passProbes(set: ResourceSet, now: Instant, out: ResourceOutput[]): Resource[] {
  const hanging: Resource[] = [];
  for (const resource of set.resources) {
    const { probe, plan: { limits }, state } = resource;
    if (probe !== undefined) {
      if (passRun(probe, now, out)) {
        probeEnded(resource, now);
        hanging.push(resource);
      }
      continue;
    }
    if (state !== "active" || resource.probeAt > now) continue;
    if (resource.since <= now - forgetAfter) resource.failures = 0;
    probeLater(resource, now);
    const status = commandsOf(resource.plan)?.status;
    if (status === undefined || set.wish !== "run") continue;
    resource.probe = startRun(resource, "status", limits.statusTimeout, status, now, out);
    resource.probeAt = never;
  }
  return hanging;
}

/** A look is over, or nobody wants to know its result any more. */
export function probeEnded(resource: Resource, now: Instant, out?: ResourceOutput[]): void {
  const { probe } = resource;
  if (probe === undefined) return;
  if (out !== undefined) signal(probe, "KILL", out);
  resource.probe = undefined;
  probeLater(resource, now);
}

/** The next look is an interval away. */
export function probeLater(resource: Resource, now: Instant): void {
  const { interval } = resource.plan.limits;
  resource.probeAt = interval > 0 ? after(now, interval) : never;
}
