/**
 * One node on the virtual network: the engine of the daemon, as it is, on a fake kernel. The node
 * carries out effects and feeds what comes back. It can be stopped, killed, started again, and kept
 * from its processor for a while, in which time everything that happens to it waits.
 */
import {
  type Family,
  formatPrefix,
  type IfIndex,
  type Instant,
  type IpAddress,
  never,
} from "../../base/mod.ts";
import type { Model } from "../../config/mod.ts";
import { type Effect, Engine, type EngineEvent, type Snapshot } from "../../engine/mod.ts";
import { FakeKernel } from "./fake_kernel.ts";
import { isReceived, toFrame, toPacket } from "./frame.ts";
import type { Entry } from "./transcript.ts";

/** What a node needs of the world around it. */
export interface Surroundings {
  now(): Instant;
  transmit(node: SimNode, ifIndex: IfIndex, frame: Uint8Array): void;
  record(entry: Entry): void;
  /** Called after every event that a running node has taken. */
  stepped(node: SimNode): void;
}

type AddressEffect = Extract<Effect, { kind: "add-address" | "delete-address" }>;

/** One node. */
export class SimNode {
  readonly name: string;
  readonly kernel: FakeKernel = new FakeKernel();
  /** The configuration that the daemon was last given. */
  model: Model | undefined;
  readonly #around: Surroundings;
  readonly #groups = new Map<string, IpAddress[]>();
  /** What waits while the node has no processor. */
  readonly #waiting: EngineEvent[] = [];
  /** The file in the run directory that survives a crash. */
  readonly #heldFile = new Map<string, AddressEffect>();
  #engine: Engine | undefined;
  #stalled = false;
  /** The last snapshot, until something happens. */
  #seen: Snapshot | undefined;

  constructor(name: string, around: Surroundings) {
    this.name = name;
    this.#around = around;
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
      { kind: "configure", model, file: "standin.conf", changes: [] },
      ...leftovers.map(({ ifIndex, plan }) => ({ kind: "leftover" as const, ifIndex, plan })),
    ]);
  }

  /** Gives the running daemon another configuration. */
  reload(model: Model): void {
    this.model = model;
    this.feed({ kind: "configure", model, file: "standin.conf", changes: [] });
  }

  /** Ends the daemon in order. */
  stop(): void {
    this.feed({ kind: "stop" });
  }

  /** Kills the daemon; the guard removes its addresses, if it is there. */
  crash(guarded: boolean): void {
    this.#end();
    if (!guarded) return;
    for (const effect of this.#heldFile.values()) this.#changeAddress({ ...effect }, "deleted");
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
    const packet = toPacket(frame, ifIndex);
    if (packet === undefined) return;
    const groups = this.#groups.get(`${ifIndex} ${packet.family}`);
    if (groups !== undefined && isReceived(packet, groups)) this.feed({ kind: "packet", packet });
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
        return this.#listen(effect.ifIndex, effect.family, effect.group);
      case "unlisten":
        this.#groups.delete(`${effect.ifIndex} ${effect.family}`);
        return;
      case "add-address":
      case "delete-address":
        return this.#perhapsRefused(effect, refused);
      case "tell":
        return this.#around.record({
          kind: "told",
          at: this.#around.now(),
          node: this.name,
          tell: effect.tell,
        });
      case "stopped":
        return this.#end();
    }
  }

  #send(effect: Extract<Effect, { kind: "send-vrrp" | "send-frame" }>): void {
    const link = this.kernel.linkAt(effect.ifIndex);
    if (link === undefined || !link.up || link.mac === undefined) return;
    const frame = effect.kind === "send-frame" ? effect.bytes.slice() : toFrame(effect, link.mac);
    this.#around.transmit(this, effect.ifIndex, frame);
  }

  #listen(ifIndex: IfIndex, family: Family, group: IpAddress): void {
    const key = `${ifIndex} ${family}`;
    this.#groups.set(key, [...this.#groups.get(key) ?? [], group]);
  }

  #perhapsRefused(effect: AddressEffect, refused: EngineEvent[]): void {
    const { kind: operation, ifIndex, plan } = effect;
    const key = `${ifIndex} ${formatPrefix(plan)}`;
    if (operation === "add-address") this.#heldFile.set(key, effect);
    const errno = this.#changeAddress(effect, operation === "add-address" ? "added" : "deleted");
    if (operation === "delete-address") this.#heldFile.delete(key);
    if (errno === undefined || harmless[operation].includes(errno)) return;
    const refusal = { errno, message: errno };
    refused.push({ kind: "refused", operation, ifIndex, address: plan.address, refusal });
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
    this.#engine = undefined;
    this.#seen = undefined;
    this.#stalled = false;
    this.#waiting.length = 0;
    this.#groups.clear();
  }
}

/** What is as it was wanted in spite of the refusal. */
const harmless = {
  "add-address": ["EEXIST"],
  "delete-address": ["EADDRNOTAVAIL", "ENODEV"],
};
