/**
 * One router of the demo: a daemon in a node of the lab, started, watched through its JSON log, and
 * ended in the way that the story wants. It is this same program with the words `run -f …`, as
 * anybody would start it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { LabNode } from "../../host/linux/mod.ts";
import { isRecord } from "../json.ts";
import { selfCommand } from "../self.ts";
import { configurationOf, type RouterSetup } from "./setup.ts";

/** One line of a daemon's log. */
export interface LogLine {
  /** When it was written, in milliseconds since 1970; absent where it says no time. */
  readonly time?: number;
  readonly level: string;
  readonly message: string;
  /** For transitions: the new state. */
  readonly to?: string;
}

/** How long a daemon may take to end when it was asked to. */
const graceMs = 3000;
/** How long its guard may take to remove the addresses of a daemon that was killed. */
const guardMs = 1000;
const keptLines = 8;

/** A router that can be started more than once. */
export class Router {
  readonly setup: RouterSetup;
  readonly node: LabNode;
  readonly runDir: string;
  readonly configFile: string;
  readonly #onLine: (line: LogLine) => void;
  readonly #lines: LogLine[] = [];
  #child: ChildProcess | undefined;
  #state = "";
  #signalled: "SIGKILL" | "SIGTERM" | undefined;
  #failure: string | undefined;

  /** Writes the configuration into a new directory. */
  constructor(
    setup: RouterSetup,
    node: LabNode,
    directory: string,
    onLine: (line: LogLine) => void,
  ) {
    this.setup = setup;
    this.node = node;
    this.runDir = join(directory, setup.name);
    this.configFile = join(directory, `${setup.name}.conf`);
    this.#onLine = onLine;
    mkdirSync(this.runDir);
    writeFileSync(this.configFile, configurationOf(setup));
  }

  /** Whether the daemon runs. */
  get running(): boolean {
    return this.#child !== undefined;
  }

  /** Whether its last life was ended by force. */
  get killed(): boolean {
    return this.#signalled === "SIGKILL";
  }

  /** How it ended, when nobody had asked it to. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** The state that its last transition led to; empty before the first. */
  get state(): string {
    return this.#state;
  }

  /** The last things that it said, for when something went wrong. */
  get lastLines(): readonly LogLine[] {
    return this.#lines;
  }

  /** Starts the daemon in its node. */
  start(): void {
    const { command, args } = selfCommand();
    const options = ["-f", this.configFile, "--run-dir", this.runDir, "--log-format", "json"];
    const child = this.node.inside(() =>
      spawn(command, [...args, "run", ...options], { stdio: ["ignore", "ignore", "pipe"] })
    );
    this.#child = child;
    this.#state = "";
    this.#signalled = undefined;
    child.on("error", (error) => this.#ended(child, error.message));
    child.on("close", (code, signal) => this.#ended(child, signal ?? `exit code ${code}`));
    let rest = "";
    child.stderr?.setEncoding("utf8");
    child.stderr?.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#take(readLogLine(line));
    });
  }

  /** Sends a signal to the daemon and to nothing else of it. */
  signal(signal: "SIGKILL" | "SIGTERM"): void {
    if (this.#child === undefined) return;
    this.#signalled = signal;
    this.#child.kill(signal);
  }

  /** Ends the daemon, by force if need be, and waits for its guard. */
  async end(): Promise<void> {
    this.signal("SIGTERM");
    if (!await waitUntil(() => !this.running, graceMs)) {
      this.signal("SIGKILL");
      await waitUntil(() => !this.running, graceMs);
    }
    await waitUntil(() => !this.#hasGuard(), guardMs);
  }

  #take(line: LogLine): void {
    if (line.to !== undefined) this.#state = line.to;
    this.#lines.push(line);
    if (this.#lines.length > keptLines) this.#lines.shift();
    this.#onLine(line);
  }

  #ended(child: ChildProcess, how: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#state = "";
    if (this.#signalled === undefined) this.#failure = how;
  }

  #hasGuard(): boolean {
    try {
      const pid = readFileSync(join(this.runDir, "guard.pid"), "latin1").trim();
      return readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("standin-guard");
    } catch {
      return false;
    }
  }
}

/** Reads a line of a JSON log; anything else is a message without a time. */
export function readLogLine(line: string): LogLine {
  try {
    const entry: unknown = JSON.parse(line);
    if (isRecord(entry) && typeof entry["message"] === "string") {
      const { time, level, message, event, to } = entry;
      return {
        ...(typeof time === "string" ? { time: Date.parse(time) } : {}),
        level: typeof level === "string" ? level : "info",
        message,
        ...(event === "transition" && typeof to === "string" ? { to } : {}),
      };
    }
  } catch {
    // Not JSON: the runtime itself has something to say.
  }
  return { level: "error", message: line };
}

async function waitUntil(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > giveUpAt) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}

/** Ends the daemons at once when this process ends without having done so. */
export function endWithUs(routers: readonly Router[]): void {
  process.on("exit", () => {
    for (const router of routers) router.signal("SIGKILL");
  });
}
