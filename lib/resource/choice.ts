/**
 * Which step a set of resources takes next towards what is wanted, and when there is one.
 */
import { earlier, type Instant, never } from "../base/mod.ts";
import { commandsOf } from "./commands.ts";
import type { Resource, ResourceSet, Step } from "./state.ts";

interface Next {
  readonly resource: Resource;
  readonly kind: Step["kind"];
}

/** What is to be done next towards what is wanted. */
export function nextStep(set: ResourceSet, now: Instant): Next | undefined {
  const { resources, wish: wanted } = set;
  const unseen = resources.find((one) => one.state === "unknown" && !one.looked);
  if (unseen !== undefined) return { resource: unseen, kind: "status" };
  if (wanted === "wait") return undefined;
  const toStop = resources.findLast((one) =>
    (wanted === "rest" || one.mustStop || one.retired) && needsStop(one, now)
  );
  if (toStop !== undefined) return { resource: toStop, kind: "stop" };
  for (const one of resources) one.mustStop = false;
  if (wanted === "rest" || set.startAt > now) return undefined;
  const resource = resources.find(({ state, retired }) => state !== "active" && !retired);
  if (resource === undefined || resource.startAt > now) return undefined;
  // It may be half there: what its status says counts.
  const stuck = resource.state === "stuck" && commandsOf(resource.plan)?.status !== undefined;
  return { resource, kind: stuck ? "status" : "start" };
}

function needsStop({ state, againAt }: Resource, now: Instant): boolean {
  return state === "active" || state === "failed" || state === "unknown" ||
    (state === "stuck" && againAt <= now);
}

/** What steps wait for has come by now or lies ahead; only `passSet` looks at limits and looks. */
export function deadlineOf(
  { step, resources, startAt, wish: wanted }: ResourceSet,
  now: Instant,
): Instant {
  const waits = [
    startAt,
    step?.nextAt ?? never,
    ...resources.flatMap(({ startAt: own, againAt }) => [wanted === "run" ? own : never, againAt]),
  ].filter((at) => at > now);
  const limits = [
    step?.run?.signalAt ?? never,
    ...resources.flatMap(({ probeAt, probe }) => [probeAt, probe?.signalAt ?? never]),
  ];
  return [...waits, ...limits].reduce(earlier, never);
}
