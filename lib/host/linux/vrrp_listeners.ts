/**
 * The VRRP sockets of a node: one for each interface, family and protocol that the engine listens
 * on. They are opened, filtered, read and written here; what arrives becomes events, and so does
 * what the kernel refuses.
 */
import {
  errno,
  type Libc,
  type OsError,
  type Poller,
  type Socket,
  socketAddress,
} from "../../../ffi/mod.ts";
import { type Family, type IfIndex, type Instant, never } from "../../base/mod.ts";
import type { Effect, EngineEvent } from "../../engine/mod.ts";
import { ipProtocol } from "../../wire/mod.ts";
import { Inflow, packetsPerLook } from "./inflow.ts";
import { ReceiveBatch } from "./receive_batch.ts";
import { refusalOf } from "./route_netlink.ts";
import { vridFilter } from "./vrid_filter.ts";
import { Ipv6Sender, joinGroup, openVrrpSocket } from "./vrrp_socket.ts";

/** Adverts, and adverts behind an authentication header. */
const listenedProtocols = [ipProtocol.vrrp, ipProtocol.ah];

interface Listener {
  readonly segment: Segment;
  readonly socket: Socket;
  readonly groups: Set<string>;
  readonly inflow: Inflow;
  /** How many packets the kernel had dropped when it was asked last. */
  drops: number;
}

interface Segment {
  readonly family: Family;
  readonly ifIndex: IfIndex;
}

type Wanted<Kind> = Extract<Effect, { kind: Kind }>;

/** What the listeners need of their host. */
export interface VrrpListenersHost {
  readonly libc: Libc;
  readonly poller: Poller;
  now(): Instant;
  /** The name of an interface that the kernel told of. */
  nameOf(ifIndex: IfIndex): string | undefined;
  /** Gives the engine what arrived, with the instant before it was read. */
  take(event: EngineEvent, at: Instant): void;
  /** Gives the engine what the kernel answered to an effect, when all effects are done. */
  answer(event: EngineEvent): void;
}

/** Every VRRP socket of one node. */
export class VrrpListeners {
  readonly #host: VrrpListenersHost;
  readonly #batch: ReceiveBatch;
  readonly #ipv6: Ipv6Sender;
  readonly #listeners = new Map<string, Listener>();
  /** Those that are flooded: they wake nobody and are looked at now and then. */
  readonly #resting = new Set<Listener>();

  constructor(host: VrrpListenersHost) {
    this.#host = host;
    this.#batch = new ReceiveBatch(host.libc);
    this.#ipv6 = new Ipv6Sender(host.libc);
  }

  /** Receives there from now on, in the group too, if one is named. */
  listen(effect: Wanted<"listen">): void {
    this.#listen(effect, ipProtocol.vrrp);
    if (effect.ah === true) this.#listen(effect, ipProtocol.ah);
  }

  /** Has the kernel drop what is for other virtual routers; one that takes no filter drops none. */
  admit(effect: Wanted<"admit">): void {
    for (const protocol of listenedProtocols) {
      const listener = this.#listeners.get(listenerKey(effect, protocol));
      listener?.socket.filter(vridFilter(effect.family, protocol, effect.vrids));
    }
  }

  /** Receives there no more. */
  unlisten(segment: Segment): void {
    for (const protocol of listenedProtocols) this.#close(listenerKey(segment, protocol));
  }

  /** Sends an advert. */
  send(effect: Wanted<"send-vrrp">): void {
    const { family, ifIndex, destination, bytes } = effect;
    const listener = this.#listeners.get(listenerKey(effect, ipProtocol.vrrp));
    if (listener === undefined) return;
    const sent = family === "ipv4"
      ? listener.socket.sendTo(bytes, socketAddress(destination, ifIndex))
      : this.#ipv6.send(listener.socket, bytes, effect);
    if (!sent.ok) this.#refuse("send", { ifIndex }, sent.error);
  }

  /** When `look` wants to be called for a socket that is flooded; `never` when none is. */
  get nextLook(): Instant {
    let next = never;
    for (const { inflow } of this.#resting) if (inflow.nextLook < next) next = inflow.nextLook;
    return next;
  }

  /**
   * Reads the sockets that are flooded, if their time has come or before somebody acts on silence;
   * true when one of them holds more than was read.
   */
  look(now: Instant, inAnyCase: boolean): boolean {
    let unread = false;
    for (const listener of this.#resting) {
      if (!inAnyCase && listener.inflow.nextLook > now) continue;
      if (this.#readMany(listener)) unread = true;
    }
    return unread;
  }

  close(): void {
    for (const key of [...this.#listeners.keys()]) this.#close(key);
  }

  #listen(effect: Wanted<"listen">, protocol: number): void {
    const { ifIndex, family, group } = effect;
    const known = this.#listeners.get(listenerKey(effect, protocol));
    const listener = known ?? this.#open({ family, ifIndex }, protocol);
    if (listener === undefined || group === undefined) return;
    if (listener.groups.has(group.bytes.join())) return;
    const joined = joinGroup(listener.socket, group, ifIndex);
    if (!joined.ok) return this.#refuse("listen", { ifIndex, family }, joined.error);
    listener.groups.add(group.bytes.join());
  }

  #open(segment: Segment, protocol: number): Listener | undefined {
    const { libc, poller } = this.#host;
    const { family, ifIndex } = segment;
    const name = this.#host.nameOf(ifIndex) ?? "";
    const opened = openVrrpSocket(libc, family, ifIndex, name, protocol);
    if (!opened.ok) {
      this.#refuse("listen", segment, opened.error);
      return undefined;
    }
    const socket = opened.value;
    const inflow = new Inflow(this.#host.now());
    const listener = { segment, socket, inflow, groups: new Set<string>(), drops: 0 };
    this.#listeners.set(listenerKey(segment, protocol), listener);
    poller.add(socket.fd, () => this.#read(listener));
    return listener;
  }

  /** Reads one batch; answers how many packets it had. */
  #read(listener: Listener): number {
    const { socket, segment, inflow } = listener;
    // One instant for the batch, from after it was read: none of it is younger, so that a pause of
    // the machine in between does not make a backup rise too early.
    let at: Instant | undefined;
    let count = 0;
    this.#batch.receive(socket, segment, (packet) => {
      count++;
      at ??= this.#host.now();
      this.#host.take({ kind: "packet", packet }, at);
    });
    if (inflow.arrived(count, at ?? this.#host.now())) this.#change(listener);
    return count;
  }

  /** Reads what a look may read; true when there may be more. */
  #readMany(listener: Listener): boolean {
    for (let sum = 0; sum < packetsPerLook;) {
      const count = this.#read(listener);
      if (count < this.#batch.size) return false;
      sum += count;
    }
    this.#countDrops(listener);
    return true;
  }

  /** A flood has begun or ended. */
  #change(listener: Listener): void {
    const { socket, inflow } = listener;
    const { poller } = this.#host;
    if (inflow.rests) {
      this.#resting.add(listener);
      return poller.rest(socket.fd);
    }
    this.#resting.delete(listener);
    this.#countDrops(listener);
    poller.add(socket.fd, () => this.#read(listener));
    // What came before it was watched again wakes nobody.
    while (this.#read(listener) === this.#batch.size && !inflow.rests);
  }

  #countDrops(listener: Listener): void {
    const { socket, segment } = listener;
    const drops = socket.drops();
    // The kernel's number has 32 bits.
    const count = (drops - listener.drops) >>> 0;
    listener.drops = drops;
    if (count === 0) return;
    this.#host.take({ kind: "packets-lost", ...segment, count }, this.#host.now());
  }

  #close(key: string): void {
    const listener = this.#listeners.get(key);
    if (listener === undefined) return;
    this.#listeners.delete(key);
    this.#resting.delete(listener);
    this.#host.poller.remove(listener.socket.fd);
    listener.socket[Symbol.dispose]();
  }

  #refuse(
    operation: "send" | "listen",
    where: { readonly ifIndex: IfIndex; readonly family?: Family },
    error: OsError,
  ): void {
    const refused = refusedThere(operation, where, error);
    if (refused !== undefined) this.#host.answer(refused);
  }
}

/** What the engine hears of a refusal; nothing about an interface that is down or gone. */
export function refusedThere(
  operation: "send" | "listen",
  where: { readonly ifIndex: IfIndex; readonly family?: Family },
  error: OsError,
): EngineEvent | undefined {
  // Such an interface says so by its own event; one more word for each packet is noise.
  if (error.name === "ENETDOWN" || error.errno === errno.ENODEV) return undefined;
  return { kind: "refused", operation, ...where, refusal: refusalOf(error) };
}

function listenerKey({ family, ifIndex }: Segment, protocol: number): string {
  return `${family} ${ifIndex} ${protocol}`;
}
