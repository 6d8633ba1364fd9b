/**
 * For how long, and since when: `90s`, `30m`, `2h`, `7d`, or a date with or without a time.
 */

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `90s`, `30m`, `2h` or `7d` in milliseconds; `undefined` for what is no while. */
export function readWhile(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (unitMs[unit] ?? 0);
}

/** Milliseconds since 1970; `undefined` for what is no time. A date without a zone is local. */
export function readSince(text: string, now: number): number | undefined {
  const back = readWhile(text);
  if (back !== undefined) return now - back;
  const written = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text.replace(" ", "T");
  const time = /^\d{4}-\d\d-\d\dT/.test(written) ? Date.parse(written) : NaN;
  return Number.isNaN(time) ? undefined : time;
}
