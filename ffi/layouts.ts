/**
 * Structures of the kernel's interface as octets. Little-endian and 64-bit: the same on x86-64 and
 * AArch64, and the same under glibc and musl (musl's padding in `struct msghdr` stands where
 * glibc's fields have their upper halves, which are zero).
 */
import {
  concatBytes,
  type IfIndex,
  type Instant,
  type IpAddress,
  viewOf,
} from "../lib/base/mod.ts";
import { AF, SIGEV_THREAD_ID } from "./constants.ts";

/** int, as an option value. */
export function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setInt32(0, value, true);
  return bytes;
}

/** A string with its final zero. */
export function cString(text: string): Uint8Array {
  return concatBytes(new TextEncoder().encode(text), new Uint8Array(1));
}

/** struct sockaddr_in or sockaddr_in6, <linux/in.h>, <linux/in6.h>. */
export function socketAddress(address: IpAddress, scope: IfIndex, port = 0): Uint8Array {
  const ipv4 = address.family === "ipv4";
  const bytes = new Uint8Array(ipv4 ? 16 : 28);
  const view = viewOf(bytes);
  view.setUint16(0, ipv4 ? AF.INET : AF.INET6, true);
  view.setUint16(2, port, false);
  bytes.set(address.bytes, ipv4 ? 4 : 8);
  if (!ipv4) view.setUint32(24, scope, true);
  return bytes;
}

/** struct sockaddr_ll, <linux/if_packet.h>, for sending a whole frame. */
export function linkLayerAddress(ifIndex: IfIndex, protocol: number): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = viewOf(bytes);
  view.setUint16(0, AF.PACKET, true);
  view.setUint16(2, protocol, false);
  view.setInt32(4, ifIndex, true);
  view.setUint8(11, 6);
  return bytes;
}

/** struct sockaddr_nl, <linux/netlink.h>; port id 0 is the kernel, or "choose one" when binding. */
export function netlinkAddress(): Uint8Array {
  const bytes = new Uint8Array(12);
  viewOf(bytes).setUint16(0, AF.NETLINK, true);
  return bytes;
}

/** Where sockaddr_nl has the sender's port id. */
export const netlinkAddressPortId = 4;

/** struct ip_mreqn, <linux/in.h>: a group on an interface; the group may be absent. */
export function ipv4Membership(group: IpAddress | undefined, ifIndex: IfIndex): Uint8Array {
  const bytes = new Uint8Array(12);
  if (group !== undefined) bytes.set(group.bytes, 0);
  viewOf(bytes).setInt32(8, ifIndex, true);
  return bytes;
}

/** struct ipv6_mreq, <linux/in6.h>. */
export function ipv6Membership(group: IpAddress, ifIndex: IfIndex): Uint8Array {
  const bytes = new Uint8Array(20);
  bytes.set(group.bytes, 0);
  viewOf(bytes).setInt32(16, ifIndex, true);
  return bytes;
}

/** struct sigevent, <asm-generic/siginfo.h>: a signal for one thread. */
export function signalThread(signal: number, thread: number): Uint8Array {
  const bytes = new Uint8Array(64);
  const view = viewOf(bytes);
  view.setInt32(8, signal, true);
  view.setInt32(12, SIGEV_THREAD_ID, true);
  view.setInt32(16, thread, true);
  return bytes;
}

/** struct itimerspec, <linux/time.h>: once, at an instant of the monotonic clock. */
export function writeTimerSpec(bytes: Uint8Array, at: Instant): void {
  const view = viewOf(bytes);
  const wholeSeconds = Math.floor(at / 1_000_000);
  view.setBigInt64(16, BigInt(wholeSeconds), true);
  view.setBigInt64(24, BigInt(Math.round(at - wholeSeconds * 1_000_000) * 1000), true);
}

/** sizeof(struct itimerspec) */
export const timerSpecSize = 32;
/** sizeof(struct msghdr), <bits/socket.h> */
export const messageHeaderSize = 56;
/** sizeof(struct mmsghdr): a msghdr, the received length, padding. */
export const multiMessageHeaderSize = 64;
/** Where struct mmsghdr has the received length. */
export const multiMessageLength = 56;
/** Where struct msghdr has the length of the name. */
export const messageNameLength = 8;
/** Where struct msghdr has the length of the control data. */
export const messageControlLength = 40;

/** Addresses and lengths that a struct msghdr points to. */
export interface MessageParts {
  readonly name: number;
  readonly nameLength: number;
  /** Address of one struct iovec. */
  readonly vector: number;
  readonly control: number;
  readonly controlLength: number;
}

/** struct msghdr with one vector. */
export function writeMessageHeader(view: DataView, at: number, parts: MessageParts): void {
  view.setBigUint64(at, BigInt(parts.name), true);
  view.setUint32(at + messageNameLength, parts.nameLength, true);
  view.setBigUint64(at + 16, BigInt(parts.vector), true);
  view.setBigUint64(at + 24, 1n, true);
  view.setBigUint64(at + 32, BigInt(parts.control), true);
  view.setBigUint64(at + messageControlLength, BigInt(parts.controlLength), true);
}

/** sizeof(struct iovec) */
export const vectorSize = 16;

/** struct iovec, <bits/types/struct_iovec.h>. */
export function writeVector(view: DataView, at: number, base: number, length: number): void {
  view.setBigUint64(at, BigInt(base), true);
  view.setBigUint64(at + 8, BigInt(length), true);
}

/** sizeof(struct cmsghdr) */
export const controlHeaderSize = 16;

/** One piece of ancillary data. */
export interface ControlMessage {
  readonly level: number;
  readonly type: number;
  readonly data: Uint8Array;
}

/** Reads struct cmsghdr after struct cmsghdr, <sys/socket.h>; ends at the first that is wrong. */
export function readControlMessages(control: Uint8Array): ControlMessage[] {
  const view = viewOf(control);
  const messages: ControlMessage[] = [];
  let at = 0;
  while (at + controlHeaderSize <= control.length) {
    const length = Number(view.getBigUint64(at, true));
    if (length < controlHeaderSize || at + length > control.length) break;
    messages.push({
      level: view.getInt32(at + 8, true),
      type: view.getInt32(at + 12, true),
      data: control.subarray(at + controlHeaderSize, at + length),
    });
    at += (length + 7) & ~7;
  }
  return messages;
}

/** struct cmsghdr with its data, padded to 8 octets. */
export function controlMessage({ level, type, data }: ControlMessage): Uint8Array {
  const length = controlHeaderSize + data.length;
  const bytes = new Uint8Array((length + 7) & ~7);
  const view = viewOf(bytes);
  view.setBigUint64(0, BigInt(length), true);
  view.setInt32(8, level, true);
  view.setInt32(12, type, true);
  bytes.set(data, controlHeaderSize);
  return bytes;
}

/** struct in6_pktinfo, <linux/ipv6.h>: source or destination, and the interface. */
export function packetInfo6(address: IpAddress, ifIndex: IfIndex): Uint8Array {
  const bytes = new Uint8Array(20);
  bytes.set(address.bytes, 0);
  viewOf(bytes).setInt32(16, ifIndex, true);
  return bytes;
}

/** struct sockaddr_un, <linux/un.h>; a leading `@` stands for the abstract namespace. */
export function unixAddress(path: string): Uint8Array {
  const bytes = new Uint8Array(110);
  viewOf(bytes).setUint16(0, AF.UNIX, true);
  const name = new TextEncoder().encode(path).subarray(0, 107);
  bytes.set(name, 2);
  if (path.startsWith("@")) bytes[2] = 0;
  return bytes.subarray(0, 2 + name.length + (path.startsWith("@") ? 0 : 1));
}

/** struct pollfd, <poll.h>. */
export function pollDescriptor(fd: number, events: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = viewOf(bytes);
  view.setInt32(0, fd, true);
  view.setInt16(4, events, true);
  return bytes;
}

/** struct packet_mreq without an address. */
export function packetMembership(ifIndex: IfIndex, type: number): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = viewOf(bytes);
  view.setInt32(0, ifIndex, true);
  view.setUint16(4, type, true);
  return bytes;
}
