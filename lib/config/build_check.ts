/**
 * From the checkers of a real server to their plans. What a checker does not say it takes from its
 * server, and that from its virtual server.
 */
import { type Duration, seconds } from "../base/mod.ts";
import type { RealServerPlan } from "../balance/mod.ts";
import type { CheckPlan, SubjectPlan } from "../check/mod.ts";
import { integerIn, lastIn, secondsIn, truthIn, wordsIn } from "./block_value.ts";
import type { Body } from "./body.ts";
import type { BuiltRealServer } from "./build_server_notify.ts";
import { connectionKeywords, connectionOf } from "./build_connection.ts";
import { buildSubject, checkerKinds, type SubjectPlace } from "./build_subject.ts";
import type { Statement } from "./parse.ts";

/** Where a checker stands. */
export interface CheckPlace extends SubjectPlace {
  readonly virtualServer: { readonly name: string; readonly block: Statement };
  readonly realServer: { readonly plan: RealServerPlan; readonly block: Statement };
  /** `checker_log_all_failures`: what holds when a checker does not say it. */
  readonly tellsAll: boolean;
  /** `checker_alpha`: what holds when nobody says it. */
  readonly alpha: boolean;
}

/** How often a failed check is repeated when nobody says so; once for those that are not here. */
const retries: Readonly<Partial<Record<SubjectPlan["kind"], number>>> = { misc: 0, dns: 3 };

/** A checker and the blocks that it takes from what it does not say, the innermost first. */
interface Chain {
  readonly own: readonly [Statement, ...Statement[]];
  readonly around: readonly [realServer: Statement, virtualServer: Statement];
  /** What holds outside of them. */
  readonly alpha: boolean;
}

/** A checker and the plan that was made of it. */
interface Built {
  readonly block: Statement;
  readonly check: CheckPlan;
}

/** The plans of all checkers of the servers of a virtual server. */
export function checksOf(
  servers: readonly BuiltRealServer[],
  around: Omit<CheckPlace, "realServer">,
): CheckPlan[] {
  const checks: CheckPlan[] = [];
  /** Those of the last server that was looked into, while others with the same body follow. */
  let models: readonly Built[] = [];
  let body: Body | undefined;
  for (const realServer of servers) {
    const { plan, block } = realServer;
    if (body === undefined || block.body !== body) {
      models = buildChecks({ ...around, realServer });
      for (const { check } of models) checks.push(check);
      body = onlyConnectionsDiffer(block) ? block.body : undefined;
    } else models.forEach((model, at) => checks.push(checkLike(model, at, plan, around)));
  }
  return checks;
}

/** What a server is checked by that says the same as another. */
function checkLike(
  { block, check }: Built,
  at: number,
  plan: RealServerPlan,
  { virtualServer, port }: Omit<CheckPlace, "realServer">,
): CheckPlan {
  const connection = connectionOf(block, { plan, port });
  const subject = { ...check.subject, connection };
  return {
    ...check,
    name: `${virtualServer.name} ${plan.name} ${at + 1}`,
    realServer: plan.name,
    subject,
  };
}

/** Checkers of which nothing but the connection depends on the server. */
const connecting: ReadonlySet<SubjectPlan["kind"] | undefined> = new Set([
  "tcp",
  "ping",
  "smtp",
  "agent",
  "udp",
]);

function onlyConnectionsDiffer(server: Statement): boolean {
  return checkersOf(server).every(([{ name }]) => connecting.has(checkerKinds[name]));
}

/** The plans of all checkers of a server. */
function buildChecks(place: CheckPlace): Built[] {
  const { realServer, virtualServer, tellsAll, alpha } = place;
  const around = [realServer.block, virtualServer.block] as const;
  const checks: Built[] = [];
  for (const own of checkersOf(realServer.block)) {
    const [block] = own;
    const subject = buildSubject(block, place);
    if (subject === undefined) continue;
    const check = {
      name: `${virtualServer.name} ${realServer.plan.name} ${checks.length + 1}`,
      virtualServer: virtualServer.name,
      realServer: realServer.plan.name,
      subject: withHelo(subject, own),
      ...knownScheduleOf({ own, around, alpha }, subject),
      ...(tellsAll ? { tellsAll: saysAll(own) ?? true } : {}),
    };
    checks.push({ block, check });
  }
  return checks;
}

function saysAll(own: Chain["own"]): boolean | undefined {
  return foundIn(own, (level) => truthIn(level, "log_all_failures"));
}

/** Checkers that nothing is said about here: it does not matter in which of the servers. */
const silent: ReadonlySet<SubjectPlan["kind"] | undefined> = new Set([
  "tcp",
  "ping",
  "http",
  "smtp",
  "agent",
  "udp",
]);

/** The checkers of the first server of those that say the same. */
const known = new WeakMap<Body, readonly Chain["own"][]>();

/** The checkers of a server. */
function checkersOf(server: Statement): readonly Chain["own"][] {
  const { body } = server;
  const found = body && known.get(body);
  if (found !== undefined) return found;
  const checkers = checkersIn(server);
  const areSilent = checkers.every(([{ name }]) => silent.has(checkerKinds[name]));
  if (body !== undefined && areSilent) known.set(body, checkers);
  return checkers;
}

/** The checkers in a block; a `host` of `SMTP_CHECK` is one by itself. */
function checkersIn({ children = [] }: Statement): Chain["own"][] {
  const checkers: Chain["own"][] = [];
  for (const block of children) {
    if (!(block.name in checkerKinds)) continue;
    const hosts = wordsIn(block, "host") === undefined
      ? []
      : (block.children ?? []).filter(({ name }) => name === "host");
    const hasTarget = hosts.length > 0 && lastIn(block, ...connectionKeywords) !== undefined;
    if (hosts.length === 0 || hasTarget) checkers.push([block]);
    for (const host of hosts) checkers.push([host, block]);
  }
  return checkers;
}

/** The name in HELO stands outside of `host`. */
function withHelo(subject: SubjectPlan, own: Chain["own"]): SubjectPlan {
  if (subject.kind !== "smtp") return subject;
  const helo = foundIn(own, (level) => lastIn(level, "helo_name")?.words[0]);
  return helo === undefined ? subject : { ...subject, helo };
}

function foundIn<T>(
  levels: readonly Statement[],
  look: (level: Statement) => T | undefined,
): T | undefined {
  for (const level of levels) {
    const found = look(level);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Schedule = Omit<CheckPlan, "name" | "virtualServer" | "realServer" | "subject">;

/** The schedule of the last checker with a body, and what stood around that. */
const schedules = new WeakMap<Body, Omit<Chain, "own"> & { readonly schedule: Schedule }>();

/** Servers by the thousand are checked alike: what stands in the same blocks has one schedule. */
function knownScheduleOf(chain: Chain, subject: SubjectPlan): Schedule {
  const { own: [{ body }, outer], around, alpha } = chain;
  if (body === undefined || outer !== undefined) return scheduleOf(chain, subject);
  const known = schedules.get(body);
  const isSame = known?.around[0].body === around[0].body && known?.around[1] === around[1] &&
    known.alpha === alpha;
  if (known !== undefined && isSame) return known.schedule;
  const schedule = scheduleOf(chain, subject);
  schedules.set(body, { around, alpha, schedule });
  return schedule;
}

function scheduleOf({ own, around, alpha }: Chain, { kind }: SubjectPlan): Schedule {
  // What an agent says holds at once.
  const doubts = kind !== "agent";
  const levels = [...own, ...around];
  const time = (keyword: string): Duration | undefined =>
    foundIn(levels, (level) => secondsIn(level, keyword));
  const count = (level: Statement, least: number): number | undefined =>
    integerIn(level, "retry", least, 4_294_967_295) ??
      integerIn(level, "nb_get_retry", least, 4_294_967_295);
  const delayLoop = time("delay_loop") ?? seconds(60);
  const pause = kind === "dns" ? delayLoop : seconds(kind === "http" ? 3 : 1);
  const rise = doubts
    ? foundIn(levels, (level) => integerIn(level, "rise", 1, 4_294_967_295))
    : undefined;
  const fastInterval = doubts ? time("fastinter") : undefined;
  const commandLimit = integerIn(own[0], "misc_timeout", 1, 4294);
  const ofService = secondsIn(around[1], "delay_loop") ?? seconds(60);
  return {
    limit: kind !== "misc"
      ? time("connect_timeout") ?? seconds(5)
      : commandLimit === undefined
      ? ofService
      : seconds(commandLimit),
    // keepalived: only a checker itself can ask for no repetition.
    retry: !doubts ? 0 : foundIn(own, (level) => count(level, 0)) ??
      foundIn(around, (level) => count(level, 1)) ??
      retries[kind] ?? 1,
    delayBeforeRetry: time("delay_before_retry") ?? pause,
    ...(rise === undefined || rise === 1 ? {} : { rise }),
    ...(fastInterval === undefined ? {} : { fastInterval }),
    warmup: time("warmup") ?? delayLoop,
    delayLoop,
    alpha: foundIn(levels, (level) => truthIn(level, "alpha")) ?? alpha,
    tellsAll: saysAll(own) ?? false,
  };
}
