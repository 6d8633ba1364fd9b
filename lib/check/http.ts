/**
 * `HTTP_GET` over one connection: a request, the head of the response, its body. The status must be
 * right, the body complete, and its MD5 the configured one; a pattern is looked for by the host.
 * Redirects are not followed: they are a status like any other.
 */
import {
  type Done,
  type Exchange,
  failed,
  more,
  type RunningDigest,
  type Said,
} from "./exchange.ts";
import { HttpBody } from "./http_body.ts";
import { bodyStart, readHead, requestOf } from "./http_head.ts";
import type { HttpVersion, UrlPlan } from "./plan.ts";

/** The longest head. */
const headMax = 65_536;
/** The longest body; a check must not keep a router from its adverts. */
const bodyMax = 16 * 1_048_576;
/** How much of a body a pattern is looked for in. */
const searchedMax = 1_048_576;

/** One request and its response. */
export class HttpExchange implements Exchange {
  readonly #url: UrlPlan;
  readonly #version: HttpVersion;
  readonly #digest: RunningDigest | undefined;
  #head: Uint8Array = new Uint8Array();
  #body: HttpBody | undefined;
  #octets = 0;
  readonly #searched: Uint8Array[] = [];
  #searchedLength = 0;

  /** The digest is wanted when the URL has one. */
  constructor(url: UrlPlan, version: HttpVersion, digest?: RunningDigest) {
    this.#url = url;
    this.#version = version;
    this.#digest = digest;
  }

  open(): Uint8Array {
    return requestOf(this.#url, this.#version);
  }

  take(bytes: Uint8Array): Said {
    if (this.#body !== undefined) return this.#takeBody(this.#body, bytes);
    const searchedTo = Math.max(0, this.#head.length - 2);
    this.#head = joined([this.#head, bytes]);
    const start = bodyStart(this.#head, searchedTo);
    if (start < 0 || start > headMax) {
      return this.#head.length > headMax
        ? failed(`the header is longer than ${headMax} octets`)
        : more;
    }
    const head = readHead(this.#head.subarray(0, start));
    if (head === undefined) return failed("the answer is not HTTP");
    const { status, framing } = head;
    const { statuses } = this.#url;
    if (!statuses.some(([least, most]) => least <= status && status <= most)) {
      return failed(`status ${status}, expected ${rangesOf(statuses)}`);
    }
    this.#body = new HttpBody(framing, (piece) => this.#keep(piece));
    return this.#takeBody(this.#body, this.#head.subarray(start));
  }

  end(): Done {
    if (this.#body === undefined) {
      const what = this.#head.length === 0 ? "no answer" : "its header is not complete";
      return failed(`the connection was closed: ${what}`);
    }
    return this.#body.end() === "complete"
      ? this.#complete()
      : failed(`the connection was closed: its body is not complete`);
  }

  #takeBody(body: HttpBody, bytes: Uint8Array): Said {
    switch (body.take(bytes)) {
      case "complete":
        return this.#complete();
      case "malformed":
        return failed("the body is not in chunks as announced");
      case "more":
        return this.#octets > bodyMax ? failed(`the body is longer than ${bodyMax} octets`) : more;
    }
  }

  #keep(piece: Uint8Array): void {
    this.#octets += piece.length;
    this.#digest?.update(piece);
    if (this.#url.pattern === undefined) return;
    const kept = piece.slice(0, searchedMax - this.#searchedLength);
    this.#searchedLength += kept.length;
    if (kept.length > 0) this.#searched.push(kept);
  }

  #complete(): Done {
    const { digest: wanted, pattern } = this.#url;
    if (wanted !== undefined) {
      const digest = this.#digest?.finish() ?? "";
      if (digest !== wanted) return failed(`digest ${digest}, expected ${wanted}`);
    }
    if (pattern === undefined) return { kind: "done" };
    return { kind: "done", body: joined(this.#searched) };
  }
}

function rangesOf(statuses: UrlPlan["statuses"]): string {
  return statuses.map(([least, most]) => least === most ? `${least}` : `${least}-${most}`)
    .join(" ");
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
