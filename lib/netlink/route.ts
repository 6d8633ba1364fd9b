/**
 * Requests that add and remove routes (linux/rtnetlink.h, struct rtmsg): to a prefix or to
 * everything, through a gateway, an interface, or both.
 */
import { assert, type Family, type IfIndex, type IpAddress, type IpPrefix } from "../base/mod.ts";
import { AttributeWriter } from "./attributes.ts";
import {
  addressFamily,
  messageFlag,
  messageType,
  protocol,
  routeAttribute,
  routeTable,
  routeUnicast,
  scope,
} from "./constants.ts";
import { encodeRequest } from "./message.ts";

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
const field = {
  family: 0,
  destinationLength: 1,
  table: 4,
  protocol: 5,
  scope: 6,
  type: 7,
} as const;

/** Length of struct rtmsg. */
const routeHeaderLength = 12;

/** A unicast route. */
export interface RouteRequest {
  readonly family: Family;
  /** Everything when absent: the default route. */
  readonly destination?: IpPrefix;
  readonly gateway?: IpAddress;
  readonly ifIndex?: IfIndex;
  /** The source address for packets of our own. */
  readonly source?: IpAddress;
  /** RTA_PRIORITY: of several routes the least counts. */
  readonly metric?: number;
  /** The main table when absent. */
  readonly table?: number;
}

/** Adds a route; refused with EEXIST when the same is there. */
export function encodeAddRoute(request: RouteRequest, sequence: number): Uint8Array {
  const flags = messageFlag.request | messageFlag.ack | messageFlag.create | messageFlag.exclusive;
  const header = routeHeader(request);
  header[field.protocol] = protocol.keepalived;
  header[field.type] = routeUnicast;
  // The kernel refuses a gateway whose route claims a narrower scope than the gateway's own.
  const onLink = request.gateway === undefined && request.family === "ipv4";
  header[field.scope] = onLink ? scope.link : scope.universe;
  const body = routeBody(header, request);
  return encodeRequest({ type: messageType.newRoute, flags, sequence }, body);
}

/** Removes the first route that is as the request says; refused with ESRCH when there is none. */
export function encodeDeleteRoute(request: RouteRequest, sequence: number): Uint8Array {
  const flags = messageFlag.request | messageFlag.ack;
  const header = routeHeader(request);
  header[field.scope] = scope.nowhere;
  const body = routeBody(header, request);
  return encodeRequest({ type: messageType.deleteRoute, flags, sequence }, body);
}

function routeHeader(request: RouteRequest): Uint8Array {
  const { family, destination, table = routeTable.main } = request;
  const header = new Uint8Array(routeHeaderLength);
  header[field.family] = addressFamily[family];
  header[field.destinationLength] = destination?.prefixLength ?? 0;
  // A table beyond 255 stands only in its attribute.
  header[field.table] = table > 255 ? routeTable.unspecified : table;
  return header;
}

function routeBody(header: Uint8Array, request: RouteRequest): AttributeWriter {
  const { family, destination, gateway, ifIndex, source, metric, table } = request;
  const body = new AttributeWriter().raw(header);
  const addresses = [
    [routeAttribute.destination, destination?.address],
    [routeAttribute.gateway, gateway],
    [routeAttribute.preferredSource, source],
  ] as const;
  for (const [type, address] of addresses) {
    if (address === undefined) continue;
    assert(address.family === family, "a route has addresses of one family");
    body.bytes(type, address.bytes);
  }
  if (ifIndex !== undefined) body.u32(routeAttribute.outputInterface, ifIndex);
  if (metric !== undefined) body.u32(routeAttribute.priority, metric);
  if (table !== undefined) body.u32(routeAttribute.table, table);
  return body;
}
