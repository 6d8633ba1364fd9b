/**
 * Listens for others that use our addresses: a packet socket for ARP, a raw socket for neighbour
 * advertisements, one of each for an interface, and a filter that lets nothing else through.
 */
import {
  AF,
  cString,
  ICMP6,
  type Libc,
  linkLayerAddress,
  type OsError,
  SO,
  SOCK,
  Socket,
  SOL,
} from "../../../ffi/mod.ts";
import { err, type Family, type IfIndex, type Result } from "../../base/mod.ts";
import type { Effect } from "../../engine/mod.ts";
import { etherType, ipProtocol, ndpType } from "../../wire/mod.ts";
import { claimFilter } from "./claim_filter.ts";
import type { Part, PartTools } from "./lazy_part.ts";
import { refusalOf } from "./route_netlink.ts";

/** The effect that is carried out here. */
export type ClaimEffect = Extract<Effect, { kind: "watch-claims" }>;

/** One turn takes so many packets from a socket at most. */
const packetsPerLook = 32;
/** A neighbour advertisement with all its options. */
const packetSize = 2048;

/** All sockets of a node. */
export class ClaimWatch implements Part<ClaimEffect> {
  readonly #tools: PartTools;
  readonly #nameOf: (ifIndex: IfIndex) => string | undefined;
  readonly #sockets = new Map<string, Socket>();
  readonly #buffer = new Uint8Array(packetSize);

  /** `nameOf` says what an interface is called that is there. */
  constructor(tools: PartTools, nameOf: (ifIndex: IfIndex) => string | undefined) {
    this.#tools = tools;
    this.#nameOf = nameOf;
  }

  /** Watches these addresses on the interface from now on, and no others. */
  perform({ ifIndex, addresses }: ClaimEffect): void {
    for (const family of ["ipv4", "ipv6"] as const) {
      const watched = addresses.filter((address) => address.family === family);
      const key = `${ifIndex} ${family}`;
      if (watched.length === 0) this.#close(key);
      else {
        const program = claimFilter(family, watched);
        const socket = this.#sockets.get(key);
        if (socket === undefined) this.#open(key, family, ifIndex, program);
        else socket.filter(program);
      }
    }
  }

  close(): void {
    for (const key of [...this.#sockets.keys()]) this.#close(key);
  }

  #open(key: string, family: Family, ifIndex: IfIndex, program: Uint8Array): void {
    const { libc, poller, feed } = this.#tools;
    const name = this.#nameOf(ifIndex) ?? "";
    const opened = family === "ipv4"
      ? openArp(libc, ifIndex, program)
      : openNeighbors(libc, name, program);
    if (!opened.ok) {
      const what = `${family === "ipv4" ? "ARP" : "neighbour discovery"} on ${name}`;
      return feed({ kind: "watch-refused", what, refusal: refusalOf(opened.error) });
    }
    const socket = opened.value;
    this.#sockets.set(key, socket);
    poller.add(socket.fd, () => this.#drain(key, family, ifIndex));
  }

  #drain(key: string, family: Family, ifIndex: IfIndex): void {
    const socket = this.#sockets.get(key);
    // What the engine makes of a packet may close the socket.
    for (let count = 0; count < packetsPerLook && this.#sockets.get(key) === socket; count++) {
      const received = socket?.receive(this.#buffer);
      if (received?.ok !== true || received.value === undefined) return;
      const { bytes } = received.value;
      this.#tools.feed({ kind: "claim", claim: { ifIndex, family, bytes } });
    }
  }

  #close(key: string): void {
    const socket = this.#sockets.get(key);
    if (socket === undefined) return;
    this.#sockets.delete(key);
    this.#tools.poller.remove(socket.fd);
    socket[Symbol.dispose]();
  }
}

/** Protocol 0 hears nothing until the filter is there and the socket is bound. */
function openArp(libc: Libc, ifIndex: IfIndex, program: Uint8Array): Result<Socket, OsError> {
  const opened = Socket.open(libc, AF.PACKET, SOCK.DGRAM, 0);
  if (!opened.ok) return opened;
  const socket = opened.value;
  const filtered = socket.filter(program);
  const bound = filtered.ok ? socket.bind(linkLayerAddress(ifIndex, etherType.arp)) : filtered;
  return bound.ok ? opened : closing(socket, bound.error);
}

/** A packet socket for IPv6 would look at every packet that is forwarded; this one at ICMPv6. */
function openNeighbors(libc: Libc, name: string, program: Uint8Array): Result<Socket, OsError> {
  const opened = Socket.open(libc, AF.INET6, SOCK.RAW, ipProtocol.icmpv6);
  if (!opened.ok) return opened;
  const socket = opened.value;
  const configured = socket.configure(
    { level: SOL.ICMPV6, name: ICMP6.FILTER, value: onlyAdvertisements() },
    { level: SOL.SOCKET, name: SO.BINDTODEVICE, value: cString(name) },
  );
  const filtered = configured.ok ? socket.filter(program) : configured;
  return filtered.ok ? opened : closing(socket, filtered.error);
}

/** struct icmp6_filter: a bit that is set spares us the type. */
function onlyAdvertisements(): Uint8Array {
  const words = new Uint32Array(8).fill(0xffff_ffff);
  const type = ndpType.neighborAdvertisement;
  words[type >> 5] = ~(1 << (type & 31));
  return new Uint8Array(words.buffer);
}

function closing(socket: Socket, error: OsError): Result<Socket, OsError> {
  socket[Symbol.dispose]();
  return err(error);
}
