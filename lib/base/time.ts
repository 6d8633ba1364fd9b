/**
 * Time in the core is two branded numbers, both in whole microseconds: an `Instant` on the
 * monotonic clock (its zero is the machine's boot, or the start of a simulation) and a `Duration`.
 * Microseconds in a double are exact for 285 years. Conversions from and to other units happen
 * here and nowhere else, so that a skew time can not be lost in a cast.
 */
import type { Brand } from "./result.ts";

/** A point on the monotonic clock, in microseconds. */
export type Instant = Brand<number, "Instant">;

/** A span of time, in microseconds. */
export type Duration = Brand<number, "Duration">;

/** The instant that is later than every other; a deadline that never comes. */
export const never: Instant = Infinity as Instant;

/** An instant from microseconds of the monotonic clock. */
export function instant(microseconds: number): Instant {
  return Math.floor(microseconds) as Instant;
}

/** A duration of so many microseconds, rounded down. */
export function microseconds(count: number): Duration {
  return Math.floor(count) as Duration;
}

/** A duration of so many milliseconds. */
export function milliseconds(count: number): Duration {
  return Math.round(count * 1000) as Duration;
}

/** A duration of so many seconds. */
export function seconds(count: number): Duration {
  return Math.round(count * 1_000_000) as Duration;
}

/** A duration of so many hundredths of a second, the unit of VRRPv3 (RFC 9568 §5.2.7). */
export function centiseconds(count: number): Duration {
  return Math.round(count * 10_000) as Duration;
}

/** Milliseconds of a time as people write it: `250ms`, `1.5s`, `30m`, `2h` or `7d`. */
export function readMilliseconds(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (millisecondsOf[unit] ?? 0);
}

const millisecondsOf: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** The duration in seconds, with its fraction. */
export function inSeconds(duration: Duration): number {
  return duration / 1_000_000;
}

/** The duration in milliseconds, with its fraction. */
export function inMilliseconds(duration: Duration): number {
  return duration / 1000;
}

/** The duration in whole centiseconds, rounded down. */
export function inCentiseconds(duration: Duration): number {
  return Math.floor(duration / 10_000);
}

/** The instant a duration after another. */
export function after(start: Instant, duration: Duration): Instant {
  return (start + duration) as Instant;
}

/** The time from `start` to `end`; negative when `end` is the earlier one. */
export function between(start: Instant, end: Instant): Duration {
  return (end - start) as Duration;
}

/** The earlier of two instants. */
export function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}

/** The later of two instants. */
export function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}

/** A duration for people: `3.61 s`, `40 ms`, `250 µs`. */
export function formatDuration(duration: Duration): string {
  const magnitude = Math.abs(duration);
  if (magnitude >= 1_000_000) return `${trimZeros((duration / 1_000_000).toFixed(2))} s`;
  if (magnitude >= 1000) return `${trimZeros((duration / 1000).toFixed(1))} ms`;
  return `${duration} µs`;
}

function trimZeros(text: string): string {
  return text.replace(/\.?0+$/, "");
}
