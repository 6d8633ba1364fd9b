/**
 * Whether the interface of an instance can carry its adverts and keep its addresses.
 */
import { equalIp, formatIp, isLinkLocal } from "../base/mod.ts";
import type { InstancePlan } from "../vrrp/mod.ts";
import type { BoxFacts, InterfaceFacts } from "./facts.ts";
import type { Finding } from "./finding.ts";

/** What is wrong about the interface of an instance. */
export function examineInterface(plan: InstancePlan, facts: BoxFacts): Finding[] {
  const { interfaceName: name } = plan;
  if (name === "") return [];
  const found = facts.interfaces.find((one) => one.name === name);
  const fault = faultOf(plan);
  if (found === undefined) {
    const names = facts.interfaces.map((one) => one.name).filter((one) => one !== "lo");
    return [fault("interface-missing", `There is no interface ${name}`, [
      `there are: ${names.join(", ") || "none"}`,
      `ip link show`,
    ])];
  }
  if (!found.up) {
    return [fault("interface-down", `${name} is switched off`, [`ip link set ${name} up`])];
  }
  if (!found.carrier) {
    const advice = [`ip link show ${name}; look at the cable, the switch, and what ${name} is on`];
    return [fault("no-carrier", `${name} has no carrier`, advice)];
  }
  return [
    ...multicastOf(plan, found),
    ...familyOf(plan, found, facts),
    ...containerOf(plan, found, facts),
    ...managerOf(plan, found),
  ];
}

type Fault = (code: string, message: string, advice: readonly string[]) => Finding;

function faultOf({ name: subject }: InstancePlan): Fault {
  return (code, message, advice) => ({ code, severity: "fault", subject, message, advice });
}

function multicastOf(plan: InstancePlan, { name, multicast }: InterfaceFacts): Finding[] {
  if (multicast || plan.unicast !== undefined) return [];
  return [
    faultOf(plan)("no-multicast", `${name} takes no multicast`, [
      `ip link set ${name} multicast on`,
      "or name the other nodes in unicast_peer { … }",
    ]),
  ];
}

/**
 * A container that shares the host's network has the host's interfaces, Docker's bridge among them.
 * Else it is at a bridge, which mostly is Docker's own. A veth alone says nothing: containers of
 * LXC have one as well, in a bridge with the rest of the network.
 */
function containerOf(
  plan: InstancePlan,
  { name, kind }: InterfaceFacts,
  facts: BoxFacts,
): Finding[] {
  if (facts.isContainer !== true || kind !== "veth") return [];
  if (facts.interfaces.some((one) => one.kind === "bridge")) return [];
  return [{
    code: "container-network",
    severity: "warning",
    subject: plan.name,
    message: `${name} is this container's end of a cable to a bridge: on a bridge of Docker's or ` +
      "Podman's own, only containers hear the adverts and reach the addresses",
    advice: ["network_mode: host in the compose file, or docker run --network host"],
  }];
}

/** Adverts need an address to be sent from: of IPv6 one of the link. */
function familyOf(plan: InstancePlan, found: InterfaceFacts, facts: BoxFacts): Finding[] {
  const { family, sourceAddress } = plan;
  const { name, addresses } = found;
  const fault = faultOf(plan);
  if (family === "ipv6" && facts.sysctls.get(`net/ipv6/conf/${name}/disable_ipv6`) === "1") {
    const advice = [`sysctl -w net.ipv6.conf.${name}.disable_ipv6=0`];
    return [fault("ipv6-disabled", `IPv6 is switched off on ${name}`, advice)];
  }
  if (sourceAddress !== undefined) {
    const everywhere = facts.interfaces.flatMap((one) => one.addresses);
    if (everywhere.some(({ address }) => equalIp(address, sourceAddress))) return [];
    const text = formatIp(sourceAddress);
    const keyword = plan.unicast === undefined ? "mcast_src_ip" : "unicast_src_ip";
    const message = `No interface has ${text}, which adverts are to be sent from`;
    return [fault("source-missing", message, [
      `ip address add ${text}/… dev ${name}, or another address in ${keyword}`,
    ])];
  }
  const usable = addresses.some(({ address }) =>
    address.family === family && (family === "ipv4" || isLinkLocal(address))
  );
  if (usable) return [];
  const kind = family === "ipv4" ? "no IPv4 address" : "no link-local IPv6 address";
  return [fault("no-address", `${name} has ${kind} to send adverts from`, [
    family === "ipv4"
      ? `ip address add …/… dev ${name}`
      : `sysctl -w net.ipv6.conf.${name}.addr_gen_mode=0; ip link set ${name} down; ` +
        `ip link set ${name} up`,
  ])];
}

function managerOf({ name: subject }: InstancePlan, { name, manager }: InterfaceFacts): Finding[] {
  if (manager === undefined || manager.keeps) return [];
  const { program, file } = manager;
  const takes = `${program} manages ${name} and takes away addresses that it did not set, when it`;
  const finding = { code: "managed-interface", severity: "warning", subject } as const;
  if (file === undefined) {
    return [{
      ...finding,
      message: `${takes} activates a connection anew`,
      advice: [
        "on_external_delete restore in global_defs puts them back",
        `or, when something else configures ${name} (at the reload ${program} takes it down),`,
        "in /etc/NetworkManager/conf.d/standin.conf:",
        "[keyfile]",
        `unmanaged-devices=interface-name:${name}`,
        "then: nmcli general reload",
      ],
    }];
  }
  // A drop-in outlives netplan and updates, which write the .network file anew.
  const [base = ""] = file.split("/").slice(-1);
  return [{
    ...finding,
    message: `${takes} is restarted or reloaded`,
    advice: [
      `in /etc/systemd/network/${base}.d/standin.conf:`,
      "[Network]",
      "KeepConfiguration=static",
      "then: networkctl reload",
    ],
  }];
}
