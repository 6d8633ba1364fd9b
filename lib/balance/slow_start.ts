/**
 * `slow_start`: a server that comes up gets its weight little by little, in tenths, and 1 at least,
 * so that its caches fill before all clients are there.
 */
import { after, type Duration, type Instant, microseconds } from "../base/mod.ts";

/** A server that has come up not long ago. */
export interface RisingServer {
  readonly since: Instant;
  readonly duration: Duration;
  /** Tenths of the weight that it has by now. */
  tenths: number;
}

const whole = 10;

/** A server begins with a tenth. */
export function beginRise(since: Instant, duration: Duration): RisingServer {
  return { since, duration, tenths: 1 };
}

/** When the next tenth comes. */
export function nextTenthAt({ since, duration, tenths }: RisingServer): Instant {
  return after(since, microseconds(Math.ceil(duration * tenths / whole)));
}

/** Takes the tenths that are due; false when the weight is whole. */
export function rise(server: RisingServer, now: Instant): boolean {
  while (server.tenths < whole && nextTenthAt(server) <= now) server.tenths++;
  return server.tenths < whole;
}

/** The weight by now. */
export function risingWeight(weight: number, server: RisingServer | undefined): number {
  if (server === undefined || weight === 0) return weight;
  return Math.max(1, Math.floor(weight * server.tenths / whole));
}
