/**
 * Asking a standin of the lab: its commands run in its namespace, its control socket over HTTP as
 * any script could use it, and its crash guard. The socket is a file, so it is reached from outside
 * the namespace; what listens on an address is asked from inside.
 */
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { runtimeName } from "../test.ts";
import type { Node } from "./lab.ts";
import { filesOf, standinCommand } from "./makes.ts";
import { isRunning, type Outcome } from "./program.ts";

/** An HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** The parts of `/status` that stories look at. */
export interface Status {
  readonly pid: number;
  readonly config: { readonly reloads: number };
  readonly instances: readonly {
    readonly name: string;
    readonly state: string;
    readonly effectivePriority: number;
    readonly addresses: readonly string[];
    readonly master: { readonly address: string; readonly priority: number } | null;
    readonly witness: { readonly probe: string; readonly state: string } | null;
    readonly counters: Readonly<Record<string, number>>;
  }[];
  readonly trackers: readonly {
    readonly name: string;
    readonly state: string;
    readonly detail: string | null;
  }[];
  readonly stalls: { readonly count: number; readonly longestMs: number };
  readonly lostPackets: number;
  readonly unmatchedPackets: { readonly malformed: number; readonly unknownVrid: number };
}

/** Runs one of standin's commands against the daemon of a node. */
export function command(node: Node, ...args: readonly string[]): Promise<Outcome> {
  const { runDir } = filesOf(node);
  return node.namespace.run([...standinCommand, ...args, "--run-dir", runDir]);
}

/** Asks the control socket. */
export function ask(node: Node, path: string, method: "GET" | "POST" = "GET"): Promise<Answer> {
  const socketPath = join(filesOf(node).runDir, "control.sock");
  return new Promise((resolve, reject) => {
    const question = request({ socketPath, path, method }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => body += text);
      response.on("end", () => {
        const contentType = response.headers["content-type"] ?? "";
        resolve({ status: response.statusCode ?? 0, contentType, body });
      });
      response.on("error", reject);
    });
    question.on("error", reject);
    question.end();
  });
}

/** What the daemon says of itself. */
export async function statusOf(node: Node): Promise<Status> {
  return JSON.parse((await ask(node, "/status")).body);
}

/** Asks an address from inside the node; with a token, commands. */
export async function fetchInside(node: Node, url: string, token?: string): Promise<Answer> {
  const words = [...scriptWords("fetch.ts"), url, ...token === undefined ? [] : [token]];
  const { stdout, stderr, code } = await node.namespace.run(words);
  if (code !== 0) throw new Error(`Nothing at ${url}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Words that run a script of this folder with the runtime of the tests. */
export function scriptWords(
  name: "echo.ts" | "fetch.ts" | "greedy.ts" | "inject.ts" | "traffic.ts",
): string[] {
  const path = fileURLToPath(new URL(name, import.meta.url));
  return runtimeName === "deno"
    ? [process.execPath, "run", "-A", "--no-check", path]
    : [process.execPath, path];
}

/** The process that cleans up after a crash; absent when none runs. */
export function guardOf(node: Node): number | undefined {
  try {
    const pid = Number(readFileSync(join(filesOf(node).runDir, "guard.pid"), "utf8"));
    return isRunning(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}
