/**
 * A snapshot as metrics. Every family is computed from the one snapshot, so the numbers of a
 * scrape belong together. States are one line for each state with 0 or 1, which is how Prometheus
 * wants them.
 */
import type { InstanceStatus, Snapshot } from "../engine/mod.ts";
import { counterNames } from "../vrrp/mod.ts";
import { balanceFamilies } from "./balance_metrics.ts";
import { bfdFamilies } from "./bfd_metrics.ts";
import { counter, gauge, type MetricFamily, plain, type Sample } from "./exposition.ts";
import { keepalivedFamilies } from "./keepalived_metrics.ts";
import { counterMetrics, standinMetrics, stateNames } from "./metric_names.ts";
import { resourceFamilies } from "./resource_metrics.ts";
import { trackerFamilies } from "./tracker_metrics.ts";

/**
 * All metrics of a snapshot, in the order in which they are printed, each computed when it is asked
 * for: all of them may take some milliseconds.
 */
export function* metricFamilies(snapshot: Snapshot): Generator<MetricFamily> {
  yield* daemonFamilies(snapshot);
  yield* instanceFamilies(snapshot.instances);
  yield* counterFamilies(snapshot.instances);
  yield* trackerFamilies(snapshot);
  if (snapshot.resources.length > 0) yield* resourceFamilies(snapshot);
  if (snapshot.bfdSessions.length > 0) yield* bfdFamilies(snapshot);
  if (snapshot.virtualServers.length > 0) yield* balanceFamilies(snapshot);
  yield* keepalivedFamilies(snapshot);
}

function daemonFamilies(snapshot: Snapshot): MetricFamily[] {
  const { version, node, startedAt, config, unmatchedPackets, lostPackets, syncGroups, stalls } =
    snapshot;
  const names = standinMetrics;
  return [
    gauge(names.buildInfo, "Version and name of this node; always 1", [
      { labels: { version, node }, value: 1 },
    ]),
    gauge(names.startTime, "When the daemon started, as a Unix time", [plain(unixTime(startedAt))]),
    gauge(names.configLoadTime, "When the configuration was read, as a Unix time", [
      plain(unixTime(config.loadedAt)),
    ]),
    counter(names.configReloads, "Reloads that were applied", [plain(config.reloads)]),
    gauge(names.lastReload, "0 when the latest reload was refused, otherwise 1", [
      plain(config.refused === null ? 1 : 0),
    ]),
    gauge(
      names.groupState,
      "1 for the state that the sync group is in, 0 for the others",
      syncGroups.flatMap((group) => stateSet({ group: group.name }, group.state)),
    ),
    counter(names.stalls, "Times that the node did not get to run and had to listen first", [
      plain(stalls.count),
    ]),
    gauge(names.longestStall, "The longest time that the node did not get to run", [
      plain(stalls.longestMs / 1000),
    ]),
    gauge(names.maintenance, "1 while the node takes no part because somebody asked for it", [
      plain(snapshot.maintenance === null ? 0 : 1),
    ]),
    counter(names.unmatchedPackets, "VRRP packets that belong to no instance", [
      { labels: { cause: "malformed" }, value: unmatchedPackets.malformed },
      { labels: { cause: "unknown_vrid" }, value: unmatchedPackets.unknownVrid },
    ]),
    counter(
      names.lostPackets,
      "VRRP packets that the kernel dropped because nobody read them in time",
      [
        plain(lostPackets),
      ],
    ),
  ];
}

function instanceFamilies(instances: readonly InstanceStatus[]): MetricFamily[] {
  function each(value: (instance: InstanceStatus) => number): Sample[] {
    return instances.map((instance) => ({ labels: labelsOf(instance), value: value(instance) }));
  }
  const names = standinMetrics;
  return [
    gauge(
      names.state,
      "1 for the state that the instance is in, 0 for the others",
      instances.flatMap((instance) => stateSet(labelsOf(instance), instance.state)),
    ),
    gauge(names.priority, "Priority in use", each((instance) => instance.effectivePriority)),
    gauge(names.basePriority, "Configured priority", each((instance) => instance.basePriority)),
    gauge(
      names.advertInterval,
      "Interval between advertisements",
      each((instance) => instance.advertIntervalMs / 1000),
    ),
    gauge(
      names.lastTransition,
      "When the state last changed, as a Unix time",
      each((instance) => unixTime(instance.lastTransition.at)),
    ),
    gauge(
      names.faults,
      "Things that keep the instance in FAULT",
      each((instance) => instance.faults.length),
    ),
    gauge(
      names.masterKnown,
      "Whether this node is master or hears who is",
      each(({ state, master }) => state === "MASTER" || master !== null ? 1 : 0),
    ),
    gauge(
      names.twoMasters,
      "Whether another master is heard beside this one",
      each((instance) => instance.twoMasters === null ? 0 : 1),
    ),
    gauge(
      names.duplicateAddresses,
      "Other stations that use an address of this master",
      each((instance) => instance.duplicateAddresses.length),
    ),
    gauge(
      names.addressDifferences,
      "Addresses that only this node has, or only the other router's advertisement",
      instances.flatMap((instance) => differences(instance)),
    ),
  ];
}

function* counterFamilies(instances: readonly InstanceStatus[]): Generator<MetricFamily> {
  for (const name of counterNames) {
    const { standin, help } = counterMetrics[name];
    const samples = instances.map((instance) => ({
      labels: labelsOf(instance),
      value: instance.counters[name],
    }));
    yield counter(standin, help, samples);
  }
}

function labelsOf(instance: InstanceStatus): Record<string, string> {
  // Not "instance": Prometheus itself puts that label on everything it scrapes.
  const { name, interface: interfaceName, vrid, family } = instance;
  return { name, interface: interfaceName, vrid: String(vrid), family };
}

function differences(instance: InstanceStatus): Sample[] {
  const { onlyHere = [], onlyThere = [] } = instance.addressDifference ?? {};
  return ([["here", onlyHere], ["there", onlyThere]] as const).map(([only, { length }]) => ({
    labels: { ...labelsOf(instance), only },
    value: length,
  }));
}

function stateSet(labels: Record<string, string>, current: string): Sample[] {
  return stateNames.map((state) => ({
    labels: { ...labels, state },
    value: state === current ? 1 : 0,
  }));
}

function unixTime(iso: string): number {
  return Date.parse(iso) / 1000;
}
