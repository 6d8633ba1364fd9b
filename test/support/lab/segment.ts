/**
 * One network of a lab: a bridge, the nodes on it, and everything that passed on the wire. Every
 * address follows from the number of the network and of the node, so that a frame tells who sent
 * it: node 2 on network 0 is 10.77.0.2, fe80::2 and 2001:db8:77::2, at 02:00:00:00:00:02.
 */
import type { Capture } from "./capture.ts";
import { type Advert, advertOf, type Announcement, announcementOf } from "./frame.ts";
import type { Node } from "./lab.ts";
import type { Namespace } from "./namespace.ts";

/** The addresses of a node on a network. */
export interface NodeAddresses {
  readonly mac: string;
  readonly ipv4: string;
  readonly linkLocal: string;
  readonly global: string;
}

/** A bridge and what passed over it. */
export class Segment {
  readonly name: string;
  readonly number: number;
  readonly capture: Capture;
  /** Whether somebody sends rubbish here on purpose. */
  readonly mayBeMalformed: boolean;
  readonly #bridge: Namespace;

  constructor(parts: {
    readonly name: string;
    readonly number: number;
    readonly capture: Capture;
    readonly bridge: Namespace;
    readonly mayBeMalformed: boolean;
  }) {
    this.name = parts.name;
    this.number = parts.number;
    this.capture = parts.capture;
    this.mayBeMalformed = parts.mayBeMalformed;
    this.#bridge = parts.bridge;
  }

  /** Puts a node on this network. */
  join(node: Node, link = "eth0"): void {
    const { mac, ipv4, linkLocal, global } = this.addressesOf(node);
    const { name } = node.namespace;
    const port = this.#portOf(node);
    this.#bridge.batch([
      `link add ${port} type veth peer name ${link} netns ${name} address ${mac}`,
      `link set ${port} master ${this.name} up`,
    ]);
    node.namespace.batch([
      `address add ${ipv4}/24 dev ${link}`,
      `link set ${link} up`,
      `address add ${linkLocal}/64 dev ${link} nodad`,
      `address add ${global}/64 dev ${link} nodad`,
    ]);
  }

  /** Takes a node's cable out, or puts it in again: both ends see the carrier change. */
  setCable(node: Node, plugged: boolean): void {
    this.#bridge.ip(`link set ${this.#portOf(node)} ${plugged ? "up" : "down"}`);
  }

  /** Keeps nodes from hearing each other, with the carrier up, or lets them again. */
  setSplit(nodes: readonly Node[], split: boolean): void {
    this.#bridge.batch(nodes.map((node) => {
      return `link set ${this.#portOf(node)} type bridge_slave isolated ${split ? "on" : "off"}`;
    }));
  }

  /** Keeps a node from hearing anybody, with the carrier up, or lets it again. */
  setAlone(node: Node, alone: boolean): void {
    const where = alone ? "nomaster" : `master ${this.name}`;
    this.#bridge.ip(`link set ${this.#portOf(node)} ${where}`);
  }

  /** The addresses of a node here. */
  addressesOf({ number }: Node): NodeAddresses {
    const net = 77 + this.number;
    const hex = number.toString(16);
    return {
      mac: `02:00:00:00:0${this.number}:${hex.padStart(2, "0")}`,
      ipv4: `10.${net}.0.${number}`,
      linkLocal: `fe80::${hex}`,
      global: `2001:db8:${net}::${hex}`,
    };
  }

  /** The adverts that passed, of one node or of all, from a frame on. */
  adverts(node?: Node, from = 0): Advert[] {
    return this.#framesFrom(from).flatMap((frame) => {
      const advert = advertOf(frame);
      if (advert === undefined) return [];
      return node === undefined || this.#isFrom(node, advert.source) ? [advert] : [];
    });
  }

  /** The announcements that passed, from a frame on. */
  announcements(from = 0): Announcement[] {
    return this.#framesFrom(from).flatMap((frame) => announcementOf(frame) ?? []);
  }

  /** How many frames have passed: a place to count from. */
  get passed(): number {
    return this.capture.frames.length;
  }

  #framesFrom(from: number): Capture["frames"] {
    return this.capture.frames.slice(from);
  }

  /** FRR sends from the link-local address of its macvlan, which ends like the node's own. */
  #isFrom({ number }: Node, source: string): boolean {
    const hex = number.toString(16);
    const net = 77 + this.number;
    return source === `10.${net}.0.${number}` || source === `fe80:0:0:0:0:0:0:${hex}` ||
      source === `2001:db8:${net}:0:0:0:0:${hex}` ||
      source === `fe80:0:0:0:0:0:f0:${hex}`;
  }

  #portOf({ label }: Node): string {
    return `${label}-${this.name}`;
  }
}
