/**
 * Two network namespaces with a cable between: `eth0` here and `eth0` there. Whatever runs inside
 * and whatever was made is gone after `remove`, which may be called twice.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { ownedPrefix } from "../support/owned.ts";

/** The end of the cable where the daemon under test stands, and the other. */
export type Side = "near" | "far";

/** The primary address of each end. */
export const addresses: Readonly<Record<Side, string>> = {
  near: "10.77.0.2",
  far: "10.77.0.1",
};

/** Two namespaces and the cable. */
export class Network {
  readonly #names: Readonly<Record<Side, string>>;
  readonly #removeAtExit = (): void => this.remove();

  constructor() {
    const name = ownedPrefix("bench");
    this.#names = { near: `${name}-near`, far: `${name}-far` };
    const { near, far } = this.#names;
    process.once("exit", this.#removeAtExit);
    ip("netns", "add", near);
    ip("netns", "add", far);
    ip("-n", near, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", far);
    for (const side of ["near", "far"] as const) {
      const namespace = this.#names[side];
      ip("-n", namespace, "address", "add", `${addresses[side]}/16`, "dev", "eth0");
      ip("-n", namespace, "link", "set", "lo", "up");
      ip("-n", namespace, "link", "set", "eth0", "up");
    }
  }

  /** The file that stands for a namespace. */
  path(side: Side): string {
    return `/run/netns/${this.#names[side]}`;
  }

  /** Words before a command that shall run inside. */
  inside(side: Side): readonly string[] {
    return ["nsenter", `--net=${this.path(side)}`];
  }

  /** The index of `eth0` on one side. */
  indexOf(side: Side): number {
    const words = ["-n", this.#names[side], "-o", "link", "show", "dev", "eth0"];
    return Number.parseInt(execFileSync("ip", words, { encoding: "utf8" }), 10);
  }

  /** Process ids of everything inside. */
  processes(side: Side): number[] {
    const words = ["netns", "pids", this.#names[side]];
    const { stdout } = spawnSync("ip", words, { encoding: "utf8" });
    return (stdout ?? "").split("\n").filter((line) => line !== "").map(Number);
  }

  /** Ends what runs on one side. */
  clear(side: Side): void {
    for (const pid of this.processes(side)) endProcess(pid);
  }

  /** Takes virtual addresses off that a killed daemon left. */
  flush(side: Side): void {
    const words = ["-n", this.#names[side], "-4", "address", "flush", "to", "10.78.0.0/16"];
    spawnSync("ip", [...words, "dev", "eth0"]);
  }

  /** Ends what runs inside and deletes both. */
  remove(): void {
    process.off("exit", this.#removeAtExit);
    for (const side of ["near", "far"] as const) {
      this.clear(side);
      spawnSync("ip", ["netns", "delete", this.#names[side]], { stdio: "ignore" });
    }
  }
}

/** Kills a process that may be gone already. */
export function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}

function ip(...words: string[]): void {
  execFileSync("ip", words, { stdio: ["ignore", "ignore", "inherit"] });
}
