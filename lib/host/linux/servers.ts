/**
 * The two HTTP servers: control on the socket in the run directory, for root only, and status on
 * the loopback. A status address that can not be had is told and does not keep the daemon from
 * running; a control socket that can not be had does.
 */
import { chmodSync, rmSync } from "node:fs";
import type { HttpPlace, HttpServer, Libc } from "../../../ffi/mod.ts";
import type { Model } from "../../config/mod.ts";
import type { Apps, FetchHandler } from "../port.ts";
import { HttpGate } from "./http_gate.ts";
import type { Log } from "./log.ts";

type StatusListen = Model["global"]["statusListen"];

/** The servers of one daemon. */
export class Servers {
  readonly #libc: Libc;
  readonly #log: Log;
  readonly #apps: Apps;
  readonly #gate = new HttpGate();
  #control: HttpServer | undefined;
  #controlPath = "";
  #status: HttpServer | undefined;
  #listen: StatusListen;

  constructor(libc: Libc, log: Log, apps: Apps) {
    this.#libc = libc;
    this.#log = log;
    this.#apps = apps;
  }

  /** Opens both; throws when the control socket is refused. */
  open(controlPath: string, listen: StatusListen): void {
    // What is there was left by a crash: the lock on the pid file is ours.
    rmSync(controlPath, { force: true });
    const mask = process.umask(0o177);
    try {
      const place: HttpPlace = { kind: "unix", path: controlPath };
      this.#control = this.#libc.serve(place, this.#guarded(this.#apps.control));
      chmodSync(controlPath, 0o600);
    } finally {
      process.umask(mask);
    }
    this.#controlPath = controlPath;
    this.moveStatus(listen);
  }

  /** Serves status elsewhere, or no more. */
  moveStatus(listen: StatusListen): void {
    const same = listen?.address === this.#listen?.address && listen?.port === this.#listen?.port;
    if (same && (listen === undefined || this.#status !== undefined)) return;
    void this.#status?.close();
    this.#status = undefined;
    this.#listen = listen;
    if (listen === undefined) return;
    const { address, port } = listen;
    try {
      const handler = this.#gated(this.#guarded(this.#apps.status));
      this.#status = this.#libc.serve({ kind: "tcp", address, port }, handler);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const place = `${address} port ${port}`;
      this.#log.write("warning", `Cannot serve status on ${place}: ${why}; status is off`);
    }
  }

  /** Closes both. */
  async close(): Promise<void> {
    await Promise.all([this.#control?.close(), this.#status?.close()]);
    if (this.#controlPath !== "") rmSync(this.#controlPath, { force: true });
  }

  /** Anybody may ask there, as often as he likes. */
  #gated(handler: FetchHandler): FetchHandler {
    return async (request) => {
      if (await this.#gate.enter()) return await handler(request);
      return new Response("too many requests wait\n", {
        status: 503,
        headers: { "Retry-After": "1" },
      });
    };
  }

  /** No mistake in an answer may end the daemon. */
  #guarded(handler: FetchHandler): FetchHandler {
    return async (request) => {
      try {
        return await handler(request);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        this.#log.write("error", `Cannot answer ${new URL(request.url).pathname}: ${why}`);
        return new Response("internal error\n", { status: 500 });
      }
    };
  }
}
