/**
 * The URLs of `HTTP_GET` are asked for one after the other, one in each run; the check has ended
 * well when all of them have. After a failure the same URL is asked for until it is good, and then
 * all of them again (behaviour 6.5, 6.6).
 */
import { after, type Instant } from "../base/mod.ts";
import type { Checker } from "./checker.ts";
import type { Probe, SubjectPlan } from "./plan.ts";

/** Where a check is among its URLs. */
export interface UrlWalk {
  at: number;
  /** How many are still to be good, the present one among them. */
  left: number;
  /** The present one has failed the server. */
  failed: boolean;
}

/** At the first URL. */
export function newWalk(subject: SubjectPlan): UrlWalk {
  return { at: 0, left: countOf(subject), failed: false };
}

/** What the next run asks for. */
export function probeOf(subject: SubjectPlan, walk: UrlWalk): Probe | undefined {
  switch (subject.kind) {
    case "misc":
    case "file":
    case "bfd":
      return undefined;
    case "http": {
      const { urls, fastRecovery: _, ...rest } = subject;
      const url = urls[walk.at];
      return url === undefined ? undefined : { ...rest, url };
    }
    default:
      return subject;
  }
}

/** The URL was good: whether there are more before the check has ended. */
export function isHalfway({ plan, walk }: Checker): boolean {
  const count = countOf(plan.subject);
  if (walk.failed && count > 1) {
    Object.assign(walk, newWalk(plan.subject));
    return true;
  }
  walk.failed = false;
  walk.left--;
  walk.at = (walk.at + 1) % count;
  if (walk.left > 0) return true;
  Object.assign(walk, newWalk(plan.subject));
  return false;
}

/** When the next URL is due. */
export function nextUrlAt({ plan, up, hasRun }: Checker, now: Instant): Instant {
  const { subject, delayLoop } = plan;
  const hurries = subject.kind === "http" && subject.fastRecovery && !(up && hasRun);
  return hurries ? now : after(now, delayLoop);
}

/** When a URL that failed the server is asked for again. */
export function failedUrlAt({ plan, walk }: Checker, now: Instant): Instant {
  const { subject, delayLoop, delayBeforeRetry } = plan;
  if (subject.kind !== "http") return after(now, delayLoop);
  walk.failed = true;
  return after(now, delayLoop > delayBeforeRetry ? delayLoop : delayBeforeRetry);
}

function countOf(subject: SubjectPlan): number {
  return subject.kind === "http" ? subject.urls.length : 1;
}
