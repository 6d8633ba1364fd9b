/**
 * A truth that is believed only after it has held for a while: links with
 * `interface_up_down_delays`, processes with `fork_delay` and `terminate_delay`.
 */
import { after, type Duration, type Instant, never } from "../base/mod.ts";

/** What is seen, and what is believed of it. */
export interface Debounce {
  seen: boolean;
  believed: boolean;
  /** When what is seen is believed; `never` when it is already. */
  at: Instant;
}

/** Starts with something that is believed at once. */
export function newDebounce(seen: boolean): Debounce {
  return { seen, believed: seen, at: never };
}

/** Takes what is seen now, and how long that must hold; true when the belief changed. */
export function observe(
  debounce: Debounce,
  seen: boolean,
  delay: Duration,
  now: Instant,
): boolean {
  if (seen === debounce.seen) return passDebounce(debounce, now);
  debounce.seen = seen;
  debounce.at = seen === debounce.believed ? never : after(now, delay);
  return passDebounce(debounce, now);
}

/** Believes what has held long enough; true when the belief changed. */
export function passDebounce(debounce: Debounce, now: Instant): boolean {
  if (debounce.at > now) return false;
  debounce.at = never;
  debounce.believed = debounce.seen;
  return true;
}
