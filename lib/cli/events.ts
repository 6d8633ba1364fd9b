/**
 * `standin events`: what happened, from the daemon's memory and from the files in which it keeps
 * events, so that the question can also be asked after a crash; with `--follow` also what happens
 * from now on.
 */
import { request } from "node:http";
import process from "node:process";
import { type EventRecord, isAbout } from "../engine/mod.ts";
import { complainAbout, describe } from "./control.ts";
import { askEvents, mergeEvents, readEventFile, usualEventFile } from "./event_file.ts";
import { renderEvent } from "./event_text.ts";
import { exitCode } from "./exit.ts";
import { complain, print, wantsColours } from "./output.ts";
import { controlSocket, defaultRunDir } from "./paths.ts";
import { readSince } from "./since.ts";

/** What can be said about events. */
export interface EventsArguments {
  /** An instance, group, tracker, session or server. */
  readonly about: string | undefined;
  readonly since: string | undefined;
  readonly follow: boolean;
  readonly runDir: string | undefined;
  readonly json: boolean;
}

/** Events that are shown when nobody says since when. */
const usualCount = 100;
const retryMs = 1000;

/** `standin events`. */
export async function runEvents(command: EventsArguments): Promise<number> {
  const { about, runDir = defaultRunDir, follow, json } = command;
  const since = command.since === undefined ? undefined : readSince(command.since, Date.now());
  if (command.since !== undefined && since === undefined) {
    complain(
      `standin events: expected a time such as 2h, 30m or 2026-01-31T04:00, not "${command.since}"`,
    );
    return exitCode.usage;
  }
  const asked = await askEvents(runDir);
  const path = asked.ok ? asked.value.file : usualEventFile(runDir);
  const kept = readEventFile(path);
  if (!asked.ok && (kept.length === 0 || asked.error.kind !== "not-running")) {
    return complainAbout(asked.error);
  }
  if (!asked.ok) complain(`standin: ${describe(asked.error).text}; this is what ${path} has`);
  const all = mergeEvents(kept, asked.ok ? asked.value.events : []);
  const wanted = since === undefined ? all : all.filter(({ id }) => id >= since * 1000);
  const found = wanted.filter((record) => isAbout(record, about));
  show(since === undefined ? found.slice(-usualCount) : found, json, follow);
  if (!follow) return exitCode.ok;
  return await keepFollowing(runDir, about, json, all.at(-1)?.id ?? 0);
}

function show(records: readonly EventRecord[], json: boolean, follow: boolean): void {
  // A list for those who ask once, a line for each for those who wait.
  if (json && !follow) return print(JSON.stringify(records, null, 2));
  for (const record of records) showOne(record, json);
}

function showOne(record: EventRecord, json: boolean): void {
  print(json ? JSON.stringify(record) : renderEvent(record, wantsColours()));
}

/** Until somebody interrupts. A daemon that is away for a while is waited for. */
async function keepFollowing(
  runDir: string,
  about: string | undefined,
  json: boolean,
  after: number,
): Promise<never> {
  let latest = after;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => process.exit(exitCode.ok));
  }
  while (true) {
    await followOnce(runDir, about, latest, (record) => {
      latest = Math.max(latest, record.id);
      showOne(record, json);
    });
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

/** Reads the stream until it ends. */
function followOnce(
  runDir: string,
  about: string | undefined,
  after: number,
  take: (record: EventRecord) => void,
): Promise<void> {
  const query = new URLSearchParams({ since: String(after), ...(about && { about }) });
  return new Promise((resolve) => {
    const options = {
      socketPath: controlSocket(runDir),
      path: `/events?${query}`,
      headers: { Accept: "text/event-stream" },
    };
    const question = request(options, (response) => {
      let rest = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        const blocks = (rest + part).split("\n\n");
        rest = blocks.pop() ?? "";
        for (const block of blocks) {
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (data !== undefined) take(JSON.parse(data));
        }
      });
      response.on("end", resolve);
      response.on("error", () => resolve());
    });
    question.on("error", () => resolve());
    question.end();
  });
}
