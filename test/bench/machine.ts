/**
 * The facts of the machine without which a number means nothing.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import { executable, type Implementation } from "./daemon.ts";

/** Where the numbers come from. */
export interface Machine {
  readonly kernel: string;
  readonly distribution: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryMb: number;
  /** Load of the last minute, before the first measurement. */
  readonly load: number;
  readonly versions: Readonly<Record<Implementation, string>>;
}

/** Looks at this machine. */
export function describeMachine(): Machine {
  return {
    kernel: release(),
    distribution: /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "",
    processor: cpus()[0]?.model ?? "",
    cores: availableParallelism(),
    memoryMb: Math.round(totalmem() / 2 ** 20),
    load: loadavg()[0] ?? 0,
    versions: {
      keepalived: versionOf("keepalived", /v(\d+\.\d+\.\d+)/),
      standin: versionOf(executable, /standin (\S+)/),
    },
  };
}

/** What a program says of itself; throws when it is not there. */
function versionOf(command: string, pattern: RegExp): string {
  const { stdout, stderr, error } = spawnSync(command, ["--version"], { encoding: "utf8" });
  if (error !== undefined) throw new Error(`Cannot start ${command}: ${error.message}`);
  return pattern.exec(`${stdout}${stderr}`)?.[1] ?? "unknown";
}

/** The facts in one line. */
export function renderMachine(machine: Machine): string {
  const { kernel, distribution, processor, cores, memoryMb, versions } = machine;
  return `standin ${versions.standin} and keepalived ${versions.keepalived} on ${processor}, ` +
    `${cores} cores, ${Math.round(memoryMb / 1024)} GB, ${distribution}, Linux ${kernel}`;
}
