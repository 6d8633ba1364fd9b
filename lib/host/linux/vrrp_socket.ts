/**
 * Raw sockets for protocol 112, one for each interface and family, and one more for protocol 51
 * where adverts come behind an authentication header. For IPv4 our packets bring their
 * own IP header; for IPv6 the kernel writes it, with the source that the ancillary data names. Own
 * packets do not loop back. The checksum is ours to check in both families, so that bad ones are
 * counted.
 */
import {
  AF,
  controlMessage,
  cString,
  int32,
  IP,
  ipv4Membership,
  IPV6,
  ipv6Membership,
  type Libc,
  messageHeaderSize,
  type OsError,
  packetInfo6,
  SO,
  SOCK,
  Socket,
  socketAddress,
  type SocketOption,
  SOL,
  vectorSize,
  writeMessageHeader,
  writeVector,
} from "../../../ffi/mod.ts";
import {
  anyInterface,
  concatBytes,
  type Family,
  type IfIndex,
  type IpAddress,
  type Result,
  viewOf,
} from "../../base/mod.ts";
import { ipProtocol } from "../../wire/mod.ts";

/** Enough for 100 ms of 250 routers at 10 ms when the loop is late. */
const receiveBufferSize = 1_048_576;
/** Internetwork control, as keepalived marks its adverts. */
const trafficClass = 0xc0;
/** TC_PRIO_CONTROL of <linux/pkt_sched.h>: the queue of the device that goes first. */
const controlPriority = 7;
/** The largest advert: 255 IPv6 addresses and its header. */
const largestAdvert = 8 + 255 * 16;

/**
 * Opens a socket on one interface, or VRF, or on all of them, that receives and sends VRRP, or
 * receives what `protocol` says.
 */
export function openVrrpSocket(
  libc: Libc,
  family: Family,
  ifIndex: IfIndex,
  interfaceName: string,
  protocol: number = ipProtocol.vrrp,
): Result<Socket, OsError> {
  const domain = family === "ipv4" ? AF.INET : AF.INET6;
  const opened = Socket.open(libc, domain, SOCK.RAW, protocol);
  if (!opened.ok) return opened;
  const socket = opened.value;
  const name = cString(interfaceName);
  const bound = ifIndex === anyInterface
    ? []
    : [{ level: SOL.SOCKET, name: SO.BINDTODEVICE, value: name }];
  const configured = socket.configure(
    ...bound,
    ...(family === "ipv4" ? ipv4Options(ifIndex) : ipv6Options(ifIndex)),
  );
  if (!configured.ok) {
    socket[Symbol.dispose]();
    return configured;
  }
  // What makes it better but not right: a kernel that refuses any of these is good enough.
  for (const option of preferences(family)) socket.configure(option);
  return opened;
}

/** Joins a multicast group there. */
export function joinGroup(
  socket: Socket,
  group: IpAddress,
  ifIndex: IfIndex,
): Result<void, OsError> {
  return group.family === "ipv4"
    ? socket.configure({
      level: SOL.IP,
      name: IP.ADD_MEMBERSHIP,
      value: ipv4Membership(group, ifIndex),
    })
    : socket.configure({
      level: SOL.IPV6,
      name: IPV6.JOIN_GROUP,
      value: ipv6Membership(group, ifIndex),
    });
}

/** Sends IPv6 adverts with a source of our choice; one for all sockets. */
export class Ipv6Sender {
  readonly #header = new Uint8Array(messageHeaderSize);
  readonly #payload = new Uint8Array(largestAdvert);
  readonly #vector = new Uint8Array(vectorSize);
  readonly #name = new Uint8Array(28);
  readonly #control = ancillary(new Uint8Array(20));
  readonly #payloadAddress: number;

  constructor(libc: Libc) {
    this.#payloadAddress = libc.addressOf(this.#payload);
    writeMessageHeader(viewOf(this.#header), 0, {
      name: libc.addressOf(this.#name),
      nameLength: this.#name.length,
      vector: libc.addressOf(this.#vector),
      control: libc.addressOf(this.#control),
      controlLength: this.#control.length,
    });
  }

  /** Sends one advert. */
  send(
    socket: Socket,
    bytes: Uint8Array,
    ends: {
      readonly source: IpAddress;
      readonly destination: IpAddress;
      readonly ifIndex: IfIndex;
      readonly hopLimit?: number;
    },
  ): Result<number, OsError> {
    this.#payload.set(bytes);
    writeVector(viewOf(this.#vector), 0, this.#payloadAddress, bytes.length);
    this.#name.set(socketAddress(ends.destination, ends.ifIndex));
    const data = packetInfo6(ends.source, ends.ifIndex);
    this.#control.set(ancillary(data, ends.hopLimit));
    return socket.sendMessage(this.#header);
  }
}

/** ipv6(7): a Hop Limit of -1 is that of the socket. */
const usualHopLimit = -1;

/** struct in6_pktinfo and a Hop Limit. */
function ancillary(packetInfo: Uint8Array, hopLimit: number = usualHopLimit): Uint8Array {
  const level = SOL.IPV6;
  return concatBytes(
    controlMessage({ level, type: IPV6.PKTINFO, data: packetInfo }),
    controlMessage({ level, type: IPV6.HOPLIMIT, data: int32(hopLimit) }),
  );
}

function preferences(family: Family): SocketOption[] {
  return [
    { level: SOL.SOCKET, name: SO.PRIORITY, value: int32(controlPriority) },
    { level: SOL.SOCKET, name: SO.RCVBUFFORCE, value: int32(receiveBufferSize) },
    family === "ipv4"
      ? { level: SOL.IP, name: IP.MULTICAST_ALL, value: int32(0) }
      : { level: SOL.IPV6, name: IPV6.TCLASS, value: int32(trafficClass) },
  ];
}

function ipv4Options(ifIndex: IfIndex): SocketOption[] {
  const level = SOL.IP;
  return [
    { level, name: IP.HDRINCL, value: int32(1) },
    { level, name: IP.MULTICAST_LOOP, value: int32(0) },
    { level, name: IP.MULTICAST_IF, value: ipv4Membership(undefined, ifIndex) },
  ];
}

function ipv6Options(ifIndex: IfIndex): SocketOption[] {
  const level = SOL.IPV6;
  return [
    { level, name: IPV6.MULTICAST_LOOP, value: int32(0) },
    { level, name: IPV6.MULTICAST_HOPS, value: int32(255) },
    { level, name: IPV6.MULTICAST_IF, value: int32(ifIndex) },
    { level, name: IPV6.RECVPKTINFO, value: int32(1) },
    { level, name: IPV6.RECVHOPLIMIT, value: int32(1) },
  ];
}
