/**
 * Virtual servers as metrics; a daemon without any has none of them. `keepalived_lvs_…` are the
 * names of the exporter by gen2brain, whose labels are an address without brackets and the number
 * of a protocol: servers that stand in several virtual servers are one line there.
 */
import type {
  CheckStatus,
  RealServerStatus,
  Snapshot,
  VirtualServerStatus,
} from "../engine/mod.ts";
import { counter, gauge, type MetricFamily, type Sample } from "./exposition.ts";
import { standinMetrics as names } from "./metric_names.ts";

/** The counters: in the snapshot, in our names, in those of the exporter, and in words. */
const counters = [
  ["connections", "connections", "conn", "Connections"],
  ["inPackets", "in_packets", "in_packets", "Packets from clients"],
  ["outPackets", "out_packets", "out_packets", "Packets to clients, where they pass this node"],
  ["inBytes", "in_bytes", "in_bytes", "Octets from clients"],
  ["outBytes", "out_bytes", "out_bytes", "Octets to clients, where they pass this node"],
] as const;

/** Internet protocol numbers; a virtual server that is a firewall mark has none. */
const protocolNumbers: Readonly<Record<string, number>> = { TCP: 6, UDP: 17, SCTP: 132 };

type Labels = Readonly<Record<string, string>>;

/** The metrics of all virtual servers. */
export function balanceFamilies({ virtualServers }: Snapshot): MetricFamily[] {
  const servers = virtualServers.flatMap((virtual) =>
    virtual.realServers.map((server) => ({ virtual, server }))
  );
  const each = (value: (server: RealServerStatus) => number): Sample[] =>
    servers.map(({ virtual, server }) => ({
      labels: serverLabels(virtual, server),
      value: value(server),
    }));
  return [
    gauge(
      names.virtualServerUp,
      "Whether the virtual server has its quorum",
      virtualServers.map(({ name, up }) => ({
        labels: { virtual_server: name },
        value: up ? 1 : 0,
      })),
    ),
    gauge(
      names.virtualServerBalanced,
      "0 when the kernel refused the virtual server, so that no client is led to its servers",
      virtualServers.map(({ name, balanced }) => ({
        labels: { virtual_server: name },
        value: balanced ? 1 : 0,
      })),
    ),
    gauge(names.realServerUp, "Whether the checks of the server say so", each(({ up }) => +up)),
    gauge(
      names.realServerWeight,
      "Weight of the server while it is up",
      each(({ weight }) => weight),
    ),
    gauge(
      names.realServerConnections,
      "Active connections of the server",
      servers.flatMap(({ virtual, server }) =>
        samplesOf(serverLabels(virtual, server), server.statistics?.activeConnections)
      ),
    ),
    ...checkFamilies(virtualServers),
    ...counterFamilies(virtualServers),
  ];
}

/** Checks of a server are told apart by their numbers, as they may ask the same place. */
function checkFamilies(virtualServers: readonly VirtualServerStatus[]): MetricFamily[] {
  const checks = virtualServers.flatMap((virtual) =>
    virtual.realServers.flatMap((server) =>
      server.checks.map((check, index) => {
        const { kind, target } = check;
        const place = { check: String(index + 1), kind, target };
        return { labels: { ...serverLabels(virtual, server), ...place }, check };
      })
    )
  );
  const each = (value: (check: CheckStatus) => number | null): Sample[] =>
    checks.flatMap(({ labels, check }) => samplesOf(labels, value(check)));
  return [
    gauge(names.checkUp, "Whether the check says that the server is up", each(({ up }) => +up)),
    counter(names.checkRuns, "Runs of the check that ended", each(({ runs }) => runs)),
    counter(names.checkFailures, "Runs of the check that failed", each(({ failures }) => failures)),
    gauge(
      names.checkDuration,
      "How long the last run of the check took, from its beginning to its verdict",
      each(({ lastDurationMs }) => lastDurationMs === null ? null : lastDurationMs / 1000),
    ),
  ];
}

function counterFamilies(virtualServers: readonly VirtualServerStatus[]): MetricFamily[] {
  return counters.flatMap(([field, own, common, help]) => {
    const ofVirtual: Sample[] = [];
    const ofReal: Sample[] = [];
    const vip = new Map<string, Sample>();
    const rs = new Map<string, Sample>();
    for (const virtual of virtualServers) {
      const { name: virtual_server, statistics, address, protocol } = virtual;
      if (statistics === null) continue;
      ofVirtual.push({ labels: { virtual_server }, value: statistics[field] });
      const proto = String(protocolNumbers[protocol] ?? 0);
      add(vip, { addr: address.replace(/[[\]]/g, ""), proto }, statistics[field]);
      for (const server of virtual.realServers) {
        const value = server.statistics?.[field];
        if (value === undefined) continue;
        ofReal.push({ labels: serverLabels(virtual, server), value });
        add(rs, { addr: `${server.address}:${server.port}`, proto }, value);
      }
    }
    return [
      counter(`standin_virtual_server_${own}_total`, `${help} of the virtual server`, ofVirtual),
      counter(`standin_real_server_${own}_total`, `${help} of the server`, ofReal),
      counter(`keepalived_lvs_vip_${common}`, `${help} of the virtual server`, [...vip.values()]),
      counter(`keepalived_lvs_rs_${common}`, `${help} of the server`, [...rs.values()]),
    ];
  });
}

function samplesOf(labels: Labels, value: number | null | undefined): Sample[] {
  return value === null || value === undefined ? [] : [{ labels, value }];
}

function add(into: Map<string, Sample>, labels: Labels, value: number): void {
  const key = Object.values(labels).join(" ");
  into.set(key, { labels, value: value + (into.get(key)?.value ?? 0) });
}

function serverLabels({ name }: VirtualServerStatus, server: RealServerStatus): Labels {
  return { virtual_server: name, real_server: hostAndPort(server) };
}

function hostAndPort({ address, port }: RealServerStatus): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
