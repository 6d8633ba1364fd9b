/**
 * A client that asks for an echo in a steady rhythm and notes when each answer came. The socket is
 * raw and the messages are our own, the kernel only resolves the neighbour: what is measured is
 * what any client on that network would notice.
 */
import { AF, type Libc, renderOsError, SOCK, Socket, socketAddress } from "../../../../ffi/mod.ts";
import {
  type Duration,
  equalIp,
  ifIndex,
  type Instant,
  type IpAddress,
} from "../../../base/mod.ts";
import { decodeEcho, decodeIpv4, encodeEcho, ipProtocol } from "../../../wire/mod.ts";
import type { LabLoop } from "./loop.ts";
import { watchSocket } from "./observer.ts";

/** One request, and its answer if there was one. */
export interface Ping {
  readonly sentAt: Instant;
  readonly answeredAt?: Instant;
}

/** Whom to ask, and how often. */
export interface PingPlan {
  readonly source: IpAddress;
  readonly target: IpAddress;
  readonly interval: Duration;
}

const anyInterface = ifIndex(0);
const packetSize = 2048;
/** What `ping` sends by default. */
const payload = new Uint8Array(56);

/** Sends requests from its making on, until it is disposed of. */
export class Pinger {
  /** Every request so far, in the order in which they were sent. */
  readonly pings: readonly Ping[];
  readonly #pings: { sentAt: Instant; answeredAt?: Instant }[] = [];
  readonly #loop: LabLoop;
  readonly #socket: Socket;
  readonly #plan: PingPlan;
  readonly #address: Uint8Array;
  readonly #buffer = new Uint8Array(packetSize);
  readonly #identifier = process.pid & 0xffff;
  readonly #parts: readonly Disposable[];

  /** Must be called in the namespace of the client; throws when the kernel refuses the socket. */
  constructor(libc: Libc, loop: LabLoop, plan: PingPlan) {
    const opened = Socket.open(libc, AF.INET, SOCK.RAW, ipProtocol.icmp);
    if (!opened.ok) throw new Error(`Cannot ping: ${renderOsError(opened.error)}`);
    this.pings = this.#pings;
    this.#loop = loop;
    this.#socket = opened.value;
    this.#plan = plan;
    this.#address = socketAddress(plan.target, anyInterface);
    this.#parts = [
      watchSocket(loop, this.#socket, () => this.#receive()),
      loop.every(plan.interval, () => this.#send()),
    ];
  }

  [Symbol.dispose](): void {
    for (const part of this.#parts) part[Symbol.dispose]();
  }

  #send(): void {
    const { source, target: destination } = this.#plan;
    const sequence = this.#pings.length & 0xffff;
    const echo = {
      kind: "request",
      identifier: this.#identifier,
      sequence,
      data: payload,
    } as const;
    this.#pings.push({ sentAt: this.#loop.now() });
    // A request that can not be sent is one without an answer.
    this.#socket.sendTo(encodeEcho(echo, { source, destination }), this.#address);
  }

  #receive(): void {
    for (;;) {
      const received = this.#socket.receive(this.#buffer);
      if (!received.ok || received.value === undefined) return;
      const packet = decodeIpv4(received.value.bytes);
      if (!packet.ok || !equalIp(packet.value.header.source, this.#plan.target)) continue;
      const echo = decodeEcho(packet.value.payload, "ipv4");
      if (!echo.ok || echo.value.kind !== "reply") continue;
      if (echo.value.identifier === this.#identifier) this.#note(echo.value.sequence);
    }
  }

  /** The sequence is the lower half of the index: the latest ping that fits is meant. */
  #note(sequence: number): void {
    const last = this.#pings.length - 1;
    const ping = this.#pings[last - ((last - sequence) & 0xffff)];
    if (ping !== undefined) ping.answeredAt ??= this.#loop.now();
  }
}
