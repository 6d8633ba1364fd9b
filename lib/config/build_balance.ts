/**
 * From the blocks `virtual_server` to plans of services, servers and checks. The tables and
 * `check_server.ts` have told what is wrong; here the values are taken that keepalived takes then.
 */
import { type Family, parseIp } from "../base/mod.ts";
import {
  destinationName,
  forwarding,
  type ForwardingPlan,
  type IpvsServiceId,
  type RealServerPlan,
  type SorryServerPlan,
  tunnelFlag,
  tunnelType,
  type VirtualServerPlan,
} from "../balance/mod.ts";
import type { CheckPlan } from "../check/mod.ts";
import { integerIn, lastIn, portAfter, truthIn } from "./block_value.ts";
import { buildChecks } from "./build_check.ts";
import { serviceOf } from "./build_service.ts";
import { describe, type Statement } from "./parse.ts";
import type { Report } from "./report.ts";

const protocols: Readonly<Record<string, number>> = { TCP: 6, UDP: 17, SCTP: 132 };

/** Virtual servers and the checks of all their servers. */
export interface Balance {
  readonly virtualServers: readonly VirtualServerPlan[];
  readonly checks: readonly CheckPlan[];
}

/** The plans of all virtual servers that can run; of two for the same service the first counts. */
export function buildBalance(blocks: readonly Statement[], report: Report): Balance {
  const virtualServers = new Map<string, VirtualServerPlan>();
  const checks: CheckPlan[] = [];
  for (const block of blocks) {
    const [first] = block.args;
    if (first?.text === "group") {
      const message = `"group" is not built yet: ${describe(block)} has no effect`;
      report.warning("not-yet", first.place, message);
    }
    const id = idOf(block);
    if (id === undefined) continue;
    const name = nameOf(id);
    if (virtualServers.has(name)) {
      const message = `Cannot use ${describe(block)} a second time: the service is taken`;
      report.error("duplicate-name", block.place, message);
      continue;
    }
    const servers = serversOf(block, id);
    if (servers.length === 0) continue;
    const plans = servers.map(([plan]) => plan);
    const sorryServer = sorryOf(block, id);
    virtualServers.set(name, {
      name,
      service: serviceOf(block, id),
      ...quorumOf(block, plans),
      ...(sorryServer === undefined ? {} : { sorryServer }),
      servers: plans,
    });
    const virtualServer = { name, block };
    const port = id.kind === "mark" ? 0 : id.port;
    for (const [plan, inside] of servers) {
      checks.push(...buildChecks({ virtualServer, realServer: { plan, block: inside }, port }));
    }
  }
  return { virtualServers: [...virtualServers.values()], checks };
}

/** What the service is; groups of services are not built yet. */
function idOf(block: Statement): IpvsServiceId | undefined {
  const [first, second] = block.args;
  if (first?.text === "fwmark") {
    const mark = Number(second?.text);
    if (!Number.isInteger(mark) || mark <= 0) return undefined;
    return { kind: "mark", mark, family: familyOf(block) };
  }
  const address = parseIp(first?.text ?? "");
  if (address === undefined) return undefined;
  const word = lastIn(block, "protocol")?.args[0]?.text.toUpperCase() ?? "UDP";
  const protocol = protocols[word] ?? 17;
  return { kind: "address", protocol, address, port: portAfter(block) };
}

/** The family of a mark is written, or is that of its servers, unless these are in tunnels. */
function familyOf(block: Statement): Family {
  const written = lastIn(block, "ip_family")?.args[0]?.text;
  if (written !== undefined) return written === "inet6" ? "ipv6" : "ipv4";
  const server = lastIn(block, "real_server");
  return parseIp(server?.args[0]?.text ?? "")?.family ?? "ipv4";
}

function nameOf(id: IpvsServiceId): string {
  if (id.kind === "mark") return `fwmark ${id.mark}${id.family === "ipv6" ? " inet6" : ""}`;
  const protocol = Object.keys(protocols).find((word) => protocols[word] === id.protocol);
  return `${destinationName(id)} ${protocol}`;
}

function serversOf(block: Statement, id: IpvsServiceId): [RealServerPlan, Statement][] {
  const usual = forwardingOf(lastIn(block, "lvs_method", "lb_kind"));
  const usualWeight = integerIn(block, "weight", 1, 2_147_483_647) ?? 1;
  const inhibit = lastIn(block, "inhibit_on_failure") !== undefined;
  const known = new Set<string>();
  return (block.children ?? []).flatMap((inside): [RealServerPlan, Statement][] => {
    const address = parseIp(inside.args[0]?.text ?? "");
    if (inside.keyword.text !== "real_server" || address === undefined) return [];
    const own = lastIn(inside, "lvs_method");
    const forwardingPlan = own === undefined ? usual : forwardingOf(own);
    const port = portOf(id, portAfter(inside), forwardingPlan);
    const name = destinationName({ address, port });
    if (known.has(name)) return [];
    known.add(name);
    return [[{
      name,
      address,
      port,
      weight: integerIn(inside, "weight", 0, 2_147_483_647) ?? usualWeight,
      forwarding: forwardingPlan,
      inhibitOnFailure: truthIn(inside, "inhibit_on_failure") ?? inhibit,
      upperThreshold: integerIn(inside, "uthreshold", 0, 4_294_967_295) ?? 0,
      lowerThreshold: integerIn(inside, "lthreshold", 0, 4_294_967_295) ?? 0,
    }, inside]];
  });
}

/** Only NAT can change a port; a mark has none. */
function portOf(id: IpvsServiceId, written: number, { method }: ForwardingPlan): number {
  const isNat = method === forwarding.masquerade;
  if (id.kind === "mark") return isNat ? written : 0;
  return isNat && written !== 0 ? written : id.port;
}

function sorryOf(block: Statement, id: IpvsServiceId): SorryServerPlan | undefined {
  const statement = lastIn(block, "sorry_server");
  const address = parseIp(statement?.args[0]?.text ?? "");
  if (statement === undefined || address === undefined) return undefined;
  const plan = forwardingOf(
    lastIn(block, "sorry_server_lvs_method") ??
      lastIn(block, "lvs_method", "lb_kind"),
  );
  const port = portOf(id, portAfter(statement), plan);
  const inhibit = lastIn(block, "sorry_server_inhibit") !== undefined;
  return { address, port, forwarding: plan, inhibit };
}

/** keepalived: a quorum that can not be reached is what the weights sum to. */
function quorumOf(
  block: Statement,
  servers: readonly RealServerPlan[],
): Pick<VirtualServerPlan, "quorum" | "hysteresis"> {
  const total = servers.reduce((sum, { weight }) => sum + weight, 0);
  const written = integerIn(block, "quorum", 1, 4_294_967_295) ?? 1;
  const quorum = Math.max(1, Math.min(written, total));
  const hysteresis = integerIn(block, "hysteresis", 0, 4_294_967_295) ?? 0;
  return { quorum, hysteresis: Math.min(hysteresis, quorum - 1) };
}

/** The words after `lvs_method`. */
function forwardingOf(statement: Statement | undefined): ForwardingPlan {
  const words = statement?.args.map(({ text }) => text) ?? [];
  if (words[0] === "DR") return { method: forwarding.direct };
  if (words[0] !== "TUN") return { method: forwarding.masquerade };
  const word = words[words.indexOf("type") + 1];
  const type = words.includes("type") && (word === "gue" || word === "gre") ? word : "ipip";
  const port = words.includes("port") ? Number(words[words.indexOf("port") + 1]) : 0;
  const flags = (words.includes("remcsum") ? tunnelFlag.remoteChecksum : 0) |
    (words.includes("csum") ? tunnelFlag.checksum : 0);
  return { method: forwarding.tunnel, tunnel: { type: tunnelType[type], port, flags } };
}
