/**
 * Resources in the snapshot.
 */
import type { Instant } from "../base/mod.ts";
import {
  type ResourceAction,
  type ResourceKind,
  resourceName,
  type ResourceState,
} from "../resource/mod.ts";
import type { Leaving } from "./resource_world.ts";
import type { World } from "./world.ts";

/** One resource as shown to people. */
export interface ResourceStatus {
  readonly name: string;
  readonly kind: ResourceKind;
  readonly state: ResourceState;
  /** Since when it is in it. */
  readonly since: string;
  /** Failures in a row, with less than ten minutes between them. */
  readonly failures: number;
  readonly lastFailure: {
    readonly at: string;
    readonly action: ResourceAction;
    readonly detail: string;
  } | null;
}

/** The resources of an instance or a sync group as shown to people. */
export interface ResourceSetStatus {
  readonly kind: "INSTANCE" | "GROUP";
  /** Of the instance or the group. */
  readonly name: string;
  /** `run` where the role is, `rest` elsewhere, `wait` while nobody knows. */
  readonly wanted: "run" | "rest" | "wait";
  /** Why the role goes as soon as everything is stopped; null while it stays. */
  readonly leaving: Leaving["kind"] | null;
  /** The role was given away because of a failure; null when it was not. */
  readonly heldOff: {
    readonly until: string;
    readonly resource: string;
    readonly detail: string;
  } | null;
  /** In the order in which they are started. */
  readonly resources: readonly ResourceStatus[];
}

/** What still stops, each as `service nginx of VI_1`, and whether a reload waits for it. */
export function stoppingResources(
  { resources }: { readonly resources: readonly ResourceSetStatus[] },
): { readonly stopping: readonly string[]; readonly pending: boolean } {
  const stopping = resources.flatMap(({ name, leaving, resources: each }) =>
    each.filter(({ state }) => state === "stopping" || (leaving === "reload" && state === "active"))
      .map((one) => `${one.name} of ${name}`)
  );
  return { stopping, pending: resources.some(({ leaving }) => leaving === "reload") };
}

/** All resources. */
export function describeResources(
  { resourced: { owners } }: World,
  at: (instant: Instant) => string,
): ResourceSetStatus[] {
  return Array.from(owners.values(), ({ set, leaving, heldOff }) => ({
    kind: set.plan.kind,
    name: set.plan.name,
    wanted: set.wish,
    leaving: leaving?.kind ?? null,
    heldOff: heldOff === undefined ? null : { ...heldOff, until: at(heldOff.until) },
    resources: set.resources.map(({ plan, state, since, failures, lastFailure }) => ({
      name: resourceName(plan),
      kind: plan.subject.kind,
      state,
      since: at(since),
      failures,
      lastFailure: lastFailure === undefined ? null : { ...lastFailure, at: at(lastFailure.at) },
    })),
  }));
}
