/**
 * `standin status`: one look at the running daemon, or one each second.
 */
import { suggest } from "../base/mod.ts";
import { exitCode } from "./exit.ts";
import { columns, complain, print, wantsColours } from "./output.ts";
import { defaultRunDir } from "./paths.ts";
import { askSnapshot } from "./snapshot.ts";
import { namesIn, statusAbout } from "./status_about.ts";
import { renderStatus } from "./status_table.ts";

/** What can be said about a look at the status. */
export interface StatusArguments {
  /** Only this instance, group, session or virtual server. */
  readonly name: string | undefined;
  readonly watch: boolean;
  readonly runDir: string | undefined;
  readonly json: boolean;
}

/** `standin status`. */
export async function runStatus({ name, watch, runDir, json }: StatusArguments): Promise<number> {
  if (watch) {
    const { watchStatus } = await import("./watch/watch.ts");
    return await watchStatus({ runDir: runDir ?? defaultRunDir, name }, json);
  }
  const asked = await askSnapshot(runDir);
  if (!asked.ok) return asked.error;
  const names = namesIn(asked.value);
  if (name !== undefined && !names.includes(name)) {
    const hint = suggest(name, names) ?? '"standin status" lists all';
    complain(`standin status: there is no "${name}" (${hint})`);
    return exitCode.failed;
  }
  const snapshot = statusAbout(asked.value, name);
  const look = { now: Date.now(), columns: columns(), colours: wantsColours() };
  print(json ? JSON.stringify(snapshot, null, 2) : renderStatus(snapshot, look));
  return exitCode.ok;
}
