/**
 * The way to the background. The program starts itself again, detached from the terminal, and
 * waits until that child either says on its standard output that it is ready or ends. So whoever
 * started it learns of a bad configuration from the exit code, and never sees a daemon that is
 * only half there. Until then the child's standard error is passed on.
 */
import { spawn } from "node:child_process";
import { writeSync } from "node:fs";
import process from "node:process";
import { exitCode } from "./exit.ts";
import { backgroundChildOption } from "./keepalived_options.ts";
import type { Call } from "./main.ts";
import { selfCommand } from "./self.ts";

const readyWord = "ready\n";

/** Starts the daemon in the background; resolves when it is ready or has failed. */
export function startInBackground(call: Call, keepStderr: boolean): Promise<number> {
  const { command, args } = selfCommand();
  const child = spawn(command, [...args, `--${backgroundChildOption}`, ...call.args], {
    argv0: args.length === 0 ? call.calledAs : command,
    detached: true,
    stdio: ["ignore", "pipe", keepStderr ? "inherit" : "pipe"],
  });
  child.stderr?.on("data", (bytes: Uint8Array) => writeSync(2, bytes));
  return new Promise((resolve, reject) => {
    let heard = "";
    child.stdout?.on("data", (bytes: Uint8Array) => {
      heard += new TextDecoder().decode(bytes);
      if (heard.includes(readyWord)) resolve(exitCode.ok);
    });
    child.on("error", reject);
    // "close" and not "exit": what it said last on standard error has then been passed on.
    child.on("close", (code) => resolve(code ?? exitCode.failed));
  });
}

/** Called by the child when it handles packets: the parent may end. */
export function tellParentReady(): void {
  process.chdir("/");
  writeSync(1, readyWord);
}
