/**
 * When a master tells the network where its addresses are: gratuitous ARP and unsolicited neighbour
 * advertisements. keepalived's schedule: a burst at once, a second one after a pause, then an
 * optional refresh for as long as it is master; shorter bursts after a lower advert was heard.
 */
import { after, type Duration, earlier, type Instant, never } from "../base/mod.ts";
import type { AnnouncePlan } from "./plan.ts";

/** What is still to be announced; both deadlines are `never` while nothing is. */
export interface AnnouncementSchedule {
  burstAt: Instant;
  burstRepeat: number;
  refreshAt: Instant;
}

/** A schedule with nothing to announce. */
export function noAnnouncements(): AnnouncementSchedule {
  return { burstAt: never, burstRepeat: 0, refreshAt: never };
}

/** Plans what follows the first burst of a new master; answers how many to send now. */
export function announceMaster(
  schedule: AnnouncementSchedule,
  plan: AnnouncePlan,
  now: Instant,
): number {
  planBurst(schedule, plan.masterDelay, plan.masterRepeat, now);
  schedule.refreshAt = plan.refresh === 0
    ? never
    : after(after(now, plan.masterDelay), plan.refresh);
  return plan.masterRepeat;
}

/** Plans what follows an advert of lower priority; answers how many to send now. */
export function announceAgain(
  schedule: AnnouncementSchedule,
  plan: AnnouncePlan,
  now: Instant,
): number {
  if (plan.lowerPriorityRepeat === 0) return 0;
  planBurst(schedule, plan.lowerPriorityDelay, plan.lowerPriorityRepeat, now);
  return plan.lowerPriorityRepeat;
}

/** Passes deadlines up to `now`; answers how many announcements of each address are due. */
export function dueAnnouncements(
  schedule: AnnouncementSchedule,
  plan: AnnouncePlan,
  now: Instant,
): number {
  let due = 0;
  if (schedule.burstAt <= now) {
    due += schedule.burstRepeat;
    schedule.burstAt = never;
  }
  if (schedule.refreshAt <= now) {
    due += plan.refreshRepeat;
    schedule.refreshAt = plan.refresh === 0 ? never : after(now, plan.refresh);
  }
  return due;
}

/** Forgets everything that was still to be announced. */
export function stopAnnouncements(schedule: AnnouncementSchedule): void {
  schedule.burstAt = never;
  schedule.refreshAt = never;
}

/** The next time something is to be announced. */
export function announcementDeadline(schedule: AnnouncementSchedule): Instant {
  return earlier(schedule.burstAt, schedule.refreshAt);
}

function planBurst(
  schedule: AnnouncementSchedule,
  delay: Duration,
  repeat: number,
  now: Instant,
): void {
  schedule.burstAt = delay === 0 ? never : after(now, delay);
  schedule.burstRepeat = repeat;
}
