/**
 * What the kernel of a simulated node does for BFD sessions: it finds the link of the neighbour's
 * subnet, puts UDP, IP and Ethernet around a packet, and takes them off again. There is no ARP: the
 * frames go to everybody, and only the node with the address takes them.
 */
import {
  equalIp,
  type IfIndex,
  inNetwork,
  type IpAddress,
  macFromBytes,
  type Random,
} from "../../base/mod.ts";
import type { Effect, EngineEvent, ReceivedBfd } from "../../engine/mod.ts";
import {
  bfdPort,
  decodeEthernet,
  decodeIpv4,
  decodeIpv6,
  decodeUdp,
  encodeEthernet,
  encodeIpv4,
  encodeIpv6,
  encodeUdp,
  etherType,
  ipProtocol,
} from "../../wire/mod.ts";
import { type FakeAddress, type FakeKernel } from "./fake_kernel.ts";

type Opening = Extract<Effect, { kind: "open-bfd" }>;

const everybody = macFromBytes(new Uint8Array(6).fill(0xff));

/** The sockets of one node. */
export class BfdLinks {
  readonly #kernel: FakeKernel;
  readonly #random: Random;
  readonly #sessions = new Map<string, Opening>();

  constructor(kernel: FakeKernel, random: Random) {
    this.#kernel = kernel;
    this.#random = random;
  }

  /** Opens a session's sockets. */
  open(effect: Opening): EngineEvent {
    const { session, source } = effect;
    const local = this.#kernel.addresses();
    if (source !== undefined && !local.some(({ address }) => equalIp(address, source))) {
      const refusal = { errno: "EADDRNOTAVAIL", message: "EADDRNOTAVAIL" };
      return { kind: "bfd-refused", session, operation: "open", refusal };
    }
    this.#sessions.set(session, effect);
    return { kind: "bfd-opened", session, seed: this.#random.below(0x1_0000_0000) };
  }

  close(session: string): void {
    this.#sessions.delete(session);
  }

  clear(): void {
    this.#sessions.clear();
  }

  /** The frame of a packet and the link that it leaves by; nothing when there is no way. */
  frame(
    { session, bytes }: Extract<Effect, { kind: "send-bfd" }>,
  ): { readonly ifIndex: IfIndex; readonly bytes: Uint8Array } | undefined {
    const opening = this.#sessions.get(session);
    if (opening === undefined) return undefined;
    const { neighbor: destination, ttl, multihop } = opening;
    const own = this.#kernel.addresses().find((known) => inNetwork(destination, known));
    const mac = own === undefined ? undefined : this.#kernel.linkAt(own.ifIndex)?.mac;
    if (own === undefined || mac === undefined || everybody === undefined) return undefined;
    const ends = { source: opening.source ?? own.address, destination };
    const port = multihop ? bfdPort.multihop : bfdPort.singleHop;
    const udp = encodeUdp({ sourcePort: 49_152, destinationPort: port }, bytes, ends);
    const ipv4 = destination.family === "ipv4";
    const packet = ipv4
      ? encodeIpv4({ ...ends, protocol: ipProtocol.udp, ttl, tos: 0xc0, identification: 0 }, udp)
      : encodeIpv6({ ...ends, protocol: ipProtocol.udp, hopLimit: ttl, trafficClass: 0xc0 }, udp);
    const type = ipv4 ? etherType.ipv4 : etherType.ipv6;
    const header = { destination: everybody, source: mac, etherType: type };
    return { ifIndex: own.ifIndex, bytes: encodeEthernet(header, packet) };
  }

  /** The packet in a frame, when it is BFD for this node and a session is open. */
  packet(frame: Uint8Array): ReceivedBfd | undefined {
    if (this.#sessions.size === 0) return undefined;
    const found = readIp(frame);
    if (found === undefined) return undefined;
    const { source, destination, ttl } = found;
    const local = this.#kernel.addresses().some((known: FakeAddress) =>
      equalIp(known.address, destination)
    );
    const udp = decodeUdp(found.payload);
    if (!local || !udp.ok) return undefined;
    const { destinationPort } = udp.value.header;
    const multihop = destinationPort === bfdPort.multihop;
    if (!multihop && destinationPort !== bfdPort.singleHop) return undefined;
    return { source, destination, ttl, multihop, bytes: udp.value.payload };
  }
}

interface IpDatagram {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly ttl: number;
  readonly payload: Uint8Array;
}

function readIp(frame: Uint8Array): IpDatagram | undefined {
  const ethernet = decodeEthernet(frame);
  if (!ethernet.ok) return undefined;
  const { header: { etherType: type }, payload: bytes } = ethernet.value;
  if (type === etherType.ipv4) {
    const decoded = decodeIpv4(bytes);
    if (!decoded.ok || decoded.value.header.protocol !== ipProtocol.udp) return undefined;
    const { header, payload } = decoded.value;
    return { ...header, payload };
  }
  const decoded = decodeIpv6(bytes);
  if (type !== etherType.ipv6 || !decoded.ok) return undefined;
  const { header, payload } = decoded.value;
  if (header.protocol !== ipProtocol.udp) return undefined;
  return { ...header, ttl: header.hopLimit, payload };
}
