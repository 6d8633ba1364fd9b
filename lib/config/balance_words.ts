/**
 * Virtual servers and real servers in the words of the configuration, for the difference of
 * two models.
 */
import {
  type BalanceSettings,
  defaultMarkMap,
  destinationName,
  forwarding,
  type RealServerPlan,
  serviceFlag,
  type SyncPlan,
  tunnelFlag,
  tunnelType,
  type VirtualServerPlan,
} from "../balance/mod.ts";
import { formatIp, inSeconds } from "../base/mod.ts";
import type { Words } from "./words.ts";

/** The settings of a virtual server. */
export function virtualServerWords(plan: VirtualServerPlan): Words {
  const { services: [service], sorryServer } = plan;
  if (service === undefined) return [];
  const { scheduler, flags, timeoutSeconds, netmask, engine } = service;
  const set = flags & (serviceFlag.scheduler1 | serviceFlag.scheduler2 | serviceFlag.scheduler3);
  const sorry = sorryServer === undefined ? "none" : [
    destinationName(sorryServer),
    methodWords(sorryServer.forwarding),
    ...(sorryServer.inhibit ? ["sorry_server_inhibit"] : []),
  ].join(" ");
  return [
    ...(plan.services.length === 1 && plan.marked === undefined ? [] : [servicesWord(plan)]),
    ["lvs_sched", scheduler],
    ["flags", String(set)],
    ["ops", (flags & serviceFlag.onePacket) === 0 ? "off" : "on"],
    ["persistence_timeout", timeoutSeconds === 0 ? "off" : String(timeoutSeconds)],
    ["persistence_granularity", netmask > 128 ? netmask.toString(16) : String(netmask)],
    ["persistence_engine", engine ?? "none"],
    ["omega", plan.omega === true ? "on" : "off"],
    ["ha_suspend", plan.haSuspend === true ? "on" : "off"],
    ["quorum", String(plan.quorum)],
    ["hysteresis", String(plan.hysteresis)],
    ["sorry_server", sorry],
  ];
}

/** The settings of IPVS as a whole; what is not said is not in it. */
export function balanceSettingsWords(plan: BalanceSettings = {}): Words {
  const { timeouts = {}, sync } = plan;
  const limits =
    ([["tcp", timeouts.tcp], ["tcpfin", timeouts.tcpFin], ["udp", timeouts.udp]] as const)
      .flatMap(([word, value]) => value === undefined ? [] : [`${word} ${value}`]);
  return [
    ["lvs_timeouts", limits.length === 0 ? "as they are" : limits.join(" ")],
    ["lvs_flush", plan.flush === true ? "on" : "off"],
    ["lvs_flush_on_stop", plan.flushAtEnd ?? "off"],
    ["lvs_sync_daemon", sync === undefined ? "off" : syncWord(sync)],
    ["nftables_ipvs", plan.marks?.table ?? "off"],
    ["nftables_ipvs_priority", String((plan.marks ?? defaultMarkMap).priority)],
    ["net_namespace_ipvs", plan.namespace === "" ? "that of the machine" : plan.namespace ?? "own"],
  ];
}

function syncWord({ daemon, instance }: SyncPlan): string {
  const { interfaceName, id, maxLength, port, ttl, group } = daemon;
  return [
    interfaceName,
    ...(instance === undefined ? [] : [`inst ${instance}`]),
    `id ${id}`,
    ...(maxLength === undefined ? [] : [`maxlen ${maxLength}`]),
    ...(port === undefined ? [] : [`port ${port}`]),
    ...(ttl === undefined ? [] : [`ttl ${ttl}`]),
    ...(group === undefined ? [] : [`group ${formatIp(group)}`]),
  ].join(" ");
}

/** The services of a group, as a setting. */
function servicesWord({ services, marked = [] }: VirtualServerPlan): Words[number] {
  const names = [...services, ...marked].map(({ id }) => {
    return id.kind === "mark" ? `fwmark ${id.mark}` : destinationName(id);
  });
  return ["virtual_server_group", names.join(" ")];
}

/** A real server as one line. */
export function serverLine(plan: RealServerPlan): string {
  return [
    plan.name,
    `weight ${plan.weight}`,
    ...(plan.slowStart === undefined ? [] : [`slow_start ${inSeconds(plan.slowStart)}`]),
    methodWords(plan.forwarding),
    ...(plan.inhibitOnFailure ? ["inhibit_on_failure"] : []),
    ...(plan.upperThreshold === 0 ? [] : [`uthreshold ${plan.upperThreshold}`]),
    ...(plan.lowerThreshold === 0 ? [] : [`lthreshold ${plan.lowerThreshold}`]),
  ].join(" ");
}

function methodWords({ method, tunnel }: RealServerPlan["forwarding"]): string {
  if (method === forwarding.direct) return "DR";
  if (tunnel === undefined) return "NAT";
  const type = Object.entries(tunnelType).find(([, number]) => number === tunnel.type)?.[0] ?? "";
  return [
    `TUN type ${type}`,
    ...(tunnel.port === 0 ? [] : [`port ${tunnel.port}`]),
    ...((tunnel.flags & tunnelFlag.checksum) === 0 ? [] : ["csum"]),
    ...((tunnel.flags & tunnelFlag.remoteChecksum) === 0 ? [] : ["remcsum"]),
  ].join(" ");
}
