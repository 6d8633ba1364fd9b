/**
 * Time stamps of signed adverts: 32 bits of seconds since 1970, 16 of a fraction, 16 of a counter,
 * compared as serial numbers (RFC 1982 §3), so that the year 2106 is like any other. Wall time
 * comes in as microseconds since 1970; what it is, the host says.
 */

const microsecondsPerSecond = 1_000_000;

/** The stamp of a wall time, with a counter of 0. */
export function stampAt(wall: number): bigint {
  const seconds = Math.floor(wall / microsecondsPerSecond);
  const fraction = Math.floor((wall - seconds * microsecondsPerSecond) * 65_536 / 1_000_000);
  return BigInt.asUintN(64, BigInt(seconds) << 32n | BigInt(fraction) << 16n);
}

/** Whether a stamp comes after another. */
export function isLater(stamp: bigint, than: bigint): boolean {
  return BigInt.asIntN(64, stamp - than) > 0n;
}

/** How many whole seconds a stamp is ahead of a wall time; negative when it is behind. */
export function secondsAhead(stamp: bigint, wall: number): number {
  return Number(BigInt.asIntN(32, (stamp >> 32n) - (stampAt(wall) >> 32n)));
}

/** The next stamp after `last`: that of the clock, or the one after the last when it is later. */
export function nextStamp(last: bigint, wall: number): bigint {
  const clock = stampAt(wall);
  const next = BigInt.asUintN(64, last + 1n);
  return isLater(next, clock) ? next : clock;
}
