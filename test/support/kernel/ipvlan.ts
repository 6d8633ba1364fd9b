/**
 * Virtual routers on ipvlans: the ways to write them, and what the kernel has of one.
 */
import type { Lab, Node } from "../lab/lab.ts";
import { type Protocol, protocols, type RouterPlan } from "../lab/plan.ts";
import { type Make, Router } from "../lab/router.ts";

const [, overIpv4, overIpv6] = protocols;

/** The words after `use_ipvlan` for a node, and the address that it then sends from. */
export interface Variant {
  readonly name: string;
  readonly protocol: Protocol;
  readonly words: (node: Node) => string;
  readonly source: RegExp;
}

/** All ways to write it. */
export const variants: readonly Variant[] = [
  {
    name: "IPv4",
    protocol: overIpv4,
    words: ({ number }) => `10.77.0.2${number}/24`,
    source: /^10\.77\.0\.2[12]$/,
  },
  {
    name: "IPv4, a host's address, private",
    protocol: overIpv4,
    words: ({ number }) => `private 10.77.0.2${number}`,
    source: /^10\.77\.0\.2[12]$/,
  },
  {
    name: "IPv6, the kernel's address, vepa",
    protocol: overIpv6,
    words: () => "vepa",
    source: /^fe80:0:0:0:0:ff:fe00:[12]$|^fe80:0:0:0:/,
  },
  {
    name: "IPv6, an own address",
    protocol: overIpv6,
    words: ({ number }) => `fe80::2${number}/64`,
    source: /^fe80:0:0:0:0:0:0:2[12]$/,
  },
];

/** A router on an ipvlan, of either make. */
export function routerOn(
  lab: Lab,
  node: Node,
  make: Make,
  variant: Variant,
  priority: number,
): Router {
  const { protocol, words } = variant;
  // The lab keeps the kernel from making link-local addresses; that of an ipvlan is wanted here.
  node.namespace.sysctl({ "ipv6/conf/default/addr_gen_mode": "0" });
  const plan: RouterPlan = { protocol, priority, lines: [`use_ipvlan ${words(node)}`] };
  return new Router(lab, node, make, plan);
}

/** What `ip` tells of the interface and of the one below, without what differs by itself. */
export function kernelOf({ namespace }: Node): unknown {
  const [link] = JSON.parse(namespace.ip("-d -j link show dev vrrp.51"));
  const { ifindex: _index, inet6_addr_gen_mode: _mode, ...facts } = link;
  const addresses = ["vrrp.51", "eth0"].flatMap((name) => {
    const [{ addr_info: lines }] = JSON.parse(namespace.ip(`-j address show dev ${name}`));
    return lines.map((line: unknown) => `${name} ${JSON.stringify(line)}`);
  });
  return { facts, addresses: addresses.sort() };
}

/** Nothing of ours is on the node. */
export function isClean({ namespace }: Node): boolean {
  return namespace.table("vrrp.51") === undefined &&
    !namespace.has("eth0", "10.77.0.100/24") && !namespace.has("eth0", "2001:db8:77::100/64");
}
