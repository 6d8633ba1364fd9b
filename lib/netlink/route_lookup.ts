/**
 * Asking the kernel which way it would send a packet (RTM_GETROUTE with an address), or which route
 * of its tables is behind that (RTM_F_FIB_MATCH, linux/rtnetlink.h; since Linux 4.13).
 */
import {
  addressLength,
  type Family,
  type IfIndex,
  ifIndex,
  type IpAddress,
  ipFromBytes,
  type IpPrefix,
  viewOf,
} from "../base/mod.ts";
import { AttributeReader, AttributeWriter } from "./attributes.ts";
import { addressFamily, messageFlag, messageType } from "./constants.ts";
import { encodeRequest, type NetlinkMessage } from "./message.ts";
import { hopHeaderLength, routeField, routeHeaderLength } from "./route.ts";
import { routeAttribute } from "./route_constants.ts";
import { familyOf } from "./route_decode.ts";

/** RTM_F_FIB_MATCH: answer the route as it stands in the table, not the way that it means. */
const fibMatch = 0x2000;

/** What is asked. */
export interface RouteQuestion {
  readonly address: IpAddress;
  /** Which interface it has to leave by. */
  readonly through?: IfIndex;
  /** Whether the route of the table is asked for. */
  readonly match: boolean;
}

/** A way, or a route. */
export interface RouteAnswer {
  /** With `match` that of the route, else the address itself. */
  readonly destination: IpPrefix;
  /** The first next hop of several. */
  readonly gateway?: IpAddress;
  readonly ifIndex?: IfIndex;
  /** The address that would be sent from. */
  readonly source?: IpAddress;
}

/** The question as a request. */
export function encodeRouteQuestion(
  { address, through, match }: RouteQuestion,
  sequence: number,
): Uint8Array {
  const header = new Uint8Array(routeHeaderLength);
  header[routeField.family] = addressFamily[address.family];
  header[routeField.destinationLength] = address.bytes.length * 8;
  if (match) viewOf(header).setUint32(routeField.flags, fibMatch, true);
  const body = new AttributeWriter().raw(header)
    .bytes(routeAttribute.destination, address.bytes);
  if (through !== undefined) body.u32(routeAttribute.outputInterface, through);
  return encodeRequest(
    { type: messageType.getRoute, flags: messageFlag.request, sequence },
    body,
  );
}

/** Reads the answer; `undefined` when it is none. */
export function decodeRouteAnswer({ payload }: NetlinkMessage): RouteAnswer | undefined {
  if (payload.length < routeHeaderLength) return undefined;
  const family = familyOf(payload[routeField.family]);
  if (family === undefined) return undefined;
  const attributes = new AttributeReader(payload.subarray(routeHeaderLength));
  const hop = hopOf(attributes, family) ?? firstHop(attributes, family);
  const source = attributes.bytes(routeAttribute.preferredSource);
  const destination = attributes.bytes(routeAttribute.destination);
  if (attributes.error !== undefined) return undefined;
  return {
    destination: {
      address: ipFromBytes(destination ?? new Uint8Array(addressLength(family))),
      prefixLength: payload[routeField.destinationLength] ?? 0,
    },
    ...hop,
    ...(source === undefined ? {} : { source: ipFromBytes(source) }),
  };
}

type Hop = Pick<RouteAnswer, "gateway" | "ifIndex">;

/** The next hop that stands beside the route; `undefined` when there is none, or several. */
function hopOf(attributes: AttributeReader, family: Family): Hop | undefined {
  const output = attributes.u32(routeAttribute.outputInterface);
  if (output === undefined) return undefined;
  return { ifIndex: ifIndex(output), ...gatewayOf(attributes, family) };
}

/** RTA_VIA says the family in two octets, then an address of another one than the route's. */
function gatewayOf(attributes: AttributeReader, family: Family): Pick<Hop, "gateway"> {
  const octets = attributes.bytes(routeAttribute.gateway) ??
    attributes.bytes(routeAttribute.via)?.subarray(2);
  const isAddress = octets?.length === addressLength(family) || octets?.length === 16;
  return octets !== undefined && isAddress ? { gateway: ipFromBytes(octets) } : {};
}

/** struct rtnexthop: length in two octets, flags, weight, interface; then its attributes. */
function firstHop(attributes: AttributeReader, family: Family): Hop | undefined {
  const hops = attributes.bytes(routeAttribute.multipath);
  if (hops === undefined || hops.length < hopHeaderLength) return undefined;
  const view = viewOf(hops);
  const length = Math.min(view.getUint16(0, true), hops.length);
  const inner = new AttributeReader(hops.subarray(hopHeaderLength, length));
  return { ifIndex: ifIndex(view.getUint32(4, true)), ...gatewayOf(inner, family) };
}
