/**
 * Names of network namespaces that say whose they are: the kind of test, the process, and when that
 * began, for ids of processes come again. So the next run knows what a killed one left, and removes
 * it, with whatever still runs inside.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";

let swept = false;

/** The beginning of names that nobody else gives; the first call removes what killed runs left. */
export function ownedPrefix(kind: "lab" | "smoke" | "bench"): string {
  if (!swept) removeAbandoned();
  swept = true;
  return `si-${kind}-${process.pid}-${beginningOf(process.pid)}`;
}

/** Removes the namespaces whose owner is gone. */
export function removeAbandoned(): void {
  for (const name of namespaces().filter(isAbandoned)) removeNamespace(name);
}

/** Whether nobody will remove it: the process that made it is gone, whoever has its id now. */
export function isAbandoned(namespace: string): boolean {
  const [, pid, beginning] = /^si-[a-z]+-(\d+)-(\d+)(?:-|$)/.exec(namespace) ?? [];
  return pid !== undefined && beginningOf(Number(pid)) !== beginning;
}

/** Kills what runs in a namespace, and removes it. */
export function removeNamespace(name: string): void {
  const { stdout } = spawnSync("ip", ["netns", "pids", name], { encoding: "utf8" });
  for (const pid of (stdout ?? "").split("\n").filter((line) => line !== "")) {
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // It ended by itself in the meantime.
    }
  }
  spawnSync("ip", ["netns", "delete", name]);
}

/** When a process began, in clock ticks since the boot (proc_pid_stat(5)); absent without one. */
function beginningOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[22 - 3];
  } catch {
    return undefined;
  }
}

function namespaces(): string[] {
  try {
    return readdirSync("/run/netns");
  } catch {
    return [];
  }
}
