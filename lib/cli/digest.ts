/**
 * `standin digest URL`: the MD5 that a `digest` of `HTTP_GET` or `SSL_GET` has to name. It says
 * what the check says and reads as the check does; only the connection is the runtime's.
 */
import { createHash } from "node:crypto";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { HttpExchange, type HttpVersion, type Said, type UrlPlan } from "../check/mod.ts";
import { exitCode } from "./exit.ts";
import { complain, print } from "./output.ts";

/** What was said about the page. */
export interface DigestArguments {
  readonly url: string;
  readonly server: string | undefined;
  readonly virtualHost: string | undefined;
  readonly version: HttpVersion;
  readonly json: boolean;
}

/** How long a server may say nothing, in milliseconds. */
const silenceMax = 10_000;

/** Prints the digest, or what is wrong; resolves with the exit code. */
export async function runDigest(words: DigestArguments): Promise<number> {
  const url = URL.canParse(words.url) ? new URL(words.url) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    complain(`standin digest: expected a URL that begins with http:// or https://`);
    return exitCode.usage;
  }
  const plan: UrlPlan = {
    path: url.pathname + url.search,
    host: words.virtualHost ?? url.host,
    statuses: [[200, 299]],
    endsTls: true,
  };
  const hash = createHash("md5");
  const running = { update: (bytes: Uint8Array) => void hash.update(bytes), finish: () => "" };
  const exchange = new HttpExchange(plan, words.version, running);
  const failure = await talk(open(url, words), exchange);
  if (failure !== undefined) {
    complain(`standin digest: ${failure}`);
    return exitCode.failed;
  }
  const digest = hash.digest("hex");
  print(words.json ? JSON.stringify({ url: words.url, digest }) : digest);
  return exitCode.ok;
}

function open(url: URL, { server, virtualHost }: DigestArguments): Socket {
  const named = url.hostname.replace(/^\[|\]$/g, "");
  const host = server ?? named;
  if (url.protocol === "http:") return connect(Number(url.port || 80), host);
  const name = virtualHost ?? named;
  const says = isIP(name) === 0 ? { servername: name } : {};
  const port = Number(url.port || 443);
  return connectTls({ port, host, rejectUnauthorized: false, ...says });
}

/** Carries an exchange over a connection; what went wrong, `undefined` for nothing. */
function talk(socket: Socket, exchange: HttpExchange): Promise<string | undefined> {
  return new Promise((resolve) => {
    const finish = (failure?: string): void => {
      socket.destroy();
      resolve(failure);
    };
    const heard = (said: Said): void => {
      if (said.kind === "done") finish(said.failure);
    };
    socket.setTimeout(silenceMax, () => finish(`no answer within ${silenceMax / 1000} s`));
    socket.on("data", (bytes) => heard(exchange.take(bytes)));
    socket.on("end", () => heard(exchange.end()));
    socket.on("error", (error) => finish(error.message));
    socket.write(exchange.open());
  });
}
