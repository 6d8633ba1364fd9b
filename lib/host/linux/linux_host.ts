/**
 * The Linux host: turns what the kernel says into events, and effects into system calls. One turn
 * of the loop is: packets and kernel events first, then the clock, then everything else that the
 * runtime has to do (people asking for status among it).
 */
import {
  AF,
  Alarm,
  ClockWatch,
  type Libc,
  linkLayerAddress,
  MonotonicClock,
  Poller,
  renderOsError,
  SOCK,
  Socket,
} from "../../../ffi/mod.ts";
import {
  after,
  between,
  type Duration,
  earlier,
  type IfIndex,
  type Instant,
  microseconds,
  milliseconds,
  never,
} from "../../base/mod.ts";
import {
  type BalanceEffect,
  type Decider,
  type Effect,
  Engine,
  type EngineEvent,
  type MachineEffect,
  type ProbeEffect,
  type Tell,
} from "../../engine/mod.ts";
import { firewallPath, type HeldFile } from "./held_file.ts";
import { Holdings, isHolding } from "./holdings.ts";
import { BfdSockets } from "./bfd_sockets.ts";
import type { ClaimEffect } from "./claim_watch.ts";
import { ClockEvents } from "./clock_events.ts";
import { Firewall } from "./firewall.ts";
import { KernelWatch } from "./kernel_watch.ts";
import { changeLink } from "./link_changer.ts";
import { LazyPart } from "./lazy_part.ts";
import { renewAddresses } from "./lease_renewal.ts";
import { openRequests, type RouteNetlink } from "./route_netlink.ts";
import { Routing } from "./routing.ts";
import { refusedThere, VrrpListeners } from "./vrrp_listeners.ts";

/**
 * A wake-up takes the kernel and the runtime about this long, in microseconds. After a long sleep
 * the alarm goes off so much early and the rest is waited for awake: at most 0.4 % of a processor,
 * and the packet that takes over leaves in time.
 */
const wakeUp = microseconds(400);
const longSleep = milliseconds(100);
/** How often one turn looks for packets before it lets the runtime go on. */
const looksPerTurn = 8;

/** What a host works with. */
export interface HostParts {
  readonly held: HeldFile;
  /** Hears what the engine tells. */
  readonly tell: (tell: Tell) => void;
  readonly onStopped: () => void;
  /** Who decides; the engine of the daemon when absent. */
  readonly decider?: Decider;
}

/** One node on the real kernel. */
export class LinuxHost {
  readonly engine: Decider;
  readonly #clock: MonotonicClock;
  readonly #alarm: Alarm;
  readonly #clocks: ClockWatch;
  readonly #clockEvents: ClockEvents;
  readonly #poller: Poller;
  readonly #requests: RouteNetlink;
  readonly #watch: KernelWatch;
  readonly #holdings: Holdings;
  readonly #vrrp: VrrpListeners;
  readonly #frames: Socket;
  readonly #bfd: BfdSockets;
  readonly #held: HeldFile;
  readonly #firewall: Firewall;
  readonly #tell: HostParts["tell"];
  readonly #machine: LazyPart<MachineEffect>;
  readonly #balancer: LazyPart<BalanceEffect>;
  /** Absent until there are virtual servers. */
  #gather: (() => Promise<void>) | undefined;
  readonly #claims: LazyPart<ClaimEffect>;
  readonly #asker: LazyPart<ProbeEffect>;
  readonly #names = new Map<IfIndex, string>();
  /** What the kernel answered to effects; the engine gets it before anything else. */
  readonly #answers: EngineEvent[] = [];
  readonly #onStopped: () => void;
  /** Hears how late each deadline is that has come; absent when nobody asks. */
  onLate: ((by: Duration) => void) | undefined;
  /** Hears what the kernel says of links and addresses; absent when nobody asks. */
  onKernel: ((event: EngineEvent) => void) | undefined;
  /** What is heard in a turn does not arm the alarm: its end does. */
  #turning = false;
  /** The deadline that the alarm goes off early for; `never` when it does not. */
  #awaited: Instant = never;

  /** Opens everything that the daemon needs; throws a sentence when something is refused. */
  constructor(libc: Libc, parts: HostParts) {
    this.#held = parts.held;
    this.#firewall = new Firewall(libc, firewallPath(parts.held.path), parts.held.files);
    this.#tell = parts.tell;
    this.#onStopped = parts.onStopped;
    this.#clock = new MonotonicClock(libc);
    this.engine = parts.decider ?? new Engine(this.#clock.now());
    this.#poller = new Poller(libc, () => this.turn());
    this.#alarm = new Alarm(libc);
    this.#clocks = new ClockWatch(libc);
    this.#clockEvents = new ClockEvents(this.#clocks.offsets());
    this.#poller.add(this.#clocks.fd, () => this.#clockJumped());
    const nameOf = (ifIndex: IfIndex): string | undefined => this.nameOf(ifIndex);
    this.#vrrp = new VrrpListeners({
      libc,
      poller: this.#poller,
      now: () => this.#clock.now(),
      nameOf,
      take: (event, at) => this.#take(event, at),
      answer: (event) => this.#answers.push(event),
    });
    this.#requests = openRequests(libc);
    this.#watch = new KernelWatch(libc, this.#requests);
    this.#holdings = new Holdings({
      held: parts.held,
      requests: this.#requests,
      routing: new Routing(this.#requests, this.#watch, (name) => this.indexOf(name)),
      nameOf,
    });
    const frames = Socket.open(libc, AF.PACKET, SOCK.RAW, 0);
    if (!frames.ok) throw new Error(renderOsError(frames.error));
    this.#frames = frames.value;
    this.#bfd = new BfdSockets({
      libc,
      poller: this.#poller,
      now: () => this.#clock.now(),
      take: (event, at) => this.#take(event, at),
    });
    const loadable = {
      libc,
      poller: this.#poller,
      quiet: () => between(this.#clock.now(), this.engine.nextDeadline()),
      feed: (event: EngineEvent) => this.feed(event),
    };
    this.#machine = new LazyPart(loadable, async (tools) => {
      const { Machine } = await import("./machine.ts");
      return new Machine(tools, parts.held);
    });
    this.#balancer = new LazyPart(loadable, async (tools) => {
      const { Balancer } = await import("./balancer.ts");
      const balancer = new Balancer(tools, parts.held);
      this.#gather = () => balancer.gather();
      return balancer;
    });
    this.#claims = new LazyPart(loadable, async (tools) => {
      const { ClaimWatch } = await import("./claim_watch.ts");
      return new ClaimWatch(tools, nameOf);
    });
    this.#asker = new LazyPart(loadable, async (tools) => {
      const { Asker } = await import("./asker.ts");
      return new Asker(tools, { nameOf, indexOf: (name) => this.indexOf(name) });
    });
    this.#poller.add(this.#watch.fd, () => this.#hearKernel());
  }

  /** Reads the kernel's tables. */
  readTables(): void {
    const tables = this.#watch.tables();
    if (!tables.ok) throw new Error(`Cannot read the kernel's links: ${tables.error.message}`);
    this.feed(tables.value);
    this.onKernel?.(tables.value);
  }

  /** The interface with this name, if the kernel told of it. */
  indexOf(interfaceName: string): IfIndex | undefined {
    for (const [index, name] of this.#names) if (name === interfaceName) return index;
    return undefined;
  }

  /** The name of the interface, if the kernel told of it. */
  nameOf(ifIndex: IfIndex): string | undefined {
    return this.#names.get(ifIndex);
  }

  /** Calls the handler in a turn of the loop after something arrived there. */
  listen(fd: number, handler: () => void): void {
    this.#poller.add(fd, handler);
  }

  /** Has the kernel's counters of virtual servers told; resolves when they were. */
  async gather(): Promise<void> {
    await this.#gather?.();
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
    if (!this.#turning) this.#arm();
  }

  /** One turn: everything that arrived, then everything that is due. */
  turn(): void {
    this.#turning = true;
    try {
      this.#passTurn();
    } finally {
      this.#turning = false;
      this.#arm();
    }
  }

  #passTurn(): void {
    this.#alarm.wentOff();
    this.#awaitDeadline();
    let unread = true;
    for (let look = 0; unread && look < looksPerTurn; look++) unread = this.#poller.look();
    if (unread) setImmediate(() => this.turn());
    if (this.#vrrp.nextLook !== never && this.#lookAtFlood()) unread = true;
    const [due, now] = [this.engine.nextDeadline(), this.#clock.now()];
    if (due <= now) {
      this.onLate?.(between(due, now));
      this.#take({ kind: "clock", unread });
    }
  }

  #hearKernel(): void {
    this.#watch.drain((event) => {
      this.#take(event);
      this.onKernel?.(event);
    });
  }

  /** Sockets that are flooded: when their time has come, and before silence is judged. */
  #lookAtFlood(): boolean {
    const now = this.#clock.now();
    return this.#vrrp.look(now, this.engine.nextDeadline() <= now);
  }

  /** Ends without giving anything up (`-V`): addresses stay, no priority 0 is sent. */
  abandon(): void {
    this.#onStopped();
  }

  /** Closes everything; addresses must have been given up before. */
  close(): void {
    this.#machine.close();
    this.#balancer.close();
    this.#vrrp.close();
    this.#claims.close();
    this.#asker.close();
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
    const next = earlier(this.engine.nextDeadline(), this.#vrrp.nextLook);
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
        this.#holdings.take(effects);
      }
      this.#performOne(effect);
    }
    this.#holdings.drop(effects);
  }

  /** What the kernel refused is heard after this effect's event. */
  #answer(answer: EngineEvent | undefined): void {
    if (answer !== undefined) this.#answers.push(answer);
  }

  #performOne(effect: Effect): void {
    switch (effect.kind) {
      case "send-vrrp":
        return this.#vrrp.send(effect);
      case "send-frame":
        return this.#sendFrame(effect);
      case "listen":
        return this.#vrrp.listen(effect);
      case "admit":
        return this.#vrrp.admit(effect);
      case "unlisten":
        return this.#vrrp.unlisten(effect);
      case "renew-addresses":
        return void this.#answers.push(...renewAddresses(this.#requests, effect));
      case "add-link":
      case "delete-link":
      case "read-sysctl":
      case "set-sysctl":
        return void this.#answers.push(...changeLink(effect, this.#requests, this.#held));
      case "open-bfd":
        return void this.#answers.push(this.#bfd.open(effect));
      case "close-bfd":
        return this.#bfd.close(effect.session);
      case "send-bfd":
        return this.#answer(this.#bfd.send(effect));
      case "add-address":
      case "delete-address":
      case "add-route":
      case "delete-route":
      case "add-rule":
      case "delete-rule":
        return this.#answer(this.#holdings.perform(effect));
      case "firewall":
        return void this.#answers.push(...this.#firewall.become(effect.state));
      case "run-command":
      case "signal-command":
      case "keep-stops":
      case "watch-file":
      case "unwatch-file":
      case "watch-processes":
      case "poll-links":
      case "open-fifo":
      case "write-fifo":
      case "close-fifo":
      case "send-mail":
      case "call-webhook":
        return this.#machine.perform(effect);
      case "watch-claims":
        return this.#claims.perform(effect);
      case "track-probe":
      case "cancel-track-probe":
        return this.#asker.perform(effect);
      case "tell":
        return this.#tell(effect.tell);
      case "stopped":
        return this.#onStopped();
      default:
        return this.#balancer.perform(effect);
    }
  }

  #sendFrame({ ifIndex, bytes }: Extract<Effect, { kind: "send-frame" }>): void {
    const sent = this.#frames.sendTo(bytes, linkLayerAddress(ifIndex, 0));
    if (!sent.ok) this.#answer(refusedThere("send", { ifIndex }, sent.error));
  }
}

function earlierBy(end: Instant, lead: Duration): Instant {
  return after(end, microseconds(-lead));
}
