/**
 * Resources as metrics; a daemon without resources has none of them.
 */
import type { ResourceSetStatus, Snapshot } from "../engine/mod.ts";
import { gauge, type MetricFamily, type Sample } from "./exposition.ts";
import { standinMetrics as names } from "./metric_names.ts";

const states = ["unknown", "stopped", "starting", "active", "failed", "stopping", "stuck"] as const;

/** The metrics of all resources. */
export function resourceFamilies({ resources: sets }: Snapshot): MetricFamily[] {
  return [
    gauge(
      names.resourceState,
      "1 for the state that the resource is in, 0 for the others",
      eachResource(
        sets,
        ({ state }, labels) =>
          states.map((one) => ({
            labels: { ...labels, state: one },
            value: one === state ? 1 : 0,
          })),
      ),
    ),
    gauge(
      names.resourceFailures,
      "Failures in a row of the resource",
      eachResource(sets, ({ failures }, labels) => [{ labels, value: failures }]),
    ),
    gauge(
      names.resourceLastChange,
      "When the resource came into its state, as a Unix time",
      eachResource(sets, ({ since }, labels) => [{ labels, value: Date.parse(since) / 1000 }]),
    ),
    gauge(
      names.resourcesHeldOff,
      "1 while the role is not taken because a resource failed too often here",
      sets.map(({ kind, name, heldOff }) => ({
        labels: { kind, name },
        value: heldOff === null ? 0 : 1,
      })),
    ),
  ];
}

function eachResource(
  sets: readonly ResourceSetStatus[],
  samples: (
    resource: ResourceSetStatus["resources"][number],
    labels: Record<string, string>,
  ) => Sample[],
): Sample[] {
  return sets.flatMap(({ kind, name, resources }) =>
    resources.flatMap((resource) => samples(resource, { kind, name, resource: resource.name }))
  );
}
