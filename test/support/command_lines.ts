/**
 * Plays command lines one after the other in one process, which is many times faster than one for
 * each: arrays of words come on standard input as JSON, and what each ends with goes out behind a
 * mark, on both streams. Started by its path, with `runCommandLines`.
 */
import { spawn } from "node:child_process";
import { readFileSync, writeSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { main } from "../../lib/cli/mod.ts";
import { runtimeName } from "./test.ts";

/** What a command line left behind. */
export interface Played {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const runtime = runtimeName === "deno" ? ["run", "-A", "--no-check"] : [];

/** The words that run the program from its source, on the runtime of the test. */
export const sourceCommand: readonly string[] = [
  process.execPath,
  ...runtime,
  fileURLToPath(new URL("../../main.ts", import.meta.url)),
];

const mark = "\x1e";

/** Plays them in a process of its own. */
export async function runCommandLines(
  lines: readonly (readonly string[])[],
): Promise<readonly Played[]> {
  const argv = [...runtime, fileURLToPath(import.meta.url), "play"];
  const env = { ...process.env, NO_COLOR: "1" };
  const child = spawn(process.execPath, argv, { stdio: ["pipe", "pipe", "pipe"], env });
  const heard = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => heard[stream] += text);
  }
  child.stdin.end(JSON.stringify(lines));
  await new Promise((resolve) => child.on("close", resolve));
  const [stdout = [], stderr = []] = [heard.stdout, heard.stderr].map((text) => text.split(mark));
  if (stdout.length !== lines.length * 2 + 1) {
    throw new Error(`not all were played: ${heard.stderr.slice(-1000)}`);
  }
  return lines.map((_, index) => ({
    code: Number(stdout[index * 2 + 1]),
    stdout: stdout[index * 2] ?? "",
    stderr: stderr[index * 2] ?? "",
  }));
}

async function play(): Promise<void> {
  const lines: string[][] = JSON.parse(readFileSync(0, "utf8"));
  for (const args of lines) {
    const code = await main({ calledAs: "standin", args });
    for (const stream of [1, 2]) writeSync(stream, `${mark}${code}${mark}`);
  }
}

if (process.argv.includes("play")) {
  await play();
  process.exit(0);
}
