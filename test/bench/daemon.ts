/**
 * A running daemon of either implementation: started from the same file in a namespace of its own,
 * seen as all its processes together, and ended. What it logs goes to a file that is shown when it
 * does not do what it should.
 */
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configurationText, type RouterPlan } from "./configuration.ts";
import { endProcess, type Network, type Side } from "./network.ts";
import { sleep, waitFor } from "./wait.ts";

/** Whose daemon. */
export type Implementation = "keepalived" | "standin";

/** Both, in the order of the columns. */
export const implementations: readonly Implementation[] = ["keepalived", "standin"];

/** Memory of all processes together, in KiB. */
export interface Memory {
  readonly resident: number;
  /** What no other process has mapped. */
  readonly private: number;
  /** The part of it that was written to: the rest is the page cache's, and goes when it must. */
  readonly written: number;
}

/** How long a daemon may take to end after it was asked to. */
const endLimitMs = 5000;

/** The executable under test; another one can be named to compare builds. */
export const executable: string = process.env["STANDIN"] ?? "dist/standin";

/** A place for a daemon's files, and the way to start it there, as often as one likes. */
export class DaemonHome {
  readonly implementation: Implementation;
  readonly #folder = fs.mkdtempSync(join(tmpdir(), "standin-bench-"));
  readonly #network: Network;
  readonly #side: Side;
  readonly #onlyServers: boolean;

  constructor(implementation: Implementation, network: Network, side: Side, plan: RouterPlan) {
    this.#onlyServers = plan.routers === 0;
    this.implementation = implementation;
    this.#network = network;
    this.#side = side;
    this.rewrite(plan);
  }

  /** Writes another configuration, for the next start or reload. */
  rewrite(plan: RouterPlan): void {
    fs.writeFileSync(join(this.#folder, "daemon.conf"), configurationText(plan));
  }

  /** Starts a daemon; `wrapper` is a shell script that is given the command, if any. */
  start(wrapper?: string): Daemon {
    const output = fs.openSync(join(this.#folder, "log"), "a");
    const inside = [...this.#network.inside(this.#side), ...this.#command()];
    const argv = wrapper === undefined ? inside : ["sh", "-c", wrapper, "sh", ...inside];
    const [command = "", ...words] = argv;
    const child = spawn(command, words, { stdio: ["ignore", output, output] });
    fs.closeSync(output);
    return new Daemon(child);
  }

  /** The last of what was logged. */
  log(): string {
    return fs.readFileSync(join(this.#folder, "log"), "utf8").split("\n").slice(-12).join("\n");
  }

  /** How many lines were logged. */
  logLength(): number {
    return fs.readFileSync(join(this.#folder, "log"), "utf8").split("\n").length - 1;
  }

  /** Deletes the files and ends whatever still runs there. */
  remove(): void {
    this.#network.clear(this.#side);
    this.#network.flush(this.#side);
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  #command(): string[] {
    const at = (name: string): string => join(this.#folder, name);
    if (this.implementation === "standin") {
      return [executable, "run", "-f", at("daemon.conf"), "--run-dir", at("run")];
    }
    const pidFiles = ["-p", at("pid"), "-r", at("vrrp.pid"), "-c", at("checkers.pid")];
    const part = this.#onlyServers ? "-C" : "-P";
    return ["keepalived", "-n", "-l", part, "-f", at("daemon.conf"), ...pidFiles];
  }
}

/** One daemon with its helpers. */
export class Daemon {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    this.#ended = new Promise((resolve) => {
      child.on("exit", () => resolve());
      child.on("error", () => resolve());
    });
    if (this.pid === 0) throw new Error("Cannot start the daemon");
  }

  /** Whether the main process is gone. */
  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The main process and everything that it started. */
  processes(): number[] {
    const found = [this.pid];
    for (const pid of found) found.push(...childrenOf(pid));
    return found;
  }

  /** The process that a name or an argument tells; undefined when there is none. */
  processNamed(words: string): number | undefined {
    return this.processes().find((pid) => pid !== this.pid && commandOf(pid).includes(words));
  }

  /** Memory of all processes. */
  memory(): Memory {
    const parts = this.processes().map(memoryOf);
    return {
      resident: parts.reduce((sum, part) => sum + part.resident, 0),
      private: parts.reduce((sum, part) => sum + part.private, 0),
      written: parts.reduce((sum, part) => sum + part.written, 0),
    };
  }

  /** Lets it read its configuration again. */
  reload(): void {
    this.#child.kill("SIGHUP");
  }

  /** Asks it to end, and makes it end. */
  async stop(): Promise<void> {
    const pids = this.processes();
    this.#child.kill("SIGTERM");
    await Promise.race([this.#ended, sleep(endLimitMs)]);
    for (const pid of pids) endProcess(pid);
    await this.#ended;
  }

  /** Resolves when the main process is gone or the time is over. */
  async waitForEnd(limitMs: number): Promise<void> {
    await waitFor(() => this.ended || undefined, limitMs, 2);
  }
}

function childrenOf(pid: number): number[] {
  return listTasks(pid).flatMap((task) =>
    read(`/proc/${pid}/task/${task}/children`).split(" ").filter((word) => word !== "").map(Number)
  );
}

function listTasks(pid: number): string[] {
  try {
    return fs.readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
}

function memoryOf(pid: number): Memory {
  const text = read(`/proc/${pid}/smaps_rollup`);
  function sum(...names: string[]): number {
    return names.reduce((total, name) => {
      const found = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1];
      return total + Number(found ?? 0);
    }, 0);
  }
  return {
    resident: sum("Rss"),
    private: sum("Private_Clean", "Private_Dirty"),
    written: sum("Private_Dirty"),
  };
}

function read(path: string): string {
  try {
    return fs.readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
