/**
 * Watching the kernel's links and addresses: one dump at the start, then its events. When events
 * were lost (ENOBUFS) the tables are read anew as a whole. Events that our own requests caused are
 * left out: the engine knows what it asked for.
 */
import { readFileSync } from "node:fs";
import {
  int32,
  type Libc,
  NETLINK,
  type OsError,
  renderOsError,
  SO,
  type Socket,
  SOL,
} from "../../../ffi/mod.ts";
import { type Family, ifIndex, ok, type Result, type RuleWords } from "../../base/mod.ts";
import type { EngineEvent, InterfaceAddress, KernelRefusal, Link } from "../../engine/mod.ts";
import {
  type AddressMessage,
  decodeAddress,
  decodeForwarding,
  decodeLink,
  decodeOwnRoute,
  decodeOwnRule,
  encodeDumpAddresses,
  encodeDumpLinks,
  encodeDumpRoutes,
  encodeDumpRules,
  type LinkMessage,
  messageType,
  multicastGroup,
  type NetlinkMessage,
  type RouteMessage,
  splitMessages,
} from "../../netlink/mod.ts";
import { isFromKernel, openNetlink, type RouteNetlink } from "./route_netlink.ts";

/** Room for a few thousand events between two turns. */
const receiveBufferSize = 1_048_576;
/** How many datagrams one turn takes at most. */
const datagramsPerTurn = 256;

/** Subscribed to links and addresses. */
export class KernelWatch {
  readonly #socket: Socket;
  readonly #requests: RouteNetlink;
  readonly #buffer = new Uint8Array(65_536);
  readonly #routing = new Set<`${Family}${"Route" | "Rule"}`>();

  /** Subscribes; throws when the kernel refuses, which it does to nobody. */
  constructor(libc: Libc, requests: RouteNetlink) {
    const opened = openNetlink(libc);
    if (!opened.ok) throw new Error(renderOsError(opened.error));
    this.#socket = opened.value;
    this.#requests = requests;
    this.#socket.configure({
      level: SOL.SOCKET,
      name: SO.RCVBUFFORCE,
      value: int32(receiveBufferSize),
    });
    for (const group of ["link", "ipv4Address", "ipv6Address", "ipv6Netconf"] as const) {
      const joined = this.#join(group);
      if (!joined.ok) throw new Error(renderOsError(joined.error));
    }
  }

  /** Watches the routes or rules of a family as well: only those who have some want to know. */
  watch(what: "Route" | "Rule", family: Family): void {
    const key = `${family}${what}` as const;
    if (this.#routing.has(key)) return;
    this.#routing.add(key);
    this.#join(key);
  }

  #join(group: keyof typeof multicastGroup): Result<void, OsError> {
    const value = int32(multicastGroup[group]);
    return this.#socket.configure({ level: SOL.NETLINK, name: NETLINK.ADD_MEMBERSHIP, value });
  }

  /** The descriptor to watch. */
  get fd(): number {
    return this.#socket.fd;
  }

  /** The whole tables. */
  tables(): Result<Extract<EngineEvent, { kind: "kernel-tables" }>, KernelRefusal> {
    const links = this.#requests.dump(encodeDumpLinks);
    if (!links.ok) return links;
    const addresses = this.#requests.dump((sequence) => encodeDumpAddresses(sequence));
    if (!addresses.ok) return addresses;
    return ok({
      kind: "kernel-tables",
      links: links.value.flatMap((message) => valueOf(decodeLink(message), toLink)),
      addresses: addresses.value.flatMap((message) => valueOf(decodeAddress(message), toAddress)),
      ...(this.#routing.size === 0 ? {} : { routing: this.#routingTables() }),
    });
  }

  /** Routes and rules of keepalived's protocol, as far as they are watched. */
  #routingTables(): { routes: RouteMessage[]; rules: RuleWords[] } {
    const families = ["ipv4", "ipv6"] as const;
    const dumpOf = (encode: (sequence: number, family: Family) => Uint8Array): NetlinkMessage[] =>
      families.flatMap((family) => {
        const dump = this.#requests.dump((sequence) => encode(sequence, family));
        return dump.ok ? dump.value : [];
      });
    return {
      routes: dumpOf(encodeDumpRoutes).flatMap((message) => decodeOwnRoute(message) ?? []),
      rules: dumpOf(encodeDumpRules).flatMap((message) => decodeOwnRule(message) ?? []),
    };
  }

  /** Hands every waiting event to `take`. */
  drain(take: (event: EngineEvent) => void): void {
    for (let count = 0; count < datagramsPerTurn; count++) {
      const received = this.#socket.receive(this.#buffer);
      if (!received.ok) return this.#recover(take);
      if (received.value === undefined) return;
      if (!isFromKernel(received.value.from)) continue;
      const split = splitMessages(received.value.bytes);
      for (const message of split.ok ? split.value : split.error.messages) {
        const event = this.#toEvent(message);
        if (event !== undefined) take(event);
      }
    }
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
  }

  /** ENOBUFS: what still waits is older than the tables and would undo parts of them. */
  #recover(take: (event: EngineEvent) => void): void {
    for (;;) {
      const received = this.#socket.receive(this.#buffer);
      if (received.ok && received.value === undefined) break;
    }
    const tables = this.tables();
    if (tables.ok) take(tables.value);
  }

  #toEvent(message: NetlinkMessage): EngineEvent | undefined {
    switch (message.type) {
      case messageType.newLink:
      case messageType.deleteLink: {
        const link = decodeLink(message);
        // Messages of another family are about bridges' ports, not about the link.
        if (!link.ok || link.value.family !== 0) return undefined;
        if (message.type === messageType.newLink) return { kind: "link", link: toLink(link.value) };
        return { kind: "link-gone", ifIndex: link.value.ifIndex };
      }
      case messageType.newAddress:
      case messageType.deleteAddress: {
        if (message.portId === this.#requests.portId) return undefined;
        const address = decodeAddress(message);
        if (!address.ok) return undefined;
        const gone = message.type === messageType.deleteAddress;
        return { kind: gone ? "address-gone" : "address", address: toAddress(address.value) };
      }
      case messageType.deleteRoute: {
        if (message.portId === this.#requests.portId) return undefined;
        const route = decodeOwnRoute(message);
        return route === undefined ? undefined : { kind: "route-gone", route };
      }
      case messageType.deleteRule: {
        if (message.portId === this.#requests.portId) return undefined;
        const rule = decodeOwnRule(message);
        return rule === undefined ? undefined : { kind: "rule-gone", rule };
      }
      case messageType.newNetconf: {
        const forwarding = decodeForwarding(message);
        return forwarding === undefined ? undefined : { kind: "forwarding", ...forwarding };
      }
      default:
        return undefined;
    }
  }
}

/** A link in the engine's words. */
export function toLink(message: LinkMessage): Link {
  const { ifIndex, name, mac, mtu, up, running, loopback } = message;
  return {
    ifIndex,
    name,
    ...(mac === undefined ? {} : { mac }),
    mtu,
    up: up && running,
    loopback,
    forwardsIpv6: forwardsIpv6(name),
    ...virtualOf(message),
  };
}

/** What a macvlan or ipvlan stands on, when that is in this network namespace. */
function virtualOf(message: LinkMessage): Pick<Link, "virtual"> {
  const { kind, linkIndex, netnsId, macvlanMode, ipvlanMode, ipvlanFlags = 0 } = message;
  if (linkIndex === undefined || netnsId !== undefined) return {};
  const base = ifIndex(linkIndex);
  if (kind === "macvlan") return { virtual: { kind, base, private: macvlanMode === 1 } };
  if (kind !== "ipvlan") return {};
  const flag = ipvlanMode === 0 ? (["bridge", "private", "vepa"] as const)[ipvlanFlags] : undefined;
  return { virtual: { kind, base, flag } };
}

function toAddress(message: AddressMessage): InterfaceAddress {
  const { ifIndex, local: address, prefixLength, secondary, tentative } = message;
  return { ifIndex, address, prefixLength, secondary, tentative };
}

function forwardsIpv6(name: string): boolean {
  try {
    return readFileSync(`/proc/sys/net/ipv6/conf/${name}/forwarding`, "latin1").startsWith("1");
  } catch {
    // No IPv6 in this kernel, or the interface is gone again.
    return false;
  }
}

function valueOf<T, U>(decoded: Result<T, unknown>, map: (value: T) => U): U[] {
  return decoded.ok ? [map(decoded.value)] : [];
}
