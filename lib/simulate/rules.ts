/**
 * The protocol as a list: every state and every way out of it of RFC 9568 §6.4 (version 3) and of
 * RFC 3768 §6.4 (version 2), which have the same sections. The referee ticks them off while it
 * watches; what nobody ticked did not happen.
 */
import type { StateName } from "../vrrp/mod.ts";
import type { SeenAdvert } from "./advert.ts";
import type { Clerk } from "./clerk.ts";

/** The rules, by the words that they are ticked with. */
export const protocolRules: ReadonlyMap<string, string> = new Map([
  ["6.4.1 owner", "start with priority 255: Master at once"],
  ["6.4.1 not owner", "start with less: Backup"],
  ["6.4.2 shutdown", "a backup is shut down"],
  ["6.4.2 timer", "the timer fires: Master"],
  ["6.4.2 priority 0", "the master leaves: the timer is Skew_Time"],
  ["6.4.2 not less", "priority not less: the timer is set anew"],
  ["6.4.2 no preemption", "Preempt_Mode is false: an advert of less priority sets the timer anew"],
  ["6.4.2 less", "Preempt_Mode is true and priority less: the advert is discarded"],
  ["6.4.3 shutdown", "a master is shut down: priority 0"],
  ["6.4.3 timer", "Adver_Timer fires: an advert"],
  ["6.4.3 priority 0", "another master leaves: an advert at once"],
  ["6.4.3 greater priority", "priority greater: Backup"],
  ["6.4.3 greater address", "equal priority and greater address: Backup"],
  ["6.4.3 otherwise", "anything else is discarded"],
]);

/** The document that a version is in. */
export function documentOf(version: 2 | 3): string {
  return version === 2 ? "RFC 3768" : "RFC 9568";
}

/** The rule that an advert falls under, in the state in which it is heard. */
export function ruleOfAdvert(
  { plan, priority }: Clerk,
  state: StateName,
  advert: SeenAdvert,
  yields: boolean,
): string | undefined {
  if (state === "MASTER") {
    if (advert.priority === 0) return "6.4.3 priority 0";
    if (!yields) return "6.4.3 otherwise";
    return advert.priority > priority ? "6.4.3 greater priority" : "6.4.3 greater address";
  }
  if (state !== "BACKUP") return undefined;
  if (advert.priority === 0) return "6.4.2 priority 0";
  if (advert.priority >= priority) return "6.4.2 not less";
  return plan.preempt ? "6.4.2 less" : "6.4.2 no preemption";
}

/** The rule that a transition falls under, unless an advert was its cause. */
export function ruleOfTransition(from: StateName, to: StateName): string | undefined {
  if (from === "INIT") return to === "MASTER" ? "6.4.1 owner" : "6.4.1 not owner";
  if (from === "BACKUP" && to === "MASTER") return "6.4.2 timer";
  if (to !== "STOPPED") return undefined;
  return from === "MASTER" ? "6.4.3 shutdown" : from === "BACKUP" ? "6.4.2 shutdown" : undefined;
}
