/**
 * What servers say may arrive in any pieces and may be anything: the same octets always mean the
 * same, nothing throws, and no more is kept than there is room for.
 */
import assert from "node:assert/strict";
import fc from "../../support/property.ts";
import {
  AgentExchange,
  type Exchange,
  HttpExchange,
  type Said,
  SmtpExchange,
  type UrlPlan,
} from "../../../lib/check/mod.ts";
import { ipFromBytes } from "../../../lib/base/mod.ts";
import { decodeDnsAnswer, encodeDnsQuery, isDnsName } from "../../../lib/wire/mod.ts";
import { test } from "../../support/test.ts";

const url: UrlPlan = {
  path: "/",
  host: "check.example",
  statuses: [[200, 299]],
  pattern: { text: "", options: [], negated: false, from: 0 },
  endsTls: false,
};

/** What becomes of an exchange that hears these pieces, and then the end. */
function outcomeOf(exchange: Exchange, pieces: readonly Uint8Array[]): unknown {
  exchange.open();
  for (const piece of pieces) {
    const said: Said = exchange.take(piece);
    if (said.kind === "done") return ended(said);
  }
  return ended(exchange.end());
}

function ended({ failure, body, answer }: Extract<Said, { kind: "done" }>): unknown {
  if (answer !== undefined) return answer;
  return failure ?? new TextDecoder("latin1").decode(body ?? new Uint8Array());
}

/** The same octets, cut at these places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b);
  return [0, ...ends].map((from, index) => bytes.subarray(from, ends[index] ?? bytes.length))
    .filter(({ length }) => length > 0);
}

const eol = fc.constantFrom("\r\n", "\n");
const places = fc.array(fc.nat(), { maxLength: 8 });
const words = fc.constantFrom("a", "0", "\r", "\n", ":", "5", "hello", " ", "\u00ff");
const text = fc.array(words, { maxLength: 12 }).map((parts) => parts.join(""));
const field = fc.constantFrom(
  "Content-Length: 5",
  "Content-Length: 0",
  "Transfer-Encoding: chunked",
  "Transfer-Encoding: gzip, chunked",
  "Server: x",
);
const body = fc.oneof(
  text,
  fc.array(text.filter((part) => part !== ""), { maxLength: 4 }).map((parts) =>
    [...parts, ""].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join("")
  ),
);
const response = fc.tuple(
  fc.constantFrom("HTTP/1.0 200 OK", "HTTP/1.1 204 None", "HTTP/1.1 500 No", "HTTP", "220 x"),
  fc.array(field, { maxLength: 3 }),
  eol,
  body,
).map(([first, fields, end, rest]) => [first, ...fields, "", rest].join(end));
const mail = fc.array(
  fc.constantFrom("220 ready\r\n", "220-more\r\n", "250 ok\n", "221 bye\r\n", "5", "x", "\r\n"),
  { maxLength: 6 },
).map((parts) => parts.join(""));

function octetsOf(said: string): Uint8Array {
  return Uint8Array.from(said, (character) => character.charCodeAt(0));
}

test("HTTP: it does not matter in which pieces an answer arrives", () => {
  fc.assert(fc.property(fc.oneof(response, text), places, (said, at) => {
    const bytes = octetsOf(said);
    const whole = outcomeOf(new HttpExchange(url, "1.1"), bytes.length === 0 ? [] : [bytes]);
    assert.deepEqual(outcomeOf(new HttpExchange(url, "1.1"), cut(bytes, at)), whole);
  }));
});

test("HTTP: what was sent in chunks is what was meant", () => {
  fc.assert(fc.property(fc.array(text, { maxLength: 5 }), places, (parts, at) => {
    const chunks = parts.filter((part) => part !== "").map((part) =>
      `${part.length.toString(16)}\r\n${part}\r\n`
    );
    const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const bytes = octetsOf(`${head}${chunks.join("")}0\r\n\r\n`);
    const meant = parts.join("");
    assert.equal(outcomeOf(new HttpExchange(url, "1.1"), cut(bytes, at)), meant);
  }));
});

test("SMTP: it does not matter in which pieces an answer arrives", () => {
  fc.assert(fc.property(mail, places, (said, at) => {
    // Lines of one answer may come together, those of two only one after the other.
    const lines = said.split(/(?<=\n)/);
    const apart = (pieces: (line: Uint8Array) => Uint8Array[]): unknown =>
      outcomeOf(
        new SmtpExchange("me"),
        lines.filter((line) => line !== "").flatMap((line) => pieces(octetsOf(line))),
      );
    assert.deepEqual(apart((line) => cut(line, at)), apart((line) => [line]));
  }));
});

test("DNS: any octets are an answer or an error, any text a name or none", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), fc.string(), (bytes, name) => {
    decodeDnsAnswer(bytes);
    if (isDnsName(name)) assert.ok(encodeDnsQuery(1, { name, type: "A" }).length <= 12 + 255 + 4);
  }));
});

const address = ipFromBytes(Uint8Array.of(127, 0, 0, 1));
const plan = { kind: "agent", connection: { address, port: 9 } } as const;

test("an agent: one line counts, in whichever pieces it arrives, and its length is bounded", () => {
  fc.assert(fc.property(text, places, (said, at) => {
    const bytes = octetsOf(said);
    const outcome = outcomeOf(new AgentExchange(plan), cut(bytes, at));
    const [line = ""] = said.split(/[\n\0]/);
    const isNothing = line === said && line === "";
    assert.equal(outcome, isNothing ? "the connection was closed: no answer" : line);
  }));
  const endless = Array.from({ length: 100 }, () => new Uint8Array(1000).fill(65));
  assert.equal(outcomeOf(new AgentExchange(plan), endless), "the line is longer than 4096 octets");
  assert.equal(new AgentExchange(plan).open(), undefined);
  assert.deepEqual(new AgentExchange({ ...plan, send: "a\n" }).open(), octetsOf("a\n"));
});
