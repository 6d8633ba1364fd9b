/**
 * Events as lines for people, in local time. Pure, so that tests can look at every character.
 */
import type { EventRecord } from "../engine/mod.ts";
import { visible } from "./table.ts";

const colours: Readonly<Record<string, string>> = {
  warning: "\x1b[33m",
  error: "\x1b[31m",
  notice: "\x1b[1m",
};

/** One event: when, how loud, what. */
export function renderEvent({ time, level, message }: EventRecord, coloured: boolean): string {
  const text = visible(message);
  const colour = colours[level];
  const shown = coloured && colour !== undefined ? `${colour}${text}\x1b[0m` : text;
  return `${localTime(time)}  ${level.padEnd(7)}  ${shown}`;
}

/** What led to an event, the nearest cause first, each deeper by two columns. */
export function causeLines(record: EventRecord, known: readonly EventRecord[]): string[] {
  const byId = new Map(known.map((each) => [each.id, each]));
  const told = new Set<number>();
  function below({ causes = [] }: EventRecord, lead: string): string[] {
    return causes.flatMap((id) => {
      const cause = byId.get(id);
      if (cause === undefined || told.has(id)) return [];
      told.add(id);
      const line = `${lead}because ${localTime(cause.time)}  ${visible(cause.message)}`;
      return [line, ...below(cause, `${lead}  `)];
    });
  }
  return below(record, "");
}

/** `2026-01-31 04:05:06.789` where the reader is. */
export function localTime(iso: string): string {
  const time = new Date(iso);
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().replace("T", " ").replace("Z", "");
}
