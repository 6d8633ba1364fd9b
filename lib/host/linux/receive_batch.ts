/**
 * Receives VRRP packets, many with one system call: for IPv4 with their IP header, for IPv6 with
 * what the kernel says in its place.
 */
import { IPV6, type Libc, type OsError, type Socket, SOL } from "../../../ffi/mod.ts";
import { type Family, type IfIndex, ipFromBytes, type Result, viewOf } from "../../base/mod.ts";
import type { ReceivedPacket } from "../../engine/mod.ts";
import { MessageBatch } from "./message_batch.ts";

/** Packets of one call. */
const count = 32;
/** A packet on an interface with jumbo frames. */
const packetSize = 9216;

/** Where a socket receives. */
interface Segment {
  readonly ifIndex: IfIndex;
  readonly family: Family;
}

/** One batch for all VRRP sockets. */
export class ReceiveBatch {
  /** How many packets one call takes at most. */
  readonly size: number = count;
  readonly #messages: MessageBatch;

  constructor(libc: Libc) {
    this.#messages = new MessageBatch(libc, { count, packetSize });
  }

  /** Hands waiting packets to `take`; true when there may be more. */
  receive(
    socket: Socket,
    { ifIndex, family }: Segment,
    take: (packet: ReceivedPacket) => void,
  ): Result<boolean, OsError> {
    return this.#messages.receive(socket, (at) => {
      take(
        family === "ipv4"
          ? { ifIndex, family, bytes: this.#messages.bytes(at) }
          : this.#ipv6Packet(at, ifIndex),
      );
    });
  }

  #ipv6Packet(at: number, ifIndex: IfIndex): ReceivedPacket {
    let destination: Uint8Array | undefined;
    let hopLimit: number | undefined;
    for (const { level, type, data } of this.#messages.ancillary(at)) {
      if (level !== SOL.IPV6) continue;
      if (type === IPV6.PKTINFO && data.length >= 16) destination = data.subarray(0, 16);
      if (type === IPV6.HOPLIMIT && data.length >= 4) hopLimit = viewOf(data).getInt32(0, true);
    }
    return {
      ifIndex,
      family: "ipv6",
      bytes: this.#messages.bytes(at),
      source: this.#messages.ipv6Source(at),
      ...(destination === undefined ? {} : { destination: ipFromBytes(destination) }),
      ...(hopLimit === undefined ? {} : { hopLimit }),
    };
  }
}
