/**
 * From the checkers of a real server to their plans. What a checker does not say it takes from its
 * server, and that from its virtual server.
 */
import { type Duration, seconds } from "../base/mod.ts";
import type { RealServerPlan } from "../balance/mod.ts";
import type { CheckPlan, SubjectPlan } from "../check/mod.ts";
import { integerIn, lastIn, secondsIn, truthIn } from "./block_value.ts";
import { connectionKeywords } from "./build_connection.ts";
import { buildSubject, checkerKinds, type SubjectPlace } from "./build_subject.ts";
import type { Statement } from "./parse.ts";

/** Where a checker stands. */
export interface CheckPlace extends SubjectPlace {
  readonly virtualServer: { readonly name: string; readonly block: Statement };
  readonly realServer: { readonly plan: RealServerPlan; readonly block: Statement };
}

/** How often a failed check is repeated when nobody says so; once for those that are not here. */
const retries: Readonly<Partial<Record<SubjectPlan["kind"], number>>> = { misc: 0, dns: 3 };

/** A checker and the blocks that it takes from what it does not say, the innermost first. */
interface Chain {
  readonly own: readonly [Statement, ...Statement[]];
  readonly around: readonly [realServer: Statement, virtualServer: Statement];
}

/** The plans of all checkers of a server. */
export function buildChecks(place: CheckPlace): CheckPlan[] {
  const { realServer, virtualServer } = place;
  const around = [realServer.block, virtualServer.block] as const;
  return checkersIn(realServer.block).flatMap((own): [Chain, SubjectPlan][] => {
    const subject = buildSubject(own[0], place);
    return subject === undefined ? [] : [[{ own, around }, withHelo(subject, own)]];
  }).map(([chain, subject], index) => ({
    name: `${virtualServer.name} ${realServer.plan.name} ${index + 1}`,
    virtualServer: virtualServer.name,
    realServer: realServer.plan.name,
    subject,
    ...scheduleOf(chain, subject),
    tellsAll: foundIn(chain.own, (level) => truthIn(level, "log_all_failures")) ?? false,
  }));
}

/** The checkers of a server; a `host` of `SMTP_CHECK` is one by itself. */
function checkersIn({ children = [] }: Statement): Chain["own"][] {
  return children.filter(({ keyword }) => keyword.text in checkerKinds).flatMap((block) => {
    const hosts = (block.children ?? []).filter(({ keyword }) => keyword.text === "host");
    const hasTarget = connectionKeywords.some((word) => lastIn(block, word) !== undefined);
    const inner = hosts.map((host): Chain["own"] => [host, block]);
    return hosts.length === 0 || hasTarget ? [[block] as const, ...inner] : inner;
  });
}

/** The name in HELO stands outside of `host`. */
function withHelo(subject: SubjectPlan, own: Chain["own"]): SubjectPlan {
  if (subject.kind !== "smtp") return subject;
  const helo = foundIn(own, (level) => lastIn(level, "helo_name")?.args[0]?.text);
  return helo === undefined ? subject : { ...subject, helo };
}

function foundIn<T>(
  levels: readonly Statement[],
  look: (level: Statement) => T | undefined,
): T | undefined {
  return levels.map(look).find((found) => found !== undefined);
}

type Schedule = Omit<
  CheckPlan,
  "name" | "virtualServer" | "realServer" | "subject" | "tellsAll"
>;

function scheduleOf({ own, around }: Chain, { kind }: SubjectPlan): Schedule {
  const levels = [...own, ...around];
  const time = (keyword: string): Duration | undefined =>
    foundIn(levels, (level) => secondsIn(level, keyword));
  const count = (level: Statement, least: number): number | undefined =>
    integerIn(level, "retry", least, 4_294_967_295) ??
      integerIn(level, "nb_get_retry", least, 4_294_967_295);
  const delayLoop = time("delay_loop") ?? seconds(60);
  const pause = kind === "dns" ? delayLoop : seconds(kind === "http" ? 3 : 1);
  const commandLimit = integerIn(own[0], "misc_timeout", 1, 4294);
  const ofService = secondsIn(around[1], "delay_loop") ?? seconds(60);
  return {
    limit: kind !== "misc"
      ? time("connect_timeout") ?? seconds(5)
      : commandLimit === undefined
      ? ofService
      : seconds(commandLimit),
    // keepalived: only a checker itself can ask for no repetition.
    retry: foundIn(own, (level) => count(level, 0)) ??
      foundIn(around, (level) => count(level, 1)) ??
      retries[kind] ?? 1,
    delayBeforeRetry: time("delay_before_retry") ?? pause,
    warmup: time("warmup") ?? delayLoop,
    delayLoop,
    alpha: foundIn(levels, (level) => truthIn(level, "alpha")) ?? false,
  };
}
