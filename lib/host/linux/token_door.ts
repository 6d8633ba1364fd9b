/**
 * The door in front of commands that come over the network: who shows the token of
 * `status_token_file` may pass (RFC 6750 §2.1). The token is compared in a time that does not tell
 * how much of it was right, and after some wrong ones nobody is looked at for a while. The socket
 * in the run directory has another door, its permissions, and stays open meanwhile.
 */
import { readFileSync, statSync } from "node:fs";
import { equalSecret, type Result } from "../../base/mod.ts";
import type { Log } from "./log.ts";

/** What may be asked for from elsewhere: nothing that reads other files or ends the daemon. */
const commands = ["/reload", "/failover", "/maintenance", "/server"];
/** A token that nobody guesses; `openssl rand -hex 32` has 64. */
const shortest = 16;
/** So many wrong tokens at once, and one more in each pause. */
const [triesMax, pauseMs] = [5, 2000];

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
  #tries = triesMax;
  #countedAt: number;

  constructor(path: string, log: Pick<Log, "write">, now: () => number = () => performance.now()) {
    this.#token = readToken(path);
    this.#log = log;
    this.#now = now;
    this.#countedAt = now();
    if (this.#token.ok) return;
    log.write("error", `Cannot use status_token_file "${path}": ${this.#token.error}`);
  }

  /** Whether a request is for something behind the door. */
  leadsTo(request: Request): boolean {
    return commands.includes(new URL(request.url).pathname);
  }

  /** The answer for who may not pass. */
  refuse(request: Request): Response | undefined {
    const { pathname } = new URL(request.url);
    if (!this.#token.ok) return answer(503, "the token can not be read; see the log");
    this.#count();
    if (this.#tries < 1) {
      const headers = { "Retry-After": String(Math.ceil(pauseMs / 1000)) };
      return answer(429, "too many wrong tokens", headers);
    }
    const [, shown = ""] = /^Bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "") ??
      [];
    if (equalSecret(new TextEncoder().encode(shown), this.#token.value)) {
      this.#log.write("notice", `Somebody with the token asks for ${pathname} over the network`);
      return undefined;
    }
    this.#tries--;
    this.#log.write("warning", `Somebody without the token asks for ${pathname} over the network`);
    return answer(401, "expected the token", { "WWW-Authenticate": 'Bearer realm="standin"' });
  }

  #count(): void {
    const now = this.#now();
    this.#tries = Math.min(triesMax, this.#tries + (now - this.#countedAt) / pauseMs);
    this.#countedAt = now;
  }
}

function answer(status: number, error: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error }, { status, headers: { ...headers, "Cache-Control": "no-store" } });
}
