/**
 * Who becomes master, and what an instance does about others: priority, preemption, and the
 * settings that strict mode decides. What does not go together is put right as keepalived does it.
 */
import { assert, type Priority, priority, seconds } from "../base/mod.ts";
import type { InstancePlan } from "../vrrp/mod.ts";
import { type Protocol, whyNoPassword } from "./build_authentication.ts";
import type { Building } from "./build_instance.ts";

/** How an instance stands to the others of its router. */
export type Election = Pick<InstancePlan, "basePriority" | "initialState">;

/** keepalived: 100, or 255 when only `state MASTER` is given; without a state 255 is MASTER. */
export function electionOf(building: Building, protocol: Protocol): Election {
  const { draft, report, owner, strict } = building;
  const state = draft.state?.value;
  const base = draft.priority?.value ?? (state === "MASTER" ? 255 : 100);
  const fromPriority = base === 255 ? "MASTER" : "BACKUP";
  const initialState = strict ? fromPriority : state ?? fromPriority;
  if (state !== undefined && state !== initialState) {
    const message =
      `Cannot use state ${state} with priority ${base} in strict mode for ${owner}: ` +
      `${initialState} is used`;
    const hint = state === "MASTER"
      ? "remove the line; only the owner of the addresses, priority 255, begins as MASTER"
      : "remove the line";
    report.error("strict-mode", draft.state?.place, message, hint);
  }
  // keepalived: whoever has heard no advert does not know which sequence numbers were used.
  const counts = draft.authType === "AH" && whyNoPassword(building, protocol) === undefined;
  if (initialState === "MASTER" && base !== 255 && counts) {
    const message = `Cannot use state MASTER with auth_type AH for ${owner}: BACKUP is used`;
    report.error("excluded-keyword", draft.state?.place, message, "remove the line");
    return { basePriority: asPriority(base), initialState: "BACKUP" };
  }
  return { basePriority: asPriority(base), initialState };
}

function asPriority(value: number): Priority {
  const result = priority(value);
  assert(result.ok, "the schema has checked the range");
  return result.value;
}

type Preempt = Pick<InstancePlan, "preempt" | "preemptDelay">;

/** Whether it takes the role from a router of lower priority, and how late. */
export function preemptOf(
  { draft, report, owner, strict }: Building,
  { initialState: state, basePriority: base }: Election,
): Preempt {
  const { nopreempt, preemptDelay } = draft;
  let preempt = nopreempt === undefined;
  if (nopreempt !== undefined && (state === "MASTER" || base === 255)) {
    const why = base === 255 ? "priority 255" : "state MASTER";
    const message = `Cannot use nopreempt with ${why} for ${owner}: it has no effect`;
    const hint = base === 255 ? "remove the line" : "write state BACKUP, or remove the line";
    report.error("nopreempt", nopreempt.place, message, hint);
    preempt = true;
  }
  const none = seconds(0);
  if (preemptDelay === undefined || preemptDelay.value === 0) {
    return { preempt, preemptDelay: none };
  }
  const obstacle = strict
    ? "strict mode"
    : !preempt
    ? "nopreempt"
    : state === "MASTER"
    ? "state MASTER"
    : undefined;
  if (obstacle === undefined) return { preempt, preemptDelay: preemptDelay.value };
  const message = `Cannot use preempt_delay with ${obstacle} for ${owner}: it has no effect`;
  report.error("preempt-delay", preemptDelay.place, message, "remove the line");
  return { preempt, preemptDelay: none };
}

/** keepalived: only a router that does not preempt leaves the role to whoever took it. */
export function timerExpiryOf(
  building: Building,
  { initialState, basePriority }: Election,
): Pick<InstancePlan, "timerExpiredBackup"> {
  const { draft, report, owner } = building;
  const given = draft.timerExpiredBackup;
  if (given === undefined) return {};
  const sticky = draft.nopreempt !== undefined && initialState !== "MASTER" &&
    basePriority !== 255;
  if (sticky) return { timerExpiredBackup: asPriority(given.value) };
  const message = `Cannot use timer_expired_backup without nopreempt for ${owner}: ` +
    "it has no effect";
  report.error("timer-expired-backup", given.place, message);
  return {};
}

/**
 * RFC 9568 §6.1 Accept_Mode; the owner of the addresses always accepts. keepalived: strict mode of
 * version 2, whose RFC has no such thing, can not be told to accept; that of version 3 can.
 */
export function acceptOf(
  { draft, report, owner, strict }: Building,
  owns: boolean,
  version: 2 | 3,
): Pick<InstancePlan, "dropsTraffic"> {
  const given = draft.accept;
  const refused = strict && version === 2 && given?.value === true && !owns;
  if (refused) {
    const message = `Cannot use accept in strict mode of version 2 for ${owner}`;
    report.error("strict-mode", given.place, message, "version 3 knows it");
  }
  const accepts = refused ? false : given?.value ?? !strict;
  return owns || accepts ? {} : { dropsTraffic: true };
}

/** After how many intervals without an advert the master counts as gone. */
export function downTimerAdvertsOf({ draft, global, report, owner, strict }: Building): number {
  const given = draft.downTimerAdverts ?? global.downTimerAdverts;
  if (!strict || given === undefined || given.value === 3) return given?.value ?? 3;
  const message =
    `Cannot use down_timer_adverts ${given.value} in strict mode for ${owner}: 3 is used`;
  report.error("strict-mode", given.place, message, "remove the line");
  return 3;
}

/** A setting that strict mode decides, whatever was said. */
export function strictly(
  { draft, global, report, owner, strict }: Building,
  setting: "lowerPriorityNoAdvert" | "higherPrioritySendAdvert",
  required: boolean,
): boolean {
  const own = draft[setting];
  if (!strict) return (own ?? global[setting])?.value === true;
  if (own !== undefined && own.value !== required) {
    const message = `Cannot use ${strictWords[setting]} in strict mode for ${owner}`;
    report.error("strict-mode", own.place, message, "remove the line");
  }
  return required;
}

const strictWords = {
  lowerPriorityNoAdvert: "lower_prio_no_advert off",
  higherPrioritySendAdvert: "higher_prio_send_advert",
} as const;

/** keepalived: an owner can not be told to listen, others can not be told not to. */
export function ownerIgnores(
  { draft, global, report, owner, strict }: Building,
  owns: boolean,
): boolean {
  const given = draft.ownerIgnoreAdverts;
  if (!owns) return false;
  if (given?.value === false) {
    const message = `Cannot switch owner_ignore_adverts off at priority 255 for ${owner}`;
    report.error("owner-ignore-adverts", given.place, message);
    return true;
  }
  return given?.value ?? (strict || global.ownerIgnoreAdverts?.value === true);
}
