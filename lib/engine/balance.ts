/**
 * Virtual servers in the engine: checks become connections, their results change who is up, and the
 * kernel's table follows. A reload keeps the checks that stayed as they were and touches only what
 * is different; services of others are left alone.
 */
import { equalIp, formatDuration, type Instant, type IpAddress, never } from "../base/mod.ts";
import {
  beginCheck,
  type CheckerStart,
  type CheckPlan,
  endCheck,
  newChecker,
  skipCheck,
  stopChecker,
  targetOf,
} from "../check/mod.ts";
import type { Model } from "../config/mod.ts";
import {
  ipvsRead,
  ipvsRefused,
  isUp,
  performTables,
  settleServer,
  tellEnd,
} from "./balance_table.ts";
import type { CheckSlot, CheckUser } from "./balance_world.ts";
import type { EngineEvent } from "./event.ts";
import { tell } from "./slot.ts";
import type { World } from "./world.ts";

/** Brings virtual servers and checks in line with a model. */
export function configureBalance(world: World, model: Model, now: Instant): void {
  const { balance } = world;
  if (model.virtualServers.length === 0 && balance.slots.size === 0) return;
  const plans = new Map(model.virtualServers.map((plan) => [plan.name, plan]));
  for (const [name, slot] of [...balance.slots]) {
    if (plans.has(name)) continue;
    performTables(world, slot, new Map());
    balance.slots.delete(name);
  }
  const checks = configureChecks(world, model.checks, now);
  for (const plan of plans.values()) {
    const checkers = checks.get(plan.name) ?? new Map<string, CheckSlot[]>();
    const slot = balance.slots.get(plan.name);
    if (slot !== undefined) {
      slot.plan = plan;
      slot.checkers = checkers;
      continue;
    }
    const state = { quorum: false, begun: false, present: new Map(), refusal: undefined };
    balance.slots.set(plan.name, { plan, checkers, ...state });
  }
  if (balance.table === "known") {
    for (const slot of balance.slots.values()) settleServer(world, slot);
  } else if (balance.slots.size > 0 && balance.table !== "asked") {
    balance.table = "asked";
    world.effects.push({ kind: "read-ipvs" });
  }
}

/** What a host tells of IPVS and of checks. */
export function balanceTold(
  world: World,
  event: Extract<EngineEvent, { kind: "ipvs-table" | "ipvs-refused" | "connect-ended" }>,
  now: Instant,
): void {
  if (event.kind === "connect-ended") connectEnded(world, event, now);
  else if (event.kind === "ipvs-table") ipvsRead(world, event);
  else ipvsRefused(world, event);
}

/** A connection was made, or not. */
function connectEnded(
  world: World,
  { run, failure }: Extract<EngineEvent, { kind: "connect-ended" }>,
  now: Instant,
): void {
  const slot = world.balance.running.get(run);
  if (slot !== undefined) concluded(world, slot, failure, now);
}

/** Begins the checks that are due, and ends those that took too long. */
export function passBalance(world: World, now: Instant): void {
  const { balance } = world;
  const { deadlines } = balance;
  for (let slot = deadlines.takeDue(now); slot !== undefined; slot = deadlines.takeDue(now)) {
    const { checker } = slot;
    if (checker.running) {
      world.effects.push({ kind: "cancel-connect", run: slot.run });
      const limit = formatDuration(checker.plan.connectTimeout);
      concluded(world, slot, `no connection within ${limit}`, now);
      continue;
    }
    if (slot.users.every((user) => isSuspended(world, user))) {
      skipCheck(checker, now);
      deadlines.set(slot, checker.dueAt);
      continue;
    }
    slot.run = ++balance.runs;
    beginCheck(checker, now);
    balance.running.set(slot.run, slot);
    deadlines.set(slot, checker.dueAt);
    const { connection } = checker.plan;
    world.effects.push({ kind: "connect", run: slot.run, connection });
  }
}

/** `ha_suspend`: nobody needs to know whether a server is up while the address is elsewhere. */
function isSuspended(world: World, { virtualServer }: CheckUser): boolean {
  const plan = world.balance.slots.get(virtualServer)?.plan;
  if (plan?.haSuspend !== true) return false;
  const addresses = plan.services.flatMap(({ id }) => id.kind === "address" ? [id.address] : []);
  return addresses.length > 0 && !addresses.some((address) => isHere(world, address));
}

/** Whether this node has an address, by itself or as a master. */
function isHere({ kernel, slots }: World, address: IpAddress): boolean {
  if (kernel.has(address)) return true;
  for (const { held } of slots.values()) {
    if (held.some(({ plan }) => equalIp(plan.address, address))) return true;
  }
  return false;
}

/** Ends all checks and removes our own services. */
export function dropBalance(world: World): void {
  const { balance } = world;
  for (const slot of balance.checks.values()) endSlot(world, slot);
  balance.checks = new Map();
  for (const slot of balance.slots.values()) {
    tellEnd(world, slot);
    performTables(world, slot, new Map());
  }
}

function configureChecks(
  world: World,
  plans: readonly CheckPlan[],
  now: Instant,
): ReadonlyMap<string, Map<string, CheckSlot[]>> {
  const { balance } = world;
  const { checks: before, checksByName: namesBefore, random, deadlines } = balance;
  const checks = new Map<string, CheckSlot>();
  const names = new Map<string, CheckSlot>();
  const sorted = new Map<string, Map<string, CheckSlot[]>>();
  for (const plan of plans) {
    const target = targetOf(plan);
    const known = checks.get(target) ?? before.get(target);
    const slot = known ?? newSlot(plan, {
      now,
      part: random.next(),
      atStart: world.reloads === 0,
      before: namesBefore.get(plan.name)?.checker.up,
    });
    if (!checks.has(target)) {
      checks.set(target, slot);
      slot.users = [];
      deadlines.set(slot, slot.checker.dueAt);
    }
    names.set(plan.name, slot);
    const { virtualServer, realServer } = plan;
    const servers = sorted.get(virtualServer) ?? new Map<string, CheckSlot[]>();
    sorted.set(virtualServer, servers);
    const slots = servers.get(realServer) ?? [];
    if (slots.includes(slot)) continue;
    slot.users = [...slot.users, { virtualServer, realServer }];
    servers.set(realServer, [...slots, slot]);
  }
  for (const [target, slot] of before) if (!checks.has(target)) endSlot(world, slot);
  balance.checks = checks;
  balance.checksByName = names;
  return sorted;
}

function newSlot(
  plan: CheckPlan,
  { before, ...start }: Omit<CheckerStart, "before"> & { readonly before: boolean | undefined },
): CheckSlot {
  const known = before === undefined ? {} : { before };
  return { checker: newChecker(plan, { ...start, ...known }), users: [], run: 0 };
}

function endSlot(world: World, slot: CheckSlot): void {
  if (slot.checker.running) world.effects.push({ kind: "cancel-connect", run: slot.run });
  stopChecker(slot.checker);
  world.balance.running.delete(slot.run);
  world.balance.deadlines.set(slot, never);
}

function concluded(
  world: World,
  slot: CheckSlot,
  failure: string | undefined,
  now: Instant,
): void {
  const { balance } = world;
  const { checker, users } = slot;
  const { retry, tellsAll } = checker.plan;
  const before = users.map((user) => isUserUp(world, user));
  // keepalived: a server that is down from the start is told when its first check says so, too.
  const isFirst = !checker.hasRun && failure !== undefined;
  balance.running.delete(slot.run);
  const verdict = endCheck(checker, failure, now);
  balance.deadlines.set(slot, checker.dueAt);
  for (const [index, user] of users.entries()) {
    const { virtualServer, realServer } = user;
    const about = { virtualServer, server: realServer };
    if (verdict === "retrying" && failure !== undefined) {
      const left = retry - checker.retries + 1;
      tell(world, { kind: "check-failed", ...about, detail: failure, left, loud: tellsAll });
    }
    const server = balance.slots.get(virtualServer);
    const up = isUserUp(world, user);
    const same = up === before[index];
    if (server === undefined || same && !(isFirst && verdict === "same")) continue;
    const detail = failure === undefined ? {} : { detail: failure };
    tell(world, { kind: "server-changed", ...about, up, ...detail });
    settleServer(world, server);
  }
}

function isUserUp({ balance }: World, { virtualServer, realServer }: CheckUser): boolean {
  const server = balance.slots.get(virtualServer);
  return server !== undefined && isUp(server, realServer);
}
