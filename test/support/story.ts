/**
 * Stories: short scenarios on the virtual network, told with a small vocabulary (start, stop,
 * crash, cut, heal, run, expect). Every node has eth0 on the segment "lan" (10.0.0.N, fe80::N) and
 * eth1 on the segment "wan" (10.1.0.N, fe80::1:N), where N is 1 for the first node, 2 for the
 * second. After each `run` nothing may have violated what must always be true.
 */
import assert from "node:assert/strict";
import {
  after,
  type Duration,
  formatIp,
  type IfIndex,
  type Instant,
  type IpPrefix,
  milliseconds,
  seconds,
} from "../../lib/base/mod.ts";
import type { Model } from "../../lib/config/mod.ts";
import type { Tell } from "../../lib/engine/mod.ts";
import {
  type DownBy,
  type Entry,
  renderEntry,
  type Segment,
  SimHost,
  type SimNode,
} from "../../lib/host/sim/mod.ts";
import type { InstancePlan, StateName } from "../../lib/vrrp/mod.ts";
import { advertsIn, type SeenAdvert, type SeenAnnouncement, seenAnnouncements } from "./seen.ts";
import { configuration, mac, prefix } from "./plan.ts";

type Transition = Extract<Tell, { kind: "transition" }>;

/** A node's routers: plans, or a whole configuration. */
export type Routers = readonly InstancePlan[] | Model;

/** How a story can differ from the usual. */
export interface StoryOptions {
  readonly seed?: number;
  readonly delay?: Duration;
}

/** One story. */
export class Story {
  readonly host: SimHost;
  readonly lan: Segment;
  readonly wan: Segment;
  readonly #numbers = new Map<string, number>();

  constructor(names: string, options: StoryOptions = {}) {
    const { seed = 1, delay = milliseconds(0.1) } = options;
    this.host = new SimHost(seed);
    this.lan = this.host.addSegment("lan", { delay });
    this.wan = this.host.addSegment("wan", { delay });
    for (const [index, name] of names.split(" ").entries()) {
      this.#numbers.set(name, index + 1);
      this.host.addNode(name);
      this.plug(name, "eth0");
      this.plug(name, "eth1");
    }
  }

  /** The time of the story. */
  now(): Instant {
    return this.host.now();
  }

  /** A node by name. */
  node(name: string): SimNode {
    const node = this.host.nodes.get(name);
    assert.ok(node !== undefined, `no node ${name}`);
    return node;
  }

  /** Starts a daemon. */
  start(name: string, ...routers: readonly InstancePlan[]): void {
    this.startWith(name, configuration(routers));
  }

  /** Starts a daemon with a whole configuration. */
  startWith(name: string, model: Model): void {
    this.host.note(`start ${name}`);
    this.node(name).start(model);
  }

  /** Gives a daemon another configuration. */
  reload(name: string, model: Model): void {
    this.host.note(`reload ${name}`);
    this.node(name).reload(model);
    this.#expectNoViolation();
  }

  /** Ends a daemon in order. */
  stop(name: string): void {
    this.host.note(`stop ${name}`);
    this.node(name).stop();
  }

  /** Kills a daemon; without the guard its addresses stay. */
  crash(name: string, { guarded = true }: { guarded?: boolean } = {}): void {
    this.host.note(`crash ${name}`);
    this.node(name).crash(guarded);
  }

  /** Takes the processor from a node. */
  stall(name: string): void {
    this.host.note(`stall ${name}`);
    this.node(name).stall(true);
  }

  /** Gives it back. */
  wake(name: string): void {
    this.host.note(`wake ${name}`);
    this.node(name).stall(false);
  }

  /** Frames of one node no longer reach another. */
  cut(from: string, to: string): void {
    this.host.note(`cut ${from} > ${to}`);
    this.lan.cut(from, to);
  }

  /** Splits the lan between two nodes. */
  part(a: string, b: string): void {
    this.cut(a, b);
    this.cut(b, a);
  }

  /** Takes all cuts back. */
  heal(): void {
    this.host.note("heal");
    this.lan.heal();
  }

  /** Takes a link down. */
  down(name: string, linkName = "eth0", by: DownBy = "carrier"): void {
    this.host.note(`down ${name} ${linkName}`);
    this.#kernel(name, this.node(name).kernel.setUp(linkName, false, by));
  }

  /** Takes a link up. */
  up(name: string, linkName = "eth0"): void {
    this.host.note(`up ${name} ${linkName}`);
    this.#kernel(name, this.node(name).kernel.setUp(linkName, true, "carrier"));
  }

  /** Plugs a new link in, with its own addresses. */
  plug(name: string, linkName: string): void {
    const number = this.#numbers.get(name) ?? 0;
    const lan = linkName === "eth0";
    const hardware = mac(`02:00:00:00:0${lan ? 0 : 1}:0${number}`);
    this.host.plug(this.node(name), linkName, lan ? this.lan : this.wan, hardware);
    this.address(name, lan ? `10.0.0.${number}/24` : `10.1.0.${number}/24`, linkName);
    this.address(name, lan ? `fe80::${number}/64` : `fe80::1:${number}/64`, linkName);
  }

  /** Removes a link. */
  unplug(name: string, linkName = "eth0"): void {
    this.host.note(`unplug ${name} ${linkName}`);
    this.host.unplug(this.node(name), linkName);
  }

  /** Somebody else adds an address. */
  address(name: string, text: string, linkName = "eth0"): void {
    const { index, address } = this.#at(name, text, linkName);
    const refused = this.node(name).kernel.add(index, address, false);
    assert.equal(refused, undefined, text);
    this.#kernel(name, this.node(name).kernel.addressEvent(index, address));
  }

  /** Somebody else deletes an address. */
  removeAddress(name: string, text: string, linkName = "eth0"): void {
    const { index, address } = this.#at(name, text, linkName);
    const events = this.node(name).kernel.delete(index, address);
    assert.ok(typeof events !== "string", `${text}: ${events}`);
    this.#kernel(name, events);
  }

  /** Lets time pass. */
  run(duration: Duration): void {
    this.host.run(duration);
    this.#expectNoViolation();
  }

  /** Lets time pass until somebody changes to a state; answers when. */
  runUntil(name: string, state: StateName, instance?: string): Instant {
    const limit = after(this.now(), seconds(3600));
    while (this.state(name, instance) !== state) {
      if (!this.host.step(limit)) assert.fail(`${name} is never ${state}\n${this.#tail()}`);
    }
    this.#expectNoViolation();
    return this.now();
  }

  /** The state of a virtual router; the only one when no name is given. */
  state(name: string, instance?: string): StateName | "down" {
    const instances = this.node(name).snapshot()?.instances;
    if (instances === undefined) return "down";
    const found = instances.find((known) => instance === undefined || known.name === instance);
    assert.ok(found !== undefined, `${name} has no ${instance}`);
    return found.state;
  }

  /** The states of virtual routers, as `node STATE` or `node instance STATE`. */
  expect(...lines: readonly string[]): void {
    for (const line of lines) {
      const words = line.split(" ");
      const [name = "", ...rest] = words;
      const state = rest.pop();
      const instance = rest[0];
      const found = this.state(name, instance);
      if (found !== state) assert.fail(`expected ${line}, found ${found}\n${this.#tail()}`);
    }
  }

  /** The addresses that a daemon has put on the interfaces of a node. */
  held(name: string): string[] {
    return this.node(name).kernel.addresses().filter(({ byDaemon }) => byDaemon)
      .map(({ address }) => formatIp(address));
  }

  /** The transitions of a node since an instant. */
  transitions(name: string, since = 0): (Transition & { at: Instant })[] {
    return this.#told(name, since).flatMap(({ at, tell }) =>
      tell.kind === "transition" ? [{ ...tell, at }] : []
    );
  }

  /** What a node told since an instant, of one kind. */
  tells<K extends Tell["kind"]>(name: string, kind: K, since = 0): Extract<Tell, { kind: K }>[] {
    const isKind = (tell: Tell): tell is Extract<Tell, { kind: K }> => tell.kind === kind;
    return this.#told(name, since).map(({ tell }) => tell).filter(isKind);
  }

  /** The adverts that a node sent since an instant. */
  adverts(name: string, since = 0): SeenAdvert[] {
    return advertsIn(this.#since(since), name);
  }

  /** The gratuitous ARP and neighbour advertisements that a node sent since an instant. */
  announcements(name: string, since = 0): SeenAnnouncement[] {
    return seenAnnouncements(this.#since(since), name);
  }

  /** One counter of a virtual router. */
  counter(name: string, counter: string, instance?: string): number {
    const found = this.node(name).snapshot()?.instances.find((known) =>
      instance === undefined || known.name === instance
    );
    const counters: Record<string, number> = { ...found?.counters };
    return counters[counter] ?? Number.NaN;
  }

  #told(name: string, since: number): Extract<Entry, { kind: "told" }>[] {
    return this.#since(since).flatMap((entry) =>
      entry.kind === "told" && entry.node === name ? [entry] : []
    );
  }

  #since(since: number): Entry[] {
    return this.host.entries.filter(({ at }) => at >= since);
  }

  #at(name: string, text: string, linkName: string): { index: IfIndex; address: IpPrefix } {
    const link = this.node(name).kernel.link(linkName);
    assert.ok(link !== undefined, `${name} has no ${linkName}`);
    return { index: link.ifIndex, address: prefix(text) };
  }

  #kernel(name: string, events: Parameters<SimHost["kernelChanged"]>[1]): void {
    this.host.kernelChanged(this.node(name), events);
    this.#expectNoViolation();
  }

  #expectNoViolation(): void {
    if (this.host.violations.length === 0) return;
    assert.fail(`${this.host.violations.join("\n")}\n${this.#tail()}`);
  }

  #tail(): string {
    return this.host.entries.slice(-40).map(renderEntry).join("\n");
  }
}
