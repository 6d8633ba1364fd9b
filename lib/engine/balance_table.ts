/**
 * The kernel's table of IPVS: what virtual servers want of it, and what it has. Services that are
 * not configured are those of others and left alone; what is there already is taken over.
 */
import {
  changesOf,
  destinationName,
  hasQuorum,
  liveWeight,
  overriddenWeight,
  serviceKey,
  type ServiceTable,
  type ServiceTables,
  type VirtualServerPlan,
  wantedTables,
} from "../balance/mod.ts";
import { type Standing, standingOf, weightOf } from "../check/mod.ts";
import type { IpvsDestination } from "../netlink/mod.ts";
import { placedPlan } from "./balance_marks.ts";
import { nftTables } from "./balance_nft.ts";
import { flushAtStart, settleTimeouts } from "./balance_settings.ts";
import type { BalanceSlot, IpvsRefused } from "./balance_world.ts";
import type { EngineEvent } from "./event.ts";
import { tell } from "./slot.ts";
import { risen } from "./slow_start.ts";
import { quorumJudged } from "./tracking.ts";
import type { World } from "./world.ts";

/** Whether all checks of a server say so. */
export function isUp({ checkers }: Pick<BalanceSlot, "checkers">, server: string): boolean {
  return (checkers.get(server) ?? []).every(({ checker }) => checker.up);
}

/** Whether a server may have connections: it is up, and nobody disabled it. */
function takesPart(slot: BalanceSlot, server: string): boolean {
  if (slot.overrides.get(server)?.state === "disabled") return false;
  return isUp(slot, server) && agentSays(slot, server) !== "disabled";
}

function agentSays({ checkers }: Pick<BalanceSlot, "checkers">, server: string): Standing {
  return standingOf((checkers.get(server) ?? []).map(({ checker }) => checker));
}

/** The plan with the weights that checks and people say. */
export function weighted(slot: BalanceSlot): VirtualServerPlan {
  const { plan, checkers, overrides } = slot;
  let changed = false;
  const servers = plan.servers.map((server) => {
    const slots = checkers.get(server.name) ?? [];
    const checked = weightOf(server.weight, slots.map(({ checker }) => checker));
    const override = overrides.get(server.name);
    const isDrained = agentSays(slot, server.name) === "drained";
    const weight = isDrained ? 0 : overriddenWeight(checked, override);
    if (weight === server.weight) return server;
    changed = true;
    return { ...server, weight };
  });
  return changed ? { ...plan, servers } : plan;
}

/** The kernel's services, of which only those that are configured are ours. */
export function ipvsRead(
  world: World,
  { tables, timeouts }: Extract<EngineEvent, { kind: "ipvs-table" }>,
): void {
  const { balance } = world;
  if (world.stopping) return;
  balance.table = "known";
  balance.settings.usualTimeouts ??= timeouts;
  settleTimeouts(world);
  const found = new Map((flushAtStart(world) ? [] : tables).map(({ service, destinations }) => [
    serviceKey(service.id),
    tableOf(service, destinations),
  ]));
  for (const slot of balance.slots.values()) {
    const keys = placedPlan(world, slot.plan).services.map(({ id }) => serviceKey(id));
    slot.present = new Map(keys.flatMap((key) => {
      const table = found.get(key);
      return table === undefined ? [] : [[key, table]];
    }));
    settleServer(world, slot);
  }
}

/** The kernel has no IPVS, or did not take a step. */
export function ipvsRefused(world: World, { change, refusal }: IpvsRefused): void {
  const { balance } = world;
  if (change === undefined) {
    const told = typeof balance.table === "object";
    balance.table = refusal;
    if (!told) tell(world, { kind: "ipvs-missing", refusal });
    for (const slot of balance.slots.values()) settleServer(world, slot);
    return;
  }
  const id = typeof change.service === "object" && "id" in change.service
    ? change.service.id
    : change.service;
  const service = serviceKey(id);
  const slot = [...balance.slots.values()].find(({ plan, present }) =>
    present.has(service) ||
    placedPlan(world, plan).services.some((one) => serviceKey(one.id) === service)
  );
  const virtualServer = slot?.plan.name ?? "";
  const server = "destination" in change ? destinationName(change.destination) : undefined;
  if (slot !== undefined) {
    slot.refusal = refusal;
    forget(slot, service, change.kind === "newService" ? undefined : server);
  }
  const key = `${change.kind} ${virtualServer} ${server ?? ""} ${refusal.errno}`;
  if (world.toldRefusals.has(key)) return;
  world.toldRefusals.add(key);
  const what = server === undefined ? {} : { server };
  tell(world, { kind: "ipvs-refused", operation: change.kind, virtualServer, ...what, refusal });
}

/** Looks at the quorum, and brings the kernel's table in line. */
export function settleServer(world: World, slot: BalanceSlot): void {
  const plan = weighted(slot);
  if (world.balance.table === "unknown" || world.balance.table === "asked") return;
  if (!slot.begun) tellFirst(world, slot);
  const weight = liveWeight(plan, (server) => takesPart(slot, server));
  const quorum = hasQuorum(plan, weight, slot.quorum);
  if (quorum !== slot.quorum) {
    slot.quorum = quorum;
    const { name: virtualServer, quorum: wanted } = plan;
    tell(world, { kind: "quorum-changed", virtualServer, up: quorum, weight, quorum: wanted });
  }
  quorumJudged(world, plan.name, quorum, world.steppedAt);
  if (world.balance.table !== "known") return;
  performTables(
    world,
    slot,
    wantedTables(placedPlan(world, risen(plan, slot)), (server) => takesPart(slot, server), quorum),
  );
}

/** keepalived: servers that count as up from the start are only told where that is asked. */
function tellFirst(world: World, slot: BalanceSlot): void {
  const { name: virtualServer, servers, tellsFirst } = slot.plan;
  slot.begun = true;
  if (tellsFirst !== true) return;
  for (const { name: server } of servers) {
    if (!isUp(slot, server)) continue;
    const detail = "from the start";
    tell(world, { kind: "server-changed", virtualServer, server, up: true, detail });
  }
}

/** `omega`: what ends with the daemon is told as if it had failed. */
export function tellEnd(world: World, slot: BalanceSlot): void {
  const { name: virtualServer, servers, quorum, sorryServer, omega } = slot.plan;
  if (omega !== true) return;
  const detail = "the daemon ends";
  // keepalived: servers that the sorry server stands in for are not told.
  const inUse = slot.quorum || sorryServer === undefined ? servers : [];
  for (const { name: server } of inUse) {
    if (!isUp(slot, server)) continue;
    tell(world, { kind: "server-changed", virtualServer, server, up: false, detail });
  }
  tell(world, { kind: "quorum-changed", virtualServer, up: false, weight: 0, quorum, detail });
}

/** Removes the services of a virtual server, with all that is in them or one by one. */
export function removeServices(world: World, slot: BalanceSlot, whole: boolean): void {
  if (!whole || world.balance.backend === "nftables") return performTables(world, slot, new Map());
  for (const { service } of slot.present.values()) {
    world.effects.push({ kind: "ipvs", change: { kind: "deleteService", service } });
  }
  slot.present = new Map();
}

/** Takes the steps from what the kernel has to what it should have. */
export function performTables(world: World, slot: BalanceSlot, wanted: ServiceTables): void {
  if (world.balance.backend === "nftables") {
    return nftTables(world, slot, wanted, (server) => isUp(slot, server));
  }
  for (const change of changesOf(slot.present, wanted)) {
    world.effects.push({ kind: "ipvs", change });
  }
  slot.refusal = undefined;
  slot.present = wanted;
}

/** What was refused is not there, and is tried again when something changes. */
function forget(slot: BalanceSlot, service: string, server: string | undefined): void {
  const { [service]: table, ...rest } = Object.fromEntries(slot.present);
  if (table === undefined) return;
  const left = [...table.destinations].filter(([name]) => name !== server);
  const kept = { service: table.service, destinations: new Map(left) };
  slot.present = new Map(
    Object.entries(server === undefined ? rest : { ...rest, [service]: kept }),
  );
}

function tableOf(
  service: ServiceTable["service"],
  destinations: readonly IpvsDestination[],
): ServiceTable {
  return { service, destinations: new Map(destinations.map((one) => [destinationName(one), one])) };
}
