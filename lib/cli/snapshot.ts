/**
 * The running daemon's snapshot, as a command asks for it.
 */
import { err, ok, type Result } from "../base/mod.ts";
import type { Snapshot } from "../engine/mod.ts";
import { askAndWait, complainAbout } from "./control.ts";
import { exitCode } from "./exit.ts";
import { errorText, isRecord } from "./json.ts";
import { complain } from "./output.ts";
import { defaultRunDir } from "./paths.ts";

/** The daemon's snapshot; otherwise the exit code, after saying what is wrong. */
export async function askSnapshot(runDir: string | undefined): Promise<Result<Snapshot, number>> {
  const asked = await askAndWait(runDir ?? defaultRunDir, "GET", "/status");
  if (!asked.ok) return err(complainAbout(asked.error));
  const { status, body } = asked.value;
  if (isSnapshot(body)) return ok(body);
  complain(`standin: the daemon does not tell its status: ${errorText(status, body)}`);
  return err(exitCode.failed);
}

/** Whether a value is what a daemon tells about itself. */
export function isSnapshot(value: unknown): value is Snapshot {
  return isRecord(value) && typeof value["version"] === "string" &&
    isRecord(value["config"]) && Array.isArray(value["instances"]) &&
    Array.isArray(value["syncGroups"]);
}
