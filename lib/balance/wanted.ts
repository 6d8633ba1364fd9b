/**
 * The destinations that a service should have. keepalived: without a quorum the sorry server takes
 * the place of all servers, if there is one; else those that are up stay.
 */
import type { IpAddress } from "../base/mod.ts";
import { formatIp } from "../base/mod.ts";
import type { IpvsDestination, IpvsService } from "../netlink/mod.ts";
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

/** What the kernel should have. */
export function wantedTable(
  plan: VirtualServerPlan,
  isUp: (server: string) => boolean,
  quorum: boolean,
): ServiceTable {
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
  return { service: plan.service, destinations };
}
