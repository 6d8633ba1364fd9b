/**
 * `standin maintenance`: the whole node takes no part in elections for a while.
 */
import { readMilliseconds } from "../base/mod.ts";
import { askAndWait, complainAbout } from "./control.ts";
import { exitCode } from "./exit.ts";
import { errorText } from "./json.ts";
import { complain, print } from "./output.ts";
import { defaultRunDir } from "./paths.ts";
import { askSnapshot } from "./snapshot.ts";
import { maintenanceText } from "./status_table.ts";

/** What can be said about a maintenance. */
export interface MaintenanceArguments {
  readonly what: "on" | "off" | undefined;
  readonly duration: string | undefined;
  readonly runDir: string | undefined;
  readonly json: boolean;
}

/** `standin maintenance`. */
export async function runMaintenance(command: MaintenanceArguments): Promise<number> {
  const { what, duration, runDir, json } = command;
  const forMs = duration === undefined ? undefined : readMilliseconds(duration);
  if (duration !== undefined && (forMs === undefined || what !== "on")) {
    const complaint = what === "on"
      ? `expected a while such as 90s, 30m or 2h, not "${duration}"`
      : 'expected --for only behind "on"';
    complain(`standin maintenance: ${complaint}`);
    return exitCode.usage;
  }
  if (what !== undefined) {
    const wanted = what === "on" ? { on: true, ...(forMs === undefined ? {} : { forMs }) } : {};
    const asked = await askAndWait(runDir ?? defaultRunDir, "POST", "/maintenance", {
      on: false,
      ...wanted,
    });
    if (!asked.ok) return complainAbout(asked.error);
    const { status, body } = asked.value;
    if (status !== 200) {
      complain(`standin: the daemon did not take it: ${errorText(status, body)}`);
      return exitCode.failed;
    }
  }
  const asked = await askSnapshot(runDir);
  if (!asked.ok) return asked.error;
  const { maintenance } = asked.value;
  if (json) print(JSON.stringify(maintenance));
  else print(maintenanceText(maintenance));
  return exitCode.ok;
}
