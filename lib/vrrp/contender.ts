/**
 * Two masters: a master hears another one that has to yield. It is answered and the network is told
 * again where the addresses are, but not more often than twice in an interval: adverts are easily
 * forged, and an answer to each would be an amplifier. People are told at once, again when it does
 * not end, with the likely cause, then once a minute; and when it is over.
 */
import { after, between, equalIp, type Instant, seconds } from "../base/mod.ts";
import type { HeardAdvert, Instance, MasterState, Peer } from "./instance_state.ts";
import type { Output } from "./output.ts";
import { masterDownInterval } from "./timing.ts";

/** Why there may be two masters. */
export type TwoMastersCause =
  /** The lists of addresses have nothing to do with each other. */
  | "vrid-clash"
  /** The other one goes on after it was answered. */
  | "not-heard"
  /** This node was held up so long that another one took over. */
  | "held-up"
  /** Nothing was heard of it before. */
  | "split";

/** Another master that has to yield. */
export interface Contender {
  readonly peer: Peer;
  readonly since: Instant;
  heardAt: Instant;
  adverts: number;
  cause: TwoMastersCause;
  tellAt: Instant;
}

const persistent = 3;
const tellPause = seconds(60);

/** Takes note of an advert of another master. */
export function hearContender(
  instance: Instance,
  state: MasterState,
  advert: HeardAdvert,
  now: Instant,
  out: Output[],
): void {
  instance.counters.contenderAdverts++;
  const before = state.contender;
  const known = before !== undefined && equalIp(before.peer.address, advert.address)
    ? before
    : undefined;
  const contender = known ?? { ...newContender(advert, now), cause: "split" };
  contender.heardAt = now;
  contender.adverts++;
  if (advert.foreign === true) contender.cause = "vrid-clash";
  else if (state.heldUp !== undefined) contender.cause = "held-up";
  else if (contender.adverts >= persistent) contender.cause = "not-heard";
  state.contender = contender;
  const persists = contender.adverts === persistent && contender.cause === "not-heard";
  // A third one that takes turns with the known one is no reason to speak twice as often.
  if (before !== undefined && known === undefined) contender.tellAt = before.tellAt;
  if (contender.tellAt > now && !persists) return;
  contender.tellAt = after(now, tellPause);
  const { peer, adverts, cause } = contender;
  out.push({ kind: "two-masters", contender: peer, adverts, cause });
}

/** Whether a lesser router is to be answered now. */
export function answersNow(instance: Instance, state: MasterState, now: Instant): boolean {
  if (between(state.answeredAt, now) < instance.plan.advertInterval / 2) return false;
  state.answeredAt = now;
  return true;
}

/** Tells that the other master is silent. */
export function forgetContender(
  { plan }: Instance,
  state: MasterState,
  now: Instant,
  out: Output[],
): void {
  const { contender } = state;
  if (contender === undefined) return;
  const silence = masterDownInterval(plan, plan.basePriority, plan.advertInterval);
  if (between(contender.heardAt, now) <= silence) return;
  state.contender = undefined;
  const lasted = between(contender.since, contender.heardAt);
  out.push({ kind: "two-masters-over", contender: contender.peer, lasted });
}

function newContender(peer: Peer, now: Instant): Contender {
  const { address, priority } = peer;
  return {
    peer: { address, priority },
    since: now,
    heardAt: now,
    adverts: 0,
    cause: "split",
    tellAt: now,
  };
}
