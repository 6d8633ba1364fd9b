/**
 * `standin status`: one look at the running daemon, or one each second.
 */
import { exitCode } from "./exit.ts";
import { columns, print, wantsColours } from "./output.ts";
import { defaultRunDir } from "./paths.ts";
import { askSnapshot } from "./snapshot.ts";
import { renderStatus } from "./status_table.ts";

/** What can be said about a look at the status. */
export interface StatusArguments {
  readonly watch: boolean;
  readonly runDir: string | undefined;
  readonly json: boolean;
}

/** `standin status`. */
export async function runStatus({ watch, runDir, json }: StatusArguments): Promise<number> {
  if (watch) {
    const { watchStatus } = await import("./watch/watch.ts");
    return await watchStatus(runDir ?? defaultRunDir, json);
  }
  const asked = await askSnapshot(runDir);
  if (!asked.ok) return asked.error;
  const look = { now: Date.now(), columns: columns(), colours: wantsColours() };
  print(json ? JSON.stringify(asked.value, null, 2) : renderStatus(asked.value, look));
  return exitCode.ok;
}
