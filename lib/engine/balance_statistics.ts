/**
 * What the kernel counts of virtual servers, as the host told last: it looks when somebody asks.
 */
import { destinationName, nftServerName, type RealServerPlan, serviceKey } from "../balance/mod.ts";
import { equalIp } from "../base/mod.ts";
import {
  forwarding,
  type IpvsCounters,
  type IpvsDestination,
  type IpvsDestinationCounters,
  type IpvsServiceId,
  type NftCounter,
} from "../netlink/mod.ts";
import type { BalanceSlot, BalanceWorld } from "./balance_world.ts";
import type { World } from "./world.ts";

/** The counters of one service of the kernel, and of its destinations. */
export interface ServiceCounters {
  readonly id: IpvsServiceId;
  readonly counters: IpvsCounters;
  readonly destinations: readonly {
    readonly destination: IpvsDestination;
    readonly counters: IpvsDestinationCounters;
  }[];
}

/** The counters of all services by their keys. */
export type Statistics = ReadonlyMap<string, ServiceCounters>;

/** Takes what the host found. */
export function statisticsRead({ balance }: World, services: readonly ServiceCounters[]): void {
  balance.statistics = new Map(services.map((service) => [serviceKey(service.id), service]));
}

/** Takes what the counters of nftables say. */
export function nftCounted({ balance }: World, counters: readonly NftCounter[]): void {
  balance.nft.counters = new Map(counters.map((counter) => [counter.name, counter]));
}

/** What went to a server; nftables does not say how many connections there are now. */
export interface ServerCounters extends IpvsCounters {
  readonly activeConnections: number | null;
  readonly inactiveConnections: number | null;
}

/** What went through all services of a virtual server; null while nobody knows. */
export function countersOf(balance: BalanceWorld, slot: BalanceSlot): IpvsCounters | null {
  const { statistics, backend, nft } = balance;
  if (backend === "nftables") {
    return sum(slot.plan.servers.flatMap((server) => nftCounters(nft, slot, server)));
  }
  return sum(servicesOf(statistics, slot.plan).map(({ counters }) => counters));
}

/** What went to a server of it. */
export function serverCountersOf(
  { statistics, backend, nft }: BalanceWorld,
  slot: BalanceSlot,
  server: RealServerPlan,
): ServerCounters | null {
  if (backend === "nftables") {
    const total = sum(nftCounters(nft, slot, server));
    return total && { ...total, activeConnections: null, inactiveConnections: null };
  }
  const found = servicesOf(statistics, slot.plan).flatMap(({ destinations }) =>
    destinations.filter(({ destination }) => isFor(destination, server))
  ).map(({ counters }) => counters);
  const total = sum(found);
  return total && {
    ...total,
    activeConnections: found.reduce((before, one) => before + one.activeConnections, 0),
    inactiveConnections: found.reduce((before, one) => before + one.inactiveConnections, 0),
  };
}

/** A server that left begins anew when it comes back, as with IPVS. */
function nftCounters(
  { counters }: BalanceWorld["nft"],
  { plan }: BalanceSlot,
  server: RealServerPlan,
): IpvsCounters[] {
  return plan.services.flatMap(({ id }) => {
    const name = nftServerName(id, server);
    const first = counters.get(name);
    if (first === undefined) return [];
    const [inside, outside] = [counters.get(`in/${name}`), counters.get(`out/${name}`)];
    return [{
      connections: first.packets,
      inPackets: first.packets + (inside?.packets ?? 0),
      outPackets: outside?.packets ?? 0,
      inBytes: first.bytes + (inside?.bytes ?? 0),
      outBytes: outside?.bytes ?? 0,
    }];
  });
}

function servicesOf(
  statistics: Statistics,
  { services, marked }: BalanceSlot["plan"],
): ServiceCounters[] {
  return (marked ?? services).flatMap(({ id }) => statistics.get(serviceKey(id)) ?? []);
}

/** With NAT the port tells servers apart. */
function isFor(destination: IpvsDestination, server: RealServerPlan): boolean {
  return destination.method === forwarding.masquerade
    ? destinationName(destination) === destinationName(server)
    : equalIp(destination.address, server.address);
}

function sum(all: readonly IpvsCounters[]): IpvsCounters | null {
  if (all.length === 0) return null;
  const total = (count: (one: IpvsCounters) => number): number =>
    all.reduce((before, one) => before + count(one), 0);
  return {
    connections: total((one) => one.connections),
    inPackets: total((one) => one.inPackets),
    outPackets: total((one) => one.outPackets),
    inBytes: total((one) => one.inBytes),
    outBytes: total((one) => one.outBytes),
  };
}
