/**
 * What is known of checks beyond the end of the daemon: a server that was down does not get
 * connections because a daemon came back, and one that was up does not lose them. Only what a check
 * would not take for granted by itself is remembered.
 */
import { after, type Instant, seconds } from "../base/mod.ts";
import type { Standing } from "./agent.ts";
import { type Checker, isFollower, type WeightWord, wordsFor } from "./checker.ts";

/** What is remembered of one check. */
export interface CheckMemory {
  /** The name of its plan. */
  readonly name: string;
  readonly up: boolean;
  readonly weight?: WeightWord;
  readonly standing?: Standing;
}

/** How soon a server that was down is looked at, whatever `warmup` says. */
const soon = seconds(1);

/** What has to be remembered of a check; absent when it would come to the same by itself. */
export function memoryOf(name: string, checker: Checker): CheckMemory | undefined {
  const { plan, up, weight, standing } = checker;
  const isUsual = up === !plan.alpha && weight === undefined && standing === undefined;
  if (isFollower(plan) || isUsual) return undefined;
  return {
    name,
    up,
    ...(weight === undefined ? {} : { weight }),
    ...(standing === undefined ? {} : { standing }),
  };
}

/** A check that has no result yet goes on from what is remembered. */
export function recall(
  checker: Checker,
  { up, ...said }: CheckMemory,
  now: Instant,
): void {
  if (checker.hasRun || checker.running || isFollower(checker.plan)) return;
  checker.up = up;
  Object.assign(checker, wordsFor(checker.plan, said));
  if (!up) checker.dueAt = after(now, soon);
}
