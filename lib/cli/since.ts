/**
 * Since when: a while back such as `90s`, `30m`, `2h` or `7d`, or a date with or without a time.
 */
import { readMilliseconds } from "../base/mod.ts";

/** Milliseconds since 1970; `undefined` for what is no time. A date without a zone is local. */
export function readSince(text: string, now: number): number | undefined {
  const back = readMilliseconds(text);
  if (back !== undefined) return now - back;
  const written = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text.replace(" ", "T");
  const time = /^\d{4}-\d\d-\d\dT/.test(written) ? Date.parse(written) : NaN;
  return Number.isNaN(time) ? undefined : time;
}
