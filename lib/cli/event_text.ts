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

/** One event: when, how loud, what; below it what a script has said. */
export function renderEvent(record: EventRecord, coloured: boolean): string {
  const { time, level, message } = record;
  const text = visible(message);
  const colour = colours[level];
  const shown = coloured && colour !== undefined ? `${colour}${text}\x1b[0m` : text;
  const lead = `${localTime(time)}  ${level.padEnd(7)}  `;
  const said = outputOf(record).map((line) => `${" ".repeat(lead.length)}| ${line}`);
  return [`${lead}${shown}`, ...said].join("\n");
}

/** The last lines that a script has said. */
export function outputOf({ output }: EventRecord): string[] {
  return Array.isArray(output) ? output.map((line) => visible(String(line))) : [];
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

/** The scripts that were told of a change, and what those said that failed. */
export function scriptLines({ id }: EventRecord, known: readonly EventRecord[]): string[] {
  return known.flatMap((record) => {
    const { event, causes, level, time, message } = record;
    if (!event.startsWith("script") || causes?.includes(id) !== true) return [];
    const said = level === "info" ? [] : outputOf(record).map((line) => `  | ${line}`);
    return [`told ${localTime(time)}  ${visible(message)}`, ...said];
  });
}

/** `2026-01-31 04:05:06.789` where the reader is. */
export function localTime(iso: string): string {
  const time = new Date(iso);
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().replace("T", " ").replace("Z", "");
}
