/**
 * One check as it runs (keepalived's rules): the first run comes one second after the start and a
 * random part of `warmup` later. While the server is up a failure is repeated `retry` times, each
 * after `delay_before_retry`; one success brings a server up, or as many as `rise` says. At the
 * start of the daemon the first failure is enough. Pauses count from the end of a check.
 */
import {
  after,
  between,
  type Duration,
  formatDuration,
  type Instant,
  microseconds,
  never,
  seconds,
} from "../base/mod.ts";
import { keepState, type Standing, unanswered } from "./agent.ts";
import type { CheckPlan, SubjectPlan } from "./plan.ts";
import { failedUrlAt, isHalfway, newWalk, nextUrlAt, type UrlWalk } from "./urls.ts";

/** How long after the start the first check comes at the earliest. */
const bootstrap = seconds(1);

/** The machine of one check. */
export interface Checker {
  readonly plan: CheckPlan;
  up: boolean;
  /** Whether a result is known. */
  hasRun: boolean;
  /** Repetitions since the last good result. */
  retries: number;
  /** Successes since the last failure of a server that is down. */
  rises: number;
  /** Something is under way: it has to end before `dueAt`. */
  running: boolean;
  /** The connection is there, and the answer is waited for. */
  answering: boolean;
  /** When the next check begins, or the present one fails. */
  dueAt: Instant;
  changedAt: Instant;
  /** Why the last check failed; absent when it did not. */
  failure: string | undefined;
  /** What the check says of the weight of its server. */
  weight: WeightWord | undefined;
  /** What an agent says of connections. */
  standing: Standing | undefined;
  /** Runs that ended, and those of them that failed. */
  runs: number;
  failures: number;
  begunAt: Instant;
  /** How long the last run took; absent before one ended. */
  took: Duration | undefined;
  readonly walk: UrlWalk;
}

/** A weight in place of the configured one, a part of it, or something to be added to it. */
export type WeightWord =
  | { readonly kind: "is"; readonly value: number }
  | { readonly kind: "part"; readonly percent: number }
  | { readonly kind: "adds"; readonly value: number };

/** How one run of a check ended. */
export interface Outcome {
  /** Absent when it ended well. */
  readonly failure?: string;
  /** Absent: as it was before. */
  readonly weight?: WeightWord;
  readonly standing?: Standing;
  /** Whether the server is up was not spoken of. */
  readonly keeps?: true;
}

/** What a result means. */
export type Verdict = "up" | "down" | "retrying" | "same";

/** What is known of a new check. */
export interface CheckerStart {
  readonly now: Instant;
  /** From 0 to 1: which part of `warmup` passes. */
  readonly part: number;
  /** At the start of the daemon the first failure is enough. */
  readonly atStart: boolean;
  /** The check of that place before a reload. */
  readonly before?: Pick<Checker, "up" | "weight" | "standing">;
}

/** Whether a check has no runs of its own: it does what somebody else says. */
export function isFollower({ subject: { kind } }: CheckPlan): boolean {
  return kind === "file" || kind === "bfd";
}

/** Of what was said in the place of a check, what this one may say itself and take back. */
export function wordsFor(
  { subject }: CheckPlan,
  { weight, standing }: Partial<Pick<Checker, "weight" | "standing">>,
): Pick<Checker, "weight" | "standing"> {
  const word = subject.kind === "agent"
    ? "part"
    : subject.kind === "misc" && subject.dynamic
    ? "is"
    : subject.kind === "file" && subject.weight !== 0
    ? "adds"
    : undefined;
  return {
    weight: weight?.kind === word ? weight : undefined,
    standing: subject.kind === "agent" ? standing : undefined,
  };
}

/** A check that has not run. */
export function newChecker(plan: CheckPlan, { now, part, atStart, before }: CheckerStart): Checker {
  const wait = microseconds(Math.floor(plan.warmup * part));
  return {
    plan,
    up: before?.up ?? !plan.alpha,
    hasRun: false,
    retries: atStart ? plan.retry : 0,
    rises: 0,
    running: false,
    answering: false,
    dueAt: isFollower(plan) ? never : after(after(now, bootstrap), wait),
    changedAt: now,
    failure: undefined,
    ...wordsFor(plan, before ?? {}),
    runs: 0,
    failures: 0,
    begunAt: now,
    took: undefined,
    walk: newWalk(plan.subject),
  };
}

/** The check is not wanted now: it is due again after its interval. */
export function skipCheck(checker: Checker, now: Instant): void {
  checker.dueAt = after(now, checker.plan.delayLoop);
}

/** The check begins: it must end within its limit. */
export function beginCheck(checker: Checker, now: Instant): void {
  checker.running = true;
  checker.answering = false;
  checker.begunAt = now;
  checker.dueAt = after(now, checker.plan.limit);
}

/** The connection is there: the answer has as long as the connection had. */
export function connected(checker: Checker, now: Instant): void {
  checker.answering = true;
  checker.dueAt = after(now, checker.plan.limit);
}

/** What it means that nothing happened within the limit. */
export function judgeSilence({ plan: { subject, limit }, answering }: Checker): Outcome {
  const what = answering ? "no whole answer" : silences[subject.kind];
  // keepalived: nobody said that the port is closed, and nobody has to say more.
  if (subject.kind === "udp" && subject.reply === undefined) return {};
  const failure = `${what} within ${formatDuration(limit)}`;
  return subject.kind === "agent" ? unanswered(failure) : { failure };
}

const silences: Readonly<Record<SubjectPlan["kind"], string>> = {
  tcp: "no connection",
  http: "no connection",
  smtp: "no connection",
  agent: "no connection",
  dns: "no answer",
  udp: "no reply",
  ping: "no echo reply",
  misc: "the command did not end",
  file: "nothing",
  bfd: "nothing",
};

/** The check ended well, or with a failure. */
export function endCheck(checker: Checker, outcome: Outcome, now: Instant): Verdict {
  const { plan, up } = checker;
  const { failure } = outcome;
  checker.running = false;
  checker.runs++;
  if (failure !== undefined) checker.failures++;
  checker.took = between(checker.begunAt, now);
  if (outcome.keeps === true) return keepState(checker, outcome, now);
  checker.failure = failure;
  if (failure !== undefined && up && checker.retries < plan.retry) {
    checker.retries++;
    checker.dueAt = after(now, plan.fastInterval ?? plan.delayBeforeRetry);
    return "retrying";
  }
  checker.retries = 0;
  if (failure === undefined && isHalfway(checker)) {
    checker.dueAt = nextUrlAt(checker, now);
    return "same";
  }
  checker.rises = failure !== undefined || up ? 0 : checker.rises + 1;
  if (!up && failure === undefined && checker.rises < (plan.rise ?? 1)) {
    checker.dueAt = after(now, plan.fastInterval ?? plan.delayLoop);
    return "same";
  }
  checker.dueAt = failure === undefined ? after(now, plan.delayLoop) : failedUrlAt(checker, now);
  return follow(checker, outcome, now);
}

/** What somebody else says is done at once. */
export function follow(
  checker: Checker,
  { failure, weight, standing }: Outcome,
  now: Instant,
): Verdict {
  checker.hasRun = true;
  checker.failure = failure;
  checker.weight = weight ?? checker.weight;
  checker.standing = standing ?? checker.standing;
  const good = failure === undefined;
  if (good === checker.up) return "same";
  checker.up = good;
  checker.changedAt = now;
  return good ? "up" : "down";
}

/** Nothing more is to come. */
export function stopChecker(checker: Checker): void {
  checker.running = false;
  checker.dueAt = never;
}
