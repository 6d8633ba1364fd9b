/**
 * A process of a lab: its output line by line as it comes, its end, and the way to end it with
 * everything that it started. Signals go to exact process ids, read from the kernel's own table of
 * parents, so that nothing outside the lab is ever touched.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Bell } from "./bell.ts";

/** The root of the repository: what is started by a relative path is started from here. */
export const repository: string = fileURLToPath(new URL("../../..", import.meta.url));

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What a program that ran to its end left behind. */
export interface Outcome extends Ending {
  readonly stdout: string;
  readonly stderr: string;
}

/** A running process. */
export class Program {
  readonly name: string;
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #bell: Bell;
  #ending: Ending | undefined;

  /** Starts it; `onBytes` takes standard output where that is no text. */
  constructor(bell: Bell, argv: readonly string[], onBytes?: (bytes: Uint8Array) => void) {
    const [command = "", ...words] = argv;
    this.name = argv.join(" ");
    this.#bell = bell;
    this.#child = spawn(command, words, {
      cwd: repository,
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
    });
    this.#child.stdin?.on("error", () => {});
    if (onBytes === undefined) this.#readLines("stdout");
    else this.#child.stdout?.on("data", (bytes: Uint8Array) => onBytes(bytes));
    this.#readLines("stderr");
    this.#child.on("error", (error) => this.#end({ code: null, signal: error.message }));
    this.#child.on("close", (code, signal) => this.#end({ code, signal }));
  }

  /** Its process id. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** How it ended; absent while it runs. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Gives text to its standard input; `end` closes that. */
  write(text: string, end = false): void {
    if (end) this.#child.stdin?.end(text);
    else this.#child.stdin?.write(text);
  }

  /** Sends a signal to this process alone. */
  signal(name: NodeJS.Signals): void {
    sendSignal(this.pid, name);
  }

  /** Kills it and everything that it started, at once. */
  kill(): void {
    if (this.#ending !== undefined) return;
    const doomed = [this.pid, ...descendantsOf(this.pid)];
    // Whoever is stopped can not start another one while the others are being killed.
    for (const pid of doomed) sendSignal(pid, "SIGSTOP");
    for (const pid of doomed) sendSignal(pid, "SIGKILL");
  }

  /** Waits for its end. */
  ended(limitMs?: number): Promise<Ending> {
    return this.#bell.until(`the end of ${this.name}`, () => this.#ending, limitMs);
  }

  /** Waits for a line. */
  line(pattern: RegExp, limitMs?: number): Promise<string> {
    const look = (): string | undefined => this.lines.find((line) => pattern.test(line));
    return this.#bell.until(`${pattern} from ${this.name}`, look, limitMs);
  }

  /** Waits for a line after the first so many. */
  answer(pleases: (line: string) => boolean, from: number): Promise<string> {
    const look = (): string | undefined => this.lines.slice(from).find(pleases);
    return this.#bell.until(`an answer of ${this.name}`, look);
  }

  #readLines(stream: "stdout" | "stderr"): void {
    let rest = "";
    this.#child[stream]?.setEncoding("utf8");
    this.#child[stream]?.on("data", (text: string) => {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      this.lines.push(...parts);
      this.#bell.ring();
    });
  }

  #end(ending: Ending): void {
    this.#ending ??= ending;
    this.#bell.ring();
  }
}

/** Runs a program to its end. */
export function run(argv: readonly string[], input = ""): Promise<Outcome> {
  const [command = "", ...words] = argv;
  const env = { ...process.env, NO_COLOR: "1" };
  return new Promise((resolve) => {
    const options = { cwd: repository, env, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(command, words, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      resolve({ code, signal: error?.signal ?? null, stdout, stderr });
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

/** Sends a signal to one process, which may be gone already. */
export function sendSignal(pid: number, name: NodeJS.Signals): void {
  if (pid <= 1) return;
  try {
    process.kill(pid, name);
  } catch {
    // It is gone.
  }
}

/** Whether the process runs; one that has ended and waits for its parent to notice does not. */
export function isRunning(pid: number): boolean {
  return statOf(pid)?.running ?? false;
}

/** Children, their children, and so on. */
function descendantsOf(pid: number): number[] {
  const children = readdirSync("/proc")
    .map(Number)
    .filter((other) => Number.isInteger(other) && statOf(other)?.parent === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

function statOf(pid: number): { readonly parent: number; readonly running: boolean } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state = "", parent = ""] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { parent: Number(parent), running: state !== "Z" && state !== "X" };
  } catch {
    return undefined;
  }
}
