/**
 * The metrics of the keepalived exporter by mehdy, with its labels and values, so that dashboards
 * and alerts made for it keep working. States are numbers there. Its counters stand in
 * `metric_names.ts` beside ours.
 */
import type { InstanceStatus, Snapshot } from "../engine/mod.ts";
import { counterNames } from "../vrrp/mod.ts";
import { counter, gauge, type MetricFamily, plain, type Sample } from "./exposition.ts";
import { counterMetrics, keepalivedMetrics, keepalivedStateNumbers } from "./metric_names.ts";

/** All of them, in the order in which they are printed. */
export function* keepalivedFamilies({ instances, trackers }: Snapshot): Generator<MetricFamily> {
  const names = keepalivedMetrics;
  yield gauge(names.up, "Whether the daemon answers; always 1", [plain(1)]);
  yield gauge(
    names.state,
    "State of each virtual address: 0 INIT, 1 BACKUP, 2 MASTER, 3 FAULT",
    instances.flatMap((instance) => addressStates(instance, instance.addresses)),
  );
  yield gauge(
    names.excludedState,
    "State of each virtual address that is not advertised, in the same numbers",
    instances.flatMap((instance) => addressStates(instance, instance.excludedAddresses)),
  );
  for (const name of counterNames) {
    const { keepalived, help } = counterMetrics[name];
    if (keepalived === undefined) continue;
    const samples = instances.map((instance) => ({
      labels: labelsOf(instance),
      value: instance.counters[name],
    }));
    yield counter(keepalived, help, samples);
  }
  yield counter(
    names.gratuitousArpDelay,
    "Seconds between becoming master and announcing the addresses once more; no counter at all",
    instances.map((instance) => ({
      labels: labelsOf(instance),
      value: instance.gratuitousArpDelayMs / 1000,
    })),
  );
  const scripts = trackers.filter(({ kind }) => kind === "script");
  yield gauge(
    names.scriptStatus,
    "Whether the script that is tracked says good",
    scripts.map(({ name, state }) => ({ labels: { name }, value: state === "good" ? 1 : 0 })),
  );
  yield gauge(
    names.scriptState,
    "0 (idle) for each script that is tracked; whether one runs just now is not told",
    scripts.map(({ name }) => ({ labels: { name }, value: 0 })),
  );
}

function addressStates(instance: InstanceStatus, addresses: readonly string[]): Sample[] {
  return addresses.map((address) => ({
    // keepalived: the length of the prefix is only shown when it is not that of a host.
    labels: { ...labelsOf(instance), ip_address: withoutHostLength(address) },
    value: keepalivedStateNumbers[instance.state],
  }));
}

function withoutHostLength(address: string): string {
  return address.replace(address.includes(":") ? /\/128$/ : /\/32$/, "");
}

function labelsOf(instance: InstanceStatus): Record<string, string> {
  return { iname: instance.name, intf: instance.interface, vrid: String(instance.vrid) };
}
