/**
 * Whether the firewall lets adverts through, both ways.
 */
import { type Family, formatIp, type IpPrefix, isLinkLocal } from "../../base/mod.ts";
import type { InstancePlan } from "../../vrrp/mod.ts";
import type { BoxFacts, InterfaceFacts } from "../facts.ts";
import type { Finding } from "../finding.ts";
import { readIptables } from "./iptables.ts";
import { readNft } from "./nft.ts";
import { anywhere, type FirewallPacket } from "./packet.ts";
import { fateOf, type Ruleset } from "./verdict.ts";

/** IP protocol numbers (IANA) of adverts, and of the authentication header before them. */
const [vrrp, ah] = [112, 51];

/** What the firewall does to the adverts of an instance. */
export function examineFirewall(plan: InstancePlan, facts: BoxFacts): Finding[] {
  const found = facts.interfaces.find(({ name }) => name === plan.interfaceName);
  if (found === undefined) return [];
  const rulesets = rulesetsOf(facts, plan.family);
  return packetsOf(plan, found).flatMap((packet) => {
    const { passes, droppedBy } = fateOf(rulesets, packet);
    if (passes === "yes") return [];
    const [verb, chain] = packet.direction === "in" ? ["arrive", "input"] : ["leave", "output"];
    const to = formatIp(packet.destination.address);
    const where = [...new Set(droppedBy)].join(", ");
    const certain = passes === "no";
    return [{
      code: certain ? "firewall-drops" : "firewall-may-drop",
      severity: certain ? "fault" as const : "note" as const,
      subject: plan.name,
      message: certain
        ? `Adverts to ${to} cannot ${verb} on ${found.name}: ${where} drops them`
        : `Whether adverts to ${to} ${verb} on ${found.name} depends on who sends them: ${where}`,
      advice: certain ? adviceFor(packet, where, chain) : [],
    }];
  });
}

function adviceFor(packet: FirewallPacket, where: string, chain: string): string[] {
  const { protocol, family, direction, interfaceName } = packet;
  if (where.includes("tables -t")) {
    const command = family === "ipv4" ? "iptables" : "ip6tables";
    const side = direction === "in" ? "INPUT -i" : "OUTPUT -o";
    return [`${command} -I ${side} ${interfaceName} -p ${protocol} -j ACCEPT`];
  }
  const [, table = `inet filter`, name = chain] = /chain (\S+ \S+) (\S+)/.exec(where) ?? [];
  const side = direction === "in" ? "iifname" : "oifname";
  return [
    `nft insert rule ${table} ${name} ${side} ${interfaceName} meta l4proto ${protocol} accept`,
  ];
}

function rulesetsOf({ nft, iptables }: BoxFacts, family: Family): Ruleset[] {
  return [
    ...readNft(nft, family),
    ...readIptables(iptables?.[family] ?? "", family),
  ];
}

/** Adverts that are sent, and adverts of others on the same network or of the peers. */
function packetsOf(plan: InstancePlan, { name, addresses }: InterfaceFacts): FirewallPacket[] {
  const { family, unicast, ahKey } = plan;
  const own =
    addresses.find(({ address }) =>
      address.family === family && (family === "ipv4" || isLinkLocal(address) || unicast)
    ) ?? anywhere(family);
  const kind = { interfaceName: name, family, protocol: ahKey === undefined ? vrrp : ah };
  const here = hostOf(plan.sourceAddress ?? own.address);
  if (unicast === undefined) {
    const multicast = { ...kind, destination: hostOf(plan.multicastGroup), multicast: true };
    return [
      { ...multicast, direction: "out", source: here },
      { ...multicast, direction: "in", source: own },
    ];
  }
  return unicast.peers.flatMap(({ address }): FirewallPacket[] => {
    const there = hostOf(address);
    return [
      { ...kind, multicast: false, direction: "out", source: here, destination: there },
      { ...kind, multicast: false, direction: "in", source: there, destination: here },
    ];
  });
}

function hostOf(address: IpPrefix["address"]): IpPrefix {
  return { address, prefixLength: address.bytes.length * 8 };
}
