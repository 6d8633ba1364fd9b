/**
 * Checks in the engine: when one is due it becomes a probe or a command, and what comes of it
 * changes who is up, and with which weight. Those that follow a file or a BFD session are looked at
 * when it is judged. A reload keeps the checks that stayed as they were, and the results of others.
 */
import { type CommandEnd, equalIp, type Instant, type IpAddress, never } from "../base/mod.ts";
import {
  beginCheck,
  type Checker,
  type CheckPlan,
  connected,
  endCheck,
  follow,
  isFollower,
  judgeAgent,
  judgeCommand,
  judgeNumber,
  judgeSession,
  judgeSilence,
  newChecker,
  type Outcome,
  probeOf,
  skipCheck,
  type Standing,
  standingOf,
  stopChecker,
  targetOf,
  unanswered,
  type Verdict,
  weightOf,
} from "../check/mod.ts";
import { trackerKey } from "../track/mod.ts";
import { isUp } from "./balance_table.ts";
import type { BalanceSlot, CheckSlot, CheckUser } from "./balance_world.ts";
import { abortCommand, commandDeadline, passCommand, startCommand } from "./check_command.ts";
import type { EngineEvent } from "./event.ts";
import { noteRise } from "./slow_start.ts";
import { tell } from "./slot.ts";
import type { Tracker } from "./tracked.ts";
import type { World } from "./world.ts";

/** The checks of a virtual server by the names of its servers. */
type ChecksOfServers = Map<string, CheckSlot[]>;

/** Brings the checks in line with their plans; answers them by virtual server and server. */
export function configureChecks(
  world: World,
  plans: readonly CheckPlan[],
  now: Instant,
): ReadonlyMap<string, ChecksOfServers> {
  const { balance } = world;
  const { checks: before, checksByName: namesBefore } = balance;
  const checks = new Map<string, CheckSlot>();
  const names = new Map<string, CheckSlot>();
  const sorted = new Map<string, ChecksOfServers>();
  for (const plan of plans) {
    const target = targetOf(plan);
    const slot = checks.get(target) ?? before.get(target) ??
      newSlot(world, plan, namesBefore.get(plan.name)?.checker, now);
    if (!checks.has(target)) {
      checks.set(target, slot);
      slot.users = [];
      schedule(world, slot);
    }
    names.set(plan.name, slot);
    const { virtualServer, realServer } = plan;
    const servers: ChecksOfServers = sorted.get(virtualServer) ?? new Map();
    sorted.set(virtualServer, servers);
    const slots = servers.get(realServer) ?? [];
    if (slots.includes(slot)) continue;
    slot.users = [...slot.users, { virtualServer, realServer }];
    servers.set(realServer, [...slots, slot]);
  }
  for (const [target, slot] of before) if (!checks.has(target)) endSlot(world, slot, now);
  balance.checks = checks;
  balance.checksByName = names;
  return sorted;
}

function newSlot(
  world: World,
  plan: CheckPlan,
  before: Checker | undefined,
  now: Instant,
): CheckSlot {
  const start = { now, part: world.balance.random.next(), atStart: world.reloads === 0 };
  const known = before === undefined ? {} : { before };
  const checker = newChecker(plan, { ...start, ...known });
  const slot: CheckSlot = { checker, users: [], run: 0, overdue: undefined };
  adoptVerdict(world, slot, now);
  return slot;
}

/** Begins the checks that are due, and ends those that took too long. */
export function passChecks(world: World, now: Instant): void {
  const { deadlines } = world.balance;
  for (let slot = deadlines.takeDue(now); slot !== undefined; slot = deadlines.takeDue(now)) {
    if (slot.overdue !== undefined) passCommand(world, slot, now);
    else if (slot.checker.running) expired(world, slot, now);
    else if (slot.users.every((user) => isSuspended(world, user))) skipCheck(slot.checker, now);
    else begin(world, slot, now);
    schedule(world, slot);
  }
}

/** The connection of a probe is there, or the probe has ended. */
export function probeTold(
  world: World,
  event: Extract<EngineEvent, { kind: "probe-connected" | "probe-ended" }>,
  now: Instant,
): void {
  const slot = world.balance.running.get(event.run);
  if (slot === undefined) return;
  if (event.kind === "probe-connected") connected(slot.checker, now);
  else concluded(world, slot, outcomeOfProbe(slot.checker, event), now);
  schedule(world, slot);
}

function outcomeOfProbe(
  checker: Checker,
  { failure, answer = "" }: Extract<EngineEvent, { kind: "probe-ended" }>,
): Outcome {
  if (checker.plan.subject.kind !== "agent") return failure === undefined ? {} : { failure };
  return failure === undefined ? judgeAgent(checker, answer) : unanswered(failure);
}

/** A command has ended; false when it was not one of a check. */
export function checkCommandEnded(
  world: World,
  run: number,
  end: CommandEnd,
  now: Instant,
): boolean {
  const { commands } = world.balance;
  const slot = commands.get(run);
  if (slot === undefined) return false;
  commands.delete(run);
  const { subject } = slot.checker.plan;
  if (slot.overdue?.run === run) slot.overdue = undefined;
  else if (slot.checker.running && subject.kind === "misc") {
    concluded(world, slot, judgeCommand(subject, end), now);
  }
  schedule(world, slot);
  return true;
}

/** A file or a BFD session was judged: the checks that follow it do what it says. */
export function followTracker(world: World, { kind, name }: Tracker, now: Instant): void {
  if (kind !== "file" && kind !== "bfd") return;
  for (const slot of world.balance.checks.values()) {
    const { subject } = slot.checker.plan;
    if (subject.kind !== kind || subject.tracker !== name) continue;
    const outcome = outcomeOf(world, slot);
    if (outcome === undefined) continue;
    noting(world, slot, outcome, () => follow(slot.checker, outcome, now));
  }
}

/** Ends all checks. */
export function dropChecks(world: World, now: Instant): void {
  const { balance } = world;
  for (const slot of balance.checks.values()) {
    endSlot(world, slot, now);
    balance.deadlines.set(slot, never);
  }
  balance.checks = new Map();
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

function begin(world: World, slot: CheckSlot, now: Instant): void {
  const { balance, effects } = world;
  const { plan: { subject }, walk } = slot.checker;
  beginCheck(slot.checker, now);
  if (subject.kind === "misc") return startCommand(world, slot, subject.command);
  const probe = probeOf(subject, walk);
  if (probe === undefined) return;
  slot.run = ++balance.runs;
  balance.running.set(slot.run, slot);
  const token = Math.floor(balance.random.next() * 65_536);
  effects.push({ kind: "probe", run: slot.run, token, probe });
}

function expired(world: World, slot: CheckSlot, now: Instant): void {
  const outcome = judgeSilence(slot.checker);
  abort(world, slot, now);
  concluded(world, slot, outcome, now);
}

/** Gives up what is under way; nothing comes of it. */
function abort(world: World, slot: CheckSlot, now: Instant): void {
  if (!slot.checker.running) return;
  if (slot.checker.plan.subject.kind === "misc") return abortCommand(world, slot, now);
  world.effects.push({ kind: "cancel-probe", run: slot.run });
  world.balance.running.delete(slot.run);
}

function endSlot(world: World, slot: CheckSlot, now: Instant): void {
  abort(world, slot, now);
  stopChecker(slot.checker);
  schedule(world, slot);
}

function schedule({ balance }: World, slot: CheckSlot): void {
  balance.deadlines.set(slot, commandDeadline(slot) ?? slot.checker.dueAt);
}

/** What is known already of what a check follows. */
function adoptVerdict(world: World, slot: CheckSlot, now: Instant): void {
  if (!isFollower(slot.checker.plan)) return;
  const outcome = outcomeOf(world, slot);
  // keepalived: a session that was never up does not take a server down.
  if (outcome === undefined || outcome.failure === "the session is down") return;
  follow(slot.checker, outcome, now);
}

function outcomeOf(world: World, { checker }: CheckSlot): Outcome | undefined {
  const { subject } = checker.plan;
  if (subject.kind !== "file" && subject.kind !== "bfd") return undefined;
  const key = trackerKey({ kind: subject.kind, name: subject.tracker });
  const verdict = world.tracked.trackers.get(key)?.machine.verdict;
  if (verdict === undefined) return undefined;
  if (subject.kind === "bfd") return judgeSession(verdict.kind === "good");
  return verdict.kind === "number" ? judgeNumber(subject, verdict.value) : undefined;
}

function concluded(world: World, slot: CheckSlot, outcome: Outcome, now: Instant): void {
  const { checker } = slot;
  world.balance.running.delete(slot.run);
  // Nearly all checks: a server that is up stays up.
  const steady = checker.hasRun && checker.up && Object.keys(outcome).length === 0;
  if (steady) return void endCheck(checker, outcome, now);
  noting(world, slot, outcome, () => endCheck(checker, outcome, now));
}

/** Does something to a check, and tells what it does to the servers that it is for. */
function noting(
  world: World,
  slot: CheckSlot,
  { failure, keeps }: Outcome,
  act: () => Verdict,
): void {
  const { checker, users } = slot;
  const { retry, tellsAll } = checker.plan;
  const before = users.map((user) => stateOf(world, user));
  // keepalived: a server that is down from the start is told when its first check says so, too.
  const isFirst = !checker.hasRun && failure !== undefined && keeps !== true;
  const isSilent = keeps === true && failure !== undefined && checker.failure !== failure;
  const verdict = act();
  for (const [index, user] of users.entries()) {
    const about = { virtualServer: user.virtualServer, server: user.realServer };
    if (verdict === "retrying" && failure !== undefined) {
      const left = retry - checker.retries + 1;
      tell(world, { kind: "check-failed", ...about, detail: failure, left, loud: tellsAll });
    }
    if (isSilent && failure !== undefined) {
      tell(world, { kind: "agent-silent", ...about, detail: failure });
    }
    const [old, next] = [before[index], stateOf(world, user)];
    if (old === undefined || next === undefined) continue;
    const { up, weight, standing } = next;
    const changed = up !== old.up || isFirst && verdict === "same";
    if (changed) {
      const detail = failure === undefined ? {} : { detail: failure };
      tell(world, { kind: "server-changed", ...about, up, ...detail });
      noteRise(world, next.slot, user.realServer, up);
    }
    if (weight !== old.weight) tell(world, { kind: "weight-changed", ...about, weight });
    if (standing !== old.standing) {
      const state = standing === "ready" ? "as configured" : standing;
      tell(world, { kind: "server-overridden", ...about, state, by: "its agent" });
    }
    if (!changed && weight === old.weight && standing === old.standing) continue;
    world.balance.unsettled.add(next.slot);
  }
}

/** A server as its checks have it; absent until its virtual server is there. */
function stateOf(
  { balance }: World,
  { virtualServer, realServer }: CheckUser,
): { slot: BalanceSlot; up: boolean; weight: number; standing: Standing } | undefined {
  const slot = balance.slots.get(virtualServer);
  if (slot === undefined) return undefined;
  const configured = slot.plan.servers.find(({ name }) => name === realServer)?.weight ?? 0;
  const checkers = (slot.checkers.get(realServer) ?? []).map(({ checker }) => checker);
  const weight = weightOf(configured, checkers);
  return { slot, up: isUp(slot, realServer), weight, standing: standingOf(checkers) };
}
