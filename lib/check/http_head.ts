/**
 * The request of `HTTP_GET`, and what a response says before its body (RFC 9112).
 */
import type { Framing } from "./http_body.ts";
import type { HttpVersion, UrlPlan } from "./plan.ts";

/** The request, as keepalived writes it: servers and logs may look at the name of the agent. */
export function requestOf({ path, host }: UrlPlan, version: HttpVersion): Uint8Array {
  const lines = [
    `GET ${path} HTTP/${version.slice(0, 3)}`,
    "User-Agent: KeepAliveClient",
    ...(version === "1.0" ? [] : ["Connection: close"]),
    `Host: ${host}`,
  ];
  return new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
}

/** The beginning of a response. */
export interface ResponseHead {
  readonly status: number;
  readonly framing: Framing;
}

/** Where the head ends and the body begins; -1 when the head is not complete. */
export function bodyStart(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(10, from); at >= 0; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at + 1] === 10) return at + 2;
    if (bytes[at + 1] === 13 && bytes[at + 2] === 10) return at + 3;
  }
  return -1;
}

/** Reads a complete head; `undefined` for what is none. */
export function readHead(bytes: Uint8Array): ResponseHead | undefined {
  const [first = "", ...lines] = new TextDecoder("latin1").decode(bytes).split(/\r?\n/);
  const status = /^HTTP\/\d+(?:\.\d+)?\s+(\d{3})(?:\s|$)/.exec(first)?.[1];
  if (status === undefined) return undefined;
  const number = Number(status);
  if (number === 204 || number === 304) {
    return { status: number, framing: { kind: "length", octets: 0 } };
  }
  const fields = new Map(lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  }));
  if (/(^|,)\s*chunked$/i.test(fields.get("transfer-encoding") ?? "")) {
    return { status: number, framing: { kind: "chunked" } };
  }
  const length = fields.get("content-length") ?? "";
  const framing: Framing = /^\d{1,15}$/.test(length)
    ? { kind: "length", octets: Number(length) }
    : { kind: "close" };
  return { status: number, framing };
}
