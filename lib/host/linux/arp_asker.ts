/**
 * Asks for the hardware address of neighbours over ARP: a socket for each interface, which stays
 * open, as closing one makes the kernel wait. Whatever an asked neighbour says with its address as
 * the sender's is an answer.
 */
import {
  AF,
  type Libc,
  linkLayerAddress,
  type OsError,
  type Poller,
  SOCK,
  Socket,
} from "../../../ffi/mod.ts";
import {
  broadcastMac,
  equalIp,
  err,
  type IfIndex,
  type IpAddress,
  ok,
  type Result,
} from "../../base/mod.ts";
import { arpOperation, decodeArp, encodeArp, etherType } from "../../wire/mod.ts";
import { claimFilter } from "./claim_filter.ts";
import { sentenceOf } from "./probe/connecting.ts";

/** Who is asked, and whose word is believed. */
export interface Neighbor {
  readonly ifIndex: IfIndex;
  readonly address: IpAddress;
  readonly source: IpAddress;
}

type Ended = (failure?: string) => void;

interface Place {
  readonly socket: Socket;
  /** Everybody who was ever asked there: the filter lets their packets through. */
  readonly asked: IpAddress[];
  readonly waiting: Map<number, { readonly address: IpAddress; readonly ended: Ended }>;
}

/** An ARP packet with padding. */
const packet = new Uint8Array(256);
/** How many one look takes: whoever says more than that has no more of the daemon. */
const packetsPerLook = 64;
/** struct sockaddr_ll: where the hardware address stands. */
const hardwareAt = 12;

/** All interfaces. */
export class ArpAsker {
  readonly #libc: Libc;
  readonly #poller: Poller;
  readonly #places = new Map<IfIndex, Place>();

  constructor(libc: Libc, poller: Poller) {
    this.#libc = libc;
    this.#poller = poller;
  }

  /** Asks; the end is told once unless it is given up, perhaps before this returns. */
  ask(run: number, { ifIndex, address, source }: Neighbor, ended: Ended): void {
    const place = this.#places.get(ifIndex) ?? this.#open(ifIndex);
    if (!("socket" in place)) return ended(sentenceOf(place));
    const sent = this.#send(place, ifIndex, address, source);
    if (sent.ok) {
      place.waiting.set(run, { address, ended });
      return;
    }
    // The interface may be gone: the next question gets a new socket.
    this.#close(ifIndex);
    ended(sentenceOf(sent.error));
  }

  /** Gives a question up. */
  close(run: number): void {
    for (const { waiting } of this.#places.values()) waiting.delete(run);
  }

  [Symbol.dispose](): void {
    for (const ifIndex of [...this.#places.keys()]) this.#close(ifIndex);
  }

  #send(
    place: Place,
    ifIndex: IfIndex,
    targetAddress: IpAddress,
    senderAddress: IpAddress,
  ): Result<unknown, OsError> {
    const { socket, asked } = place;
    if (!asked.some((known) => equalIp(known, targetAddress))) {
      asked.push(targetAddress);
      const filtered = socket.filter(claimFilter("ipv4", asked));
      if (!filtered.ok) return filtered;
    }
    const own = socket.localAddress();
    if (!own.ok) return own;
    const to = linkLayerAddress(ifIndex, etherType.arp);
    to.set(broadcastMac, hardwareAt);
    const question = encodeArp({
      operation: arpOperation.request,
      senderMac: own.value.slice(hardwareAt, hardwareAt + 6) as typeof broadcastMac,
      senderAddress,
      targetMac: new Uint8Array(6) as typeof broadcastMac,
      targetAddress,
    });
    return socket.sendTo(question, to);
  }

  #open(ifIndex: IfIndex): Place | OsError {
    const opened = openArp(this.#libc, ifIndex);
    if (!opened.ok) return opened.error;
    const place: Place = { socket: opened.value, asked: [], waiting: new Map() };
    this.#places.set(ifIndex, place);
    this.#poller.add(place.socket.fd, () => this.#drain(ifIndex, place));
    return place;
  }

  #drain(ifIndex: IfIndex, { socket, waiting }: Place): void {
    for (let count = 0; count < packetsPerLook; count++) {
      if (this.#places.get(ifIndex)?.socket !== socket) return;
      const received = socket.receive(packet);
      if (!received.ok) return this.#close(ifIndex);
      if (received.value === undefined) return;
      const heard = decodeArp(received.value.bytes);
      if (!heard.ok) continue;
      const { senderAddress } = heard.value;
      for (const [run, { address, ended }] of [...waiting]) {
        if (!equalIp(address, senderAddress)) continue;
        waiting.delete(run);
        ended();
      }
    }
  }

  #close(ifIndex: IfIndex): void {
    const place = this.#places.get(ifIndex);
    if (place === undefined) return;
    this.#places.delete(ifIndex);
    this.#poller.remove(place.socket.fd);
    place.socket[Symbol.dispose]();
    for (const { ended } of place.waiting.values()) ended("the interface is gone");
  }
}

/** Nothing is let through before somebody was asked. */
function openArp(libc: Libc, ifIndex: IfIndex): Result<Socket, OsError> {
  const opened = Socket.open(libc, AF.PACKET, SOCK.DGRAM, 0);
  if (!opened.ok) return opened;
  const socket = opened.value;
  const filtered = socket.filter(claimFilter("ipv4", []));
  const bound = filtered.ok ? socket.bind(linkLayerAddress(ifIndex, etherType.arp)) : filtered;
  if (bound.ok) return ok(socket);
  socket[Symbol.dispose]();
  return err(bound.error);
}
