/**
 * The control socket of a daemon that is not there: canned answers for tests of the commands that
 * ask one.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An answer: its status and what becomes JSON. */
export interface CannedAnswer {
  readonly status?: number;
  readonly body: unknown;
}

/** Answers by method and path, such as `GET /status`. */
export type Answers = Readonly<Record<string, CannedAnswer>>;

/** A run directory with a socket that answers while it is open. */
export class FakeDaemon {
  readonly runDir: string = mkdtempSync(join(tmpdir(), "standin-fake-"));
  /** What is answered from now on. */
  answers: Answers;
  #server: Server | undefined;

  constructor(answers: Answers) {
    this.answers = answers;
  }

  /** Begins to answer. */
  async open(): Promise<void> {
    const server = createServer((request, response) => {
      const path = request.url?.replace(/\?.*/, "") ?? "";
      const { status = 200, body } = this.answers[`${request.method} ${path}`] ??
        { status: 404, body: { error: `no route ${path}` } };
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
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
