/**
 * UDP clients of a server that is gone, in nftables: conntrack would lead them there for as long as
 * they send from the same port, so it forgets them. Connections of TCP and SCTP end by themselves,
 * and whoever is drained keeps its clients.
 */
import {
  destinationName,
  type IpvsServiceId,
  type ServiceTable,
  type ServiceTables,
} from "../balance/mod.ts";
import type { ServerFlows } from "../netlink/mod.ts";
import type { KernelRefusal } from "./event.ts";
import { tell } from "./slot.ts";
import type { World } from "./world.ts";

/** The protocol number of UDP. */
const udp = 17;

/** Notes whom to forget between two states of a virtual server; `isUp` says who is not down. */
export function noteFlows(
  { balance: { nft } }: World,
  before: ServiceTables,
  after: ServiceTables,
  isUp: (server: string) => boolean,
): void {
  for (const [key, table] of before) {
    const { id } = table.service;
    if (id.kind === "address" && id.protocol !== udp) continue;
    nft.forgotten.push(...goneBetween(table, after.get(key), isUp, id));
  }
}

function goneBetween(
  { destinations }: ServiceTable,
  after: ServiceTable | undefined,
  isUp: (server: string) => boolean,
  id: IpvsServiceId,
): ServerFlows[] {
  return [...destinations.values()].flatMap((destination) => {
    const { address, weight } = destination;
    const name = destinationName(destination);
    const next = after?.destinations.get(name);
    // With `inhibit_on_failure` a server that is down stays, and gets nobody.
    const isDown = weight > 0 && next?.weight === 0 && !isUp(name);
    if (next !== undefined && !isDown) return [];
    const port = destination.port === 0 && id.kind === "address" ? id.port : destination.port;
    const service = id.kind === "mark" ? {} : { service: { address: id.address, port: id.port } };
    return [{ protocol: udp, server: { address, port }, ...service }];
  });
}

/** Once the table leads elsewhere, what was noted is forgotten. */
export function forgetFlows({ balance: { nft }, effects }: World): void {
  if (nft.forgotten.length === 0) return;
  effects.push({ kind: "forget-flows", flows: nft.forgotten.splice(0) });
}

/** It could not be done, which is said once. */
export function flowsRefused(world: World, refusal: KernelRefusal): void {
  const key = `flows ${refusal.errno}`;
  if (world.toldRefusals.has(key)) return;
  world.toldRefusals.add(key);
  tell(world, { kind: "flows-refused", refusal });
}
