/**
 * When a master tells the network where its addresses are: gratuitous ARP and unsolicited neighbour
 * advertisements. keepalived's schedule: a burst at once, a second one after a pause, then an
 * optional refresh for as long as it is master; another burst, and a second one after its own
 * pause, when an advert of lower priority was heard. The clocks run side by side.
 */
import { after, earlier, type Instant, never } from "../base/mod.ts";
import type { AnnouncePlan } from "./plan.ts";

/**
 * Which addresses are meant: all, those that a reload has added, or one on each interface that no
 * adverts leave by.
 */
export type Announced = "all" | "fresh" | "others";

/** What is still to be announced; every deadline is `never` while nothing is. */
export interface AnnouncementSchedule {
  /** The second burst of a new master, or of addresses that were added. */
  burstAt: Instant;
  burstOf: Announced;
  /** The second burst after an advert of lower priority. */
  lowerAt: Instant;
  refreshAt: Instant;
  /** The next announcement on interfaces that no adverts leave by. */
  othersAt: Instant;
}

/** Something that is to be announced now. */
export interface DueAnnouncement {
  readonly repeat: number;
  readonly which: Announced;
}

/** A schedule with nothing to announce. */
export function noAnnouncements(): AnnouncementSchedule {
  return { burstAt: never, burstOf: "all", lowerAt: never, refreshAt: never, othersAt: never };
}

/** Plans what follows the first burst of a new master; answers how many to send now. */
export function announceMaster(
  schedule: AnnouncementSchedule,
  plan: AnnouncePlan,
  now: Instant,
): number {
  planBurst(schedule, "all", plan, now);
  schedule.refreshAt = plan.refresh === 0
    ? never
    : after(after(now, plan.masterDelay), plan.refresh);
  planOthers(schedule, plan, now);
  return plan.masterRepeat;
}

/** A reload has changed the plan of a running master: what repeats begins anew where it differs. */
export function replanAnnouncements(
  schedule: AnnouncementSchedule,
  old: AnnouncePlan,
  plan: AnnouncePlan,
  now: Instant,
): void {
  if (plan.refresh !== old.refresh) {
    schedule.refreshAt = plan.refresh === 0 ? never : after(now, plan.refresh);
  }
  if (plan.others?.interval !== old.others?.interval) planOthers(schedule, plan, now);
}

/**
 * Plans what follows the first burst of addresses that were added to a running master; answers how
 * many to send now. A second burst of all addresses that is still to come serves them, too.
 */
export function announceFresh(
  schedule: AnnouncementSchedule,
  plan: AnnouncePlan,
  now: Instant,
): number {
  if (schedule.burstAt === never) planBurst(schedule, "fresh", plan, now);
  return plan.masterRepeat;
}

/** Plans what follows an advert of lower priority; answers how many to send now. */
export function announceAgain(
  schedule: AnnouncementSchedule,
  plan: AnnouncePlan,
  now: Instant,
): number {
  if (plan.lowerPriorityRepeat === 0) return 0;
  const { lowerPriorityDelay } = plan;
  schedule.lowerAt = lowerPriorityDelay === 0 ? never : after(now, lowerPriorityDelay);
  return plan.lowerPriorityRepeat;
}

/** Passes deadlines up to `now`; answers what is due. */
export function dueAnnouncements(
  schedule: AnnouncementSchedule,
  plan: AnnouncePlan,
  now: Instant,
): DueAnnouncement[] {
  const due: DueAnnouncement[] = [];
  if (schedule.burstAt <= now) {
    due.push({ repeat: plan.masterRepeat, which: schedule.burstOf });
    schedule.burstAt = never;
  }
  if (schedule.lowerAt <= now) {
    due.push({ repeat: plan.lowerPriorityRepeat, which: "all" });
    schedule.lowerAt = never;
  }
  if (schedule.refreshAt <= now) {
    due.push({ repeat: plan.refreshRepeat, which: "all" });
    schedule.refreshAt = plan.refresh === 0 ? never : after(now, plan.refresh);
  }
  if (schedule.othersAt <= now) {
    due.push({ repeat: 1, which: "others" });
    planOthers(schedule, plan, now);
  }
  return due;
}

/** Forgets everything that was still to be announced. */
export function stopAnnouncements(schedule: AnnouncementSchedule): void {
  schedule.burstAt = never;
  schedule.lowerAt = never;
  schedule.refreshAt = never;
  schedule.othersAt = never;
}

/** The next time something is to be announced. */
export function announcementDeadline(schedule: AnnouncementSchedule): Instant {
  const { burstAt, lowerAt, refreshAt, othersAt } = schedule;
  return earlier(earlier(burstAt, lowerAt), earlier(refreshAt, othersAt));
}

function planOthers(
  schedule: AnnouncementSchedule,
  { others }: AnnouncePlan,
  now: Instant,
): void {
  schedule.othersAt = others === undefined ? never : after(now, others.interval);
}

function planBurst(
  schedule: AnnouncementSchedule,
  which: Announced,
  { masterDelay }: AnnouncePlan,
  now: Instant,
): void {
  schedule.burstAt = masterDelay === 0 ? never : after(now, masterDelay);
  schedule.burstOf = which;
}
