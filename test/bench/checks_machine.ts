/**
 * The same checks by keepalived and by standin, under a kernel that has IPVS: user-mode Linux,
 * where a system call costs many times what it costs elsewhere, so only the ratio means anything.
 */
import { getPriority, setPriority } from "node:os";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { ipvsModules } from "../support/kernel/ipvs.ts";
import { runInMachine, whyNoMachine } from "../support/kernel/machine.ts";
import { mark, type Window } from "./checks_inside.ts";
import { type Row, Series } from "./row.ts";

/** As many as both can bear: above, collecting garbage takes standin most of that processor. */
const servers = { tcp: 40, http: 10 } as const;
const limitMs = 400_000;

/** Rows of both; none where there is no such machine. */
export async function machineRows(progress: (what: string) => void): Promise<Row[]> {
  const why = whyNoMachine();
  if (why !== undefined) {
    progress(`user-mode Linux: ${why}`);
    return [];
  }
  progress("keepalived and standin under user-mode Linux");
  const program = fileURLToPath(new URL("checks_inside.ts", import.meta.url));
  const argv = [process.execPath, program, String(servers.tcp), String(servers.http)];
  // What else runs here would be counted as theirs.
  const before = getPriority();
  setPriority(-20);
  const running = runInMachine({ argv, modules: ipvsModules, limitMs });
  const { lines, code } = await running.finally(() => setPriority(before));
  if (code !== 0) {
    throw new Error(`The machine ended with ${code}:\n${lines.slice(-20).join("\n")}`);
  }
  const title = `${servers.tcp} TCP and ${servers.http} HTTP checks a second, user-mode Linux`;
  const tcp = new Series({ what: `${title}: TCP checks that the servers saw`, unit: "1/s" });
  const http = new Series({ what: `${title}: HTTP checks that the servers saw`, unit: "1/s" });
  const part = new Series({ what: `${title}: processor time of one check`, unit: "µs" });
  for (const line of lines) {
    if (!line.startsWith(mark)) continue;
    const window = JSON.parse(line.slice(mark.length)) as Window;
    tcp.add(window.implementation, window.tcpPerSecond);
    http.add(window.implementation, window.httpPerSecond);
    part.add(window.implementation, window.partUs);
  }
  return [tcp, http, part].map((series) => series.row());
}
