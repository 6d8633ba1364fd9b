/**
 * The kernel of a simulated node, as far as the daemon can tell: links, and addresses with the
 * refusals that Linux gives. Whatever is changed by hand comes back as the events that the daemon
 * would get; what the daemon changes itself does not, as on the Linux host.
 */
import {
  equalIp,
  type IfIndex,
  ifIndex,
  inNetwork,
  type IpAddress,
  type IpPrefix,
  isLinkLocal,
  type MacAddress,
} from "../../base/mod.ts";
import type { EngineEvent, InterfaceAddress, Link } from "../../engine/mod.ts";
import type { VirtualLinkPlan } from "../../vrrp/mod.ts";

/** An address and who put it there. */
export interface FakeAddress extends InterfaceAddress {
  readonly byDaemon: boolean;
}

/** Why a link is down: an administrator's `ip link set down` also takes its IPv6 addresses. */
export type DownBy = "administrator" | "carrier";

/** Links and addresses of one node. */
export class FakeKernel {
  readonly #links = new Map<string, Link>();
  readonly #flushed: FakeAddress[] = [];
  /** Routes and rules in the words of `ip`, each behind `route` or `rule`. */
  readonly routing: Set<string> = new Set();
  /** What was asked for of the links that the daemon made, by their names. */
  readonly made: Map<string, VirtualLinkPlan> = new Map();
  /** Goes up whenever links or addresses change. */
  revision = 0;
  #addresses: FakeAddress[] = [];
  readonly #at = new Map<IfIndex, Link>();
  #lastIndex = 1;

  addRouting(line: string): void {
    this.routing.add(line);
  }

  deleteRouting(line: string): void {
    this.routing.delete(line);
  }

  /** A new link that is up; its index was never used before. */
  addLink(name: string, mac: MacAddress): Link {
    const index = ifIndex(++this.#lastIndex);
    const link = {
      ifIndex: index,
      name,
      mac,
      mtu: 1500,
      up: true,
      loopback: false,
      forwardsIpv6: true,
    };
    this.#keep(link);
    return link;
  }

  #keep(link: Link): void {
    this.revision++;
    this.#links.set(link.name, link);
    this.#at.set(link.ifIndex, link);
  }

  /** A link that the daemon makes; refused with the symbolic error number of Linux. */
  addVirtualLink(name: string, plan: VirtualLinkPlan, mac: MacAddress): Link | string {
    const base = this.#links.get(plan.base);
    if (base === undefined) return "ENODEV";
    if (this.#links.has(name)) return "EEXIST";
    const virtual = plan.kind === "macvlan"
      ? { kind: plan.kind, base: base.ifIndex, private: true }
      : { kind: plan.kind, base: base.ifIndex, flag: plan.flag };
    const link = { ...this.addLink(name, mac), up: base.up, virtual };
    this.#keep(link);
    this.made.set(name, plan);
    return link;
  }

  /** The links that stand on a link. */
  virtualLinksOn(index: IfIndex): Link[] {
    return [...this.#links.values()].filter(({ virtual }) => virtual?.base === index);
  }

  /** The link with this name. */
  link(name: string): Link | undefined {
    return this.#links.get(name);
  }

  /** The link with this index. */
  linkAt(index: IfIndex): Link | undefined {
    return this.#at.get(index);
  }

  /** All addresses, or those of one link. */
  addresses(index?: IfIndex): readonly FakeAddress[] {
    return index === undefined
      ? this.#addresses
      : this.#addresses.filter((known) => known.ifIndex === index);
  }

  /** The whole tables, as a dump gives them. */
  tables(): EngineEvent {
    const addresses = this.#addresses.map(plain);
    return { kind: "kernel-tables", links: [...this.#links.values()], addresses };
  }

  /** The link that an address is reached by: the one with an address of the same subnet. */
  route(destination: IpAddress): IfIndex | undefined {
    const found = this.#addresses.find((known) => inNetwork(destination, known));
    return found?.ifIndex;
  }

  /** Takes a link up or down. */
  setUp(name: string, up: boolean, by: DownBy): EngineEvent[] {
    const known = this.#links.get(name);
    if (known === undefined || known.up === up) return [];
    const link = { ...known, up };
    this.#keep(link);
    const events: EngineEvent[] = [{ kind: "link", link }];
    const { ifIndex } = link;
    for (const above of this.virtualLinksOn(ifIndex)) {
      events.push(...this.setUp(above.name, up, by));
    }
    if (!up && by === "administrator") {
      const lost = this.addresses(ifIndex).filter(({ address }) => address.family === "ipv6");
      this.#flushed.push(...lost.filter(({ address }) => isLinkLocal(address)));
      events.push(...this.#remove(lost));
    } else if (up) {
      // The kernel makes the link-local address anew.
      const back = this.#flushed.splice(0).filter(({ byDaemon }) => !byDaemon);
      this.revision++;
      this.#addresses.push(...back);
      events.push(
        ...back.map((address) => ({ kind: "address" as const, address: plain(address) })),
      );
    }
    return events;
  }

  /** Removes a link with everything on it. */
  removeLink(name: string): EngineEvent[] {
    const link = this.#links.get(name);
    if (link === undefined) return [];
    const { ifIndex } = link;
    const above = this.virtualLinksOn(ifIndex).flatMap((one) => this.removeLink(one.name));
    const events = this.#remove(this.addresses(ifIndex));
    this.#links.delete(name);
    this.#at.delete(ifIndex);
    this.revision++;
    return [...above, { kind: "link", link: { ...link, up: false } }, ...events, {
      kind: "link-gone",
      ifIndex,
    }];
  }

  /** Adds an address; answers the symbolic error number when Linux would refuse. */
  add(index: IfIndex, { address, prefixLength }: IpPrefix, byDaemon: boolean): string | undefined {
    if (this.linkAt(index) === undefined) return "ENODEV";
    const there = this.addresses(index);
    const same = there.some((known) =>
      equalIp(known.address, address) &&
      (address.family === "ipv6" || known.prefixLength === prefixLength)
    );
    if (same) return "EEXIST";
    const added = { ifIndex: index, address, prefixLength, tentative: false, byDaemon };
    const secondary = there.some((known) => !known.secondary && sameSubnet(known, added));
    this.revision++;
    this.#addresses.push({ ...added, secondary });
    return undefined;
  }

  /**
   * Deletes an address; with the primary one of an IPv4 subnet the secondary ones go, too. Answers
   * the events, or the symbolic error number when Linux would refuse.
   */
  delete(index: IfIndex, { address, prefixLength }: IpPrefix): EngineEvent[] | string {
    if (this.linkAt(index) === undefined) return "ENODEV";
    const there = this.addresses(index);
    const found = there.find((known) =>
      equalIp(known.address, address) && known.prefixLength === prefixLength
    );
    if (found === undefined) return "EADDRNOTAVAIL";
    const followers = found.secondary
      ? []
      : there.filter((known) => known.secondary && sameSubnet(known, found));
    return this.#remove([...followers, found]);
  }

  /** The event that tells of an address. */
  addressEvent(index: IfIndex, { address }: IpPrefix): EngineEvent[] {
    const found = this.addresses(index).find((known) => equalIp(known.address, address));
    return found === undefined ? [] : [{ kind: "address", address: plain(found) }];
  }

  #remove(lost: readonly FakeAddress[]): EngineEvent[] {
    this.revision++;
    this.#addresses = this.#addresses.filter((known) => !lost.includes(known));
    return lost.map((address) => ({ kind: "address-gone", address: plain(address) }));
  }
}

function plain({ byDaemon: _, ...address }: FakeAddress): InterfaceAddress {
  return address;
}

interface Placed {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

/** Linux calls an IPv4 address secondary when another one has the same prefix and length. */
function sameSubnet(a: Placed, b: Placed): boolean {
  if (a.address.family !== "ipv4" || b.address.family !== "ipv4") return false;
  return a.prefixLength === b.prefixLength && inNetwork(a.address, b);
}
