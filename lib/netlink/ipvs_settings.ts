/**
 * What IPVS can be told besides services: timeouts of connections, the sync daemons that tell other
 * nodes of connections, and that everything shall go (linux/ip_vs.h).
 */
import { err, type IpAddress, ok, type Result } from "../base/mod.ts";
import { AttributeReader, type AttributeWriter } from "./attributes.ts";
import { messageFlag } from "./constants.ts";
import type { NetlinkError } from "./error.ts";
import { genericBody, genericHeaderLength } from "./generic.ts";
import type { IpvsRequest } from "./ipvs.ts";
import {
  daemonAttribute,
  ipvsAttribute,
  ipvsCommand,
  ipvsFamily,
  syncState,
} from "./ipvs_constants.ts";
import { encodeRequest, type NetlinkMessage } from "./message.ts";

/** How long connections are kept that say nothing, in seconds; what is absent stays as it is. */
export interface IpvsTimeouts {
  readonly tcp?: number;
  /** After FIN. */
  readonly tcpFin?: number;
  readonly udp?: number;
}

/** What a sync daemon does: it tells of connections, or it hears of them. */
export type SyncRole = keyof typeof syncState;

/** How sync daemons of several nodes find each other; the kernel chooses what is absent. */
export interface SyncDaemon {
  /** The interface whose network they are on. */
  readonly interfaceName: string;
  /** Daemons with another number are not heard. */
  readonly id: number;
  /** Octets of the largest packet. */
  readonly maxLength?: number;
  readonly port?: number;
  readonly ttl?: number;
  readonly group?: IpAddress;
}

/** Removes all services, whoever added them. */
export function encodeIpvsFlush(request: IpvsRequest): Uint8Array {
  return acknowledged(genericBody(ipvsCommand.flush, ipvsFamily.version), request);
}

/** Sets timeouts of connections. */
export function encodeIpvsTimeouts(
  { tcp, tcpFin, udp }: IpvsTimeouts,
  request: IpvsRequest,
): Uint8Array {
  const body = genericBody(ipvsCommand.setConfig, ipvsFamily.version);
  if (tcp !== undefined) body.u32(ipvsAttribute.timeoutTcp, tcp);
  if (tcpFin !== undefined) body.u32(ipvsAttribute.timeoutTcpFin, tcpFin);
  if (udp !== undefined) body.u32(ipvsAttribute.timeoutUdp, udp);
  return acknowledged(body, request);
}

/** Asks for the timeouts of connections. */
export function encodeGetIpvsTimeouts({ family, sequence }: IpvsRequest): Uint8Array {
  const body = genericBody(ipvsCommand.getConfig, ipvsFamily.version);
  return encodeRequest({ type: family, flags: messageFlag.request, sequence }, body);
}

/** The timeouts of connections; kernels without a protocol leave its timeout out. */
export function decodeIpvsTimeouts(
  { payload }: NetlinkMessage,
): Result<IpvsTimeouts, NetlinkError> {
  const attributes = new AttributeReader(payload.subarray(genericHeaderLength));
  const tcp = attributes.u32(ipvsAttribute.timeoutTcp);
  const tcpFin = attributes.u32(ipvsAttribute.timeoutTcpFin);
  const udp = attributes.u32(ipvsAttribute.timeoutUdp);
  if (attributes.error !== undefined) return err(attributes.error);
  return ok({
    ...(tcp === undefined ? {} : { tcp }),
    ...(tcpFin === undefined ? {} : { tcpFin }),
    ...(udp === undefined ? {} : { udp }),
  });
}

/** Starts a sync daemon. */
export function encodeStartSync(
  role: SyncRole,
  { interfaceName, id, maxLength, port, ttl, group }: SyncDaemon,
  request: IpvsRequest,
): Uint8Array {
  const body = genericBody(ipvsCommand.newDaemon, ipvsFamily.version);
  body.nested(ipvsAttribute.daemon, (writer) => {
    writer.u32(daemonAttribute.state, syncState[role]);
    writer.text(daemonAttribute.interface, interfaceName);
    writer.u32(daemonAttribute.id, id);
    if (maxLength !== undefined) writer.u16(daemonAttribute.maxLength, maxLength);
    if (group?.family === "ipv4") writer.bytes(daemonAttribute.group, group.bytes);
    if (group?.family === "ipv6") writer.bytes(daemonAttribute.group6, group.bytes);
    if (port !== undefined) writer.u16(daemonAttribute.port, port);
    if (ttl !== undefined) writer.u8(daemonAttribute.ttl, ttl);
  });
  return acknowledged(body, request);
}

/** Stops a sync daemon. */
export function encodeStopSync(role: SyncRole, request: IpvsRequest): Uint8Array {
  const body = genericBody(ipvsCommand.deleteDaemon, ipvsFamily.version);
  body.nested(ipvsAttribute.daemon, (writer) => {
    writer.u32(daemonAttribute.state, syncState[role]);
  });
  return acknowledged(body, request);
}

function acknowledged(body: AttributeWriter, { family, sequence }: IpvsRequest): Uint8Array {
  const flags = messageFlag.request | messageFlag.ack;
  return encodeRequest({ type: family, flags, sequence }, body);
}
