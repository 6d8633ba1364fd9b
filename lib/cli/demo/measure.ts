/**
 * From pings to outages: pure arithmetic over when requests were sent and answers came. An outage
 * lasts from the last answer before a lost ping to the first answer after it, so it is never shown
 * shorter than it was, and at most two ping intervals longer. Where no ping was lost there was no
 * outage, even if two answers came apart because this machine had something else to do.
 */
import {
  between,
  type Duration,
  inMilliseconds,
  type Instant,
  microseconds,
} from "../../base/mod.ts";
import type { Ping } from "../../host/linux/mod.ts";

/** The time to look at; pings sent within it are counted. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** What a client noticed within a span. */
export interface Outage {
  readonly sent: number;
  readonly lost: number;
  /** From answer to answer around the longest run of lost pings; 0 when none was lost. */
  readonly lasted: Duration;
  /** Whether an answer came after the last lost ping. */
  readonly over: boolean;
}

/** Measures one span; a ping that is not answered within `patience` is lost. */
export function measureOutage(pings: readonly Ping[], span: Span, patience: Duration): Outage {
  const { from, to } = span;
  let [sent, lost, longest, over] = [0, 0, 0, true];
  /** The last answer so far, and whether a ping was lost since. */
  let answeredAt = from;
  let waiting = false;
  for (const ping of pings) {
    if (ping.sentAt > to) break;
    const inside = ping.sentAt >= from;
    if (inside) sent++;
    if (!isAnswered(ping, patience)) {
      if (inside) lost++;
      waiting ||= inside;
      over &&= !inside;
      continue;
    }
    if (waiting) longest = Math.max(longest, between(answeredAt, ping.answeredAt));
    answeredAt = ping.answeredAt;
    [waiting, over] = [false, true];
  }
  if (waiting) longest = Math.max(longest, between(answeredAt, to));
  return { sent, lost, lasted: microseconds(longest), over };
}

/** Whether an answer came in time. */
export function isAnswered(ping: Ping, patience: Duration): ping is Required<Ping> {
  const { sentAt, answeredAt } = ping;
  return answeredAt !== undefined && between(sentAt, answeredAt) <= patience;
}

/** A measured time: whole milliseconds, so that they can be compared; finer is not measured. */
export function renderMeasured(duration: Duration): string {
  return duration === 0 ? "none" : `${inMilliseconds(duration).toFixed(0)} ms`;
}
