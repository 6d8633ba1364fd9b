/**
 * Receives small datagrams, many with one system call, each with its sender, its TTL or hop limit,
 * and the address that it was sent to.
 */
import { IP, IPV6, type Libc, type OsError, type Socket, SOL } from "../../../ffi/mod.ts";
import { type Family, type IpAddress, ipFromBytes, type Result, viewOf } from "../../base/mod.ts";
import { MessageBatch } from "./message_batch.ts";

const count = 16;
/** Longer than any BFD packet, whose length is one octet. */
const packetSize = 256;

/** One datagram. */
export interface Datagram {
  readonly bytes: Uint8Array;
  readonly source: IpAddress;
  readonly destination?: IpAddress;
  /** TTL or hop limit; 0 when the kernel did not say it. */
  readonly ttl: number;
}

/** One batch for all BFD sockets. */
export class DatagramBatch {
  readonly #messages: MessageBatch;

  constructor(libc: Libc) {
    this.#messages = new MessageBatch(libc, { count, packetSize });
  }

  /** Hands waiting datagrams to `take`; true when there may be more. */
  receive(
    socket: Socket,
    family: Family,
    take: (datagram: Datagram) => void,
  ): Result<boolean, OsError> {
    return this.#messages.receive(socket, (at) => take(this.#datagram(at, family)));
  }

  #datagram(at: number, family: Family): Datagram {
    const bytes = this.#messages.bytes(at);
    const source = family === "ipv4"
      ? this.#messages.ipv4Source(at)
      : this.#messages.ipv6Source(at);
    let destination: IpAddress | undefined;
    let ttl = 0;
    for (const { level, type, data } of this.#messages.ancillary(at)) {
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
