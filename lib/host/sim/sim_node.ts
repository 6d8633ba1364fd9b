/**
 * One node on the virtual network: the engine of the daemon, as it is, on a fake kernel. The node
 * carries out effects and feeds what comes back. It can be stopped, killed, started again, and kept
 * from its processor for a while, in which time everything that happens to it waits.
 */
import {
  anyInterface,
  type Duration,
  formatPrefix,
  type IfIndex,
  type Instant,
  type IpAddress,
  type MacAddress,
  never,
  Random,
} from "../../base/mod.ts";
import type { Model } from "../../config/mod.ts";
import {
  type Effect,
  Engine,
  type EngineEvent,
  type FirewallState,
  type Snapshot,
  type Tell,
} from "../../engine/mod.ts";
import { toClaim } from "./claims.ts";
import { BfdLinks } from "./bfd_links.ts";
import { type AddressPlan, routeLine, ruleLine } from "../../vrrp/mod.ts";
import { FakeBalancer } from "./fake_balancer.ts";
import { FakeKernel } from "./fake_kernel.ts";
import { FakeMachine } from "./fake_machine.ts";
import { FakeLeases } from "./fake_leases.ts";
import { type Ears, isAdmitted, isReceived, toFrame, toPacket } from "./frame.ts";
import type { Entry } from "./transcript.ts";

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
  /** Called after every event that a running node has taken. */
  stepped(node: SimNode): void;
}

type AddressEffect = Extract<Effect, { kind: "add-address" | "delete-address" }>;

/** One node. */
export class SimNode {
  readonly name: string;
  readonly kernel: FakeKernel = new FakeKernel();
  /** What is told of scripts, files and processes, as a story wants it. */
  readonly machine: FakeMachine;
  /** IPVS and the servers that its checks reach. */
  readonly balancer: FakeBalancer;
  /** The configuration that the daemon was last given. */
  model: Model | undefined;
  readonly #around: Surroundings;
  readonly #bfd: BfdLinks;
  readonly #leases: FakeLeases;
  readonly #ears = new Map<string, Ears>();
  /** Whose adverts the daemon wants, by interface and family. */
  readonly #admitted = new Map<string, readonly number[] | undefined>();
  /** Addresses that nobody else is to use, by interface. */
  readonly #watched = new Map<IfIndex, readonly IpAddress[]>();
  /** What waits while the node has no processor. */
  readonly #waiting: EngineEvent[] = [];
  /** The file in the run directory that survives a crash. */
  readonly #heldFile = new Map<string, AddressEffect>();
  readonly #heldLinks = new Set<string>();
  /** Settings below net/ipv4/conf that the daemon wrote. */
  /** The firewall as the daemon last wanted it. */
  firewall: FirewallState | undefined;
  readonly settings: Map<string, number> = new Map();
  #engine: Engine | undefined;
  #stalled = false;
  /** The last snapshot, until something happens. */
  #seen: Snapshot | undefined;

  constructor(name: string, around: Surroundings) {
    this.name = name;
    this.#around = around;
    // Each node has a sequence of its own, so that sessions do not move when others send.
    const seed = [...name].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7);
    this.#bfd = new BfdLinks(this.kernel, new Random(seed));
    this.#leases = new FakeLeases(
      (delay, act) => around.later(delay, act),
      (ifIndex, plan) => this.#expire(ifIndex, plan),
    );
    this.machine = new FakeMachine((delay, act) => around.later(delay, act));
    this.balancer = new FakeBalancer((delay, act) => around.later(delay, act));
  }

  /** Starts the daemon; what an earlier run left behind is cleared away, as on Linux. */
  start(model: Model): void {
    const leftovers = [...this.#heldFile.values()];
    this.#heldFile.clear();
    this.model = model;
    this.#engine = new Engine(this.#around.now());
    this.#seen = undefined;
    this.feedAll([
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
    for (const effect of this.#heldFile.values()) this.#changeAddress({ ...effect }, "deleted");
    for (const name of this.#heldLinks) this.kernel.removeLink(name);
    this.#heldLinks.clear();
  }

  /** Takes the processor away, or gives it back: first what has waited, then the clock. */
  stall(stalled: boolean): void {
    this.#stalled = stalled;
    if (stalled) return;
    this.feedAll(this.#waiting.splice(0));
    if (this.deadline() <= this.#around.now()) this.feed({ kind: "clock" });
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
    return this.awake() ? this.#engine?.nextDeadline() ?? never : never;
  }

  /** How the daemon is, in its own words; nothing when it does not run. */
  snapshot(): Snapshot | undefined {
    this.#seen ??= this.#engine?.snapshot({ version: "sim", pid: 1, isoTime: String });
    return this.#seen;
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
    const waiting = [...events];
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
      const refused: EngineEvent[] = [];
      this.#seen = undefined;
      for (const effect of this.#engine?.step(event, this.#around.now()) ?? []) {
        this.#perform(effect, refused);
      }
      waiting.unshift(...refused);
    }
    this.#around.stepped(this);
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
        this.#ears.delete(`${effect.ifIndex} ${effect.family}`);
        return;
      case "add-address":
      case "delete-address":
        return this.#perhapsRefused(effect, refused);
      case "renew-addresses":
        return this.#renew(effect);
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
      case "send-bfd": {
        const frame = this.#bfd.frame(effect);
        const up = frame !== undefined && this.kernel.linkAt(frame.ifIndex)?.up === true;
        return up ? this.#around.transmit(this, frame.ifIndex, frame.bytes) : undefined;
      }
      case "add-route":
        return this.kernel.addRouting(`route ${routeLine(effect.route)}`);
      case "delete-route":
        return this.kernel.deleteRouting(`route ${routeLine(effect.route)}`);
      case "add-rule":
        return this.kernel.addRouting(`rule ${ruleLine(effect.rule)}`);
      case "delete-rule":
        return this.kernel.deleteRouting(`rule ${ruleLine(effect.rule)}`);
      case "firewall":
        this.firewall = effect.state;
        return;
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
        return this.machine.perform(effect, (late) => this.feed(late));
      case "tell":
        return this.#told(effect.tell);
      case "stopped":
        return this.#end();
      default:
        return this.balancer.perform(effect, (late) => this.feed(late), refused);
    }
  }

  #told(tell: Tell): void {
    const at = this.#around.now();
    this.#around.record({ kind: "told", at, node: this.name, tell });
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

  #perhapsRefused(effect: AddressEffect, refused: EngineEvent[]): void {
    const { kind: operation, ifIndex, plan } = effect;
    const key = `${ifIndex} ${formatPrefix(plan)}`;
    if (operation === "add-address") this.#heldFile.set(key, effect);
    const errno = this.#changeAddress(effect, operation === "add-address" ? "added" : "deleted");
    if (operation === "delete-address") this.#heldFile.delete(key);
    if (errno === undefined) {
      const lease = operation === "add-address" ? effect.leaseSeconds : undefined;
      this.#leases.set(ifIndex, plan, lease);
    }
    if (errno === undefined || harmless[operation].includes(errno)) return;
    const refusal = { errno, message: errno };
    refused.push({ kind: "refused", operation, ifIndex, address: plan.address, refusal });
  }

  /** As the kernel does it: what is not there is added. */
  #renew({ holdings, leaseSeconds }: Extract<Effect, { kind: "renew-addresses" }>): void {
    for (const { ifIndex, plan } of holdings) {
      this.#changeAddress({ kind: "add-address", ifIndex, plan }, "added");
      this.#leases.set(ifIndex, plan, leaseSeconds);
    }
  }

  /** The kernel drops an address whose time is over, and tells so. */
  #expire(ifIndex: IfIndex, plan: AddressPlan): void {
    const interfaceName = this.kernel.linkAt(ifIndex)?.name ?? `#${ifIndex}`;
    const events = this.kernel.delete(ifIndex, plan);
    if (typeof events === "string") return;
    const [at, address] = [this.#around.now(), formatPrefix(plan)];
    const change = "deleted";
    this.#around.record({ kind: "address", at, node: this.name, interfaceName, change, address });
    this.feedAll(events);
  }

  #changeAddress(
    { ifIndex, plan }: AddressEffect,
    change: "added" | "deleted",
  ): string | undefined {
    const interfaceName = this.kernel.linkAt(ifIndex)?.name ?? `#${ifIndex}`;
    const done = change === "added"
      ? this.kernel.add(ifIndex, plan, true)
      : this.kernel.delete(ifIndex, plan);
    if (typeof done === "string") return done;
    const at = this.#around.now();
    const address = formatPrefix(plan);
    this.#around.record({ kind: "address", at, node: this.name, interfaceName, change, address });
    return undefined;
  }

  #end(): void {
    this.machine.forget();
    this.#engine = undefined;
    this.#seen = undefined;
    this.#stalled = false;
    this.#waiting.length = 0;
    this.#ears.clear();
    this.#admitted.clear();
    this.#watched.clear();
    this.#bfd.clear();
  }
}

/** What is as it was wanted in spite of the refusal. */
const harmless = {
  "add-address": ["EEXIST"],
  "delete-address": ["EADDRNOTAVAIL", "ENODEV"],
};
