/**
 * The control socket of a daemon that is not there: canned answers for tests of the commands that
 * ask one.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An answer: its status and what becomes JSON. */
export interface CannedAnswer {
  readonly status?: number;
  readonly body: unknown;
  /** Nothing is answered any more behind this. */
  readonly closes?: boolean;
}

/** Answers by method and path, such as `GET /status`. */
export type Answers = Readonly<Record<string, CannedAnswer>>;

/** A run directory with a socket that answers while it is open. */
export class FakeDaemon {
  readonly runDir: string;
  /** What is answered from now on. */
  answers: Answers;
  #server: Server | undefined;

  constructor(answers: Answers, runDir?: string) {
    this.answers = answers;
    this.runDir = runDir ?? mkdtempSync(join(tmpdir(), "standin-fake-"));
  }

  /** Begins to answer. */
  async open(): Promise<void> {
    this.close();
    mkdirSync(this.runDir, { recursive: true });
    const server = createServer((request, response) => {
      const path = request.url?.replace(/\?.*/, "") ?? "";
      const { status = 200, body, closes } = this.answers[`${request.method} ${path}`] ??
        { status: 404, body: { error: `no route ${path}` }, closes: false };
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
      if (closes === true) response.on("close", () => this.close());
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(join(this.runDir, "control.sock"), resolve));
  }

  /** Is not there any more. */
  close(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
    rmSync(join(this.runDir, "control.sock"), { force: true });
  }

  [Symbol.dispose](): void {
    this.close();
    rmSync(this.runDir, { recursive: true, force: true });
  }
}
