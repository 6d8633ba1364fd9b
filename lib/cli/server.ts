/**
 * `standin server`: what takes part in load balancing, and what a person wants to be different for
 * a while: no new connections for a server, none at all, another weight. A reload takes it back
 * unless it is to persist.
 */
import type { VirtualServerStatus } from "../engine/mod.ts";
import { askAndWait, complainAbout } from "./control.ts";
import { exitCode } from "./exit.ts";
import { errorText, isRecord } from "./json.ts";
import { columns, complain, print, wantsColours } from "./output.ts";
import { defaultRunDir } from "./paths.ts";
import { renderServers } from "./server_table.ts";
import { askSnapshot } from "./snapshot.ts";

/** What can be done to a server. */
export const serverActions = ["list", "drain", "weight", "disable", "enable", "reset"] as const;

/** What can be said about servers. */
export interface ServerArguments {
  readonly action: (typeof serverActions)[number];
  /** Its address, with or without a port. */
  readonly server: string | undefined;
  readonly weight: number | undefined;
  /** Only in this virtual server. */
  readonly of: string | undefined;
  readonly persist: boolean;
  readonly runDir: string | undefined;
  readonly json: boolean;
}

/** `standin server`. */
export async function runServer(given: ServerArguments): Promise<number> {
  const { action, server, weight } = given;
  if (action === "list") return await list(given);
  const mistake = server === undefined
    ? "expected the address of a server after it"
    : (action === "weight") !== (weight !== undefined)
    ? action === "weight" ? "expected a weight after the server" : "only weight takes a number"
    : undefined;
  if (mistake !== undefined) {
    complain(`standin server ${action}: ${mistake}`);
    return exitCode.usage;
  }
  return await change(given);
}

async function list({ server, of, runDir, json }: ServerArguments): Promise<number> {
  const asked = await askSnapshot(runDir);
  if (!asked.ok) return asked.error;
  const all: readonly VirtualServerStatus[] = asked.value.virtualServers;
  const shown = all.filter(({ name }) => of === undefined || name.startsWith(of)).map((one) => ({
    ...one,
    realServers: one.realServers.filter(({ address, port }) =>
      server === undefined || [address, `${address}:${port}`, `[${address}]:${port}`]
        .includes(server)
    ),
  })).filter(({ realServers }) => realServers.length > 0);
  if (json) print(JSON.stringify(shown, null, 2));
  else if (shown.length === 0) print("No servers");
  else print(renderServers(shown, { columns: columns(), colours: wantsColours() }));
  return exitCode.ok;
}

async function change(given: ServerArguments): Promise<number> {
  const { action, server, weight, of, persist, runDir, json } = given;
  const asked = await askAndWait(runDir ?? defaultRunDir, "POST", "/server", {
    action,
    server,
    ...weight === undefined ? {} : { weight },
    ...of === undefined ? {} : { virtualServer: of },
    persist,
  });
  if (!asked.ok) return complainAbout(asked.error);
  const { status, body } = asked.value;
  if (status !== 200 || !isRecord(body) || !Array.isArray(body["servers"])) {
    complain(`standin: ${errorText(status, body)}`);
    return exitCode.failed;
  }
  if (json) print(JSON.stringify(body, null, 2));
  else for (const line of body["servers"]) print(lineOf(line));
  return exitCode.ok;
}

function lineOf(value: unknown): string {
  if (!isRecord(value)) return "";
  return `${value["server"]} of ${value["virtualServer"]}: ${value["state"]}`;
}
