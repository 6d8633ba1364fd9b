/**
 * "Leaves nothing behind", checked: processes that outlived their stage are known by a marker in
 * their environment, namespaces and links by their prefix `si-` and by not having been there
 * before. What is found is named, then removed. A namespace in which somebody else's process runs
 * belongs to another run on this machine, and is left alone.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

const prefix = "si-";

/** The name of the environment variable that marks this run's processes. */
export const markerName = "STANDIN_TEST_RUN";

/** The namespaces and links that a run could leave. */
export interface Traces {
  readonly namespaces: readonly string[];
  readonly links: readonly string[];
}

/** Looks at what there is now, to be compared with later. */
export function takeTraces(): Traces {
  return {
    namespaces: list("/run/netns").filter((name) => name.startsWith(prefix)),
    links: list("/sys/class/net").filter((name) => name.startsWith(prefix)),
  };
}

/** The processes, not counting this one, that carry the marker. */
export function markedProcesses(marker: string): { pid: number; command: string }[] {
  const found: { pid: number; command: string }[] = [];
  for (const name of list("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    if (!read(`/proc/${pid}/environ`).split("\0").includes(`${markerName}=${marker}`)) continue;
    const command = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim().slice(0, 120);
    found.push({ pid, command });
  }
  return found;
}

/** Ends the processes that this run left and answers a line for each. */
export async function clearProcesses(marker: string): Promise<string[]> {
  const left = await outlivers(marker);
  for (const { pid } of left) kill(pid);
  return left.map(({ pid, command }) => `process ${pid}: ${command}`);
}

/** Removes the namespaces and links that were not there before and answers a line for each. */
export function clearNetwork(before: Traces): string[] {
  const left: string[] = [];
  const now = takeTraces();
  for (const name of now.namespaces) {
    if (before.namespaces.includes(name) || isInhabited(name)) continue;
    left.push(`network namespace ${name}`);
    spawnSync("ip", ["netns", "delete", name]);
  }
  for (const name of now.links) {
    if (before.links.includes(name)) continue;
    left.push(`link ${name}`);
    spawnSync("ip", ["link", "delete", name]);
  }
  return left;
}

/** A process that is ending is given a moment; one that stays is a leftover. */
async function outlivers(marker: string): Promise<{ pid: number; command: string }[]> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (markedProcesses(marker).length === 0) return [];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return markedProcesses(marker);
}

function isInhabited(namespace: string): boolean {
  const { stdout } = spawnSync("ip", ["netns", "pids", namespace], { encoding: "utf8" });
  return (stdout ?? "").trim() !== "";
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
