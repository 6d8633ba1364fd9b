/**
 * The files of a pair of nodes, from a few answers: as short as they can be, with what people ask
 * about first beside the lines.
 */
import { equalIp, formatIp, type IpAddress, type IpPrefix } from "../../base/mod.ts";

/** One of the two boxes. */
export interface PairNode {
  readonly name: string;
  readonly address: IpAddress;
  readonly priority: number;
}

/** What the two boxes share. */
export interface Pair {
  readonly interfaceName: string;
  readonly vrid: number;
  readonly virtualAddress: IpPrefix;
  /** Adverts go to the other node by its address, as in clouds. */
  readonly unicast: boolean;
  readonly nodes: readonly [here: PairNode, there: PairNode];
}

/** The file of a node of this name. */
export function fileName(name: string): string {
  return `${name}.conf`;
}

/** The file of one node, and what it is called. */
export function pairFile(pair: Pair, node: PairNode): { name: string; text: string } {
  const { interfaceName, vrid, virtualAddress, unicast, nodes } = pair;
  const [other] = nodes.filter((one) => !equalIp(one.address, node.address));
  const { address, prefixLength } = virtualAddress;
  // RFC 9568 §5.2.9: the first IPv6 address that is advertised is one of the link.
  const linkLocal = address.family === "ipv6" ? [`fe80::${vrid.toString(16)}/64`] : [];
  const lines = [
    `# ${node.name} (${formatIp(node.address)}); the other node of the pair is ` +
    `${other?.name} (${other === undefined ? "" : formatIp(other.address)}).`,
    "global_defs {",
    `    router_id ${node.name}`,
    "    vrrp_version 3",
    "}",
    "",
    "vrrp_instance VI_1 {",
    `    interface ${interfaceName}`,
    `    virtual_router_id ${vrid}    # the same on both nodes, and of no other pair here`,
    `    priority ${node.priority}         # the higher one is master while both are well`,
    "    advert_int 1         # seconds; the other node takes over after three and a bit",
    ...(other === undefined || !unicast ? [] : [
      `    unicast_src_ip ${formatIp(node.address)}`,
      "    unicast_peer {",
      `        ${formatIp(other.address)}`,
      "    }",
    ]),
    "    virtual_ipaddress {",
    ...[...linkLocal, `${formatIp(address)}/${prefixLength}`].map((line) => `        ${line}`),
    "    }",
    "}",
    "",
  ];
  return { name: fileName(node.name), text: lines.join("\n") };
}
