/**
 * The simulated host: nodes and segments under one virtual clock, everything from one seed. Time
 * jumps from one thing that happens to the next, so an hour of network takes as long as its packets
 * do. At one instant, frames are delivered before clocks go off, and nodes take turns in the order
 * in which they were added.
 *
 * After every step of a node the checkers look at it; what they object to is collected in
 * `violations`, which has to be empty.
 */
import {
  after,
  type Duration,
  equalIp,
  type IfIndex,
  type Instant,
  instant,
  type IpAddress,
  type MacAddress,
  Random,
} from "../../base/mod.ts";
import type { EngineEvent, Link } from "../../engine/mod.ts";
import { AgreementWatch, mastersOn, twoMasters } from "./agreement.ts";
import { checkNode } from "./checkers.ts";
import { perfect, Segment, type SegmentFaults } from "./segment.ts";
import { SimNode } from "./sim_node.ts";
import { Timeline } from "./timeline.ts";
import { type Entry, renderEntry } from "./transcript.ts";
import type { Watcher } from "./watcher.ts";

/** Nodes and segments under one clock. */
export class SimHost {
  readonly nodes: Map<string, SimNode> = new Map();
  readonly segments: Map<string, Segment> = new Map();
  readonly entries: Entry[] = [];
  readonly violations: string[] = [];
  readonly #random: Random;
  readonly #timeline = new Timeline();
  readonly #masters = new AgreementWatch(twoMasters);
  readonly #watchers: readonly Watcher[];
  #now: Instant = instant(0);
  /** Who is master may be another than when it was looked at last. */
  #changed = true;

  constructor(seed: number, watchers: readonly Watcher[] = []) {
    this.#random = new Random(seed);
    this.#watchers = watchers;
  }

  /** The virtual time. */
  now(): Instant {
    return this.#now;
  }

  /** A new segment. */
  addSegment(name: string, faults: Partial<SegmentFaults> = {}): Segment {
    const segment = new Segment(name, { ...perfect, ...faults });
    this.segments.set(name, segment);
    return segment;
  }

  /** A new node, without links and without a running daemon. */
  addNode(name: string): SimNode {
    const node = new SimNode(name, {
      now: () => this.#now,
      later: (delay, act) => this.at(after(this.#now, delay), act),
      transmit: (from, ifIndex, frame) => this.#transmit(from, ifIndex, frame),
      stack: (on, base, ifIndex) => {
        for (const segment of this.segments.values()) {
          if (segment.has(on.name, base)) segment.attach({ node: on.name, ifIndex });
        }
      },
      resolve: (from, ifIndex, address) => this.#resolve(from, ifIndex, address),
      record: (entry) => void this.entries.push(entry),
      stepped: (step) => {
        for (const watcher of this.#watchers) this.#object(node.name, watcher.stepped(step));
      },
      changed: (changed) => this.#check(changed),
    });
    this.nodes.set(name, node);
    return node;
  }

  /** Gives a node a link that is plugged into a segment, and tells its daemon. */
  plug(node: SimNode, linkName: string, segment: Segment, mac: MacAddress): Link {
    const link = node.kernel.addLink(linkName, mac);
    segment.attach({ node: node.name, ifIndex: link.ifIndex });
    this.disturbed();
    node.feed({ kind: "link", link });
    return link;
  }

  /** Takes a link away from a node. */
  unplug(node: SimNode, linkName: string): void {
    const index = node.kernel.link(linkName)?.ifIndex;
    if (index === undefined) return;
    for (const segment of this.segments.values()) segment.detach(node.name, index);
    this.kernelChanged(node, node.kernel.removeLink(linkName));
  }

  /** Hands a daemon what its kernel tells. */
  kernelChanged(node: SimNode, events: readonly EngineEvent[]): void {
    this.disturbed();
    node.feedAll(events);
  }

  /** Puts a frame on a segment as if somebody else had sent it. */
  inject(segment: Segment, frame: Uint8Array): void {
    for (const { node, ifIndex } of segment.stations()) {
      this.nodes.get(node)?.receive(ifIndex, frame);
    }
  }

  /** Plans something. */
  at(when: Instant, act: () => void): void {
    this.#timeline.add(when, act);
  }

  /** Writes down what is done to the network; convergence is expected from then on anew. */
  note(text: string): void {
    this.disturbed();
    this.entries.push({ kind: "done", at: this.#now, text });
  }

  /** Something changed for which two masters may be excused for a while. */
  disturbed(): void {
    this.#changed = true;
    this.#masters.disturbed(this.#now);
    for (const watcher of this.#watchers) watcher.disturbed?.(this.#now);
  }

  /** Lets so much time pass. */
  run(duration: Duration): void {
    this.runUntil(after(this.#now, duration));
  }

  /** Lets time pass until an instant. */
  runUntil(end: Instant): void {
    while (this.step(end));
    this.#now = end;
    this.#changed = true;
    this.#look();
  }

  /** Goes on to the next thing that happens by `end`; false when there is none. */
  step(end: Instant): boolean {
    const woken = this.#nextAwake();
    const clockAt = woken?.deadline() ?? Infinity;
    const planned = this.#timeline.next();
    if (Math.min(planned, clockAt) > end) return false;
    if (planned <= clockAt) {
      this.#now = planned > this.#now ? planned : this.#now;
      this.#timeline.take()?.();
    } else if (woken !== undefined) {
      const deadline = woken.deadline();
      this.#now = deadline > this.#now ? deadline : this.#now;
      woken.feed({ kind: "clock" });
      if (woken.deadline() <= this.#now) {
        this.violations.push(`${this.#now} ${woken.name}: a deadline that passed is not served`);
        return false;
      }
    }
    if (this.#changed || this.#now >= this.#masters.due) this.#look();
    return true;
  }

  /** The transcript so far, one line for each entry. */
  transcript(): string {
    return this.entries.map((entry) => `${renderEntry(entry)}\n`).join("");
  }

  #nextAwake(): SimNode | undefined {
    let first: SimNode | undefined;
    for (const node of this.nodes.values()) {
      if (first === undefined || node.deadline() < first.deadline()) first = node;
    }
    return first;
  }

  #transmit(from: SimNode, ifIndex: IfIndex, frame: Uint8Array): void {
    const interfaceName = from.kernel.linkAt(ifIndex)?.name ?? `#${ifIndex}`;
    this.entries.push({ kind: "sent", at: this.#now, node: from.name, interfaceName, frame });
    for (const segment of this.segments.values()) {
      if (!segment.has(from.name, ifIndex)) continue;
      const station = { node: from.name, ifIndex };
      for (const { to, at } of segment.carry(station, this.#now, this.#random)) {
        const other = to.node === from.name && to.ifIndex !== ifIndex;
        if (other && stacked(from, ifIndex, to.ifIndex)) continue;
        this.#timeline.add(at, () => this.nodes.get(to.node)?.receive(to.ifIndex, frame));
      }
    }
  }

  #resolve(from: SimNode, ifIndex: IfIndex, address: IpAddress): MacAddress | undefined {
    for (const segment of this.segments.values()) {
      if (!segment.has(from.name, ifIndex)) continue;
      for (const station of segment.stations()) {
        const kernel = this.nodes.get(station.node)?.kernel;
        const answers = kernel?.addresses(station.ifIndex).some((known) =>
          equalIp(known.address, address)
        );
        if (answers === true) return kernel?.linkAt(station.ifIndex)?.mac;
      }
    }
    return undefined;
  }

  #check(node: SimNode): void {
    this.#changed = true;
    this.#object(node.name, checkNode(node, node.deadline() <= this.#now));
  }

  #object(name: string, objections: readonly string[]): void {
    for (const objection of objections) this.violations.push(`${this.#now} ${name}: ${objection}`);
  }

  #look(): void {
    this.#changed = false;
    const segments = Array.from(
      this.segments.values(),
      (segment) => [segment, mastersOn(segment, this.nodes)] as const,
    );
    const network = { nodes: this.nodes, routers: new Map(segments), now: this.#now };
    for (const watcher of [this.#masters, ...this.#watchers]) {
      for (const objection of watcher.looked?.(network) ?? []) {
        this.violations.push(`${this.#now} ${objection}`);
      }
    }
  }
}

/** Links that stand on one another, or on the same: what one sends the other does not hear. */
function stacked({ kernel }: SimNode, a: IfIndex, b: IfIndex): boolean {
  const [one, other] = [a, b].map((index) => kernel.linkAt(index)?.virtual?.base ?? index);
  return one === other;
}
