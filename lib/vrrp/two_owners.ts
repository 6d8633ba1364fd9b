/**
 * Two routers that both own the addresses (priority 255) are a mistake of their configurations, but
 * one of them has to be master. keepalived: the one with the lower address backs off at once, which
 * is the ordinary rule of RFC 9568 §6.4.3. If it does not, because it takes no adverts, the other
 * one waits for two adverts and a little longer than an interval, then goes on with priority 254,
 * and so to BACKUP with the next advert. It is an owner again when it becomes master the next time,
 * or when the rival is not heard any more.
 */
import {
  after,
  between,
  clampPriority,
  type Duration,
  type Instant,
  microseconds,
  never,
  ownerPriority,
} from "../base/mod.ts";
import type { Instance, MasterState, Peer } from "./instance_state.ts";
import type { Output } from "./output.ts";
import { isOwner, masterDownInterval } from "./timing.ts";

/** Another owner that does not back off. */
export interface Rival {
  readonly peer: Peer;
  adverts: number;
  heardAt: Instant;
  /** When this router gives way, or has given way for long enough. */
  at: Instant;
}

const advertsBeforeGivingWay = 2;
const givenWayPriority = clampPriority(254);

/** Takes note of an advert that a master does not yield to, if it comes from another owner. */
export function hearRival(
  instance: Instance,
  state: MasterState,
  peer: Peer,
  now: Instant,
): void {
  const { plan } = instance;
  if (!isOwner(plan) || peer.priority !== ownerPriority) return;
  const silence = masterDownInterval(plan, ownerPriority, plan.advertInterval);
  const known = state.rival;
  const rival = known !== undefined && between(known.heardAt, now) <= silence
    ? known
    : { peer, adverts: 0, heardAt: now, at: never };
  state.rival = rival;
  rival.heardAt = now;
  rival.adverts++;
  if (rival.adverts === advertsBeforeGivingWay) {
    rival.at = after(now, overAnInterval(plan.advertInterval));
  }
}

/** Gives way to a rival that persists, or takes that back when the rival is silent. */
export function passRivalDeadline(
  instance: Instance,
  state: MasterState,
  now: Instant,
  out: Output[],
): void {
  const { rival } = state;
  if (rival === undefined || rival.at > now) return;
  const { plan } = instance;
  if (instance.effectivePriority === ownerPriority) {
    instance.effectivePriority = givenWayPriority;
    rival.at = after(now, masterDownInterval(plan, givenWayPriority, plan.advertInterval));
    out.push({ kind: "two-owners", rival: rival.peer, priority: givenWayPriority });
  } else {
    instance.effectivePriority = plan.basePriority;
    state.rival = undefined;
  }
}

function overAnInterval(interval: Duration): Duration {
  return microseconds(interval * 1.2);
}
