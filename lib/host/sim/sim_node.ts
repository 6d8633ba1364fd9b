/**
 * One node on the virtual network: the engine of the daemon, as it is, on a fake kernel. The node
 * carries out effects and feeds what comes back. It can be stopped, killed, started again, and kept
 * from its processor for a while, in which time everything that happens to it waits.
 */
import {
  anyInterface,
  between,
  type Duration,
  type IfIndex,
  type Instant,
  instant,
  type IpAddress,
  type MacAddress,
  never,
  Random,
} from "../../base/mod.ts";
import type { Model } from "../../config/mod.ts";
import {
  type Decider,
  type Effect,
  Engine,
  type EngineEvent,
  type FirewallState,
  type ResourceSetStatus,
  type RouterState,
  type Snapshot,
  type Tell,
} from "../../engine/mod.ts";
import { toClaim } from "./claims.ts";
import { BfdLinks } from "./bfd_links.ts";
import { routeLine, ruleLine } from "../../vrrp/mod.ts";
import { FakeBalancer } from "./fake_balancer.ts";
import { FakeKernel } from "./fake_kernel.ts";
import { FakeMachine } from "./fake_machine.ts";
import { FakeProbes } from "./fake_probes.ts";
import { type Ears, isAdmitted, isReceived, toFrame, toPacket } from "./frame.ts";
import { type AddressEffect, HeldAddresses } from "./held_addresses.ts";
import { KernelFaults } from "./kernel_faults.ts";
import { NodeClock } from "./node_clock.ts";
import type { Entry } from "./transcript.ts";
import type { Step } from "./watcher.ts";

/** What a node needs of the world around it. */
export interface Surroundings {
  now(): Instant;
  /** Does something after a while. */
  later(delay: Duration, act: () => void): void;
  transmit(node: SimNode, ifIndex: IfIndex, frame: Uint8Array): void;
  /** Who answers for an address on the segment of a link. */
  resolve(node: SimNode, ifIndex: IfIndex, address: IpAddress): MacAddress | undefined;
  record(entry: Entry): void;
  /** A link was made on another one: it is plugged in where that is. */
  stack(node: SimNode, base: IfIndex, ifIndex: IfIndex): void;
  /** Called when a running node has taken an event, before the effects are carried out. */
  stepped(step: Step): void;
  /** Called when a node has taken what belongs together and may be another one than before. */
  changed(node: SimNode): void;
}

/** One node. */
export class SimNode {
  readonly name: string;
  readonly kernel: FakeKernel = new FakeKernel();
  readonly clock: NodeClock = new NodeClock();
  readonly faults: KernelFaults = new KernelFaults();
  /** What is told of scripts, files and processes, as a story wants it. */
  readonly machine: FakeMachine;
  /** What built-in probes find out. */
  readonly probes: FakeProbes;
  /** IPVS and the servers that its checks reach. */
  readonly balancer: FakeBalancer;
  /** The configuration that the daemon was last given. */
  model: Model | undefined;
  readonly #around: Surroundings;
  readonly #bfd: BfdLinks;
  readonly #held: HeldAddresses;
  readonly #ears = new Map<string, Ears>();
  /** Whose adverts the daemon wants, by interface and family. */
  readonly #admitted = new Map<string, readonly number[] | undefined>();
  /** Addresses that nobody else is to use, by interface. */
  readonly #watched = new Map<IfIndex, readonly IpAddress[]>();
  /** What waits while the node has no processor. */
  readonly #waiting: EngineEvent[] = [];
  readonly #heldLinks = new Set<string>();
  /** Settings below net/ipv4/conf that the daemon wrote. */
  /** The firewall as the daemon last wanted it. */
  firewall: FirewallState | undefined;
  readonly settings: Map<string, number> = new Map();
  #engine: Decider | undefined;
  #stalled = false;
  /** Who decides; the engine of the daemon when absent. */
  decider: Decider | undefined;
  /** How often the daemon was started. */
  starts = 0;
  /** Since when it has a processor, by its own clock. */
  awakeSince: Instant = instant(0);
  /** When it wants to be called, by the time of the network. */
  #due: Instant = never;
  /** Since when the machine sleeps, by its own clock. */
  #asleepSince: Instant | undefined;
  /** Of the kernel, when it was looked at last. */
  #revision = -1;
  /** The last snapshot, until something happens. */
  #seen: Snapshot | undefined;
  #routers: ReadonlyMap<string, RouterState> | undefined;
  #resources: readonly ResourceSetStatus[] | undefined;

  constructor(name: string, around: Surroundings) {
    this.name = name;
    this.#around = around;
    // Each node has a sequence of its own, so that sessions do not move when others send.
    const seed = [...name].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7);
    this.#bfd = new BfdLinks(this.kernel, new Random(seed));
    this.#held = new HeldAddresses({
      kernel: this.kernel,
      faults: this.faults,
      later: (delay, act) => around.later(delay, act),
      record: (change) => around.record({ at: around.now(), node: name, ...change }),
      lost: (events) => this.feedAll(events),
    });
    this.machine = new FakeMachine((delay, act) => around.later(delay, act));
    this.probes = new FakeProbes((delay, act) => around.later(delay, act));
    this.balancer = new FakeBalancer((delay, act) => around.later(delay, act));
  }

  /** Starts the daemon; what an earlier run left behind is cleared away, as on Linux. */
  start(model: Model): void {
    const leftovers = this.#held.leftovers();
    this.model = model;
    this.#engine = this.decider ?? new Engine(this.now());
    this.starts++;
    this.awakeSince = this.now();
    this.#forget();
    this.#revision = -1;
    this.feedAll([
      ...this.#wallEvents(),
      this.kernel.tables(),
      { kind: "prepare", model },
      { kind: "configure", model, file: "standin.conf", changes: [] },
      ...leftovers.map(({ ifIndex, plan }) => ({ kind: "leftover" as const, ifIndex, plan })),
    ]);
  }

  /** Gives the running daemon another configuration. */
  reload(model: Model): void {
    this.model = model;
    this.feedAll([
      { kind: "prepare", model },
      { kind: "configure", model, file: "standin.conf", changes: [] },
    ]);
  }

  /** Ends the daemon in order. */
  stop(): void {
    this.feed({ kind: "stop" });
  }

  /** Kills the daemon; the guard removes its addresses, if it is there. */
  crash(guarded: boolean): void {
    this.#end();
    if (!guarded) return;
    this.machine.guard();
    this.#held.clear();
    for (const name of this.#heldLinks) this.kernel.removeLink(name);
    this.#heldLinks.clear();
  }

  /** Takes the processor away, or gives it back: first what has waited, then the clock. */
  stall(stalled: boolean): void {
    this.#stalled = stalled;
    if (stalled) return;
    this.awakeSince = this.now();
    this.feedAll(this.#waiting.splice(0));
    if (this.deadline() <= this.#around.now()) this.feed({ kind: "clock" });
  }

  /** Suspends the machine, or wakes it: what was sent to it meanwhile is lost. */
  sleep(asleep: boolean): void {
    if (asleep) {
      this.#asleepSince ??= this.now();
      return this.stall(true);
    }
    const since = this.#asleepSince;
    if (since === undefined) return;
    this.#asleepSince = undefined;
    const duration = between(since, this.now());
    this.clock.stoodStill(duration, this.#around.now());
    if (this.clock.wall !== undefined) this.clock.wall += duration;
    const stayed = this.#waiting.splice(0).filter(({ kind }) => kind !== "packet");
    this.#waiting.push({ kind: "slept", duration }, ...this.#wallEvents(), ...stayed);
    this.stall(false);
  }

  /** Its clock runs so many millionths too fast from now on. */
  drift(ppm: number): void {
    this.clock.drift(ppm, this.#around.now());
    this.#due = this.clock.when(this.#engine?.nextDeadline() ?? never);
  }

  /** Sets the clock on the wall: so many microseconds are added. */
  stepWall(by: number): void {
    if (this.clock.wall === undefined) return;
    this.clock.wall += by;
    this.feedAll(this.#wallEvents());
  }

  #wallEvents(): EngineEvent[] {
    const { wall } = this.clock;
    return wall === undefined ? [] : [{ kind: "wall-clock", offset: wall }];
  }

  /** What its monotonic clock says. */
  now(): Instant {
    return this.clock.read(this.#around.now());
  }

  /** Whether the daemon runs. */
  running(): boolean {
    return this.#engine !== undefined;
  }

  /** Whether the daemon runs and gets processor time. */
  awake(): boolean {
    return this.running() && !this.#stalled;
  }

  /** When the daemon wants to be called. */
  deadline(): Instant {
    return this.#stalled ? never : this.#due;
  }

  /** How the daemon is, in its own words; nothing when it does not run. */
  snapshot(): Snapshot | undefined {
    this.#seen ??= this.#engine?.snapshot({ version: "sim", pid: 1, isoTime: String });
    return this.#seen;
  }

  /** The states of its virtual routers by their names; none when it does not run. */
  routers(): ReadonlyMap<string, RouterState> {
    if (this.#routers === undefined) {
      const found = this.#engine?.routers() ?? [];
      this.#routers = new Map(found.map((router) => [router.name, router]));
    }
    return this.#routers;
  }

  /** Its resources; none when it does not run. */
  resources(): readonly ResourceSetStatus[] {
    return this.#resources ??= this.#engine?.resources(String) ?? [];
  }

  /** A frame arrives at a link. */
  receive(ifIndex: IfIndex, frame: Uint8Array): void {
    if (this.kernel.linkAt(ifIndex)?.up !== true) return;
    const bfd = this.#bfd.packet(frame);
    if (bfd !== undefined) return this.feed({ kind: "bfd-packet", packet: bfd });
    const watched = this.#watched.get(ifIndex);
    const claim = watched === undefined ? undefined : toClaim(frame, ifIndex, watched);
    if (claim !== undefined) return this.feed({ kind: "claim", claim });
    const packet = toPacket(frame, ifIndex);
    if (packet === undefined) return;
    for (const bound of [ifIndex, anyInterface]) {
      const ears = this.#ears.get(`${bound} ${packet.family}`);
      if (ears === undefined || !isReceived(packet, ears, this.kernel.addresses())) continue;
      const received = { ...packet, ifIndex: bound };
      if (isAdmitted(received, this.#admitted)) this.feed({ kind: "packet", packet: received });
    }
  }

  /** Takes an event to the daemon, or keeps it for later. */
  feed(event: EngineEvent): void {
    this.feedAll([event]);
  }

  /** Takes events that belong together to the daemon; it is looked at after the last one. */
  feedAll(events: readonly EngineEvent[]): void {
    if (this.#engine === undefined) return;
    if (this.#stalled) {
      this.#waiting.push(...events);
      return;
    }
    let changed = false;
    const waiting = [...events];
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
      const refused: EngineEvent[] = [];
      this.#forget();
      const now = this.now();
      const effects = this.#engine?.step(event, now) ?? [];
      this.#around.stepped({ node: this, event, effects, now });
      for (const effect of effects) {
        if (matters(effect)) changed = true;
        this.#perform(effect, refused);
      }
      waiting.unshift(...refused);
    }
    const { revision } = this.kernel;
    this.#due = this.clock.when(this.#engine?.nextDeadline() ?? never);
    if (!changed && revision === this.#revision) return;
    this.#revision = revision;
    this.#around.changed(this);
  }

  #perform(effect: Effect, refused: EngineEvent[]): void {
    switch (effect.kind) {
      case "send-vrrp":
      case "send-frame":
        return this.#send(effect);
      case "listen":
        return this.#listen(effect);
      case "admit":
        this.#admitted.set(`${effect.ifIndex} ${effect.family}`, effect.vrids);
        return;
      case "watch-claims":
        return void this.#watched.set(effect.ifIndex, effect.addresses);
      case "unlisten":
        return void this.#ears.delete(`${effect.ifIndex} ${effect.family}`);
      case "add-address":
      case "delete-address":
        return this.#changeAddress(effect, refused);
      case "renew-addresses":
        return this.#held.renew(effect);
      case "add-link":
        return this.#addLink(effect, refused);
      case "delete-link":
        this.kernel.removeLink(effect.name);
        this.#heldLinks.delete(effect.name);
        return;
      case "read-sysctl":
      case "set-sysctl":
        return this.#setting(effect, refused);
      case "open-bfd":
        return void refused.push(this.#bfd.open(effect));
      case "close-bfd":
        return this.#bfd.close(effect.session);
      case "send-bfd":
        return this.#sendBfd(effect);
      case "add-route":
        return this.kernel.addRouting(`route ${routeLine(effect.route)}`);
      case "delete-route":
        return this.kernel.deleteRouting(`route ${routeLine(effect.route)}`);
      case "add-rule":
        return this.kernel.addRouting(`rule ${ruleLine(effect.rule)}`);
      case "delete-rule":
        return this.kernel.deleteRouting(`rule ${ruleLine(effect.rule)}`);
      case "firewall":
        return void (this.firewall = effect.state);
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
        return this.machine.perform(effect, (late) => this.feed(late));
      case "track-probe":
      case "cancel-track-probe":
        return this.probes.perform(effect, (late) => this.feed(late));
      case "tell":
        return this.#told(effect.tell);
      case "stopped":
        return this.#end();
      default:
        return this.balancer.perform(effect, (late) => this.feed(late), refused);
    }
  }

  #sendBfd(effect: Extract<Effect, { kind: "send-bfd" }>): void {
    const frame = this.#bfd.frame(effect);
    const up = frame !== undefined && this.kernel.linkAt(frame.ifIndex)?.up === true;
    if (up) this.#around.transmit(this, frame.ifIndex, frame.bytes);
  }

  #told(tell: Tell): void {
    this.#around.record({ kind: "told", at: this.#around.now(), node: this.name, tell });
  }

  #addLink(
    { name, plan, base, present }: Extract<Effect, { kind: "add-link" }>,
    answers: EngineEvent[],
  ): void {
    this.#heldLinks.add(name);
    if (present !== undefined) return;
    const below = this.kernel.linkAt(base);
    const mac = plan.kind === "macvlan" ? plan.mac : below?.mac;
    const link = mac === undefined ? "ENODEV" : this.kernel.addVirtualLink(name, plan, mac);
    if (typeof link === "string") {
      const refusal = { errno: link, message: link };
      answers.push({ kind: "link-refused", operation: "add-link", name, refusal });
      return;
    }
    this.#around.stack(this, base, link.ifIndex);
    answers.push({ kind: "link", link });
  }

  #setting(
    effect: Extract<Effect, { kind: "read-sysctl" | "set-sysctl" }>,
    answers: EngineEvent[],
  ): void {
    const { scope, name } = effect;
    const key = `${scope}/${name}`;
    const before = this.settings.get(key) ?? 0;
    if (effect.kind === "read-sysctl") {
      answers.push({ kind: "sysctl", scope, name, before, restore: false });
      return;
    }
    const { value, restore } = effect;
    const after = effect.onlyRaise === true ? Math.max(before, value) : value;
    this.settings.set(key, after);
    answers.push({ kind: "sysctl", scope, name, before, after, restore });
  }

  #send(effect: Extract<Effect, { kind: "send-vrrp" | "send-frame" }>): void {
    const index = effect.kind === "send-vrrp" && effect.ifIndex === anyInterface
      ? this.kernel.route(effect.destination)
      : effect.ifIndex;
    const link = index === undefined ? undefined : this.kernel.linkAt(index);
    if (link === undefined || !link.up || link.mac === undefined) return;
    const { ifIndex, mac } = link;
    const frame = effect.kind === "send-frame"
      ? effect.bytes.slice()
      : toFrame(effect, mac, (address) => this.#around.resolve(this, ifIndex, address));
    if (frame !== undefined) this.#around.transmit(this, ifIndex, frame);
  }

  #listen({ ifIndex, family, group, ah }: Extract<Effect, { kind: "listen" }>): void {
    const key = `${ifIndex} ${family}`;
    const before = this.#ears.get(key) ?? { groups: [], ah: false };
    const groups = group === undefined ? before.groups : [...before.groups, group];
    this.#ears.set(key, { groups, ah: before.ah || ah === true });
  }

  #changeAddress(effect: AddressEffect, answers: EngineEvent[]): void {
    const refused = this.#held.perform(effect);
    if (refused !== undefined) this.#answer(refused, answers);
  }

  #answer(event: EngineEvent, answers: EngineEvent[]): void {
    const { answersAfter } = this.faults;
    if (answersAfter > 0) this.#around.later(answersAfter, () => this.feed(event));
    else answers.push(event);
  }

  #forget(): void {
    this.#seen = undefined;
    this.#routers = undefined;
    this.#resources = undefined;
  }

  #end(): void {
    this.machine.forget();
    this.probes.forget();
    this.#engine = undefined;
    this.#forget();
    this.#stalled = false;
    this.#asleepSince = undefined;
    this.#due = never;
    this.#waiting.length = 0;
    this.#ears.clear();
    this.#admitted.clear();
    this.#watched.clear();
    this.#bfd.clear();
  }
}

/** Whether somebody may have another state, priority or address than before. */
function matters(effect: Effect): boolean {
  switch (effect.kind) {
    case "tell":
      return changes.has(effect.tell.kind);
    case "send-vrrp":
    case "send-frame":
    case "run-command":
    case "write-fifo":
      return false;
    default:
      return true;
  }
}

const changes: ReadonlySet<Tell["kind"]> = new Set<Tell["kind"]>([
  "transition",
  "group-transition",
  "priority-changed",
  "two-owners",
  "configured",
]);
