/**
 * The two HTTP servers: control on the socket in the run directory, for root only, and status on
 * the loopback, which takes commands only from who has the token of `status_token_file`. A status
 * address that can not be had is told and does not keep the daemon from running; a control socket
 * that can not be had does.
 */
import { chmodSync, rmSync } from "node:fs";
import type { HttpHandler, HttpPlace, HttpServer, Libc } from "../../../ffi/mod.ts";
import type { Model } from "../../config/mod.ts";
import type { Apps } from "../port.ts";
import { CompilerThreads } from "./compiler_threads.ts";
import { HttpGate } from "./http_gate.ts";
import type { Log } from "./log.ts";
import type { TokenDoor } from "./token_door.ts";

/** Where status is served, and who may command there. */
type StatusPlan = Pick<Model["global"], "statusListen" | "statusTokenFile">;

/** So many may be connected to the status endpoint; each takes a descriptor and some memory. */
const connectionsMax = 1000;

/** What is served, what is done before each answer, and who hears that status can not be. */
interface Serving {
  readonly apps: Apps;
  turn(): void;
  complain(sentence: string): void;
}

/** The servers of one daemon. */
export class Servers {
  readonly #libc: Libc;
  readonly #log: Log;
  readonly #apps: Apps;
  readonly #gate: HttpGate;
  readonly #compilers: CompilerThreads;
  readonly #complain: Serving["complain"];
  #control: HttpServer | undefined;
  #controlPath = "";
  #status: HttpServer | undefined;
  #listen: StatusPlan["statusListen"];
  #tokenFile: string | undefined;
  #door: Promise<TokenDoor> | undefined;

  constructor(libc: Libc, log: Log, { apps, turn, complain }: Serving) {
    this.#complain = complain;
    this.#libc = libc;
    this.#log = log;
    this.#apps = apps;
    this.#gate = new HttpGate(turn);
    this.#compilers = new CompilerThreads(libc);
  }

  /** Opens both; throws when the control socket is refused. */
  async open(controlPath: string, plan: StatusPlan): Promise<void> {
    // What is there was left by a crash: the lock on the pid file is ours.
    rmSync(controlPath, { force: true });
    const mask = process.umask(0o177);
    try {
      const place: HttpPlace = { kind: "unix", path: controlPath };
      this.#control = this.#libc.serve(place, this.#guarded(this.#apps.control));
      await this.#control.listening;
      chmodSync(controlPath, 0o600);
    } finally {
      process.umask(mask);
    }
    this.#controlPath = controlPath;
    await this.follow(plan);
  }

  /** Serves status elsewhere or no more, and reads the token again. */
  async follow({ statusListen: listen, statusTokenFile }: StatusPlan): Promise<void> {
    this.#tokenFile = statusTokenFile;
    this.#door = undefined;
    const same = listen?.address === this.#listen?.address && listen?.port === this.#listen?.port;
    if (same && (listen === undefined || this.#status !== undefined)) return;
    void this.#status?.close();
    this.#status = undefined;
    this.#listen = listen;
    if (listen === undefined) return;
    const { address, port } = listen;
    const handler = this.#gated(this.#guarded((request, from) => this.#answer(request, from)));
    const server = this.#libc.serve({ kind: "tcp", address, port, connectionsMax }, handler);
    this.#status = server;
    try {
      await server.listening;
    } catch (error) {
      if (this.#status === server) this.#status = undefined;
      const place = `${address} port ${port}`;
      this.#complain(`Cannot serve status on ${place}: ${whyNot(error)}; status is off`);
    }
  }

  /** Closes both. */
  async close(): Promise<void> {
    await Promise.all([this.#control?.close(), this.#status?.close()]);
    if (this.#controlPath !== "") rmSync(this.#controlPath, { force: true });
  }

  /** Questions from all, commands from who has the token; that is looked for with the first. */
  async #answer(request: Request, from: () => string): Promise<Response> {
    const path = this.#tokenFile;
    if (request.method !== "POST" || path === undefined) return await this.#apps.status(request);
    this.#door ??= import("./token_door.ts").then(({ TokenDoor }) =>
      new TokenDoor(path, this.#log)
    );
    const door = await this.#door;
    if (!door.leadsTo(request)) return await this.#apps.status(request);
    return door.refuse(request, from()) ?? await this.#apps.control(request);
  }

  /** Anybody may ask there, as often as he likes. */
  #gated(handler: HttpHandler): HttpHandler {
    return (request, from) => {
      const entered = this.#gate.enter();
      this.#compilers.stepBack();
      if (entered === true) return handler(request, from);
      return entered.then((may) => may ? handler(request, from) : turnAway());
    };
  }

  /** No mistake in an answer may end the daemon. */
  #guarded(handler: HttpHandler): HttpHandler {
    return async (request, from) => {
      try {
        return await handler(request, from);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        this.#log.write("error", `Cannot answer ${new URL(request.url).pathname}: ${why}`);
        return new Response("internal error\n", { status: 500 });
      }
    };
  }
}

function whyNot(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!("code" in error) || error.code !== "EADDRINUSE") return error.message;
  return "another program listens there (status_listen takes another port)";
}

function turnAway(): Response {
  const headers = { "Retry-After": "1" };
  return new Response("too many requests wait\n", { status: 503, headers });
}
