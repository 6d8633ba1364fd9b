/**
 * Requests that add, renew and remove addresses (linux/if_addr.h). They say with IFA_PROTO that a
 * VRRP daemon owns the address, which `ip address` shows and which tells ours from those of people;
 * kernels before 5.18 skip it. Each request is acknowledged by the kernel.
 */
import { assert, type IfIndex, type IpAddress, viewOf } from "../base/mod.ts";
import { cacheInfoLength, encodeAddressHeader } from "./address.ts";
import { AttributeWriter } from "./attributes.ts";
import {
  addressAttribute,
  addressFamily,
  addressFlag,
  foreverSeconds,
  messageFlag,
  messageType,
  protocol,
} from "./constants.ts";
import { encodeRequest } from "./message.ts";

/** What an address is asked to be; the words are those of `ip address`. */
export interface AddressFlags {
  /** No duplicate address detection. */
  readonly nodad?: boolean;
  readonly home?: boolean;
  readonly mngtmpaddr?: boolean;
  /** No route to the prefix through this interface. */
  readonly noprefixroute?: boolean;
  /** Join the multicast group that the address is. */
  readonly autojoin?: boolean;
}

/** An address to add or to remove. */
export interface AddressRequest {
  readonly ifIndex: IfIndex;
  readonly address: IpAddress;
  readonly prefixLength: number;
  readonly peer?: IpAddress;
  readonly broadcast?: IpAddress;
  readonly label?: string;
  readonly scope: number;
  readonly flags?: AddressFlags;
  /** Seconds until the address is deprecated; for ever when absent. */
  readonly preferredLft?: number;
  /** Seconds until the kernel removes the address by itself; never when absent. */
  readonly validLft?: number;
}

/** Adds an address; refused with EEXIST when it is there. */
export function encodeAddAddress(request: AddressRequest, sequence: number): Uint8Array {
  const flags = messageFlag.request | messageFlag.ack | messageFlag.create | messageFlag.exclusive;
  return encodeRequest({ type: messageType.newAddress, flags, sequence }, addressBody(request));
}

/** Adds an address, or gives the one that is there new flags and lifetimes. */
export function encodeReplaceAddress(request: AddressRequest, sequence: number): Uint8Array {
  const flags = messageFlag.request | messageFlag.ack | messageFlag.create | messageFlag.replace;
  return encodeRequest({ type: messageType.newAddress, flags, sequence }, addressBody(request));
}

/** Removes an address; refused with EADDRNOTAVAIL when it is not there. */
export function encodeDeleteAddress(request: AddressRequest, sequence: number): Uint8Array {
  const flags = messageFlag.request | messageFlag.ack;
  const { label } = request;
  const body = new AttributeWriter().raw(addressHeader(request, 0));
  writeEnds(body, request);
  if (label !== undefined) body.text(addressAttribute.label, label);
  return encodeRequest({ type: messageType.deleteAddress, flags, sequence }, body);
}

function addressBody(request: AddressRequest): AttributeWriter {
  const flags = flagBits(request.flags ?? {});
  const body = new AttributeWriter().raw(addressHeader(request, flags));
  writeEnds(body, request);
  if (request.broadcast !== undefined) {
    body.bytes(addressAttribute.broadcast, request.broadcast.bytes);
  }
  if (request.label !== undefined) body.text(addressAttribute.label, request.label);
  body.u32(addressAttribute.flags, flags);
  if (request.preferredLft !== undefined || request.validLft !== undefined) {
    const lifetimes = new Uint8Array(cacheInfoLength);
    const valid = request.validLft ?? foreverSeconds;
    viewOf(lifetimes).setUint32(0, request.preferredLft ?? valid, true);
    viewOf(lifetimes).setUint32(4, valid, true);
    body.bytes(addressAttribute.cacheInfo, lifetimes);
  }
  return body.u8(addressAttribute.protocol, protocol.keepalived);
}

function addressHeader(request: AddressRequest, flags: number): Uint8Array {
  return encodeAddressHeader({ ...request, family: addressFamily[request.address.family], flags });
}

function writeEnds(writer: AttributeWriter, request: AddressRequest): void {
  const { address, peer = address } = request;
  assert(peer.family === address.family, "both ends of a link are of one family");
  writer.bytes(addressAttribute.local, address.bytes);
  writer.bytes(addressAttribute.address, peer.bytes);
}

function flagBits(flags: AddressFlags): number {
  return (flags.nodad ? addressFlag.noDad : 0) |
    (flags.home ? addressFlag.home : 0) |
    (flags.mngtmpaddr ? addressFlag.manageTempAddress : 0) |
    (flags.noprefixroute ? addressFlag.noPrefixRoute : 0) |
    (flags.autojoin ? addressFlag.multicastAutoJoin : 0);
}
