/**
 * The Linux host: turns what the kernel says into events, and effects into system calls. One turn
 * of the loop is: packets and kernel events first, then the clock, then everything else that the
 * runtime has to do (people asking for status among it).
 */
import {
  AF,
  Alarm,
  ClockWatch,
  errno,
  type Libc,
  linkLayerAddress,
  MonotonicClock,
  type OsError,
  Poller,
  renderOsError,
  SOCK,
  Socket,
  socketAddress,
} from "../../../ffi/mod.ts";
import {
  after,
  between,
  type Duration,
  type Family,
  type IfIndex,
  type Instant,
  microseconds,
  milliseconds,
  never,
} from "../../base/mod.ts";
import { type Effect, Engine, type EngineEvent, type RoutingEffect } from "../../engine/mod.ts";
import { encodeAddAddress, encodeDeleteAddress } from "../../netlink/mod.ts";
import type { AddressPlan } from "../../vrrp/mod.ts";
import { ipProtocol } from "../../wire/mod.ts";
import { toAddressRequest } from "./address_request.ts";
import {
  firewallPath,
  type HeldAddress,
  type HeldFile,
  renderHeld,
  renderHeldRoute,
  renderHeldRule,
} from "./held_file.ts";
import { Balancer } from "./balancer.ts";
import { BfdSockets } from "./bfd_sockets.ts";
import { ClockEvents } from "./clock_events.ts";
import { Firewall } from "./firewall.ts";
import { KernelWatch } from "./kernel_watch.ts";
import { changeLink } from "./link_changer.ts";
import { Machine } from "./machine.ts";
import type { Log } from "./log.ts";
import { ReceiveBatch } from "./receive_batch.ts";
import { openRequests, refusalOf, type RouteNetlink } from "./route_netlink.ts";
import { Routing } from "./routing.ts";
import { vridFilter } from "./vrid_filter.ts";
import { Ipv6Sender, joinGroup, openVrrpSocket } from "./vrrp_socket.ts";

/**
 * A wake-up takes the kernel and the runtime about this long, in microseconds. After a long sleep
 * the alarm goes off so much early and the rest is waited for awake: at most 0.4 % of a processor,
 * and the packet that takes over leaves in time.
 */
const wakeUp = microseconds(400);
const longSleep = milliseconds(100);
/** How often one turn looks for packets before it lets the runtime go on. */
const looksPerTurn = 8;

/** Adverts, and adverts behind an authentication header. */
const listenedProtocols = [ipProtocol.vrrp, ipProtocol.ah];

interface Listener {
  readonly socket: Socket;
  readonly groups: Set<string>;
}

type AddressEffect = Extract<Effect, { kind: "add-address" | "delete-address" }>;
type HoldingEffect = AddressEffect | RoutingEffect;

/** Whether an effect changes what must not outlive the daemon. */
function isHolding(effect: Effect, verb: "add" | "delete"): effect is HoldingEffect {
  const { kind } = effect;
  return kind === `${verb}-address` || kind === `${verb}-route` || kind === `${verb}-rule`;
}

/** One node on the real kernel. */
export class LinuxHost {
  readonly engine: Engine;
  readonly #libc: Libc;
  readonly #clock: MonotonicClock;
  readonly #alarm: Alarm;
  readonly #clocks: ClockWatch;
  readonly #clockEvents: ClockEvents;
  readonly #poller: Poller;
  readonly #requests: RouteNetlink;
  readonly #watch: KernelWatch;
  readonly #routing: Routing;
  readonly #batch: ReceiveBatch;
  readonly #ipv6: Ipv6Sender;
  readonly #frames: Socket;
  readonly #bfd: BfdSockets;
  readonly #held: HeldFile;
  readonly #firewall: Firewall;
  readonly #log: Log;
  readonly #machine: Machine;
  readonly #balancer: Balancer;
  readonly #listeners = new Map<string, Listener>();
  readonly #names = new Map<IfIndex, string>();
  /** What the kernel answered to effects; the engine gets it before anything else. */
  readonly #answers: EngineEvent[] = [];
  readonly #onStopped: () => void;
  /** Hears how late each deadline is that has come; absent when nobody asks. */
  onLate: ((by: Duration) => void) | undefined;
  /** The deadline that the alarm goes off early for; `never` when it does not. */
  #awaited: Instant = never;

  /** Opens everything that the daemon needs; throws a sentence when something is refused. */
  constructor(libc: Libc, parts: { held: HeldFile; log: Log; onStopped: () => void }) {
    this.#libc = libc;
    this.#held = parts.held;
    this.#firewall = new Firewall(libc, firewallPath(parts.held.path));
    this.#log = parts.log;
    this.#onStopped = parts.onStopped;
    this.#clock = new MonotonicClock(libc);
    this.engine = new Engine(this.#clock.now());
    this.#poller = new Poller(libc, () => this.turn());
    this.#alarm = new Alarm(libc);
    this.#clocks = new ClockWatch(libc);
    this.#clockEvents = new ClockEvents(this.#clocks.offsets());
    this.#poller.add(this.#clocks.fd, () => this.#clockJumped());
    this.#batch = new ReceiveBatch(libc);
    this.#ipv6 = new Ipv6Sender(libc);
    this.#requests = openRequests(libc);
    this.#watch = new KernelWatch(libc, this.#requests);
    this.#routing = new Routing(this.#requests, this.#watch, (name) => this.indexOf(name));
    const frames = Socket.open(libc, AF.PACKET, SOCK.RAW, 0);
    if (!frames.ok) throw new Error(renderOsError(frames.error));
    this.#frames = frames.value;
    this.#bfd = new BfdSockets({
      libc,
      poller: this.#poller,
      now: () => this.#clock.now(),
      take: (event, at) => this.#take(event, at),
    });
    const loadable = { libc, poller: this.#poller, feed: (event: EngineEvent) => this.feed(event) };
    this.#machine = new Machine(loadable);
    this.#balancer = new Balancer(loadable);
    this.#poller.add(this.#watch.fd, () => this.#watch.drain((event) => this.#take(event)));
  }

  /** Reads the kernel's tables. */
  readTables(): void {
    const tables = this.#watch.tables();
    if (!tables.ok) throw new Error(`Cannot read the kernel's links: ${tables.error.message}`);
    this.feed(tables.value);
  }

  /** The interface with this name, if the kernel told of it. */
  indexOf(interfaceName: string): IfIndex | undefined {
    for (const [index, name] of this.#names) if (name === interfaceName) return index;
    return undefined;
  }

  /** The monotonic clock. */
  now(): Instant {
    return this.#clock.now();
  }

  /** Gives the engine an event and does what it asks for. */
  feed(event: EngineEvent): void {
    if (event.kind === "configure") this.#tellClocks();
    // Interfaces are there before the routers that run on them start.
    if (event.kind === "configure") this.#take({ kind: "prepare", model: event.model });
    this.#take(event);
    this.#arm();
  }

  /** One turn: everything that arrived, then everything that is due. */
  turn(): void {
    this.#alarm.wentOff();
    this.#awaitDeadline();
    let unread = true;
    for (let look = 0; unread && look < looksPerTurn; look++) unread = this.#poller.look();
    if (unread) setImmediate(() => this.turn());
    const [due, now] = [this.engine.nextDeadline(), this.#clock.now()];
    if (due <= now) {
      this.onLate?.(between(due, now));
      this.#take({ kind: "clock", unread });
    }
    this.#arm();
  }

  /** Ends without giving anything up (`-V`): addresses stay, no priority 0 is sent. */
  abandon(): void {
    this.#onStopped();
  }

  /** Closes everything; addresses must have been given up before. */
  close(): void {
    this.#machine.close();
    this.#balancer.close();
    for (const key of [...this.#listeners.keys()]) this.#unlisten(key);
    this.#bfd[Symbol.dispose]();
    this.#poller.remove(this.#watch.fd);
    this.#watch[Symbol.dispose]();
    this.#requests[Symbol.dispose]();
    this.#frames[Symbol.dispose]();
    this.#alarm[Symbol.dispose]();
    this.#poller.remove(this.#clocks.fd);
    this.#clocks[Symbol.dispose]();
    this.#poller[Symbol.dispose]();
  }

  #take(event: EngineEvent, at: Instant = this.#clock.now()): void {
    this.#learn(event);
    this.#perform(this.engine.step(event, at));
    for (;;) {
      const answer = this.#answers.shift();
      if (answer === undefined) break;
      this.#learn(answer);
      this.#perform(this.engine.step(answer, this.#clock.now()));
    }
  }

  /** The machine slept, or somebody set its clock: found out without asking in every turn. */
  #clockJumped(): void {
    this.#clocks.acknowledge();
    this.#tellClocks();
  }

  #tellClocks(): void {
    for (const event of this.#clockEvents.changed(this.#clocks.offsets())) this.#take(event);
  }

  #arm(): void {
    const next = this.engine.nextDeadline();
    if (next === never) return;
    const early = earlierBy(next, wakeUp);
    const sleepsLong = between(this.#clock.now(), next) >= longSleep;
    this.#awaited = sleepsLong ? next : never;
    this.#alarm.arm(sleepsLong ? early : next);
  }

  /** Stays awake for a deadline that is about to come; does nothing when woken by a packet. */
  #awaitDeadline(): void {
    const deadline = this.#awaited;
    if (this.#clock.now() < earlierBy(deadline, wakeUp)) return;
    while (this.#clock.now() < deadline);
  }

  /** Sockets are bound by name, so the names are kept. */
  #learn(event: EngineEvent): void {
    if (event.kind === "link") this.#names.set(event.link.ifIndex, event.link.name);
    else if (event.kind === "link-gone") this.#names.delete(event.ifIndex);
    else if (event.kind === "kernel-tables") {
      this.#names.clear();
      for (const { ifIndex, name } of event.links) this.#names.set(ifIndex, name);
    }
  }

  #perform(effects: readonly Effect[]): void {
    let noted = false;
    for (const effect of effects) {
      // Before the first one is there the guard must know of it, but an advert need not wait.
      if (!noted && isHolding(effect, "add")) {
        noted = true;
        this.#held.take(this.#heldIn(effects, "add"));
      }
      this.#performOne(effect);
    }
    const dropped = this.#heldIn(effects, "delete");
    if (dropped.length > 0) this.#held.drop(dropped);
  }

  #heldIn(effects: readonly Effect[], verb: "add" | "delete"): string[] {
    return effects.flatMap((effect) => {
      if (!isHolding(effect, verb)) return [];
      if ("rule" in effect) return [renderHeldRule(effect.rule)];
      if (!("route" in effect)) return this.#toHeld(effect).map(renderHeld);
      return [renderHeldRoute(effect.route, this.#routing.tableOf(effect.route))];
    });
  }

  #performOne(effect: Effect): void {
    switch (effect.kind) {
      case "send-vrrp":
        return this.#sendVrrp(effect);
      case "send-frame": {
        const address = linkLayerAddress(effect.ifIndex, 0);
        const sent = this.#frames.sendTo(effect.bytes, address);
        return sent.ok ? undefined : this.#refuse("send", effect.ifIndex, sent.error);
      }
      case "listen":
        this.#listen(effect, ipProtocol.vrrp);
        return effect.ah === true ? this.#listen(effect, ipProtocol.ah) : undefined;
      case "admit":
        return this.#admit(effect);
      case "unlisten":
        for (const protocol of listenedProtocols) this.#unlisten(listenerKey(effect, protocol));
        return;
      case "add-address":
      case "delete-address":
        return this.#changeAddress(effect);
      case "add-link":
      case "delete-link":
      case "read-sysctl":
      case "set-sysctl":
        return void this.#answers.push(...changeLink(effect, this.#requests, this.#held));
      case "open-bfd":
        return void this.#answers.push(this.#bfd.open(effect));
      case "close-bfd":
        return this.#bfd.close(effect.session);
      case "send-bfd": {
        const refused = this.#bfd.send(effect);
        return refused === undefined ? undefined : void this.#answers.push(refused);
      }
      case "add-route":
      case "delete-route":
      case "add-rule":
      case "delete-rule": {
        const refusal = this.#routing.perform(effect);
        if (refusal !== undefined) this.#answers.push({ kind: "routing-refused", effect, refusal });
        return;
      }
      case "firewall":
        return void this.#answers.push(...this.#firewall.become(effect.state));
      case "run-command":
      case "signal-command":
      case "watch-file":
      case "unwatch-file":
      case "watch-processes":
      case "poll-links":
      case "open-fifo":
      case "write-fifo":
      case "close-fifo":
        return this.#machine.perform(effect);
      case "read-ipvs":
      case "ipvs":
      case "connect":
      case "cancel-connect":
        return this.#balancer.perform(effect);
      case "tell":
        return this.#log.tell(effect.tell);
      case "stopped":
        return this.#onStopped();
    }
  }

  #sendVrrp(effect: Extract<Effect, { kind: "send-vrrp" }>): void {
    const { family, ifIndex, destination, bytes } = effect;
    const listener = this.#listeners.get(listenerKey(effect, ipProtocol.vrrp));
    if (listener === undefined) return;
    const sent = family === "ipv4"
      ? listener.socket.sendTo(bytes, socketAddress(destination, ifIndex))
      : this.#ipv6.send(listener.socket, bytes, effect);
    if (!sent.ok) this.#refuse("send", ifIndex, sent.error);
  }

  #listen(effect: Extract<Effect, { kind: "listen" }>, protocol: number): void {
    const { ifIndex, family, group } = effect;
    const known = this.#listeners.get(listenerKey(effect, protocol));
    const listener = known ?? this.#open(family, ifIndex, protocol);
    if (listener === undefined || group === undefined) return;
    if (listener.groups.has(group.bytes.join())) return;
    const joined = joinGroup(listener.socket, group, ifIndex);
    if (!joined.ok) return this.#refuse("listen", ifIndex, joined.error, family);
    listener.groups.add(group.bytes.join());
  }

  /** A kernel that takes no filter gives us more to read, and nothing else changes. */
  #admit(effect: Extract<Effect, { kind: "admit" }>): void {
    for (const protocol of listenedProtocols) {
      const listener = this.#listeners.get(listenerKey(effect, protocol));
      listener?.socket.filter(vridFilter(effect.family, protocol, effect.vrids));
    }
  }

  #open(family: Family, ifIndex: IfIndex, protocol: number): Listener | undefined {
    const name = this.#names.get(ifIndex) ?? "";
    const opened = openVrrpSocket(this.#libc, family, ifIndex, name, protocol);
    if (!opened.ok) {
      this.#refuse("listen", ifIndex, opened.error, family);
      return undefined;
    }
    const listener = { socket: opened.value, groups: new Set<string>() };
    const from = { ifIndex, family };
    this.#listeners.set(listenerKey(from, protocol), listener);
    const { socket } = listener;
    this.#poller.add(socket.fd, () => {
      // One instant for the batch, from before it is read: what waits there is no younger.
      const at = this.#clock.now();
      this.#batch.receive(socket, from, (packet) => this.#take({ kind: "packet", packet }, at));
    });
    return listener;
  }

  #unlisten(key: string): void {
    const listener = this.#listeners.get(key);
    if (listener === undefined) return;
    this.#listeners.delete(key);
    this.#poller.remove(listener.socket.fd);
    listener.socket[Symbol.dispose]();
  }

  #changeAddress(effect: AddressEffect): void {
    const { kind, ifIndex, plan } = effect;
    const encode = kind === "add-address" ? encodeAddAddress : encodeDeleteAddress;
    const request = toAddressRequest(ifIndex, plan);
    const done = this.#requests.request((sequence) => encode(request, sequence));
    if (done.ok || isHarmless(kind, done.error.errno)) return;
    const { address } = plan;
    this.#answers.push({ kind: "refused", operation: kind, ifIndex, address, refusal: done.error });
  }

  #refuse(
    operation: "send" | "listen",
    ifIndex: IfIndex,
    error: OsError,
    family?: Family,
  ): void {
    // An interface that is down says so by its own event; one more word for each packet is noise.
    if (error.name === "ENETDOWN" || error.errno === errno.ENODEV) return;
    const refusal = refusalOf(error);
    const event = { kind: "refused" as const, operation, ifIndex, refusal };
    this.#answers.push(family === undefined ? event : { ...event, family });
  }

  #toHeld({ ifIndex, plan }: { ifIndex: IfIndex; plan: AddressPlan }): HeldAddress[] {
    const interfaceName = this.#names.get(ifIndex);
    if (interfaceName === undefined) return [];
    const { address, prefixLength, peer } = plan;
    return [{ interfaceName, address, prefixLength, ...(peer === undefined ? {} : { peer }) }];
  }
}

function listenerKey(
  { family, ifIndex }: { readonly family: Family; readonly ifIndex: IfIndex },
  protocol: number,
): string {
  return `${family} ${ifIndex} ${protocol}`;
}

function earlierBy(end: Instant, lead: Duration): Instant {
  return after(end, microseconds(-lead));
}

/** An address that is there already, or gone already, is as it was wanted. */
function isHarmless(operation: AddressEffect["kind"], name: string): boolean {
  if (operation === "add-address") return name === "EEXIST";
  return name === "EADDRNOTAVAIL" || name === "ENODEV";
}
