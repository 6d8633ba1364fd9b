/**
 * The door in front of commands that come over the network: who shows the token of
 * `status_token_file` may pass (RFC 6750 §2.1). The token is compared in a time that does not tell
 * how much of it was right. Who showed some wrong ones is not looked at for a while, whatever he
 * shows then: otherwise he could go on guessing. That is counted for each source alone, so nobody
 * locks out somebody else. The socket in the run directory has another door, its permissions.
 */
import { readFileSync, statSync } from "node:fs";
import { equalSecret, parseIp, type Result } from "../../base/mod.ts";
import type { Log } from "./log.ts";

/** What may be asked for from elsewhere: nothing that reads other files or ends the daemon. */
const commands = ["/reload", "/failover", "/maintenance", "/server"];
/** A token that nobody guesses; `openssl rand -hex 32` has 64. */
const shortest = 16;
/** So many wrong tokens of one source at once, and one more in each pause. */
const [triesMax, pauseMs] = [5, 2000];
/** Sources that are remembered; then the one that was wrong longest ago is forgotten. */
const sourcesMax = 1000;

/** The token in the first line of a file that nobody but its owner can read. */
export function readToken(path: string): Result<Uint8Array, string> {
  try {
    const mode = statSync(path).mode & 0o777;
    if ((mode & 0o077) !== 0) {
      const octal = mode.toString(8).padStart(4, "0");
      return { ok: false, error: `its mode is ${octal}, others can use it; chmod 600` };
    }
    const token = (readFileSync(path, "utf8").split("\n")[0] ?? "").trim();
    if (token.length < shortest) {
      return { ok: false, error: `its first line has fewer than ${shortest} characters` };
    }
    return { ok: true, value: new TextEncoder().encode(token) };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

/** One door, with the token as it was when the door was made. */
export class TokenDoor {
  readonly #token: Result<Uint8Array, string>;
  readonly #log: Pick<Log, "write">;
  readonly #now: () => number;
  /** Who showed a wrong token: how many tries were left then; the latest is the last. */
  readonly #wrong = new Map<string, { readonly tries: number; readonly at: number }>();

  constructor(path: string, log: Pick<Log, "write">, now: () => number = () => performance.now()) {
    this.#token = readToken(path);
    this.#log = log;
    this.#now = now;
    if (this.#token.ok) return;
    log.write("error", `Cannot use status_token_file "${path}": ${this.#token.error}`);
  }

  /** Whether a request is for something behind the door. */
  leadsTo(request: Request): boolean {
    return commands.includes(new URL(request.url).pathname);
  }

  /** The answer for who may not pass; `from` is his address. */
  refuse(request: Request, from: string): Response | undefined {
    const { pathname } = new URL(request.url);
    if (!this.#token.ok) return answer(503, "the token can not be read; see the log");
    const source = sourceOf(from);
    const tries = this.#triesOf(source);
    if (tries < 1) {
      const headers = { "Retry-After": String(Math.ceil(pauseMs / 1000)) };
      return answer(429, "too many wrong tokens", headers);
    }
    const [, shown = ""] = /^Bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "") ??
      [];
    if (equalSecret(new TextEncoder().encode(shown), this.#token.value)) {
      this.#log.write("notice", `${from} has the token and asks for ${pathname}`);
      return undefined;
    }
    this.#wrong.delete(source);
    const [longestAgo] = this.#wrong.keys();
    if (longestAgo !== undefined && this.#wrong.size >= sourcesMax) this.#wrong.delete(longestAgo);
    this.#wrong.set(source, { tries: tries - 1, at: this.#now() });
    this.#log.write("warning", `${from} does not have the token and asks for ${pathname}`);
    return answer(401, "expected the token", { "WWW-Authenticate": 'Bearer realm="standin"' });
  }

  #triesOf(source: string): number {
    const wrong = this.#wrong.get(source);
    if (wrong === undefined) return triesMax;
    return Math.min(triesMax, wrong.tries + (this.#now() - wrong.at) / pauseMs);
  }
}

/** An IPv4 address, or a network of IPv6 in which one host can have any address (RFC 4291). */
function sourceOf(from: string): string {
  const bytes = parseIp(from.replace(/^::ffff:(?=.*\.)/i, "").replace(/%.*$/, ""))?.bytes;
  return bytes === undefined ? from : bytes.subarray(0, 8).join(".");
}

function answer(status: number, error: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error }, { status, headers: { ...headers, "Cache-Control": "no-store" } });
}
