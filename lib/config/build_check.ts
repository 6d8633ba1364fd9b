/**
 * From the checkers of a real server to their plans. What a checker does not say it takes from its
 * server, and that from its virtual server.
 */
import { type Duration, seconds } from "../base/mod.ts";
import type { RealServerPlan } from "../balance/mod.ts";
import type { CheckPlan, SubjectPlan } from "../check/mod.ts";
import { integerIn, secondsIn, truthIn } from "./block_value.ts";
import { buildSubject, checkerKinds, type SubjectPlace } from "./build_subject.ts";
import type { Statement } from "./parse.ts";

/** Where a checker stands. */
export interface CheckPlace extends SubjectPlace {
  readonly virtualServer: { readonly name: string; readonly block: Statement };
  readonly realServer: { readonly plan: RealServerPlan; readonly block: Statement };
}

/** How often and how soon a failed check is repeated when nobody says so: retries, seconds. */
const repetitions: Readonly<Partial<Record<SubjectPlan["kind"], readonly [number, number]>>> = {
  misc: [0, 1],
};

/** The plans of all checkers of a server that are built. */
export function buildChecks(place: CheckPlace): CheckPlan[] {
  const { realServer, virtualServer } = place;
  const blocks = (realServer.block.children ?? []).filter(({ keyword }) =>
    keyword.text in checkerKinds
  );
  return blocks.flatMap((block): [Statement, SubjectPlan][] => {
    const subject = buildSubject(block, place);
    return subject === undefined ? [] : [[block, subject]];
  }).map(([block, subject], index) => ({
    name: `${virtualServer.name} ${realServer.plan.name} ${index + 1}`,
    virtualServer: virtualServer.name,
    realServer: realServer.plan.name,
    subject,
    ...scheduleOf(block, subject, place),
    tellsAll: truthIn(block, "log_all_failures") ?? false,
  }));
}

type Schedule = Omit<
  CheckPlan,
  "name" | "virtualServer" | "realServer" | "subject" | "tellsAll"
>;

function scheduleOf(
  block: Statement,
  { kind }: SubjectPlan,
  { realServer, virtualServer }: CheckPlace,
): Schedule {
  const chain = [block, realServer.block, virtualServer.block];
  const time = (keyword: string): Duration | undefined =>
    chain.map((level) => secondsIn(level, keyword)).find((found) => found !== undefined);
  const delayLoop = time("delay_loop") ?? seconds(60);
  const [usualRetry, usualPause] = repetitions[kind] ?? [1, 1];
  const retry = chain.map((level) =>
    integerIn(level, "retry", level === block ? 0 : 1, 4_294_967_295)
  ).find((found) => found !== undefined);
  const commandLimit = integerIn(block, "misc_timeout", 1, 4294);
  const ofService = secondsIn(virtualServer.block, "delay_loop") ?? seconds(60);
  return {
    limit: kind !== "misc"
      ? time("connect_timeout") ?? seconds(5)
      : commandLimit === undefined
      ? ofService
      : seconds(commandLimit),
    retry: retry ?? usualRetry,
    delayBeforeRetry: time("delay_before_retry") ?? seconds(usualPause),
    warmup: time("warmup") ?? delayLoop,
    delayLoop,
    alpha: chain.map((level) => truthIn(level, "alpha")).find((found) => found !== undefined) ??
      false,
  };
}
