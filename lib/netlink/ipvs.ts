/**
 * IPVS over generic netlink (linux/ip_vs.h): services, their destinations, and the tables that the
 * kernel has of both. The number of the family comes from `generic.ts`.
 */
import { addressLength, err, type IpAddress, ipFromBytes, ok, type Result } from "../base/mod.ts";
import { AttributeReader, type AttributeWriter } from "./attributes.ts";
import { addressFamily, messageFlag } from "./constants.ts";
import type { NetlinkError } from "./error.ts";
import { genericBody, genericHeaderLength } from "./generic.ts";
import {
  destinationAttribute,
  forwarding,
  infoVersionAttribute,
  ipvsAttribute,
  ipvsCommand,
  ipvsFamily,
  serviceAttribute,
  serviceFlag,
} from "./ipvs_constants.ts";
import type { IpvsDestination, IpvsService, IpvsServiceId } from "./ipvs_types.ts";
import { encodeRequest, type NetlinkMessage } from "./message.ts";

/** Who asks: the number of the family and of the request. */
export interface IpvsRequest {
  readonly family: number;
  readonly sequence: number;
}

/** Adds, changes or deletes a service. */
export function encodeService(
  command: "newService" | "setService" | "deleteService",
  service: IpvsService,
  request: IpvsRequest,
): Uint8Array {
  const body = genericBody(ipvsCommand[command], ipvsFamily.version);
  body.nested(ipvsAttribute.service, (writer) => {
    writeId(writer, service.id);
    if (command !== "deleteService") writeSettings(writer, service);
  });
  return change(body, request);
}

/** Adds, changes or deletes a destination of a service. */
export function encodeDestination(
  command: "newDestination" | "setDestination" | "deleteDestination",
  service: IpvsServiceId,
  destination: IpvsDestination,
  request: IpvsRequest,
): Uint8Array {
  const body = genericBody(ipvsCommand[command], ipvsFamily.version);
  body.nested(ipvsAttribute.service, (writer) => writeId(writer, service));
  body.nested(ipvsAttribute.destination, (writer) => {
    const { address, port } = destination;
    writer.bytes(destinationAttribute.address, wide(address));
    writer.bytes(destinationAttribute.port, bigEndian16(port));
    writer.u16(destinationAttribute.family, addressFamily[address.family]);
    if (command !== "deleteDestination") writeForwarding(writer, destination);
  });
  return change(body, request);
}

/** Asks for all services. */
export function encodeDumpServices(request: IpvsRequest): Uint8Array {
  return dump(genericBody(ipvsCommand.getService, ipvsFamily.version), request);
}

/** Asks for all destinations of a service. */
export function encodeDumpDestinations(service: IpvsServiceId, request: IpvsRequest): Uint8Array {
  const body = genericBody(ipvsCommand.getDestination, ipvsFamily.version);
  body.nested(ipvsAttribute.service, (writer) => writeId(writer, service));
  return dump(body, request);
}

/** Asks which version of IPVS it is. */
export function encodeGetIpvsInfo({ family, sequence }: IpvsRequest): Uint8Array {
  const body = genericBody(ipvsCommand.getInfo, ipvsFamily.version);
  return encodeRequest({ type: family, flags: messageFlag.request, sequence }, body);
}

/** The version of IPVS: three octets, such as 0x010201 for 1.2.1. */
export function decodeIpvsInfo({ payload }: NetlinkMessage): Result<number, NetlinkError> {
  const attributes = new AttributeReader(payload.subarray(genericHeaderLength));
  const version = attributes.u32(infoVersionAttribute);
  return version === undefined ? err(incomplete(attributes, "IPVS")) : ok(version);
}

/** One service of a dump. */
export function decodeService({ payload }: NetlinkMessage): Result<IpvsService, NetlinkError> {
  const outer = new AttributeReader(payload.subarray(genericHeaderLength));
  const inner = outer.nested(ipvsAttribute.service);
  const id = inner === undefined ? undefined : readId(inner);
  const scheduler = inner?.text(serviceAttribute.scheduler);
  if (inner === undefined || id === undefined || scheduler === undefined) {
    return err(incomplete(inner ?? outer, "A service"));
  }
  const flags = inner.u32(serviceAttribute.flags) ?? 0;
  const engine = inner.text(serviceAttribute.engine);
  const mask = inner.bytes(serviceAttribute.netmask) ?? new Uint8Array(4);
  const family = id.kind === "mark" ? id.family : id.address.family;
  const ordered = family === "ipv4" ? mask : mask.slice().reverse();
  return ok({
    id,
    scheduler,
    flags: flags & ~serviceFlag.hashed,
    timeoutSeconds: inner.u32(serviceAttribute.timeout) ?? 0,
    netmask: ordered.reduce((sum, octet) => sum * 256 + octet, 0),
    ...(engine === undefined ? {} : { engine }),
  });
}

/** One destination of a dump; older kernels leave its family to that of the service. */
export function decodeDestination(
  { payload }: NetlinkMessage,
  service: IpvsServiceId,
): Result<IpvsDestination, NetlinkError> {
  const outer = new AttributeReader(payload.subarray(genericHeaderLength));
  const inner = outer.nested(ipvsAttribute.destination);
  const bytes = inner?.bytes(destinationAttribute.address);
  const port = inner?.bytes(destinationAttribute.port);
  if (inner === undefined || bytes === undefined || port === undefined) {
    return err(incomplete(inner ?? outer, "A destination"));
  }
  const usual = service.kind === "mark" ? service.family : service.address.family;
  const type = inner.u8(destinationAttribute.tunnelType) ?? 0;
  const method = (inner.u32(destinationAttribute.method) ?? 0) & forwarding.mask;
  return ok({
    address: narrow(bytes, inner.u16(destinationAttribute.family) ?? addressFamily[usual]),
    port: fromBigEndian(port),
    method,
    weight: inner.u32(destinationAttribute.weight) ?? 0,
    upperThreshold: inner.u32(destinationAttribute.upper) ?? 0,
    lowerThreshold: inner.u32(destinationAttribute.lower) ?? 0,
    ...(method !== forwarding.tunnel ? {} : {
      tunnel: {
        type,
        port: fromBigEndian(inner.bytes(destinationAttribute.tunnelPort) ?? new Uint8Array(2)),
        flags: inner.u16(destinationAttribute.tunnelFlags) ?? 0,
      },
    }),
  });
}

function writeId(writer: AttributeWriter, id: IpvsServiceId): void {
  const family = id.kind === "mark" ? id.family : id.address.family;
  writer.u16(serviceAttribute.family, addressFamily[family]);
  if (id.kind === "mark") {
    writer.u32(serviceAttribute.mark, id.mark);
    return;
  }
  writer.u16(serviceAttribute.protocol, id.protocol);
  writer.bytes(serviceAttribute.address, wide(id.address));
  writer.bytes(serviceAttribute.port, bigEndian16(id.port));
}

function readId(attributes: AttributeReader): IpvsServiceId | undefined {
  const family = attributes.u16(serviceAttribute.family);
  const mark = attributes.u32(serviceAttribute.mark);
  if (mark !== undefined) {
    return { kind: "mark", mark, family: family === addressFamily.ipv6 ? "ipv6" : "ipv4" };
  }
  const protocol = attributes.u16(serviceAttribute.protocol);
  const address = attributes.bytes(serviceAttribute.address);
  const port = attributes.bytes(serviceAttribute.port);
  if (family === undefined || protocol === undefined) return undefined;
  if (address === undefined || port === undefined) return undefined;
  const found = narrow(address, family);
  return { kind: "address", protocol, address: found, port: fromBigEndian(port) };
}

/** struct ip_vs_flags: the flags, and a mask of those that are set by it. */
function writeSettings(writer: AttributeWriter, service: IpvsService): void {
  const { id, scheduler, flags, timeoutSeconds, netmask, engine } = service;
  writer.text(serviceAttribute.scheduler, scheduler);
  if (engine !== undefined) writer.text(serviceAttribute.engine, engine);
  const both = new Uint8Array(8).fill(0xff, 4);
  new DataView(both.buffer).setUint32(0, flags, true);
  writer.bytes(serviceAttribute.flags, both);
  writer.u32(serviceAttribute.timeout, timeoutSeconds);
  const family = id.kind === "mark" ? id.family : id.address.family;
  // A mask of IPv4 is in network order; the length of a prefix of IPv6 is a number.
  const mask = new Uint8Array(4);
  new DataView(mask.buffer).setUint32(0, netmask, family === "ipv6");
  writer.bytes(serviceAttribute.netmask, mask);
}

function writeForwarding(writer: AttributeWriter, destination: IpvsDestination): void {
  const { method, weight, upperThreshold, lowerThreshold, tunnel } = destination;
  writer.u32(destinationAttribute.method, method);
  writer.u32(destinationAttribute.weight, weight);
  writer.u32(destinationAttribute.upper, upperThreshold);
  writer.u32(destinationAttribute.lower, lowerThreshold);
  if (tunnel === undefined) return;
  writer.u8(destinationAttribute.tunnelType, tunnel.type);
  writer.bytes(destinationAttribute.tunnelPort, bigEndian16(tunnel.port));
  writer.u16(destinationAttribute.tunnelFlags, tunnel.flags);
}

function change(body: AttributeWriter, { family, sequence }: IpvsRequest): Uint8Array {
  const flags = messageFlag.request | messageFlag.ack;
  return encodeRequest({ type: family, flags, sequence }, body);
}

function dump(body: AttributeWriter, { family, sequence }: IpvsRequest): Uint8Array {
  const flags = messageFlag.request | messageFlag.dump;
  return encodeRequest({ type: family, flags, sequence }, body);
}

/** union nf_inet_addr: always as long as an IPv6 address. */
function wide({ bytes }: IpAddress): Uint8Array {
  const whole = new Uint8Array(addressLength("ipv6"));
  whole.set(bytes);
  return whole;
}

function narrow(bytes: Uint8Array, family: number): IpAddress {
  const length = addressLength(family === addressFamily.ipv6 ? "ipv6" : "ipv4");
  const whole = new Uint8Array(length);
  whole.set(bytes.subarray(0, length));
  return ipFromBytes(whole);
}

function bigEndian16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

function fromBigEndian([high = 0, low = 0]: Uint8Array): number {
  return high * 256 + low;
}

function incomplete(attributes: AttributeReader, what: string): NetlinkError {
  return attributes.error ?? { kind: "malformed", detail: `${what} is not complete` };
}
