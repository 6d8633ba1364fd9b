/**
 * Routes as the kernel tells of them, as far as it takes to know our own again: those of
 * keepalived's protocol. A busy router changes thousands a second, so all others are left unread.
 */
import {
  addressLength,
  type Family,
  type IfIndex,
  ifIndex,
  type IpAddress,
  ipFromBytes,
  type IpPrefix,
} from "../base/mod.ts";
import { AttributeReader } from "./attributes.ts";
import { addressFamily, protocol as makers } from "./constants.ts";
import type { NetlinkMessage } from "./message.ts";
import { routeField, routeHeaderLength, type RouteKind } from "./route.ts";
import { routeAttribute, routeType } from "./route_constants.ts";

/** A route of the kernel's tables. */
export interface RouteMessage {
  readonly family: Family;
  readonly kind: RouteKind;
  readonly destination: IpPrefix;
  readonly from?: IpPrefix;
  readonly tos: number;
  readonly table: number;
  /** 0 when the kernel says none. */
  readonly metric: number;
  readonly gateway?: IpAddress;
  readonly ifIndex?: IfIndex;
}

const kinds: ReadonlyMap<number, RouteKind> = new Map(
  Object.entries(routeType).map(([kind, number]) => [number, kind as RouteKind]),
);

/** Reads an RTM_NEWROUTE or RTM_DELROUTE of ours; `undefined` for any other. */
export function decodeOwnRoute({ payload }: NetlinkMessage): RouteMessage | undefined {
  if (payload.length < routeHeaderLength) return undefined;
  if (payload[routeField.protocol] !== makers.keepalived) return undefined;
  const family = familyOf(payload[routeField.family]);
  const kind = kinds.get(payload[routeField.type] ?? 0);
  const attributes = new AttributeReader(payload.subarray(routeHeaderLength));
  if (family === undefined || kind === undefined || attributes.error !== undefined) {
    return undefined;
  }
  const prefixOf = (type: number, length: number): IpPrefix => ({
    address: ipFromBytes(attributes.bytes(type) ?? new Uint8Array(addressLength(family))),
    prefixLength: length,
  });
  const fromLength = payload[routeField.sourceLength] ?? 0;
  const gateway = attributes.bytes(routeAttribute.gateway);
  const output = attributes.u32(routeAttribute.outputInterface);
  return {
    family,
    kind,
    destination: prefixOf(routeAttribute.destination, payload[routeField.destinationLength] ?? 0),
    ...(fromLength === 0 ? {} : { from: prefixOf(routeAttribute.source, fromLength) }),
    tos: payload[routeField.tos] ?? 0,
    table: attributes.u32(routeAttribute.table) ?? payload[routeField.table] ?? 0,
    metric: attributes.u32(routeAttribute.priority) ?? 0,
    ...(gateway === undefined ? {} : { gateway: ipFromBytes(gateway) }),
    ...(output === undefined ? {} : { ifIndex: ifIndex(output) }),
  };
}

/** The family of a number; `undefined` for any other than IPv4 and IPv6. */
export function familyOf(number: number | undefined): Family | undefined {
  if (number === addressFamily.ipv4) return "ipv4";
  return number === addressFamily.ipv6 ? "ipv6" : undefined;
}
