/**
 * Receives many messages with one system call, each with its sender and what the kernel says
 * beside it (ancillary data). The octets are used up before the next call, so one batch serves all
 * sockets.
 */
import {
  controlMessage,
  type Libc,
  messageControlLength,
  messageNameLength,
  multiMessageHeaderSize,
  multiMessageLength,
  type OsError,
  readControlMessages,
  type Socket,
  vectorSize,
  writeMessageHeader,
  writeVector,
} from "../../../ffi/mod.ts";
import { type IpAddress, ipFromBytes, ok, type Result, viewOf } from "../../base/mod.ts";

/** struct sockaddr_in6 */
const nameSize = 28;
/** struct in6_pktinfo and a hop limit, each with its header, and some air. */
const controlSize = controlMessage({ level: 0, type: 0, data: new Uint8Array(20) }).length + 40;

/** Buffers and headers for calls of recvmmsg(2). */
export class MessageBatch {
  readonly #count: number;
  readonly #packetSize: number;
  readonly #view: DataView;
  readonly #headers: Uint8Array;
  readonly #vectors: Uint8Array;
  readonly #packets: Uint8Array;
  readonly #names: Uint8Array;
  readonly #controls: Uint8Array;

  /** Room for `count` messages of at most `packetSize` octets in a call. */
  constructor(libc: Libc, { count, packetSize }: { count: number; packetSize: number }) {
    this.#count = count;
    this.#packetSize = packetSize;
    this.#headers = new Uint8Array(count * multiMessageHeaderSize);
    this.#view = viewOf(this.#headers);
    this.#vectors = new Uint8Array(count * vectorSize);
    this.#packets = new Uint8Array(count * packetSize);
    this.#names = new Uint8Array(count * nameSize);
    this.#controls = new Uint8Array(count * controlSize);
    const base = {
      packet: libc.addressOf(this.#packets),
      vector: libc.addressOf(this.#vectors),
      name: libc.addressOf(this.#names),
      control: libc.addressOf(this.#controls),
    };
    const vectors = viewOf(this.#vectors);
    for (let at = 0; at < count; at++) {
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

  /** Hands the place of each waiting message to `take`; true when there may be more. */
  receive(socket: Socket, take: (at: number) => void): Result<boolean, OsError> {
    const received = socket.receiveMessages(this.#headers, this.#count);
    if (!received.ok) return received;
    for (let at = 0; at < received.value; at++) {
      take(at);
      this.#restore(at);
    }
    return ok(received.value === this.#count);
  }

  /** The octets of a message. */
  bytes(at: number): Uint8Array {
    const length = this.#view.getUint32(at * multiMessageHeaderSize + multiMessageLength, true);
    return this.#packets.subarray(at * this.#packetSize, at * this.#packetSize + length);
  }

  /** Who sent it, of struct sockaddr_in. */
  ipv4Source(at: number): IpAddress {
    return ipFromBytes(this.#names.subarray(at * nameSize + 4, at * nameSize + 8));
  }

  /** Who sent it, of struct sockaddr_in6. */
  ipv6Source(at: number): IpAddress {
    return ipFromBytes(this.#names.subarray(at * nameSize + 8, at * nameSize + 24));
  }

  /** What the kernel says beside it. */
  ancillary(at: number): ReturnType<typeof readControlMessages> {
    const header = at * multiMessageHeaderSize;
    const length = this.#view.getUint32(header + messageControlLength, true);
    return readControlMessages(
      this.#controls.subarray(at * controlSize, at * controlSize + length),
    );
  }

  /** The kernel wrote how much it used of name and ancillary data; give it the whole again. */
  #restore(at: number): void {
    const header = at * multiMessageHeaderSize;
    this.#view.setUint32(header + messageNameLength, nameSize, true);
    this.#view.setUint32(header + messageControlLength, controlSize, true);
  }
}
