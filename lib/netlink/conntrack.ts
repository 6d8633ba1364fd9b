/**
 * Flows of conntrack (linux/netfilter/nfnetlink_conntrack.h): those that were led to a server are
 * asked for, and forgotten one by one. Linux 5.8 and newer tell only what was asked for; older ones
 * tell everything, so that what is told is looked at again.
 */
import { equalIp, type IpAddress, ipFromBytes, viewOf } from "../base/mod.ts";
import { AttributeReader, type AttributeWriter } from "./attributes.ts";
import { messageFlag } from "./constants.ts";
import { encodeRequest, type NetlinkMessage } from "./message.ts";
import { netfilterBody, netfilterHeaderLength, netfilterType, wide } from "./netfilter.ts";

/** AF_INET and AF_INET6. */
const families = { ipv4: 2, ipv6: 10 } as const;
/** IPCTNL_MSG_CT_GET and IPCTNL_MSG_CT_DELETE. */
const message = { get: 1, delete: 2 } as const;
/** CTA_TUPLE_ORIG, CTA_TUPLE_REPLY, CTA_ID and CTA_FILTER. */
const attribute = { original: 1, reply: 2, id: 12, filter: 25 } as const;
/** CTA_TUPLE_IP and CTA_TUPLE_PROTO. */
const tuple = { ip: 1, protocol: 2 } as const;
/** CTA_IP_V4_SRC and its like. */
const addresses = {
  ipv4: { source: 1, destination: 2 },
  ipv6: { source: 3, destination: 4 },
} as const;
/** CTA_PROTO_NUM, CTA_PROTO_SRC_PORT and CTA_PROTO_DST_PORT. */
const protocolPart = { number: 1, source: 2, destination: 3 } as const;
/** CTA_FILTER_ORIG_FLAGS and CTA_FILTER_REPLY_FLAGS. */
const filter = { original: 1, reply: 2 } as const;
/** What of a tuple is compared: bits of the kernel (net/netfilter/nf_internals.h). */
const compared = {
  source: { address: 1, port: 16 },
  destination: { address: 2, port: 32 },
  number: 8,
} as const;

/** Flows of a protocol that were led to a server; a port of 0 stands for all. */
export interface ServerFlows {
  readonly protocol: number;
  readonly server: Endpoint;
  /** What clients asked for; absent where that may be anything. */
  readonly service?: Endpoint;
}

/** Where a flow goes. */
export interface Endpoint {
  readonly address: IpAddress;
  readonly port: number;
}

/** A flow, as the kernel wants it named. */
export interface FoundFlow {
  readonly family: number;
  readonly original: Uint8Array;
  readonly id: Uint8Array;
}

/** Asks for the flows. */
export function encodeDumpFlows(flows: ServerFlows, sequence: number): Uint8Array {
  const { protocol, server, service } = flows;
  const body = netfilterBody(families[server.address.family]);
  if (service !== undefined) writeTuple(body, attribute.original, "destination", protocol, service);
  writeTuple(body, attribute.reply, "source", protocol, server);
  body.nested(
    attribute.filter,
    (writer) =>
      writer.u32(filter.original, service === undefined ? 0 : bitsOf("destination", service))
        .u32(filter.reply, bitsOf("source", server)),
  );
  const flags = messageFlag.request | messageFlag.dump;
  return encodeRequest({ type: netfilterType("conntrack", message.get), flags, sequence }, body);
}

/** One flow of a dump; absent when it is none of those that were asked for. */
export function decodeFlow(
  { payload }: NetlinkMessage,
  { protocol, server, service }: ServerFlows,
): FoundFlow | undefined {
  const attributes = new AttributeReader(payload.subarray(netfilterHeaderLength));
  const [original, id] = [attributes.bytes(attribute.original), attributes.bytes(attribute.id)];
  const reply = attributes.bytes(attribute.reply);
  if (original === undefined || id === undefined || reply === undefined) return undefined;
  if (!isAbout(reply, "source", protocol, server)) return undefined;
  if (service !== undefined && !isAbout(original, "destination", protocol, service)) {
    return undefined;
  }
  return { family: payload[0] ?? 0, original: original.slice(), id: id.slice() };
}

/** Has a flow forgotten: its next packet is led as that of a new one. */
export function encodeForgetFlow(flow: FoundFlow, sequence: number): Uint8Array {
  const nested = 0x8000;
  const body = netfilterBody(flow.family).bytes(attribute.original | nested, flow.original)
    .bytes(attribute.id, flow.id);
  const flags = messageFlag.request | messageFlag.ack;
  return encodeRequest({ type: netfilterType("conntrack", message.delete), flags, sequence }, body);
}

type End = "source" | "destination";

function writeTuple(
  body: AttributeWriter,
  type: number,
  end: End,
  protocol: number,
  { address, port }: Endpoint,
): void {
  body.nested(
    type,
    (writer) =>
      writer.nested(tuple.ip, (part) => part.bytes(addresses[address.family][end], address.bytes))
        .nested(
          tuple.protocol,
          (part) => part.u8(protocolPart.number, protocol).bytes(protocolPart[end], wide(port, 2)),
        ),
  );
}

function bitsOf(end: End, { port }: Endpoint): number {
  const { address, port: portBit } = compared[end];
  return address | compared.number | (port === 0 ? 0 : portBit);
}

function isAbout(bytes: Uint8Array, end: End, protocol: number, wanted: Endpoint): boolean {
  const attributes = new AttributeReader(bytes);
  const address = attributes.nested(tuple.ip)?.bytes(addresses[wanted.address.family][end]);
  const inner = attributes.nested(tuple.protocol);
  const port = inner?.bytes(protocolPart[end]);
  if (address === undefined || inner?.u8(protocolPart.number) !== protocol) return false;
  if (!equalIp(ipFromBytes(address), wanted.address)) return false;
  if (wanted.port === 0) return true;
  return port?.length === 2 && viewOf(port).getUint16(0, false) === wanted.port;
}
