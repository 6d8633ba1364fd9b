/**
 * What IPVS counts of services and destinations (linux/ip_vs.h): the wide counters of kernels since
 * 4.1, else the old ones.
 */
import { viewOf } from "../base/mod.ts";
import { AttributeReader } from "./attributes.ts";
import { genericHeaderLength } from "./generic.ts";
import {
  counterAttribute,
  destinationAttribute,
  ipvsAttribute,
  serviceAttribute,
} from "./ipvs_constants.ts";
import type { NetlinkMessage } from "./message.ts";

/** What went through since the service or destination was added. */
export interface IpvsCounters {
  readonly connections: number;
  readonly inPackets: number;
  readonly outPackets: number;
  readonly inBytes: number;
  readonly outBytes: number;
}

/** A destination also has connections at this moment. */
export interface IpvsDestinationCounters extends IpvsCounters {
  readonly activeConnections: number;
  readonly inactiveConnections: number;
}

/** The counters of one service of a dump; absent where the kernel does not say them. */
export function decodeServiceCounters({ payload }: NetlinkMessage): IpvsCounters | undefined {
  const inner = new AttributeReader(payload.subarray(genericHeaderLength))
    .nested(ipvsAttribute.service);
  return inner && countersIn(inner, serviceAttribute.wideCounters, serviceAttribute.counters);
}

/** The counters of one destination of a dump; absent where the kernel does not say them. */
export function decodeDestinationCounters(
  { payload }: NetlinkMessage,
): IpvsDestinationCounters | undefined {
  const inner = new AttributeReader(payload.subarray(genericHeaderLength))
    .nested(ipvsAttribute.destination);
  if (inner === undefined) return undefined;
  const { wideCounters, counters: oldCounters, active, inactive } = destinationAttribute;
  const counters = countersIn(inner, wideCounters, oldCounters);
  return counters && {
    ...counters,
    activeConnections: inner.u32(active) ?? 0,
    inactiveConnections: inner.u32(inactive) ?? 0,
  };
}

function countersIn(outer: AttributeReader, wide: number, old: number): IpvsCounters | undefined {
  const inner = outer.nested(wide) ?? outer.nested(old);
  if (inner === undefined) return undefined;
  const count = (type: number): number => {
    const bytes = inner.bytes(type);
    if (bytes?.length === 8) return Number(viewOf(bytes).getBigUint64(0, true));
    return bytes?.length === 4 ? viewOf(bytes).getUint32(0, true) : 0;
  };
  return {
    connections: count(counterAttribute.connections),
    inPackets: count(counterAttribute.inPackets),
    outPackets: count(counterAttribute.outPackets),
    inBytes: count(counterAttribute.inBytes),
    outBytes: count(counterAttribute.outBytes),
  };
}
