/**
 * A network of its own inside this machine: one switch, and nodes that are plugged into it, each in
 * a network namespace with a loopback and one interface `eth0`. Everything is made with our own
 * netlink requests, and all of it vanishes with the process.
 *
 *     left: eth0 ──────┐
 *     right: eth0 ─────┼── switch (a bridge in the lab's own namespace)
 *     client: eth0 ────┘
 */
import { type Libc, openLibc, renderOsError } from "../../../../ffi/mod.ts";
import type { IfIndex, Instant, IpAddress, IpPrefix } from "../../../base/mod.ts";
import {
  type CreateLink,
  decodeLink,
  encodeAddAddress,
  encodeCreateLink,
  encodeDumpLinks,
  encodeSetLink,
} from "../../../netlink/mod.ts";
import { RouteNetlink } from "../route_netlink.ts";
import { LabLoop } from "./loop.ts";
import { NetworkNamespace } from "./namespace.ts";
import { type HeardAdvert, observeAddresses, observeAdverts } from "./observer.ts";
import { Pinger, type PingPlan } from "./pinger.ts";

const switchName = "switch";
const interfaceName = "eth0";

/** A machine in the lab. */
export interface LabNode {
  readonly name: string;
  readonly address: IpPrefix;
  /** Runs a body, which must not wait, in the node: sockets and processes that it makes stay. */
  inside<T>(body: () => T): T;
}

interface Node extends LabNode, Disposable {
  readonly ifIndex: IfIndex;
}

/** The network; there is one in a process. */
export class NetworkLab {
  readonly #libc: Libc;
  readonly #loop: LabLoop;
  readonly #home: NetworkNamespace;
  readonly #switch: IfIndex;
  readonly #nodes = new Map<LabNode, Node>();
  readonly #observers: Disposable[] = [];

  private constructor(libc: Libc, home: NetworkNamespace) {
    this.#libc = libc;
    this.#home = home;
    this.#loop = new LabLoop(libc);
    this.#switch = this.#addLink({ kind: "bridge", name: switchName, up: true });
  }

  /** Makes an empty network; throws a sentence when the kernel refuses. */
  static async open(): Promise<NetworkLab> {
    const libc = await openLibc();
    return new NetworkLab(libc, NetworkNamespace.create(libc));
  }

  /** The monotonic clock by which everything is measured. */
  now(): Instant {
    return this.#loop.now();
  }

  /** Plugs a new node into the switch. */
  addNode(name: string, address: IpPrefix): LabNode {
    const namespace = NetworkNamespace.create(this.#libc);
    this.#home.enter();
    const peer = { name: interfaceName, netnsFd: namespace.fd };
    this.#addLink({ kind: "veth", name, up: true, master: this.#switch, peer });
    const inside = <T>(body: () => T): T => this.#in(namespace, body);
    const ifIndex = inside(() => {
      using netlink = open(this.#libc);
      bringUp(netlink, "lo");
      const index = bringUp(netlink, interfaceName);
      const request = { ifIndex: index, ...address, scope: 0 };
      must(netlink.request((sequence) => encodeAddAddress(request, sequence)), "add an address");
      return index;
    });
    const node = { name, address, inside, ifIndex, [Symbol.dispose]: () => dispose(namespace) };
    this.#nodes.set(node, node);
    return node;
  }

  /** Hears the adverts that reach a node. */
  onAdvert(node: LabNode, take: (advert: HeardAdvert) => void): void {
    const { ifIndex } = this.#own(node);
    this.#observe(node, () => observeAdverts(this.#libc, this.#loop, ifIndex, take));
  }

  /** Sees addresses come to a node and go. */
  onAddress(node: LabNode, take: (address: IpAddress, present: boolean) => void): void {
    this.#observe(node, () => observeAddresses(this.#libc, this.#loop, take));
  }

  /** Pings from a node. */
  ping(node: LabNode, plan: Omit<PingPlan, "source">): Pinger {
    const source = node.address.address;
    return node.inside(() => new Pinger(this.#libc, this.#loop, { ...plan, source }));
  }

  [Symbol.dispose](): void {
    for (const observer of this.#observers) dispose(observer);
    dispose(this.#loop);
    for (const node of this.#nodes.values()) dispose(node);
    dispose(this.#home);
  }

  #in<T>(namespace: NetworkNamespace, body: () => T): T {
    namespace.enter();
    try {
      return body();
    } finally {
      this.#home.enter();
    }
  }

  #own(node: LabNode): Node {
    const own = this.#nodes.get(node);
    if (own === undefined) throw new Error(`Node "${node.name}" is of another lab`);
    return own;
  }

  #observe(node: LabNode, observer: () => Disposable): void {
    this.#observers.push(node.inside(observer));
  }

  #addLink(request: CreateLink): IfIndex {
    using netlink = open(this.#libc);
    const made = netlink.request((sequence) => encodeCreateLink(request, sequence));
    must(made, `make the ${request.kind} "${request.name}"`);
    return indexOf(netlink, request.name);
  }
}

function open(libc: Libc): RouteNetlink {
  const opened = RouteNetlink.open(libc);
  if (!opened.ok) throw new Error(renderOsError(opened.error));
  return opened.value;
}

function bringUp(netlink: RouteNetlink, name: string): IfIndex {
  const request = { ifIndex: indexOf(netlink, name), up: true };
  must(netlink.request((sequence) => encodeSetLink(request, sequence)), `bring ${name} up`);
  return request.ifIndex;
}

function indexOf(netlink: RouteNetlink, name: string): IfIndex {
  const dumped = netlink.dump(encodeDumpLinks);
  must(dumped, "list the links");
  const messages = dumped.ok ? dumped.value : [];
  for (const message of messages) {
    const link = decodeLink(message);
    if (link.ok && link.value.name === name) return link.value.ifIndex;
  }
  throw new Error(`Cannot find the link "${name}" that was just made`);
}

/** Throws the kernel's own words when it did not do what it was asked. */
function must(answer: ReturnType<RouteNetlink["request"]> | Dumped, action: string): void {
  if (answer.ok) return;
  const { errno, message } = answer.error;
  throw new Error(`Cannot ${action}: ${message} (${errno})`);
}

type Dumped = ReturnType<RouteNetlink["dump"]>;

function dispose(part: Disposable): void {
  part[Symbol.dispose]();
}
