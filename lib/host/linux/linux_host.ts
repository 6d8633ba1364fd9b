/**
 * The Linux host: turns what the kernel says into events, and effects into system calls. One turn
 * of the loop is: packets and kernel events first, then the clock, then everything else that the
 * runtime has to do (people asking for status among it).
 */
import { ClockWatch, type Libc, MonotonicClock, Poller } from "../../../ffi/mod.ts";
import {
  between,
  type Duration,
  earlier,
  type IfIndex,
  type Instant,
  never,
} from "../../base/mod.ts";
import { type Decider, Engine, type EngineEvent, type Tell } from "../../engine/mod.ts";
import { ClockEvents } from "./clock_events.ts";
import { DeadlineAlarm } from "./deadline_alarm.ts";
import { EffectPerformer } from "./effect_performer.ts";
import type { HeldFile } from "./held_file.ts";
import { InterfaceNames } from "./interface_names.ts";
import { KernelWatch } from "./kernel_watch.ts";
import { openRequests, type RouteNetlink } from "./route_netlink.ts";

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
  readonly #alarm: DeadlineAlarm;
  readonly #clocks: ClockWatch;
  readonly #clockEvents: ClockEvents;
  readonly #poller: Poller;
  readonly #requests: RouteNetlink;
  readonly #watch: KernelWatch;
  readonly #names = new InterfaceNames();
  readonly #performer: EffectPerformer;
  readonly #onStopped: () => void;
  /** Hears how late each deadline is that has come; absent when nobody asks. */
  onLate: ((by: Duration) => void) | undefined;
  /** Hears what the kernel says of links and addresses; absent when nobody asks. */
  onKernel: ((event: EngineEvent) => void) | undefined;
  /** What is heard in a turn does not arm the alarm: its end does. */
  #turning = false;

  /** Opens everything that the daemon needs; throws a sentence when something is refused. */
  constructor(libc: Libc, parts: HostParts) {
    this.#onStopped = parts.onStopped;
    this.#clock = new MonotonicClock(libc);
    this.engine = parts.decider ?? new Engine(this.#clock.now());
    this.#poller = new Poller(libc, () => this.turn());
    this.#alarm = new DeadlineAlarm(libc, this.#clock);
    this.#clocks = new ClockWatch(libc);
    this.#clockEvents = new ClockEvents(this.#clocks.offsets());
    this.#requests = openRequests(libc);
    this.#watch = new KernelWatch(libc, this.#requests);
    this.#performer = new EffectPerformer({
      ...parts,
      libc,
      poller: this.#poller,
      requests: this.#requests,
      watch: this.#watch,
      names: this.#names,
      now: () => this.#clock.now(),
      quiet: () => between(this.#clock.now(), this.engine.nextDeadline()),
      take: (event, at) => this.#take(event, at),
      feed: (event) => this.feed(event),
    });
    this.#poller.add(this.#clocks.fd, () => this.#clockJumped());
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
    return this.#names.indexOf(interfaceName);
  }

  /** The name of the interface, if the kernel told of it. */
  nameOf(ifIndex: IfIndex): string | undefined {
    return this.#names.nameOf(ifIndex);
  }

  /** Calls the handler in a turn of the loop after something arrived there. */
  listen(fd: number, handler: () => void): void {
    this.#poller.add(fd, handler);
  }

  /** Has the kernel's counters of virtual servers told; resolves when they were. */
  async gather(): Promise<void> {
    await this.#performer.gather();
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
    this.#alarm.awake();
    let unread = true;
    for (let look = 0; unread && look < looksPerTurn; look++) unread = this.#poller.look();
    if (unread) setImmediate(() => this.turn());
    if (this.#performer.vrrp.nextLook !== never && this.#lookAtFlood()) unread = true;
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
    return this.#performer.vrrp.look(now, this.engine.nextDeadline() <= now);
  }

  /** Ends without giving anything up (`-V`): addresses stay, no priority 0 is sent. */
  abandon(): void {
    this.#onStopped();
  }

  /** Closes everything; addresses must have been given up before. */
  close(): void {
    this.#performer.close();
    this.#poller.remove(this.#watch.fd);
    this.#watch[Symbol.dispose]();
    this.#requests[Symbol.dispose]();
    this.#alarm[Symbol.dispose]();
    this.#poller.remove(this.#clocks.fd);
    this.#clocks[Symbol.dispose]();
    this.#poller[Symbol.dispose]();
  }

  #take(event: EngineEvent, at: Instant = this.#clock.now()): void {
    this.#step(event, at);
    for (;;) {
      const answer = this.#performer.nextAnswer();
      if (answer === undefined) break;
      this.#step(answer, this.#clock.now());
    }
  }

  #step(event: EngineEvent, at: Instant): void {
    this.#names.learn(event);
    this.#performer.perform(this.engine.step(event, at));
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
    this.#alarm.arm(earlier(this.engine.nextDeadline(), this.#performer.vrrp.nextLook));
  }
}
