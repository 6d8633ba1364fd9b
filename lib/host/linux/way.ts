/**
 * The ways of packets, as the kernel finds them when it is asked: who the gateway is at the moment,
 * how a neighbour is reached, whether a route is there. One exchange each, however large the tables
 * are.
 */
import type { Libc } from "../../../ffi/mod.ts";
import {
  equalIp,
  err,
  type Family,
  type IfIndex,
  type IpAddress,
  ipFromBytes,
  type IpPrefix,
  ok,
  parseIp,
  type Result,
} from "../../base/mod.ts";
import { decodeRouteAnswer, encodeRouteQuestion, type RouteAnswer } from "../../netlink/mod.ts";
import { openRequests, type RouteNetlink } from "./route_netlink.ts";

/** A way, or why there is none. */
export type Way = Result<RouteAnswer, string>;

/**
 * Addresses that only a default route leads to, of networks for documentation (RFC 5737, RFC 3849,
 * RFC 9637): several, as somebody may have a route to one of them.
 */
const anywhere: Readonly<Record<Family, readonly string[]>> = {
  ipv4: ["192.0.2.1", "198.51.100.1", "203.0.113.1"],
  ipv6: ["2001:db8::1", "3fff::1"],
};

/** Asks the kernel. */
export class Ways {
  readonly #netlink: RouteNetlink;

  constructor(libc: Libc) {
    this.#netlink = openRequests(libc);
  }

  /** The next hop of the default route, and how it is reached. */
  gateway(family: Family, through?: IfIndex): Way {
    const found = this.#defaultRoute(family, through);
    if (found === undefined) return err("there is no default route");
    if (found.gateway === undefined) return err("the default route has no gateway");
    return ok(found);
  }

  /** How an address is reached: the interface, the next hop if there is one, and the source. */
  to(address: IpAddress, through?: IfIndex): Way {
    return this.#ask(address, false, through);
  }

  /** Whether the kernel has a route to exactly this prefix. */
  has(prefix: IpPrefix, through?: IfIndex): boolean {
    const { address, prefixLength } = prefix;
    if (prefixLength === 0) return this.#defaultRoute(address.family, through) !== undefined;
    return samplesOf(prefix).some((sample) => {
      const found = this.#ask(sample, true, through);
      if (!found.ok) return false;
      const { destination } = found.value;
      return destination.prefixLength === prefixLength && equalIp(destination.address, address);
    });
  }

  [Symbol.dispose](): void {
    this.#netlink[Symbol.dispose]();
  }

  #defaultRoute(family: Family, through: IfIndex | undefined): RouteAnswer | undefined {
    for (const text of anywhere[family]) {
      const address = parseIp(text);
      const found = address === undefined ? undefined : this.#ask(address, true, through);
      if (found?.ok === true && found.value.destination.prefixLength === 0) return found.value;
    }
    return undefined;
  }

  #ask(address: IpAddress, match: boolean, through: IfIndex | undefined): Way {
    const question = { address, match, ...(through === undefined ? {} : { through }) };
    const answer = this.#netlink.ask((sequence) => encodeRouteQuestion(question, sequence));
    if (!answer.ok) return err(`no route: ${answer.error.message}`);
    const read = decodeRouteAnswer(answer.value);
    return read === undefined ? err("no route: the kernel's answer is none") : ok(read);
  }
}

/**
 * Addresses of a network by which its route is looked for: at the first and the last ones there may
 * be routes of single addresses, such as those of this node and of broadcasts.
 */
function samplesOf({ address: { bytes }, prefixLength }: IpPrefix): IpAddress[] {
  const network = bytes.map((octet, at) => octet & maskAt(prefixLength, at));
  const last = bytes.map((octet, at) => octet | (~maskAt(prefixLength, at) & 0xff));
  const steps = bytes.length * 8 - prefixLength >= 3 ? [0, 1, 2, 3] : [0];
  const end = bytes.length - 1;
  return [
    ...steps.map((step) => network.with(end, (network[end] ?? 0) + step)),
    ...steps.map((step) => last.with(end, (last[end] ?? 0) - step)),
  ].map(ipFromBytes);
}

function maskAt(prefixLength: number, at: number): number {
  const bits = Math.min(8, Math.max(0, prefixLength - at * 8));
  return 0xff & (0xff << (8 - bits));
}
