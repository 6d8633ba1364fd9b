/**
 * Requests that add and remove routes (linux/rtnetlink.h, struct rtmsg): every kind of route that
 * `ip route` can say in one line. What such a line leaves open has the defaults of keepalived.
 */
import type { Family, IfIndex, IpAddress, IpPrefix } from "../base/mod.ts";
import { AttributeWriter } from "./attributes.ts";
import {
  addressFamily,
  messageFlag,
  messageType,
  protocol as makers,
  scope as scopes,
} from "./constants.ts";
import { encodeRequest } from "./message.ts";
import {
  hopFlag,
  routeAttribute,
  routerPreference,
  routeTable,
  routeType,
} from "./route_constants.ts";
import { type Encap, type RouteMetric, writeEncap, writeMetrics } from "./route_parts.ts";

export type { Encap, RouteMetric, RouteMetricName } from "./route_parts.ts";

/*
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+---------------+---------------+
 *  |    Family     | Dest. Length  | Source Length |      TOS      |
 *  +---------------+---------------+---------------+---------------+
 *  |     Table     |   Protocol    |     Scope     |     Type      |
 *  +---------------+---------------+---------------+---------------+
 *  |                             Flags                             |
 *  +---------------------------------------------------------------+
 */
/** Offsets in struct rtmsg. */
export const routeField = {
  family: 0,
  destinationLength: 1,
  sourceLength: 2,
  tos: 3,
  table: 4,
  protocol: 5,
  scope: 6,
  type: 7,
  flags: 8,
} as const;

/** Length of struct rtmsg. */
export const routeHeaderLength = 12;

/** Length of struct rtnexthop: length, flags, weight less one, interface. */
export const hopHeaderLength = 8;

/** The words for the types of routes. */
export type RouteKind = keyof typeof routeType;

/** Where packets go next. */
export interface HopRequest {
  readonly gateway?: IpAddress;
  readonly ifIndex?: IfIndex;
  /** The gateway can be reached there whatever the addresses say. */
  readonly onLink?: boolean;
  readonly encap?: Encap;
  /** RTA_FLOW: the realm of the source in the upper half, of the destination in the lower. */
  readonly realms?: number;
}

/** One of several next hops. */
export interface WeightedHopRequest extends HopRequest {
  /** 1 to 256; 1 when absent. */
  readonly weight?: number;
}

/** A route. */
export interface RouteRequest extends HopRequest {
  readonly family: Family;
  /** Unicast when absent. */
  readonly kind?: RouteKind;
  /** Everything when absent: the default route. */
  readonly destination?: IpPrefix;
  /** Source prefix (IPv6). */
  readonly from?: IpPrefix;
  readonly tos?: number;
  /** The source address for packets of our own. */
  readonly source?: IpAddress;
  /** RTA_PRIORITY: of several routes the least counts. */
  readonly metric?: number;
  /** The main table when absent. */
  readonly table?: number;
  /** RTPROT_…; keepalived's when absent. */
  readonly protocol?: number;
  /** RT_SCOPE_…; that of the link for an IPv4 route without a gateway when absent. */
  readonly scope?: number;
  /** Seconds until the kernel removes it (IPv6). */
  readonly expiresSeconds?: number;
  readonly preference?: keyof typeof routerPreference;
  /** Whether the TTL is copied into the label (MPLS). */
  readonly ttlPropagate?: boolean;
  readonly metrics?: readonly RouteMetric[];
  /** Several next hops, in place of the one of the route itself. */
  readonly hops?: readonly WeightedHopRequest[];
}

/** Where a new route goes among those to the same destination, as `ip route` calls it. */
export type RouteInsertion = "add" | "prepend" | "append";

const insertionFlags: Readonly<Record<RouteInsertion, number>> = {
  add: messageFlag.create | messageFlag.exclusive,
  prepend: messageFlag.create,
  append: messageFlag.create | messageFlag.append,
};

/** Adds a route; `add` is refused with EEXIST when there is one to the same destination. */
export function encodeAddRoute(
  request: RouteRequest,
  sequence: number,
  insertion: RouteInsertion = "add",
): Uint8Array {
  const flags = messageFlag.request | messageFlag.ack | insertionFlags[insertion];
  const header = routeHeader(request);
  header[routeField.protocol] = request.protocol ?? makers.keepalived;
  header[routeField.type] = routeType[request.kind ?? "unicast"];
  // The kernel refuses a gateway whose route claims a narrower scope than the gateway's own.
  const onLink = request.gateway === undefined && request.family === "ipv4";
  header[routeField.scope] = request.scope ?? (onLink ? scopes.link : scopes.universe);
  if (request.onLink === true) header[routeField.flags] = hopFlag.onLink;
  const body = routeBody(header, request);
  if (request.metrics !== undefined) writeMetrics(body, request.metrics);
  if (request.expiresSeconds !== undefined) {
    body.u32(routeAttribute.expires, request.expiresSeconds);
  }
  if (request.preference !== undefined) {
    body.u8(routeAttribute.preference, routerPreference[request.preference]);
  }
  if (request.ttlPropagate !== undefined) {
    body.u8(routeAttribute.ttlPropagate, request.ttlPropagate ? 1 : 0);
  }
  return encodeRequest({ type: messageType.newRoute, flags, sequence }, body);
}

/** Removes the first route that is as the request says; refused with ESRCH when there is none. */
export function encodeDeleteRoute(request: RouteRequest, sequence: number): Uint8Array {
  const flags = messageFlag.request | messageFlag.ack;
  const header = routeHeader(request);
  header[routeField.scope] = request.scope ?? scopes.nowhere;
  header[routeField.protocol] = request.protocol ?? 0;
  if (request.kind !== undefined) header[routeField.type] = routeType[request.kind];
  const body = routeBody(header, request);
  return encodeRequest({ type: messageType.deleteRoute, flags, sequence }, body);
}

/** Asks for all routes of a family. */
export function encodeDumpRoutes(sequence: number, family: Family): Uint8Array {
  const header = new Uint8Array(routeHeaderLength);
  header[routeField.family] = addressFamily[family];
  const flags = messageFlag.request | messageFlag.dump;
  const body = new AttributeWriter().raw(header);
  return encodeRequest({ type: messageType.getRoute, flags, sequence }, body);
}

function routeHeader(request: RouteRequest): Uint8Array {
  const { family, destination, from, tos = 0, table = routeTable.main } = request;
  const header = new Uint8Array(routeHeaderLength);
  header[routeField.family] = addressFamily[family];
  header[routeField.destinationLength] = destination?.prefixLength ?? 0;
  header[routeField.sourceLength] = from?.prefixLength ?? 0;
  header[routeField.tos] = tos;
  // A table beyond 255 stands only in its attribute.
  header[routeField.table] = table > 255 ? routeTable.unspecified : table;
  return header;
}

function routeBody(header: Uint8Array, request: RouteRequest): AttributeWriter {
  const { family, destination, from, source, metric, table, hops } = request;
  const body = new AttributeWriter().raw(header);
  if (destination !== undefined) {
    body.bytes(routeAttribute.destination, destination.address.bytes);
  }
  if (from !== undefined) body.bytes(routeAttribute.source, from.address.bytes);
  writeHop(body, request, family);
  if (source !== undefined) body.bytes(routeAttribute.preferredSource, source.bytes);
  if (request.ifIndex !== undefined) body.u32(routeAttribute.outputInterface, request.ifIndex);
  if (metric !== undefined) body.u32(routeAttribute.priority, metric);
  if (table !== undefined) body.u32(routeAttribute.table, table);
  if (hops !== undefined && hops.length > 0) writeHops(body, hops, family);
  return body;
}

/** A gateway of the other family stands in RTA_VIA: its family and its octets. */
function writeHop(body: AttributeWriter, hop: HopRequest, family: Family): void {
  const { gateway, realms, encap } = hop;
  if (gateway?.family === family) body.bytes(routeAttribute.gateway, gateway.bytes);
  else if (gateway !== undefined) {
    const via = Uint8Array.of(addressFamily[gateway.family], 0, ...gateway.bytes);
    body.bytes(routeAttribute.via, via);
  }
  if (realms !== undefined) body.u32(routeAttribute.flow, realms);
  if (encap !== undefined) writeEncap(body, encap);
}

/** RTA_MULTIPATH: hops one behind the other, each with attributes of its own. */
function writeHops(
  body: AttributeWriter,
  hops: readonly WeightedHopRequest[],
  family: Family,
): void {
  const parts = hops.map((hop) => {
    const inner = new AttributeWriter();
    writeHop(inner, hop, family);
    const attributes = inner.finish();
    const header = new Uint8Array(hopHeaderLength);
    const view = new DataView(header.buffer);
    view.setUint16(0, hopHeaderLength + attributes.length, true);
    view.setUint8(2, hop.onLink === true ? hopFlag.onLink : 0);
    view.setUint8(3, (hop.weight ?? 1) - 1);
    view.setInt32(4, hop.ifIndex ?? 0, true);
    return [...header, ...attributes];
  });
  body.bytes(routeAttribute.multipath, Uint8Array.from(parts.flat()));
}
