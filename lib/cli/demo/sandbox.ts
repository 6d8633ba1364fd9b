/**
 * The way into a user namespace. A process with several threads can not go there itself, so the
 * program starts itself again through `unshare` (util-linux or BusyBox). The child leads a process
 * group of its own: Ctrl-C reaches only us, is passed on once, and when the child has ended,
 * however it did, what is left of its group is ended too. Where user namespaces are forbidden, root
 * goes on without one; the networks are separate all the same.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { err, ok, type Result } from "../../base/mod.ts";
import type { DemoOptions } from "../demo.ts";
import { exitCode } from "../exit.ts";
import { complain } from "../output.ts";
import { selfCommand } from "../self.ts";
import { programName } from "./program.ts";
import { explainRefusal, readLimits } from "./refusal.ts";
import { interruptedCode } from "./wait.ts";

/** Root over what is new, and nobody more than before over everything else. */
const userNamespace = ["unshare", "-Ur"] as const;

/** Runs the demo inside; resolves with its exit code. */
export async function runInSandbox(variable: string, options: DemoOptions): Promise<number> {
  const prefix = findEntrance();
  if (!prefix.ok) {
    complain(prefix.error);
    return exitCode.cannotRun;
  }
  using interruption = new Interruption();
  const directory = mkdtempSync(join(tmpdir(), "standin-demo-"));
  try {
    const { command, args } = selfCommand();
    const flags = [...(options.stay ? ["--stay"] : []), ...(options.json ? ["--json"] : [])];
    const words = [...prefix.value, command, ...args, "demo", ...flags];
    return await supervise(words, { ...process.env, [variable]: directory }, interruption);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The words before the command; the error says in several lines why there is no way. */
function findEntrance(): Result<readonly string[], string> {
  const [program, ...flags] = userNamespace;
  const attempt = spawnSync(program, [...flags, "true"], { encoding: "utf8" });
  if (attempt.error === undefined && attempt.status === 0) return ok(userNamespace);
  if (process.getuid?.() === 0) return ok([]);
  const said = attempt.error === undefined ? attempt.stderr.trim() : undefined;
  return err(explainRefusal({ said, limits: readLimits(), program: programName() }));
}

/** Ctrl-C and its kin, from before there is anything to clean up until it is cleaned up. */
class Interruption {
  /** How often somebody asked for the end. */
  count = 0;
  /** Passes the wish on. */
  onAsked: () => void = () => {};
  readonly #signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  readonly #handler = (): void => {
    this.count++;
    this.onAsked();
  };

  constructor() {
    for (const signal of this.#signals) process.on(signal, this.#handler);
  }

  [Symbol.dispose](): void {
    for (const signal of this.#signals) process.off(signal, this.#handler);
  }
}

/** Runs the child to its end, and all that it started. */
async function supervise(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  interruption: Interruption,
): Promise<number> {
  const [command = "", ...args] = words;
  // The child reads from the pipe until its end, which comes also when we are killed.
  const child = spawn(command, args, {
    env,
    detached: true,
    stdio: ["pipe", "inherit", "inherit"],
  });
  child.stdin?.on("error", () => {});
  interruption.onAsked = () => {
    // Not child.kill(): after that Deno takes any exit code for death by the signal.
    if (interruption.count > 1) send(child, "group", "SIGKILL");
    else send(child, "leader", "SIGTERM");
  };
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", resolve);
    });
    return code ?? (interruption.count > 0 ? interruptedCode : exitCode.failed);
  } finally {
    send(child, "group", "SIGKILL");
  }
}

function send({ pid }: ChildProcess, to: "leader" | "group", signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(to === "group" ? -pid : pid, signal);
  } catch {
    // Nobody is left there.
  }
}
