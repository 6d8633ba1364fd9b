/**
 * Receives many packets with one system call. One batch serves all sockets: the octets are used up
 * before the next call.
 */
import {
  controlMessage,
  IPV6,
  type Libc,
  messageControlLength,
  messageNameLength,
  multiMessageHeaderSize,
  multiMessageLength,
  type OsError,
  readControlMessages,
  type Socket,
  SOL,
  vectorSize,
  writeMessageHeader,
  writeVector,
} from "../../../ffi/mod.ts";
import { type Family, type IfIndex, ipFromBytes, ok, type Result, viewOf } from "../../base/mod.ts";
import type { ReceivedPacket } from "../../engine/mod.ts";

/** Packets of one call. */
const batchSize = 32;
/** A packet on an interface with jumbo frames. */
const packetSize = 9216;
/** struct sockaddr_in6 */
const nameSize = 28;
/** struct in6_pktinfo and a hop limit, each with its header, and some air. */
const controlSize = controlMessage({ level: 0, type: 0, data: new Uint8Array(20) }).length + 40;

/** Buffers and headers for one call of recvmmsg(2). */
export class ReceiveBatch {
  readonly #headers = new Uint8Array(batchSize * multiMessageHeaderSize);
  readonly #view = viewOf(this.#headers);
  readonly #vectors = new Uint8Array(batchSize * vectorSize);
  readonly #packets = new Uint8Array(batchSize * packetSize);
  readonly #names = new Uint8Array(batchSize * nameSize);
  readonly #controls = new Uint8Array(batchSize * controlSize);

  constructor(libc: Libc) {
    const base = {
      packet: libc.addressOf(this.#packets),
      vector: libc.addressOf(this.#vectors),
      name: libc.addressOf(this.#names),
      control: libc.addressOf(this.#controls),
    };
    const vectors = viewOf(this.#vectors);
    for (let at = 0; at < batchSize; at++) {
      writeVector(vectors, at * vectorSize, base.packet + at * packetSize, packetSize);
      writeMessageHeader(this.#view, at * multiMessageHeaderSize, {
        name: base.name + at * nameSize,
        nameLength: nameSize,
        vector: base.vector + at * vectorSize,
        control: base.control + at * controlSize,
        controlLength: controlSize,
      });
    }
  }

  /** Hands waiting packets to `take`; true when there may be more. */
  receive(
    socket: Socket,
    from: { readonly ifIndex: IfIndex; readonly family: Family },
    take: (packet: ReceivedPacket) => void,
  ): Result<boolean, OsError> {
    const received = socket.receiveMessages(this.#headers, batchSize);
    if (!received.ok) return received;
    for (let at = 0; at < received.value; at++) {
      take(from.family === "ipv4" ? this.#ipv4Packet(at, from) : this.#ipv6Packet(at, from));
      this.#restore(at);
    }
    return ok(received.value === batchSize);
  }

  #bytes(at: number): Uint8Array {
    const length = this.#view.getUint32(at * multiMessageHeaderSize + multiMessageLength, true);
    return this.#packets.subarray(at * packetSize, at * packetSize + length);
  }

  #ipv4Packet(at: number, from: { ifIndex: IfIndex; family: Family }): ReceivedPacket {
    return { ifIndex: from.ifIndex, family: from.family, bytes: this.#bytes(at) };
  }

  #ipv6Packet(at: number, from: { ifIndex: IfIndex; family: Family }): ReceivedPacket {
    const header = at * multiMessageHeaderSize;
    const controlLength = this.#view.getUint32(header + messageControlLength, true);
    const control = this.#controls.subarray(at * controlSize, at * controlSize + controlLength);
    const source = this.#names.subarray(at * nameSize + 8, at * nameSize + 24);
    let destination: Uint8Array | undefined;
    let hopLimit: number | undefined;
    for (const { level, type, data } of readControlMessages(control)) {
      if (level !== SOL.IPV6) continue;
      if (type === IPV6.PKTINFO && data.length >= 16) destination = data.subarray(0, 16);
      if (type === IPV6.HOPLIMIT && data.length >= 4) hopLimit = viewOf(data).getInt32(0, true);
    }
    return {
      ifIndex: from.ifIndex,
      family: from.family,
      bytes: this.#bytes(at),
      source: ipFromBytes(source),
      ...(destination === undefined ? {} : { destination: ipFromBytes(destination) }),
      ...(hopLimit === undefined ? {} : { hopLimit }),
    };
  }

  /** The kernel wrote how much it used of name and control data; give it the whole again. */
  #restore(at: number): void {
    const header = at * multiMessageHeaderSize;
    this.#view.setUint32(header + messageNameLength, nameSize, true);
    this.#view.setUint32(header + messageControlLength, controlSize, true);
  }
}
