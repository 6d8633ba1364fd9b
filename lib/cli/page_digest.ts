/**
 * The MD5 of a page: asked for and read as `HTTP_GET` and `SSL_GET` do; only the connection is the
 * runtime's.
 */
import { createHash } from "node:crypto";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { err, ok, type Result } from "../base/mod.ts";
import { HttpExchange, type HttpVersion, type Said, type UrlPlan } from "../check/mod.ts";

/** Which page, and how it is asked for. */
export interface PageQuestion {
  /** Address or name of the server. */
  readonly server: string;
  readonly port: number;
  readonly tls: boolean;
  /** What TLS says whom it wants; nothing when absent. */
  readonly serverName?: string;
  readonly path: string;
  /** What the request says. */
  readonly host: string;
  readonly version: HttpVersion;
  /** Statuses that are no failure. */
  readonly statuses: UrlPlan["statuses"];
  /** How long the server may say nothing. */
  readonly silenceMs: number;
}

/** The digest in hexadecimal, or what went wrong. */
export async function askDigest(question: PageQuestion): Promise<Result<string, string>> {
  const { path, host, statuses, version, silenceMs } = question;
  const hash = createHash("md5");
  const running = { update: (bytes: Uint8Array) => void hash.update(bytes), finish: () => "" };
  const exchange = new HttpExchange({ path, host, statuses, endsTls: true }, version, running);
  const failure = await talk(open(question), exchange, silenceMs);
  return failure === undefined ? ok(hash.digest("hex")) : err(failure);
}

/** Nobody has to be trusted: what counts is what the page is, not who says it. */
function open({ server: host, port, tls, serverName }: PageQuestion): Socket {
  if (!tls) return connect(port, host);
  const named = serverName === undefined ? {} : { servername: serverName };
  return connectTls({ port, host, rejectUnauthorized: false, ...named });
}

/** Carries an exchange over a connection; what went wrong, `undefined` for nothing. */
function talk(
  socket: Socket,
  exchange: HttpExchange,
  silenceMs: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const finish = (failure?: string): void => {
      socket.destroy();
      resolve(failure);
    };
    const heard = (said: Said): void => {
      if (said.kind === "done") finish(said.failure);
    };
    socket.setTimeout(silenceMs, () => finish(`no answer within ${silenceMs / 1000} s`));
    socket.on("data", (bytes) => heard(exchange.take(bytes)));
    socket.on("end", () => heard(exchange.end()));
    socket.on("error", (error) => finish(error.message));
    socket.write(exchange.open());
  });
}
