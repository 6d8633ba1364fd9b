/**
 * From what the kernel has to what it should have, in small steps: what is the same is not touched,
 * so connections survive. Destinations come before others go, so a service is never left empty in
 * between.
 */
import { equalPlain } from "../base/mod.ts";
import type { IpvsDestination, IpvsService, IpvsServiceId } from "../netlink/mod.ts";
import type { ServiceTable } from "./wanted.ts";

/** One step. */
export type IpvsChange =
  | {
    readonly kind: "newService" | "setService" | "deleteService";
    readonly service: IpvsService;
  }
  | {
    readonly kind: "newDestination" | "setDestination" | "deleteDestination";
    readonly service: IpvsServiceId;
    readonly destination: IpvsDestination;
  };

/** All services of a virtual server by their keys. */
export type ServiceTables = ReadonlyMap<string, ServiceTable>;

/** The steps between the tables of all services; services that go come last. */
export function changesOf(before: ServiceTables, next: ServiceTables): IpvsChange[] {
  const gone = [...before].filter(([key]) => !next.has(key));
  return [
    ...[...next].flatMap(([key, table]) => changesOfService(before.get(key), table)),
    ...gone.flatMap(([, table]) => changesOfService(table, undefined)),
  ];
}

function changesOfService(
  before: ServiceTable | undefined,
  next: ServiceTable | undefined,
): IpvsChange[] {
  const changes: IpvsChange[] = [];
  if (next !== undefined) {
    const { service } = next;
    if (before === undefined) changes.push({ kind: "newService", service });
    else if (!equalPlain(before.service, service)) changes.push({ kind: "setService", service });
  }
  const service = (next ?? before)?.service.id;
  if (service === undefined) return changes;
  for (const [key, destination] of next?.destinations ?? []) {
    const old = before?.destinations.get(key);
    if (old === undefined) changes.push({ kind: "newDestination", service, destination });
    else if (!equalPlain(old, destination)) {
      changes.push({ kind: "setDestination", service, destination });
    }
  }
  for (const [key, destination] of before?.destinations ?? []) {
    if (next?.destinations.has(key) === true) continue;
    changes.push({ kind: "deleteDestination", service, destination });
  }
  if (next === undefined && before !== undefined) {
    changes.push({ kind: "deleteService", service: before.service });
  }
  return changes;
}
