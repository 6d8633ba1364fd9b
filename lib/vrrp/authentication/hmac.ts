/**
 * `auth_hmac`: adverts signed with a key that only the routers know (keepalived 2.4.2). A stamp in
 * each keeps recorded ones from being played again: it has to be later than the last one of the
 * same sender and, in time mode, near to our own clock. Clocks that are wrong by more than the
 * window make routers deaf to each other, so half of it is told.
 */
import { equalIp, equalSecret, type IpAddress } from "../../base/mod.ts";
import {
  type AddressPair,
  authTrailerDigest,
  authTrailerType,
  readAuthTrailer,
  writeAuthTrailer,
} from "../../wire/mod.ts";
import type { CounterName } from "../state.ts";
import type { HmacPlan } from "./plan.ts";
import { isLater, nextStamp, secondsAhead } from "./stamp.ts";
import type { AuthenticationState, ReplayMark } from "./state.ts";

/** keepalived: so many senders of a group are remembered at a time; of unicast, every peer. */
export const groupMarksMax = 4;

/** What is wrong with a signed advert, or that nothing is. */
export type HmacVerdict =
  | {
    readonly kind: "good";
    /** How far the sender's clock is ahead, in seconds, when that is worth a warning. */
    readonly skewSeconds?: number;
  }
  | { readonly kind: "bad"; readonly counter: CounterName; readonly detail: string };

/** Moves on to the stamp of the next advert; `wall` in microseconds since 1970. */
export function takeStamp(state: AuthenticationState, plan: HmacPlan, wall: number): void {
  // keepalived: after the clock was set back by more than the window, peers take old stamps again.
  const ahead = secondsAhead(state.sentStamp, wall);
  const forget = plan.antiReplay === "time" && ahead > plan.windowSeconds;
  state.sentStamp = nextStamp(forget ? 0n : state.sentStamp, wall);
}

/** Signs an advert that has room for the trailer, with the stamp that was taken last. */
export function signWithHmac(
  state: AuthenticationState,
  plan: HmacPlan,
  signed: Uint8Array,
  at: AddressPair,
): void {
  const key = plan.keys.find(({ id }) => id === plan.activeKey);
  if (key === undefined) return;
  writeAuthTrailer(signed, { keyId: key.id, key: key.octets, stamp: state.sentStamp }, at);
}

/** Judges an advert with its trailer, in keepalived's order: form, age, key, digest, replay. */
export function judgeHmac(
  state: AuthenticationState,
  plan: HmacPlan,
  signed: Uint8Array,
  { source, wall, marksMax }: {
    readonly source: IpAddress;
    readonly wall: number;
    readonly marksMax: number;
  },
): HmacVerdict {
  const { type, reserved, keyId, stamp, digest } = readAuthTrailer(signed);
  if (type !== authTrailerType || reserved !== 0) {
    return bad("authExtMalformed", `signature of type ${type}, reserved ${reserved}`);
  }
  const timed = plan.antiReplay === "time";
  const ahead = timed ? secondsAhead(stamp, wall) : 0;
  if (Math.abs(ahead) > plan.windowSeconds) {
    return bad("authExtStale", `${describeSkew(ahead)}, allowed are ${plan.windowSeconds} s`);
  }
  const key = plan.keys.find(({ id }) => id === keyId);
  if (key === undefined) return bad("authExtUnknownKey", `signed with key ${keyId}, not known`);
  if (!equalSecret(digest, authTrailerDigest(signed, key.octets, source))) {
    return bad("authExtInvalidHmac", `wrong signature with key ${keyId}`);
  }
  const marks = timed ? state.marks.filter((mark) => isFresh(mark, plan, wall)) : state.marks;
  const known = marks.find((mark) => equalIp(mark.source, source));
  if (known !== undefined && !isLater(stamp, known.stamp)) {
    return bad("authExtReplay", "its stamp is not later than the last one");
  }
  state.marks = [...marks.filter((mark) => mark !== known), { source, stamp }].slice(-marksMax);
  return Math.abs(ahead) > plan.windowSeconds / 2
    ? { kind: "good", skewSeconds: ahead }
    : { kind: "good" };
}

/** A difference of clocks in words. */
export function describeSkew(ahead: number): string {
  return `its clock is ${Math.abs(ahead)} s ${ahead > 0 ? "ahead of" : "behind"} ours`;
}

/** An advert as old as a mark that is not fresh would be refused for its age. */
function isFresh({ stamp }: ReplayMark, { windowSeconds }: HmacPlan, wall: number): boolean {
  return -secondsAhead(stamp, wall) <= windowSeconds;
}

function bad(counter: CounterName, detail: string): HmacVerdict {
  return { kind: "bad", counter, detail };
}
