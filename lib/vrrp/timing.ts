/**
 * Priority and timer arithmetic. Everything is whole microseconds, so the skew, a fraction of a
 * second in version 2 and of the master's interval in version 3, is never rounded away.
 */
import {
  centiseconds,
  type Duration,
  inCentiseconds,
  microseconds,
  ownerPriority,
  type Priority,
  seconds,
} from "../base/mod.ts";
import type { InstancePlan } from "./plan.ts";

/**
 * Skew_Time: RFC 3768 §6.1 in version 2, `(256 - priority) / 256` of a second; RFC 9568 §6.1 in
 * version 3, the same part of the master's interval. Integer division as keepalived does it.
 */
export function skewTime(
  version: 2 | 3,
  priority: Priority,
  activeAdvertInterval: Duration,
): Duration {
  const share = 256 - priority;
  if (version === 2) return microseconds((share * seconds(1)) / 256);
  return microseconds((share * inCentiseconds(activeAdvertInterval) * centiseconds(1)) / 256);
}

/** Master_Down_Interval: so many missed adverts and the skew (RFC 9568 §6.1). */
export function masterDownInterval(
  plan: InstancePlan,
  priority: Priority,
  activeAdvertInterval: Duration,
): Duration {
  const skew = skewTime(plan.version, priority, activeAdvertInterval);
  return microseconds(plan.downTimerAdverts * activeAdvertInterval + skew);
}

/**
 * keepalived: with `state MASTER` the first takeover waits one interval and the smallest skew
 * instead of the whole Master_Down_Interval.
 */
export function eagerInterval(plan: InstancePlan): Duration {
  const smallest = skewTime(plan.version, ownerPriority, plan.advertInterval);
  return microseconds(plan.advertInterval + smallest);
}

/** Whether the router owns the addresses: its priority never changes (RFC 9568 §6.1). */
export function isOwner(plan: InstancePlan): boolean {
  return plan.basePriority === ownerPriority;
}

/** keepalived: an owner is master at once, but only if the file does not say `state BACKUP`. */
export function startsAsMaster(plan: InstancePlan): boolean {
  return isOwner(plan) && plan.initialState === "MASTER";
}
