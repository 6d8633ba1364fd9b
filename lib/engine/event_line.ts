/**
 * A record of the event log as a line of its file. Whatever else stands there is no event: what a
 * crash tore, and what somebody else wrote.
 */
import type { EventRecord } from "./event_record.ts";

/** The event of a line; `undefined` for any other line. */
export function readEventLine(line: string): EventRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value has what every event has. */
export function isEvent(value: unknown): value is EventRecord {
  if (typeof value !== "object" || value === null) return false;
  const { id, time, level, event, message }: Partial<Record<string, unknown>> = { ...value };
  return Number.isSafeInteger(id) && typeof time === "string" && !Number.isNaN(Date.parse(time)) &&
    [level, event, message].every((word) => typeof word === "string");
}
