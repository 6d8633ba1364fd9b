/**
 * The UDP sockets of BFD sessions (RFC 5881 §4, RFC 5883 §5). Packets for all sessions of a family
 * come to one socket at port 3784 or 4784; each session sends from a socket of its own, with a
 * source port from 49152 that no other one has. Nothing is open while there is no session.
 */
import {
  AF,
  errno,
  int32,
  IP,
  IPV6,
  type Libc,
  type OsError,
  type Poller,
  SO,
  SOCK,
  Socket,
  socketAddress,
  type SocketOption,
  SOL,
} from "../../../ffi/mod.ts";
import {
  assert,
  err,
  type Family,
  ifIndex,
  type Instant,
  type IpAddress,
  ipFromBytes,
  ok,
  type Result,
} from "../../base/mod.ts";
import type { Effect, EngineEvent, ReceivedBfd } from "../../engine/mod.ts";
import { bfdPort } from "../../wire/mod.ts";
import { DatagramBatch } from "./datagram_batch.ts";
import { refusalOf } from "./route_netlink.ts";

type Opening = Extract<Effect, { kind: "open-bfd" }>;

/** RFC 5881 §4: "the source port MUST be in the range 49152 through 65535". */
const firstPort = 49_152;
const portCount = 65_536 - firstPort;
/** Internetwork control, as for adverts. */
const trafficClass = 0xc0;
/** TC_PRIO_CONTROL of <linux/pkt_sched.h>. */
const controlPriority = 7;

interface Sender {
  readonly socket: Socket;
  readonly to: Uint8Array;
  readonly receiver: string;
}

/** What the sockets need of the host. */
export interface BfdHost {
  readonly libc: Libc;
  readonly poller: Poller;
  now(): Instant;
  take(event: EngineEvent, at: Instant): void;
}

/** All sockets of all sessions. */
export class BfdSockets {
  readonly #host: BfdHost;
  readonly #senders = new Map<string, Sender>();
  readonly #receivers = new Map<string, Socket>();
  #batch: DatagramBatch | undefined;

  constructor(host: BfdHost) {
    this.#host = host;
  }

  /** Opens the sockets of a session; answers the event that tells of it. */
  open(effect: Opening): EngineEvent {
    const { session } = effect;
    this.close(session);
    const opened = this.#open(effect);
    if (!opened.ok) {
      const refusal = refusalOf(opened.error);
      return { kind: "bfd-refused", session, operation: "open", refusal };
    }
    this.#senders.set(session, opened.value);
    return { kind: "bfd-opened", session, seed: randomNumber() };
  }

  /** Sends a packet; answers the refusal if the kernel gives one. */
  send({ session, bytes }: Extract<Effect, { kind: "send-bfd" }>): EngineEvent | undefined {
    const sender = this.#senders.get(session);
    if (sender === undefined) return undefined;
    const sent = sender.socket.sendTo(bytes, sender.to);
    if (sent.ok) return undefined;
    return { kind: "bfd-refused", session, operation: "send", refusal: refusalOf(sent.error) };
  }

  /** Closes the sockets of a session; the last one of a port closes that. */
  close(session: string): void {
    const sender = this.#senders.get(session);
    if (sender === undefined) return;
    this.#senders.delete(session);
    sender.socket[Symbol.dispose]();
    const { receiver: key } = sender;
    if ([...this.#senders.values()].some(({ receiver }) => receiver === key)) return;
    const receiver = this.#receivers.get(key);
    if (receiver === undefined) return;
    this.#receivers.delete(key);
    this.#host.poller.remove(receiver.fd);
    receiver[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    for (const session of [...this.#senders.keys()]) this.close(session);
  }

  #open({ neighbor, source, ttl, multihop }: Opening): Result<Sender, OsError> {
    const { family } = neighbor;
    const key = `${family} ${multihop}`;
    const port = multihop ? bfdPort.multihop : bfdPort.singleHop;
    if (!this.#receivers.has(key)) {
      const receiver = this.#openReceiver(family, port, multihop);
      if (!receiver.ok) return receiver;
      this.#receivers.set(key, receiver.value);
    }
    const socket = openBound(this.#host.libc, family, source, senderOptions(family, ttl));
    if (!socket.ok) return socket;
    const to = socketAddress(neighbor, ifIndex(0), port);
    return ok({ socket: socket.value, to, receiver: key });
  }

  #openReceiver(family: Family, port: number, multihop: boolean): Result<Socket, OsError> {
    const { libc, poller } = this.#host;
    const opened = Socket.open(libc, domainOf(family), SOCK.DGRAM, 0);
    if (!opened.ok) return opened;
    const socket = opened.value;
    const ready = socket.configure(...receiverOptions(family));
    const bound = ready.ok ? socket.bind(anyAddress(family, port)) : ready;
    if (!bound.ok) {
      socket[Symbol.dispose]();
      return bound;
    }
    const batch = this.#batch ??= new DatagramBatch(libc);
    poller.add(socket.fd, () => {
      const at = this.#host.now();
      batch.receive(socket, family, (datagram) => {
        const packet: ReceivedBfd = { ...datagram, multihop };
        this.#host.take({ kind: "bfd-packet", packet }, at);
      });
    });
    return opened;
  }
}

/** Tries ports from a random one on until one is free. */
function openBound(
  libc: Libc,
  family: Family,
  source: IpAddress | undefined,
  options: readonly SocketOption[],
): Result<Socket, OsError> {
  const opened = Socket.open(libc, domainOf(family), SOCK.DGRAM, 0);
  if (!opened.ok) return opened;
  const socket = opened.value;
  const ready = socket.configure(...options);
  let failure = ready.ok ? undefined : ready.error;
  let taken: OsError | undefined;
  const start = randomNumber() % portCount;
  for (let tried = 0; failure === undefined && tried < portCount; tried++) {
    const port = firstPort + (start + tried) % portCount;
    const own = source === undefined
      ? anyAddress(family, port)
      : socketAddress(source, ifIndex(0), port);
    const bound = socket.bind(own);
    if (bound.ok) return opened;
    if (bound.error.errno === errno.EADDRINUSE) taken = bound.error;
    else failure = bound.error;
  }
  socket[Symbol.dispose]();
  const error = failure ?? taken;
  assert(error !== undefined, "a socket without a port was refused one");
  return err(error);
}

function senderOptions(family: Family, ttl: number): SocketOption[] {
  const priority = { level: SOL.SOCKET, name: SO.PRIORITY, value: int32(controlPriority) };
  return family === "ipv4"
    ? [
      // The priority comes last: setting the type of service sets one of its own.
      { level: SOL.IP, name: IP.TOS, value: int32(trafficClass) },
      { level: SOL.IP, name: IP.TTL, value: int32(ttl) },
      priority,
    ]
    : [
      { level: SOL.IPV6, name: IPV6.TCLASS, value: int32(trafficClass) },
      { level: SOL.IPV6, name: IPV6.UNICAST_HOPS, value: int32(ttl) },
      priority,
    ];
}

function receiverOptions(family: Family): SocketOption[] {
  return family === "ipv4"
    ? [
      { level: SOL.IP, name: IP.RECVTTL, value: int32(1) },
      { level: SOL.IP, name: IP.PKTINFO, value: int32(1) },
    ]
    : [
      { level: SOL.IPV6, name: IPV6.V6ONLY, value: int32(1) },
      { level: SOL.IPV6, name: IPV6.RECVHOPLIMIT, value: int32(1) },
      { level: SOL.IPV6, name: IPV6.RECVPKTINFO, value: int32(1) },
    ];
}

function anyAddress(family: Family, port: number): Uint8Array {
  const unspecified = ipFromBytes(new Uint8Array(family === "ipv4" ? 4 : 16));
  return socketAddress(unspecified, ifIndex(0), port);
}

function domainOf(family: Family): number {
  return family === "ipv4" ? AF.INET : AF.INET6;
}

function randomNumber(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
