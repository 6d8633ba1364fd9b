/**
 * Where events come from: the daemon's memory, and the two parts of the file that it keeps. A
 * record that a crash or a full disk tore is passed over.
 */
import { readFileSync } from "node:fs";
import { err, ok, type Result } from "../base/mod.ts";
import { type EventRecord, isEvent, readEventLine } from "../engine/mod.ts";
import { askAndWait, type ControlError } from "./control.ts";
import { isRecord } from "./json.ts";
import { defaultRunDir } from "./paths.ts";

/** The daemon's answer: its latest events, and where the earlier ones are. */
export interface KeptEvents {
  readonly file: string;
  readonly events: readonly EventRecord[];
}

/** Asks the daemon. */
export async function askEvents(runDir: string): Promise<Result<KeptEvents, ControlError>> {
  const asked = await askAndWait(runDir, "GET", "/events");
  if (!asked.ok) return asked;
  const { body } = asked.value;
  if (isRecord(body) && typeof body["file"] === "string" && Array.isArray(body["events"])) {
    return ok({ file: body["file"], events: body["events"].filter(isEvent) });
  }
  return err({ kind: "broken", socket: runDir, detail: "it does not tell its events" });
}

/** Where a daemon with this run directory keeps events, when it can not be asked. */
export function usualEventFile(runDir: string): string {
  return `${runDir === defaultRunDir ? "/var/lib/standin" : runDir}/events.jsonl`;
}

/** All events in the file and its older part, the oldest first; none where there is no file. */
export function readEventFile(path: string): EventRecord[] {
  return [`${path}.1`, path].flatMap((part) =>
    textOf(part).split("\n").flatMap((line) => readEventLine(line) ?? [])
  );
}

/** What the file has before what memory has, each event once; clocks may have been set back. */
export function mergeEvents(
  kept: readonly EventRecord[],
  latest: readonly EventRecord[],
): EventRecord[] {
  const later = new Set(latest.map(({ id }) => id));
  const earlier = new Map(kept.map((record) => [record.id, record]));
  return [...earlier.values().filter(({ id }) => !later.has(id)), ...latest];
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
