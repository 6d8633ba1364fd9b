/**
 * Trackers as metrics: each by itself, and what each does to an instance; a daemon without trackers
 * has none of them.
 */
import type { InstanceStatus, Snapshot, TrackerStatus, TrackUseStatus } from "../engine/mod.ts";
import { gauge, type MetricFamily, type Sample } from "./exposition.ts";
import { standinMetrics as names } from "./metric_names.ts";

const states = ["unknown", "good", "bad", "number"] as const;

/** The metrics of all trackers. */
export function trackerFamilies({ trackers, instances }: Snapshot): MetricFamily[] {
  return [
    gauge(
      names.trackerState,
      "1 for what the tracker says, 0 for the others; a file with a number says number",
      trackers.flatMap((tracker) =>
        states.map((state): Sample => ({
          labels: { ...labelsOf(tracker), state },
          value: state === tracker.state ? 1 : 0,
        }))
      ),
    ),
    gauge(
      names.trackerValue,
      "The number in a tracked file",
      trackers.flatMap((tracker): Sample[] =>
        tracker.value === null ? [] : [{ labels: labelsOf(tracker), value: tracker.value }]
      ),
    ),
    gauge(
      names.trackerLastChange,
      "When the tracker last changed, as a Unix time",
      trackers.map((tracker) => ({
        labels: labelsOf(tracker),
        value: Date.parse(tracker.since) / 1000,
      })),
    ),
    gauge(
      names.trackerPriority,
      "What the tracker adds to the priority of the instance",
      eachUse(instances, ({ change }) => change),
    ),
    gauge(
      names.trackerFault,
      "1 while the tracker keeps the instance in FAULT or, without a first result, in INIT",
      eachUse(instances, ({ effect }) => effect === "priority" ? 0 : 1),
    ),
  ];
}

/** Two uses of one tracker by one instance would be one line twice, which Prometheus refuses. */
function eachUse(
  instances: readonly InstanceStatus[],
  value: (use: TrackUseStatus) => number,
): Sample[] {
  return instances.flatMap(({ name, tracking }) => {
    const samples = new Map<string, Sample>();
    for (const use of tracking) {
      const key = `${use.kind} ${use.name}`;
      const labels = { name, tracker_kind: use.kind, tracker: use.name };
      samples.set(key, { labels, value: value(use) + (samples.get(key)?.value ?? 0) });
    }
    return [...samples.values()];
  });
}

function labelsOf({ kind, name }: TrackerStatus): Record<string, string> {
  return { kind, name };
}
