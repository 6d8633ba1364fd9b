/**
 * From the blocks `virtual_server` to plans of services, servers and checks. The tables and
 * `check_server.ts` have told what is wrong; here the values are taken that keepalived takes then.
 */
import { parseIp } from "../base/mod.ts";
import {
  destinationName,
  forwarding,
  type ForwardingPlan,
  type IpvsServiceId,
  type RealServerPlan,
  serviceKey,
  type SorryServerPlan,
  tunnelFlag,
  tunnelType,
  type VirtualServerPlan,
} from "../balance/mod.ts";
import type { CheckPlan } from "../check/mod.ts";
import { integerIn, lastIn, portAfter, says, secondsIn, truthIn } from "./block_value.ts";
import { checksOf } from "./build_check.ts";
import { distinctName, servedBy } from "./build_group.ts";
import { buildTls } from "./build_http.ts";
import { marksFor } from "./build_marks.ts";
import type { Body } from "./body.ts";
import type { BuiltRealServer, BuiltServer } from "./build_server_notify.ts";
import { serviceOf } from "./build_service.ts";
import { canRunOn } from "./check_balancer.ts";
import type { Commands } from "./command_plan.ts";
import { truthOf } from "./notify_lines.ts";
import type { Draft } from "./draft.ts";
import { describe, type Statement } from "./parse.ts";

/** Virtual servers, each with the blocks that it was built from, and the checks of all servers. */
export interface Balance {
  readonly built: readonly BuiltServer[];
  readonly checks: readonly CheckPlan[];
}

/** The plans of all virtual servers that can run; of two for the same service the first counts. */
export function buildBalance(
  draft: Draft,
  commands: Commands,
): Balance {
  const { virtualServers: blocks, serverGroups: groups, global, trackers, tlsBlocks } = draft;
  const { report } = commands;
  const built: BuiltServer[] = [];
  const tellsFirst = truthOf(global.notify ?? [], "rs_init_notifies") === true;
  const tellsAll = truthOf(global.notify ?? [], "checker_log_all_failures") === true;
  const checks: CheckPlan[] = [];
  const taken = new Set<string>();
  const names = new Set<string>();
  const tls = buildTls(tlsBlocks);
  const marks = marksFor(draft);
  for (const block of blocks) {
    const served = servedBy(block, groups, report);
    if (served === undefined) continue;
    const ids = served.ids.filter((id) => !taken.has(serviceKey(id)));
    if (ids.length < served.ids.length) {
      const message = `Cannot use ${describe(block)} a second time: the service is taken`;
      report.error("duplicate-name", block.place, message);
    }
    const [first] = ids;
    if (first === undefined) continue;
    const services = ids.map((id) => serviceOf(block, id, ids));
    const marked = marks.of(block, services);
    const servers = serversOf(block, ids, marked !== undefined);
    if (servers.length === 0) continue;
    for (const id of ids) taken.add(serviceKey(id));
    const name = distinctName({ ...served, ids }, names);
    names.add(name);
    const plans = servers.map(({ plan }) => plan);
    const sorryServer = sorryOf(block, ids);
    const plan = {
      name,
      services,
      ...(marked === undefined ? {} : { marked }),
      ...quorumOf(block, plans),
      ...(sorryServer === undefined ? {} : { sorryServer }),
      ...(lastIn(block, "omega") === undefined ? {} : { omega: true as const }),
      ...(lastIn(block, "ha_suspend") === undefined ? {} : { haSuspend: true as const }),
      ...(tellsFirst ? { tellsFirst: true as const } : {}),
      servers: plans,
    };
    if (!canRunOn(plan, block, global.balancer, report)) continue;
    built.push({ plan, block, servers });
    const virtualServer = { name, block };
    const port = first.kind === "mark" ? 0 : first.port;
    const alpha = global.checkerAlpha ?? false;
    const place = { virtualServer, port, commands, trackers, tls, tellsAll, alpha };
    for (const check of checksOf(servers, place)) checks.push(check);
  }
  return { built, checks };
}

function serversOf(
  block: Statement,
  ids: readonly IpvsServiceId[],
  isMarked: boolean,
): BuiltServer["servers"] {
  const usual = {
    weight: integerIn(block, "weight", 1, 2_147_483_647) ?? 1,
    forwarding: forwardingOf(lastIn(block, "lvs_method", "lb_kind")),
    inhibitOnFailure: says(block, "inhibit_on_failure"),
  };
  const known = new Set<string>();
  const servers: BuiltRealServer[] = [];
  let body: Body | undefined;
  let model: RealServerPlan | undefined;
  for (const inside of block.children ?? []) {
    if (inside.name !== "real_server") continue;
    const text = inside.words[0] ?? "";
    const address = parseIp(text);
    if (address === undefined) continue;
    const written = portAfter(inside);
    // Servers that follow each other tend to say the same.
    if (model === undefined || inside.body !== body) {
      model = { name: "", address, port: written, ...settingsOf(inside, block, usual) };
      body = inside.body;
    }
    const port = isMarked ? written : portOf(ids, written, model.forwarding);
    // Of IPv4 there is only one form, which is the one that was read.
    const name = address.family === "ipv4" ? `${text}:${port}` : destinationName({ address, port });
    if (known.has(name)) continue;
    known.add(name);
    servers.push({ plan: { ...model, name, address, port }, block: inside });
  }
  return servers;
}

/** What a server does not say it takes from its service. */
function settingsOf(
  server: Statement,
  block: Statement,
  usual: Pick<RealServerPlan, "weight" | "forwarding" | "inhibitOnFailure">,
): Omit<RealServerPlan, "name" | "address" | "port"> {
  const own = lastIn(server, "lvs_method");
  return {
    ...slowStartOf(server, block),
    weight: integerIn(server, "weight", 0, 2_147_483_647) ?? usual.weight,
    forwarding: own === undefined ? usual.forwarding : forwardingOf(own),
    inhibitOnFailure: truthIn(server, "inhibit_on_failure") ?? usual.inhibitOnFailure,
    upperThreshold: integerIn(server, "uthreshold", 0, 4_294_967_295) ?? 0,
    lowerThreshold: integerIn(server, "lthreshold", 0, 4_294_967_295) ?? 0,
  };
}

/**
 * Only NAT can change a port; a mark has none. The servers of a group are asked on the port that
 * is written, whatever the services do.
 */
function portOf(
  ids: readonly IpvsServiceId[],
  written: number,
  { method }: ForwardingPlan,
): number {
  const [id] = ids;
  if (id === undefined || ids.length > 1) return written;
  const isNat = method === forwarding.masquerade;
  if (id.kind === "mark") return isNat ? written : 0;
  return isNat && written !== 0 ? written : id.port;
}

function sorryOf(
  block: Statement,
  ids: readonly IpvsServiceId[],
): SorryServerPlan | undefined {
  const statement = lastIn(block, "sorry_server");
  const address = parseIp(statement?.words[0] ?? "");
  if (statement === undefined || address === undefined) return undefined;
  const plan = forwardingOf(
    lastIn(block, "sorry_server_lvs_method") ??
      lastIn(block, "lvs_method", "lb_kind"),
  );
  const written = portAfter(statement);
  // With port 0 the kernel keeps the one that the client asked for.
  const port = plan.method === forwarding.masquerade ? written : portOf(ids, written, plan);
  const inhibit = lastIn(block, "sorry_server_inhibit") !== undefined;
  return { address, port, forwarding: plan, inhibit };
}

function slowStartOf(
  server: Statement,
  block: Statement,
): Pick<RealServerPlan, "slowStart"> {
  const slowStart = secondsIn(server, "slow_start") ?? secondsIn(block, "slow_start");
  return slowStart === undefined || slowStart === 0 ? {} : { slowStart };
}

/** keepalived: a quorum that can not be reached is what the weights sum to. */
function quorumOf(
  block: Statement,
  servers: readonly RealServerPlan[],
): Pick<VirtualServerPlan, "quorum" | "hysteresis"> {
  const written = integerIn(block, "quorum", 1, 4_294_967_295) ?? 1;
  if (written === 1) return { quorum: 1, hysteresis: 0 };
  const total = servers.reduce((sum, { weight }) => sum + weight, 0);
  const quorum = Math.max(1, Math.min(written, total));
  const hysteresis = integerIn(block, "hysteresis", 0, 4_294_967_295) ?? 0;
  return { quorum, hysteresis: Math.min(hysteresis, quorum - 1) };
}

/** The words after `lvs_method`. */
function forwardingOf(statement: Statement | undefined): ForwardingPlan {
  const words = statement?.words ?? [];
  if (words[0] === "DR") return { method: forwarding.direct };
  if (words[0] !== "TUN") return { method: forwarding.masquerade };
  const word = words[words.indexOf("type") + 1];
  const type = words.includes("type") && (word === "gue" || word === "gre") ? word : "ipip";
  const port = words.includes("port") ? Number(words[words.indexOf("port") + 1]) : 0;
  const flags = (words.includes("remcsum") ? tunnelFlag.remoteChecksum : 0) |
    (words.includes("csum") ? tunnelFlag.checksum : 0);
  return { method: forwarding.tunnel, tunnel: { type: tunnelType[type], port, flags } };
}
