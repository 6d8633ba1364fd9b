/**
 * What the kernel has, as far as it told us: links and addresses. The tables are filled by events
 * and replaced as a whole after events were lost.
 */
import { equalIp, type Family, type IfIndex, type IpAddress, isLinkLocal } from "../base/mod.ts";
import type { InterfaceAddress, Link } from "./event.ts";

/** The kernel's links and addresses. */
export class KernelTables {
  readonly #links = new Map<IfIndex, Link>();
  readonly #addresses = new Map<IfIndex, InterfaceAddress[]>();

  /** Takes whole tables in place of what was known. */
  replace(links: readonly Link[], addresses: readonly InterfaceAddress[]): void {
    this.#links.clear();
    this.#addresses.clear();
    for (const link of links) this.putLink(link);
    for (const address of addresses) this.putAddress(address);
  }

  /** All links. */
  links(): Iterable<Link> {
    return this.#links.values();
  }

  /** The link with this index. */
  link(index: IfIndex): Link | undefined {
    return this.#links.get(index);
  }

  /** The link with this name. */
  linkNamed(name: string): Link | undefined {
    for (const link of this.#links.values()) if (link.name === name) return link;
    return undefined;
  }

  putLink(link: Link): void {
    this.#links.set(link.ifIndex, link);
  }

  /** The next neighbour advertisement there says whether this node is a router. */
  setForwarding(index: IfIndex, forwardsIpv6: boolean): void {
    const link = this.#links.get(index);
    if (link !== undefined) this.#links.set(index, { ...link, forwardsIpv6 });
  }

  removeLink(index: IfIndex): void {
    this.#links.delete(index);
    this.#addresses.delete(index);
  }

  /** Takes an address; false when it is as it was. */
  putAddress(address: InterfaceAddress): boolean {
    const known = this.#addresses.get(address.ifIndex) ?? [];
    const at = known.findIndex((other) => sameAddress(other, address));
    const before = known[at];
    if (
      before?.secondary === address.secondary && before.tentative === address.tentative
    ) return false;
    if (at < 0) known.push(address);
    else known[at] = address;
    this.#addresses.set(address.ifIndex, known);
    return true;
  }

  removeAddress(address: InterfaceAddress): void {
    const known = this.#addresses.get(address.ifIndex) ?? [];
    this.#addresses.set(address.ifIndex, known.filter((other) => !sameAddress(other, address)));
  }

  /** Whether the interface has the address. */
  find(index: IfIndex, address: IpAddress): InterfaceAddress | undefined {
    return this.#addresses.get(index)?.find((known) => equalIp(known.address, address));
  }

  /** Whether any interface has the address. */
  has(address: IpAddress): boolean {
    for (const index of this.#addresses.keys()) {
      if (this.find(index, address) !== undefined) return true;
    }
    return false;
  }

  /**
   * The address that adverts of a family are sent from: the first primary IPv4 address, or the
   * link-local IPv6 one (RFC 9568 §5.1.1.1, §5.1.2.1), that `usable` admits.
   */
  primaryAddress(
    index: IfIndex,
    family: Family,
    usable: (address: IpAddress) => boolean,
  ): IpAddress | undefined {
    const found = this.#addresses.get(index)?.find(({ address, secondary, tentative }) =>
      address.family === family && !tentative && usable(address) &&
      (family === "ipv4" ? !secondary : isLinkLocal(address))
    );
    return found?.address;
  }
}

function sameAddress(a: InterfaceAddress, b: InterfaceAddress): boolean {
  return a.prefixLength === b.prefixLength && equalIp(a.address, b.address);
}
