/**
 * The machine of one session: opening and closing, the neighbour's packets, deadlines, a new plan.
 * It starts slowly: at `idle_tx` until both sides are Up, then both are told the real intervals by
 * a Poll Sequence (RFC 5880 §6.5, §6.8.3). It asks for neither demand mode nor echo, and has no
 * authentication.
 */
import { after, earlier, type Instant, never, Random } from "../base/mod.ts";
import { bfdDiagnostic, type BfdPacket, type BfdState } from "../wire/mod.ts";
import { anyHops, type BfdPlan } from "./plan.ts";
import {
  type BfdCause,
  type BfdOutput,
  drawDiscriminator,
  endless,
  type Intervals,
  type Session,
  unheard,
} from "./session.ts";
import { detectionTime, isSilent, planNext, reschedule } from "./timing.ts";
import { nextState } from "./transition.ts";

/** The socket is there: the session begins, or goes on when it was only moved. */
export function openSession(
  session: Session,
  seed: number,
  now: Instant,
  out: BfdOutput[],
): void {
  if (session.state !== "AdminDown") return;
  session.random = new Random(seed);
  session.discriminator = drawDiscriminator(session);
  change(session, "Down", bfdDiagnostic.none, { kind: "opened" }, now, out);
  announce(session, now);
  if (session.sendAt <= now) send(session, now, out);
}

/** Ends the session for good, and tells the neighbour that this is meant (RFC 5880 §6.8.16). */
export function closeSession(session: Session, now: Instant, out: BfdOutput[]): void {
  if (session.state === "AdminDown") return;
  const silent = isSilent(session);
  change(session, "AdminDown", bfdDiagnostic.administrativelyDown, { kind: "closed" }, now, out);
  if (!silent) send(session, now, out);
  session.neighbor = unheard;
  session.polling = false;
  session.sendAt = never;
  session.detectAt = never;
}

/** When `passDeadlines` is to be called. */
export function sessionDeadline({ sendAt, detectAt }: Session): Instant {
  return earlier(sendAt, detectAt);
}

/** Concludes from silence if that is due, and sends what is due. */
export function passDeadlines(
  session: Session,
  now: Instant,
  unread: boolean,
  out: BfdOutput[],
): void {
  if (session.detectAt <= now && !unread) expire(session, now, out);
  if (session.sendAt <= now) send(session, now, out);
}

/** Why a packet was discarded, in words; `undefined` when it was not. */
export type Discarded = string | undefined;

/**
 * Takes a packet that is for this session (RFC 5880 §6.8.6). The TTL comes first: RFC 5881 §5 wants
 * 255 where keepalived lets the configuration say.
 */
export function receivePacket(
  session: Session,
  packet: BfdPacket,
  ttl: number,
  now: Instant,
  out: BfdOutput[],
): Discarded {
  const { counters } = session;
  const discarded = objection(session, packet, ttl);
  if (discarded !== undefined) {
    counters.dropped++;
    return discarded;
  }
  counters.received++;
  session.neighbor = {
    discriminator: packet.myDiscriminator,
    state: packet.state,
    diagnostic: packet.diagnostic,
    multiplier: packet.detectMultiplier,
    desiredMinTx: packet.desiredMinTx,
    requiredMinRx: packet.requiredMinRx,
    demand: packet.demand,
  };
  if (session.polling && packet.final) {
    session.polling = false;
    session.used = session.announced;
  }
  const { state, diagnostic } = session;
  const next = nextState(state, packet.state);
  if (next !== state) {
    const cause = { kind: "heard" as const, state: packet.state, diagnostic: packet.diagnostic };
    // A loss of our own stands until the session is Up again, so that people can read of it.
    const code = next === "Down" ? bfdDiagnostic.neighborSignaledDown : diagnostic;
    change(session, next, next === "Up" ? bfdDiagnostic.none : code, cause, now, out);
  }
  const told = announce(session, now);
  session.detectAt = after(now, detectionTime(session));
  if (packet.poll) send(session, now, out, true);
  else if ((told || next !== state) && !isSilent(session)) send(session, now, out);
  return undefined;
}

/** Takes another plan for the same neighbour; new intervals go out with a Poll Sequence. */
export function replanSession(session: Session, plan: BfdPlan, now: Instant): void {
  session.plan = plan;
  if (session.state === "AdminDown") return;
  announce(session, now);
  reschedule(session, now);
}

function objection({ plan, state }: Session, packet: BfdPacket, ttl: number): Discarded {
  const least = plan.ttl - plan.maxHops;
  if (plan.maxHops !== anyHops && ttl < least) return `TTL ${ttl} is less than ${least}`;
  if (packet.authenticated) return "it is authenticated, and no authentication is configured";
  if (state === "AdminDown") return "the session is AdminDown";
  return undefined;
}

/** Nothing was heard for a detection time (RFC 5880 §6.8.4). */
function expire(session: Session, now: Instant, out: BfdOutput[]): void {
  const waited = detectionTime(session);
  session.detectAt = never;
  session.neighbor = unheard;
  session.polling = false;
  if (session.state === "Init" || session.state === "Up") {
    const cause = { kind: "detection-time-expired" as const, detectionTime: waited };
    change(session, "Down", bfdDiagnostic.detectionTimeExpired, cause, now, out);
    announce(session, now);
    if (!isSilent(session)) send(session, now, out);
  }
  reschedule(session, now);
}

function change(
  session: Session,
  to: BfdState,
  diagnostic: number,
  cause: BfdCause,
  now: Instant,
  out: BfdOutput[],
): void {
  const { state: from, counters } = session;
  session.state = to;
  session.diagnostic = diagnostic;
  session.changedAt = now;
  if (to === "Up") counters.wentUp++;
  if (from === "Up") {
    counters.wentDown++;
    session.polling = false;
    // keepalived: packets of the session that ended do not belong to the next one.
    session.discriminator = drawDiscriminator(session);
  }
  out.push({ kind: "changed", from, to, cause });
}

/**
 * Brings the announced intervals in line with plan and states; answers whether they changed. A
 * change is told by a Poll Sequence. While Up, a longer interval of ours is not used, nor is a
 * shorter one of the neighbour expected, before it has answered (RFC 5880 §6.8.3).
 */
function announce(session: Session, now: Instant): boolean {
  const wanted = wantedIntervals(session);
  const { announced, used, neighbor, state } = session;
  const changed = wanted.minTx !== announced.minTx || wanted.minRx !== announced.minRx;
  if (changed) {
    session.announced = wanted;
    session.polling = neighbor.discriminator !== 0;
    const careful = session.polling && state === "Up";
    session.used = {
      minTx: careful && wanted.minTx > used.minTx ? used.minTx : wanted.minTx,
      minRx: careful && wanted.minRx < used.minRx ? used.minRx : wanted.minRx,
    };
    if (neighbor.discriminator !== 0) session.detectAt = after(now, detectionTime(session));
  }
  reschedule(session, now);
  return changed;
}

function wantedIntervals({ plan, state, neighbor }: Session): Intervals {
  const bothUp = state === "Up" && neighbor.state === "Up";
  return { minTx: bothUp ? plan.minTx : plan.idleTx, minRx: plan.minRx };
}

function send(session: Session, now: Instant, out: BfdOutput[], final = false): void {
  const { plan, announced, neighbor, counters } = session;
  counters.sent++;
  out.push({
    kind: "send",
    packet: {
      diagnostic: session.diagnostic,
      state: session.state,
      // RFC 5880 §6.5: never both; the poll goes on with the next packet.
      poll: session.polling && !final,
      final,
      detectMultiplier: plan.multiplier,
      myDiscriminator: session.discriminator,
      yourDiscriminator: neighbor.discriminator,
      desiredMinTx: announced.minTx,
      requiredMinRx: announced.minRx,
    },
  });
  if (final) return;
  session.sentAt = now;
  if (session.interval !== endless) planNext(session, now, now);
}
