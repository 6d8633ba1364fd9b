/** Runs the command as a person would, always from the root of the repository. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { standinCommand } from "../support/standin_command.ts";

/** What a command left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run. */
export interface Circumstances {
  /** Words that come before the command, such as `ip netns exec NAME`. */
  readonly prefix?: readonly string[];
  /** The name it is called by, where the command is a single executable. */
  readonly calledAs?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it can read from its standard input. */
  readonly input?: string;
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Whether the command is a program of its own and not a runtime with a source file. */
export const isExecutable: boolean = standinCommand.length === 1;

/** Runs the command to its end. */
export async function standin(
  args: readonly string[],
  circumstances: Circumstances = {},
): Promise<Outcome> {
  return await outcomeOf(start(args, circumstances));
}

/** Starts the command. */
export function start(args: readonly string[], circumstances: Circumstances = {}): ChildProcess {
  const { prefix = [], calledAs, env = {}, input } = circumstances;
  const [program = "", ...words] = [...prefix, ...standinCommand, ...args];
  const child = spawn(program, words, {
    cwd: root,
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", ...env },
    ...(calledAs === undefined ? {} : { argv0: calledAs }),
  });
  child.stdin?.end(input);
  return child;
}

/** Waits for a process and collects what it wrote. */
export function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const heard = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.setEncoding("utf8");
    child[stream]?.on("data", (text: string) => heard[stream] += text);
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...heard }));
  });
}

/** Runs a body with a directory of its own. */
export async function inDirectory(body: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "si-smoke-"));
  try {
    await body(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
