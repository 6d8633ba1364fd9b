/**
 * One question to the running daemon: HTTP over the socket in its run directory. What can go wrong
 * with the socket is told apart, because the person has to do something different in each case.
 */
import { request } from "node:http";
import { err, ok, type Result, unreachable } from "../base/mod.ts";
import { exitCode } from "./exit.ts";
import { complain } from "./output.ts";
import { controlSocket } from "./paths.ts";
import { waitingFor } from "./progress.ts";
import { startCommand } from "./start_hint.ts";

/** What a daemon answered. */
export interface Answer {
  readonly status: number;
  /** The JSON of the body. */
  readonly body: unknown;
}

/** Why there is no answer. */
export type ControlError =
  /** No socket, or nobody behind it. */
  | { readonly kind: "not-running"; readonly socket: string }
  | { readonly kind: "denied"; readonly socket: string }
  | { readonly kind: "broken"; readonly socket: string; readonly detail: string };

/** How long a daemon may take to answer. A reload with slow scripts is the longest. */
const answerTimeoutMs = 60_000;

/** Asks the daemon that uses the run directory; a body is sent as JSON. */
export function ask(
  runDir: string,
  method: "GET" | "POST",
  path: string,
  body?: unknown,
  limitMs: number = answerTimeoutMs,
): Promise<Result<Answer, ControlError>> {
  const socket = controlSocket(runDir);
  return new Promise((resolve) => {
    function fail(error: Error): void {
      resolve(err(explain(error, socket)));
    }
    const headers = { Accept: "application/json" };
    const options = { socketPath: socket, method, path, headers, timeout: limitMs };
    const question = request(options, (response) => {
      const parts: string[] = [];
      response.setEncoding("utf8");
      response.on("data", (part: string) => parts.push(part));
      response.on("error", fail);
      response.on("end", () => {
        try {
          resolve(ok({ status: response.statusCode ?? 0, body: JSON.parse(parts.join("")) }));
        } catch {
          fail(new Error("its answer is no JSON"));
        }
      });
    });
    question.on("timeout", () => {
      question.destroy(new Error(`no answer within ${limitMs / 1000} s`));
    });
    question.on("error", fail);
    question.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** The same, and a terminal is told when it takes long. */
export function askAndWait(...question: Parameters<typeof ask>): ReturnType<typeof ask> {
  return waitingFor("waiting for the daemon", ask(...question));
}

function explain(error: Error, socket: string): ControlError {
  const code = "code" in error ? error.code : undefined;
  // Bun's own names for a missing socket and one that nobody listens on.
  const gone = ["ENOENT", "ECONNREFUSED", "ENOTDIR", "FailedToOpenSocket", "ConnectionRefused"];
  if (gone.some((name) => name === code)) return { kind: "not-running", socket };
  if (code === "EACCES" || code === "EPERM") return { kind: "denied", socket };
  return { kind: "broken", socket, detail: error.message };
}

/** Says what is wrong, and the exit code for it. */
export function complainAbout(error: ControlError): number {
  const { text, code } = describe(error);
  complain(`standin: ${text}`);
  return code;
}

/** An error in words, with its exit code. */
export function describe(error: ControlError): { readonly text: string; readonly code: number } {
  switch (error.kind) {
    case "not-running": {
      const hint = `(is it running? start it with "${startCommand(error.socket)}")`;
      return { text: `no daemon answers at ${error.socket} ${hint}`, code: exitCode.notRunning };
    }
    case "denied":
      return {
        text: `not allowed to open ${error.socket} (it belongs to the daemon's user; try as root)`,
        code: exitCode.cannotRun,
      };
    case "broken":
      return {
        text: `the daemon at ${error.socket} did not answer: ${error.detail}`,
        code: exitCode.failed,
      };
    default:
      return unreachable(error);
  }
}
