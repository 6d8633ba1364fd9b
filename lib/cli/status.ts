/**
 * `standin status`: one look at the running daemon, or one each second.
 */
import process from "node:process";
import { err, ok, type Result } from "../base/mod.ts";
import type { Snapshot } from "../engine/mod.ts";
import { ask, complainAbout, describe } from "./control.ts";
import { exitCode } from "./exit.ts";
import { errorText, isRecord } from "./json.ts";
import { columns, complain, print, wantsColours } from "./output.ts";
import { defaultRunDir } from "./paths.ts";
import { renderStatus } from "./status_table.ts";

/** What can be said about a look at the status. */
export interface StatusArguments {
  readonly watch: boolean;
  readonly runDir: string | undefined;
  readonly json: boolean;
}

const watchIntervalMs = 1000;

/** `standin status`. */
export async function runStatus({ watch, runDir, json }: StatusArguments): Promise<number> {
  if (watch) return await keepWatching(runDir ?? defaultRunDir, json);
  const asked = await askSnapshot(runDir);
  if (!asked.ok) return asked.error;
  print(json ? JSON.stringify(asked.value, null, 2) : render(asked.value));
  return exitCode.ok;
}

/** The daemon's snapshot; otherwise the exit code, after saying what is wrong. */
export async function askSnapshot(runDir: string | undefined): Promise<Result<Snapshot, number>> {
  const asked = await ask(runDir ?? defaultRunDir, "GET", "/status");
  if (!asked.ok) return err(complainAbout(asked.error));
  const { status, body } = asked.value;
  if (isSnapshot(body)) return ok(body);
  complain(`standin: the daemon does not tell its status: ${errorText(status, body)}`);
  return err(exitCode.failed);
}

/** Until somebody interrupts. A daemon that is away for a while is waited for. */
async function keepWatching(directory: string, json: boolean): Promise<never> {
  while (true) {
    const asked = await ask(directory, "GET", "/status");
    if (!asked.ok) {
      if (json) complain(`standin: ${describe(asked.error).text}`);
      else redraw(`standin: ${describe(asked.error).text}`);
    } else if (isSnapshot(asked.value.body)) {
      if (json) print(JSON.stringify(asked.value.body));
      else redraw(render(asked.value.body));
    }
    await new Promise((resolve) => setTimeout(resolve, watchIntervalMs));
  }
}

function render(snapshot: Snapshot): string {
  const look = { now: Date.now(), columns: columns(), colours: wantsColours() };
  return renderStatus(snapshot, look);
}

/** On a terminal the text replaces the one before, without a flicker of the cleared screen. */
function redraw(text: string): void {
  if (process.stdout.isTTY !== true) return print(text);
  const lines = text.split("\n").map((line) => `${line}\x1b[K`).join("\n");
  print(`\x1b[H${lines}\n\x1b[J`);
}

/** Whether a value is what a daemon tells about itself. */
export function isSnapshot(value: unknown): value is Snapshot {
  return isRecord(value) && typeof value["version"] === "string" &&
    isRecord(value["config"]) && Array.isArray(value["instances"]) &&
    Array.isArray(value["syncGroups"]);
}
