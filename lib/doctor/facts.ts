/**
 * What the host has seen of the box and its network, as plain data. Whatever could not be read is
 * absent: the doctor finds nothing wrong with what nobody knows.
 */
import type { Family, IpAddress, IpPrefix } from "../base/mod.ts";
import type { Observation } from "../vrrp/observe.ts";

/** A network interface. */
export interface InterfaceFacts {
  readonly name: string;
  /** IFF_UP: it is meant to be up. */
  readonly up: boolean;
  /** IFF_RUNNING: it has a carrier. */
  readonly carrier: boolean;
  /** IFF_MULTICAST */
  readonly multicast: boolean;
  /** IFLA_INFO_KIND, such as `veth`; absent where it is hardware. */
  readonly kind?: string;
  readonly addresses: readonly IpPrefix[];
  /** A program that configures it. */
  readonly manager?: ManagerFacts;
}

/** A program that may take addresses away which it did not set itself. */
export interface ManagerFacts {
  readonly program: "systemd-networkd" | "NetworkManager";
  /** The file to write to; absent where it has none. */
  readonly file?: string;
  /** Whether it is told to leave what is there. */
  readonly keeps: boolean;
}

/** What was heard on an interface while the doctor listened. */
export interface Heard {
  readonly interfaceName: string;
  /** Why nobody could listen; absent when somebody did. */
  readonly failure?: string;
  readonly adverts: readonly Observation[];
}

/** The whole examination. */
export interface BoxFacts {
  readonly interfaces: readonly InterfaceFacts[];
  /** Whether this is a container of Docker or Podman, by the file that they put into each. */
  readonly isContainer?: boolean;
  /** Values below `/proc/sys`, by their paths. */
  readonly sysctls: ReadonlyMap<string, string>;
  /** What `nft -j list ruleset` prints. */
  readonly nft?: unknown;
  /** What `iptables-save` and `ip6tables-save` of the old tables print. */
  readonly iptables?: { readonly ipv4: string; readonly ipv6: string };
  /** Capabilities that a daemon would miss, each with what for. */
  readonly missingCapabilities: readonly string[];
  /** Whether the kernel believes its clock (adjtimex). */
  readonly clockInStep?: boolean;
  /** Programs that speak VRRP or CARP in this network namespace. */
  readonly routers: readonly { readonly pid: number; readonly name: string }[];
  /** Whether the kernel can have virtual servers of IPVS. */
  readonly hasIpvs?: boolean;
  /** Why nothing can be said to nftables; absent when something can. */
  readonly nftProblem?: string;
  /** Why the status endpoint could not listen. */
  readonly statusProblem?: string;
  /** Names of the configuration that nobody could resolve. */
  readonly unresolved: readonly { readonly name: string; readonly reason: string }[];
  /** Addresses of peers that no route leads to, and why. */
  readonly unreachable: readonly { readonly address: IpAddress; readonly reason: string }[];
  /** Probes of a gateway that is not there, and why. */
  readonly missingGateways?: readonly {
    readonly probe: string;
    readonly family: Family;
    readonly reason: string;
  }[];
  /** Virtual addresses that somebody answered for over ARP. */
  readonly answered: readonly { readonly interfaceName: string; readonly address: IpAddress }[];
  readonly heard: readonly Heard[];
}
