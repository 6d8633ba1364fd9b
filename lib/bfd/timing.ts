/**
 * How often a session sends, and how long it waits for its neighbour.
 */
import {
  after,
  type Duration,
  type Instant,
  microseconds,
  never,
  type Random,
} from "../base/mod.ts";
import { endless, type Session } from "./session.ts";

/**
 * bfd.DetectMult of the neighbour times the agreed interval of what it sends (RFC 5880 §6.8.4);
 * endless while nothing was heard.
 */
export function detectionTime({ neighbor, used }: Session): Duration {
  if (neighbor.discriminator === 0) return endless;
  return microseconds(neighbor.multiplier * Math.max(used.minRx, neighbor.desiredMinTx));
}

/** The interval between periodic packets before jitter (RFC 5880 §6.8.2); may be endless. */
export function transmitInterval(session: Session): Duration {
  return isSilent(session)
    ? endless
    : microseconds(Math.max(session.used.minTx, session.neighbor.requiredMinRx));
}

/** RFC 5880 §6.8.7: when periodic packets must not be sent. */
export function isSilent({ plan, state, neighbor, polling }: Session): boolean {
  if (state === "AdminDown") return true;
  if (plan.passive && neighbor.discriminator === 0) return true;
  if (neighbor.requiredMinRx === 0) return true;
  return neighbor.demand && state === "Up" && neighbor.state === "Up" && !polling;
}

/**
 * An interval made shorter at random: by 0 to 25 %, and with a multiplier of 1 by at least 10 %, so
 * that a single late packet does not end the session (RFC 5880 §6.8.7).
 */
export function jittered(interval: Duration, multiplier: number, random: Random): Duration {
  const least = multiplier === 1 ? 0.1 : 0;
  return microseconds(interval * (1 - least - random.next() * (0.25 - least)));
}

/** Brings the next periodic packet in line with the interval when that has changed. */
export function reschedule(session: Session, now: Instant): void {
  const interval = transmitInterval(session);
  if (interval === session.interval) return;
  session.interval = interval;
  planNext(session, session.sentAt, now);
}

/** Plans the packet after the one that left at `sentAt`; the first one leaves at once. */
export function planNext(session: Session, sentAt: Instant | undefined, now: Instant): void {
  const { interval, plan, random } = session;
  if (interval === endless) session.sendAt = never;
  else if (sentAt === undefined) session.sendAt = now;
  else {
    const due = after(sentAt, jittered(interval, plan.multiplier, random));
    session.sendAt = due > now ? due : now;
  }
}
