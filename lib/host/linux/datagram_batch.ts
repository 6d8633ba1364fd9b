/**
 * Receives many small datagrams with one system call, each with its sender and what the kernel says
 * beside it: TTL or hop limit, and the address that it was sent to. The octets are used up before
 * the next call.
 */
import {
  controlMessage,
  IP,
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
import {
  type Family,
  type IpAddress,
  ipFromBytes,
  ok,
  type Result,
  viewOf,
} from "../../base/mod.ts";

const batchSize = 16;
/** Longer than any BFD packet, whose length is one octet. */
const packetSize = 256;
/** struct sockaddr_in6 */
const nameSize = 28;
/** struct in6_pktinfo and a hop limit, each with its header, and some air. */
const controlSize = controlMessage({ level: 0, type: 0, data: new Uint8Array(20) }).length + 40;

/** One datagram. */
export interface Datagram {
  readonly bytes: Uint8Array;
  readonly source: IpAddress;
  readonly destination?: IpAddress;
  /** TTL or hop limit; 0 when the kernel did not say it. */
  readonly ttl: number;
}

/** Buffers and headers for one call of recvmmsg(2). */
export class DatagramBatch {
  readonly #headers = new Uint8Array(batchSize * multiMessageHeaderSize);
  readonly #view = viewOf(this.#headers);
  readonly #vectors = new Uint8Array(batchSize * vectorSize);
  readonly #packets = new Uint8Array(batchSize * packetSize);
  readonly #names = new Uint8Array(batchSize * nameSize);
  readonly #controls = new Uint8Array(batchSize * controlSize);

  constructor(libc: Libc) {
    const [packets, vectors, names, controls] = [
      this.#packets,
      this.#vectors,
      this.#names,
      this.#controls,
    ].map((buffer) => libc.addressOf(buffer));
    for (let at = 0; at < batchSize; at++) {
      const packet = (packets ?? 0) + at * packetSize;
      writeVector(viewOf(this.#vectors), at * vectorSize, packet, packetSize);
      writeMessageHeader(this.#view, at * multiMessageHeaderSize, {
        name: (names ?? 0) + at * nameSize,
        nameLength: nameSize,
        vector: (vectors ?? 0) + at * vectorSize,
        control: (controls ?? 0) + at * controlSize,
        controlLength: controlSize,
      });
    }
  }

  /** Hands waiting datagrams to `take`. */
  receive(
    socket: Socket,
    family: Family,
    take: (datagram: Datagram) => void,
  ): Result<void, OsError> {
    const received = socket.receiveMessages(this.#headers, batchSize);
    if (!received.ok) return received;
    for (let at = 0; at < received.value; at++) {
      take(this.#datagram(at, family));
      // The kernel wrote how much it used of both; give it the whole again.
      const header = at * multiMessageHeaderSize;
      this.#view.setUint32(header + messageNameLength, nameSize, true);
      this.#view.setUint32(header + messageControlLength, controlSize, true);
    }
    return ok(undefined);
  }

  #datagram(at: number, family: Family): Datagram {
    const header = at * multiMessageHeaderSize;
    const length = this.#view.getUint32(header + multiMessageLength, true);
    const controlLength = this.#view.getUint32(header + messageControlLength, true);
    const control = this.#controls.subarray(at * controlSize, at * controlSize + controlLength);
    const name = this.#names.subarray(at * nameSize, (at + 1) * nameSize);
    const source = ipFromBytes(family === "ipv4" ? name.subarray(4, 8) : name.subarray(8, 24));
    const bytes = this.#packets.subarray(at * packetSize, at * packetSize + length);
    let destination: IpAddress | undefined;
    let ttl = 0;
    for (const { level, type, data } of readControlMessages(control)) {
      const isTtl = (level === SOL.IP && type === IP.TTL) ||
        (level === SOL.IPV6 && type === IPV6.HOPLIMIT);
      if (isTtl && data.length >= 4) ttl = viewOf(data).getInt32(0, true);
      // struct in_pktinfo: the index, the local address, the destination of the header.
      if (level === SOL.IP && type === IP.PKTINFO && data.length >= 12) {
        destination = ipFromBytes(data.subarray(8, 12));
      }
      if (level === SOL.IPV6 && type === IPV6.PKTINFO && data.length >= 16) {
        destination = ipFromBytes(data.subarray(0, 16));
      }
    }
    return { bytes, source, ttl, ...(destination === undefined ? {} : { destination }) };
  }
}
