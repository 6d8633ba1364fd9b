/**
 * The destinations that a service should have. keepalived: without a quorum the sorry server takes
 * the place of all servers, if there is one; else those that are up stay.
 */
import type { IpAddress } from "../base/mod.ts";
import { formatIp } from "../base/mod.ts";
import {
  forwarding,
  type IpvsDestination,
  type IpvsService,
  type IpvsServiceId,
} from "../netlink/mod.ts";
import type { VirtualServerPlan } from "./plan.ts";

/** A service with its destinations by address and port. */
export interface ServiceTable {
  readonly service: IpvsService;
  readonly destinations: ReadonlyMap<string, IpvsDestination>;
}

/** What tells a destination from others of its service, and how people see it. */
export function destinationName(
  { address, port }: { readonly address: IpAddress; readonly port: number },
): string {
  return address.family === "ipv4"
    ? `${formatIp(address)}:${port}`
    : `[${formatIp(address)}]:${port}`;
}

/** What tells a service from others of the kernel. */
export function serviceKey(id: IpvsServiceId): string {
  if (id.kind === "mark") return `fwmark ${id.mark} ${id.family}`;
  return `${id.protocol} ${destinationName(id)}`;
}

/** What the kernel should have: a table for each service, by its key. */
export function wantedTables(
  plan: VirtualServerPlan,
  isUp: (server: string) => boolean,
  quorum: boolean,
): ReadonlyMap<string, ServiceTable> {
  const wanted = wantedDestinations(plan, isUp, quorum);
  return new Map(plan.services.map((service) => {
    const destinations = wanted.map((one) => placed(one, service.id));
    const byName = new Map(destinations.map((one) => [destinationName(one), one]));
    return [serviceKey(service.id), { service, destinations: byName }];
  }));
}

/** Only NAT can change a port, and a mark has none. */
function placed(destination: IpvsDestination, id: IpvsServiceId): IpvsDestination {
  if (destination.method === forwarding.masquerade) return destination;
  return { ...destination, port: id.kind === "mark" ? 0 : id.port };
}

function wantedDestinations(
  plan: VirtualServerPlan,
  isUp: (server: string) => boolean,
  quorum: boolean,
): IpvsDestination[] {
  const destinations = new Map<string, IpvsDestination>();
  const { servers, sorryServer } = plan;
  for (const server of servers) {
    const active = isUp(server.name) && (quorum || sorryServer === undefined);
    if (!active && !server.inhibitOnFailure) continue;
    const { address, port, forwarding, weight, upperThreshold, lowerThreshold } = server;
    destinations.set(destinationName(server), {
      address,
      port,
      ...forwarding,
      weight: active ? weight : 0,
      upperThreshold,
      lowerThreshold,
    });
  }
  if (sorryServer !== undefined && (!quorum || sorryServer.inhibit)) {
    const { address, port, forwarding } = sorryServer;
    const key = destinationName(sorryServer);
    // A sorry server may be one of the servers, which then keeps what it has while it is up.
    if (!quorum || !destinations.has(key)) {
      const limits = { upperThreshold: 0, lowerThreshold: 0 };
      destinations.set(key, { address, port, ...forwarding, weight: quorum ? 0 : 1, ...limits });
    }
  }
  return [...destinations.values()];
}
