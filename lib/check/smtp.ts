/**
 * `SMTP_CHECK` over one connection (RFC 5321): the server greets with 220, takes HELO with 250, and
 * is told QUIT; how it takes that does not matter.
 */
import { type Done, type Exchange, failed, more, type Said } from "./exchange.ts";

/** More than any server has to say in a few lines. */
const totalMax = 65_536;

/** One greeting and its answer. */
export class SmtpExchange implements Exchange {
  readonly #helo: string;
  readonly #decoder = new TextDecoder("latin1");
  #place: "greeting" | "helo" | "quit" = "greeting";
  #text = "";
  #total = 0;

  constructor(helo: string) {
    this.#helo = helo;
  }

  open(): undefined {
    return undefined;
  }

  take(bytes: Uint8Array): Said {
    this.#total += bytes.length;
    if (this.#total > totalMax) return failed(`the answer is longer than ${totalMax} octets`);
    this.#text += this.#decoder.decode(bytes);
    const lines = this.#text.split("\n");
    this.#text = lines.pop() ?? "";
    for (const line of lines) {
      const [, code, mark] = /^(\d{3})([ -]?)/.exec(line) ?? [];
      if (code === undefined) return failed(`the answer is not SMTP: ${quoted(line)}`);
      // RFC 5321 §4.2.1: a hyphen says that the answer goes on.
      if (mark !== "-") return this.#replied(code, line);
    }
    return more;
  }

  end(): Done {
    if (this.#place === "quit") return { kind: "done" };
    const to = this.#place === "greeting" ? "a greeting" : "an answer to HELO";
    return failed(`the connection was closed without ${to}`);
  }

  #replied(code: string, line: string): Said {
    if (this.#place === "quit") return { kind: "done" };
    const wanted = this.#place === "greeting" ? "220" : "250";
    if (code !== wanted) return failed(`${quoted(line)}, expected ${wanted}`);
    const next = this.#place === "greeting" ? `HELO ${this.#helo}` : "QUIT";
    this.#place = this.#place === "greeting" ? "helo" : "quit";
    return { kind: "more", send: new TextEncoder().encode(`${next}\r\n`) };
  }
}

/** The beginning of a line for people; control characters of strangers stay out of the log. */
function quoted(line: string): string {
  return `"${line.trim().slice(0, 60).replace(/[^ -~]/g, "?")}"`;
}
