/**
 * One node on the virtual network: the engine of the daemon, as it is, on a fake kernel. The node
 * carries out effects and feeds what comes back. It can be stopped, killed, started again, and kept
 * from its processor for a while, in which time everything that happens to it waits.
 */
import {
  between,
  type Duration,
  type IfIndex,
  type Instant,
  instant,
  type IpAddress,
  type MacAddress,
  never,
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
import { FakeBalancer } from "./fake_balancer.ts";
import { FakeKernel } from "./fake_kernel.ts";
import { FakeMachine } from "./fake_machine.ts";
import { FakeProbes } from "./fake_probes.ts";
import { KernelFaults } from "./kernel_faults.ts";
import { NodeClock } from "./node_clock.ts";
import { NodeEffects } from "./node_effects.ts";
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
  readonly #effects: NodeEffects;
  /** What waits while the node has no processor. */
  readonly #waiting: EngineEvent[] = [];
  #engine: Decider | undefined;
  #stalled = false;
  /** Makes who decides, at each start; the instant is that of its clock. */
  decides: (now: Instant) => Decider = (now) => new Engine(now);
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
    this.machine = new FakeMachine((delay, act) => around.later(delay, act));
    this.probes = new FakeProbes((delay, act) => around.later(delay, act));
    this.balancer = new FakeBalancer((delay, act) => around.later(delay, act));
    this.#effects = new NodeEffects(this, around);
  }

  /** Starts the daemon; what an earlier run left behind is cleared away, as on Linux. */
  start(model: Model): void {
    const leftovers = this.#effects.leftovers();
    this.model = model;
    this.#engine = this.decides(this.now());
    this.starts++;
    this.awakeSince = this.now();
    this.#forget();
    this.#revision = -1;
    this.feedAll([
      ...this.#wallEvents(),
      this.kernel.tables(),
      { kind: "prepare", model },
      { kind: "configure", model, file: "standin.conf", changes: [] },
      ...leftovers,
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
    this.#effects.clearAway();
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

  /** The firewall as the daemon last wanted it. */
  get firewall(): FirewallState | undefined {
    return this.#effects.firewall;
  }

  /** Settings below net/ipv4/conf that the daemon wrote. */
  get settings(): Map<string, number> {
    return this.#effects.settings;
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
    for (const event of this.#effects.hear(ifIndex, frame)) this.feed(event);
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
      const answers: EngineEvent[] = [];
      this.#forget();
      const now = this.now();
      const effects = this.#engine?.step(event, now) ?? [];
      this.#around.stepped({ node: this, event, effects, now });
      for (const effect of effects) {
        if (matters(effect)) changed = true;
        if (effect.kind === "stopped") this.#end();
        else this.#effects.perform(effect, answers);
      }
      waiting.unshift(...answers);
    }
    const { revision } = this.kernel;
    this.#due = this.clock.when(this.#engine?.nextDeadline() ?? never);
    if (!changed && revision === this.#revision) return;
    this.#revision = revision;
    this.#around.changed(this);
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
    this.#effects.closeSockets();
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
    case "probe":
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
