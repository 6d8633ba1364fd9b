/**
 * What checks ask over the network, against servers of this machine: those that work, and those
 * that do what servers should not. A probe has no clock: what never ends is ended by the engine,
 * whose limits the simulator looks at.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createSocket } from "node:dgram";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { openLibc, Poller } from "../../../ffi/mod.ts";
import { ipFromBytes } from "../../../lib/base/mod.ts";
import type {
  ConnectionPlan,
  PatternPlan,
  Probe,
  TlsPlan,
  UdpPlan,
  UrlPlan,
} from "../../../lib/check/mod.ts";
import type { EngineEvent } from "../../../lib/engine/mod.ts";
import { Prober } from "../../../lib/host/linux/probe/prober.ts";
import { certificate, certificateKey } from "../../support/certificate.ts";
import { test } from "../../support/test.ts";

const libc = await openLibc();

type Answer = (socket: Socket, request: string) => void;

/** How one probe ended: "ok" or the failure, and before it "connected" where that was told. */
async function outcomeOf(probe: Probe, token = 7): Promise<string> {
  const poller = new Poller(libc, () => turn());
  function turn(): void {
    if (poller.look()) setImmediate(turn);
  }
  const heard: EngineEvent[] = [];
  return await new Promise((resolve) => {
    const prober = new Prober({ libc, poller }, (event) => {
      heard.push(event);
      if (event.kind !== "probe-ended") return;
      prober[Symbol.dispose]();
      poller[Symbol.dispose]();
      const before = heard.some(({ kind }) => kind === "probe-connected") ? "connected, " : "";
      resolve(`${before}${event.failure ?? "ok"}`);
    });
    prober.start({ kind: "probe", run: 1, token, probe });
  });
}

function local(port: number): ConnectionPlan {
  return { address: ipFromBytes(Uint8Array.of(127, 0, 0, 1)), port };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** What a check says of a server that answers so. */
async function against(
  answer: Answer,
  probe: (connection: ConnectionPlan) => Probe,
  secure?: { readonly names: string[] },
): Promise<string> {
  const serve = (socket: Socket): void => {
    socket.on("error", () => {});
    let request = "";
    let answered = false;
    socket.on("data", (bytes) => {
      request += bytes.toString("latin1");
      if (answered || !request.endsWith("\r\n\r\n")) return;
      answered = true;
      answer(socket, request);
    });
  };
  const server = secure === undefined ? createServer(serve) : createTlsServer({
    key: certificateKey,
    cert: certificate,
    SNICallback: (name, done) => {
      // Deno asks for the certificate of no name, too.
      if (name !== "") secure.names.push(name);
      done(null, undefined);
    },
  }, serve);
  const port = await listening(server);
  try {
    return await outcomeOf(probe(local(port)));
  } finally {
    server.close();
  }
}

const usual: UrlPlan = { path: "/", host: "check.example", statuses: [[200, 299]], endsTls: false };

function http(url: Partial<UrlPlan> = {}, tls?: TlsPlan): (connection: ConnectionPlan) => Probe {
  const own = tls === undefined ? {} : { tls };
  return (connection) => (
    { kind: "http", connection, version: "1.0", url: { ...usual, ...url }, ...own }
  );
}

function says(text: string): Answer {
  return (socket) => socket.end(Buffer.from(text, "latin1"));
}

const hello = says("HTTP/1.0 200 OK\r\nServer: test\r\n\r\nhello\n");
const helloDigest = createHash("md5").update("hello\n").digest("hex");

function pattern(text: string, rest: Partial<PatternPlan> = {}): { pattern: PatternPlan } {
  return { pattern: { text, options: [], negated: false, from: 0, ...rest } };
}

const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
  "3;x=1\r\nhel\r\n3\r\nlo\n\r\n0\r\nTrailer: 1\r\n\r\n";

for (
  const [what, answer, url, expected] of [
    ["a plain answer", hello, {}, "ok"],
    ["the right digest", hello, { digest: helloDigest }, "ok"],
    [
      "a wrong digest",
      hello,
      { digest: "0".repeat(32) },
      /^connected, digest b1946.*, expected 0+$/,
    ],
    ["chunks", says(chunked), { digest: helloDigest }, "ok"],
    [
      "a length, and a server that goes on",
      (socket: Socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\nmore"),
      { digest: helloDigest },
      "ok",
    ],
    ["newlines alone", says("HTTP/1.0 200 OK\n\nhello\n"), { digest: helloDigest }, "ok"],
    ["no body", says("HTTP/1.1 204 No Content\r\n\r\n"), {}, "ok"],
    [
      "a body that is cut",
      says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"),
      {},
      /not comp/,
    ],
    ["a wrong chunk", says(chunked.replace("3;", "x;")), {}, /not in chunks/],
    ["status 503", says("HTTP/1.0 503 Down\r\n\r\n"), {}, "status 503, expected 200-299"],
    [
      "a wanted 503",
      says("HTTP/1.0 503 Down\r\n\r\n"),
      { statuses: [[404, 404], [500, 503]] },
      "ok",
    ],
    [
      "redirects in a circle",
      says("HTTP/1.0 302 Found\r\nLocation: /\r\n\r\n"),
      {},
      "status 302, expected 200-299",
    ],
    ["something else", says("SSH-2.0-x\r\n\r\n"), {}, "the answer is not HTTP"],
    ["nothing", says(""), {}, /closed: no answer/],
    ["half a header", says("HTTP/1.0 200 OK\r\nServ"), {}, /header is not complete/],
    ["a header without end", endless("X-More: 1\r\n".repeat(100)), {}, /header is longer/],
    ["a body without end", endless("x".repeat(65_536)), {}, /body is longer/],
    ["a pattern", hello, pattern("^hel{2}o$", { options: ["multiline"] }), "ok"],
    ["a pattern in capitals", hello, pattern("HELLO"), "the body does not match the regex"],
    ["caseless", hello, pattern("HELLO", { options: ["caseless"] }), "ok"],
    ["no_match", hello, pattern("hello", { negated: true }), "the body matches the regex"],
    ["a later offset", hello, pattern("hello", { from: 1 }), /does not match/],
    ["an offset that is reached", hello, pattern("lo", { from: 1, to: 3 }), "ok"],
    ["an offset that is not reached", hello, pattern("lo", { to: 2 }), /does not match/],
    [
      "firstline",
      says("HTTP/1.0 200 OK\r\n\r\na\nb"),
      pattern("b", { options: ["firstline"] }),
      /not m/,
    ],
    ["a pattern that is none", hello, pattern("a("), /regex: .*at character 2/],
    ["an empty body", says("HTTP/1.0 200 OK\r\n\r\n"), pattern("^$"), "ok"],
    ["a late match", says(`HTTP/1.0 200 OK\r\n\r\n${"x".repeat(200_000)}y`), pattern("y$"), "ok"],
    [
      "a pattern that takes for ever",
      says(`HTTP/1.0 200 OK\r\n\r\n${"a".repeat(64)}!`),
      pattern("(a|a|aa)+$"),
      /too many steps/,
    ],
  ] as const
) {
  test(`HTTP_GET, ${what}: ${expected}`, async () => {
    const outcome = await against(answer, http(url));
    if (typeof expected === "string") assert.equal(outcome, `connected, ${expected}`);
    else assert.match(outcome, expected);
  });
}

/** A good beginning, and then the same again and again for as long as somebody listens. */
function endless(text: string): Answer {
  return (socket) => {
    socket.write(text.startsWith("x") ? "HTTP/1.0 200 OK\r\n\r\n" : "HTTP/1.0 200 OK\r\n");
    const go = (): void => {
      while (socket.writable && socket.write(text));
    };
    socket.on("drain", go);
    go();
  };
}

const agent = "User-Agent: KeepAliveClient";
const host = "Host: check.example";

for (
  const [version, lines] of [
    ["1.0", ["GET /a?b HTTP/1.0", agent, host]],
    ["1.0C", ["GET /a?b HTTP/1.0", agent, "Connection: close", host]],
    ["1.1", ["GET /a?b HTTP/1.1", agent, "Connection: close", host]],
  ] as const
) {
  test(`HTTP_GET asks with http_protocol ${version} as keepalived does`, async () => {
    let heard = "";
    const answer: Answer = (socket, request) => {
      heard = request;
      hello(socket, request);
    };
    const url = { ...usual, path: "/a?b" };
    await against(answer, (connection) => ({ kind: "http", connection, version, url }));
    assert.deepEqual(heard.split("\r\n"), [...lines, "", ""]);
  });
}

test("SSL_GET: the name is said where that is asked, and nobody has to be trusted", async () => {
  const names: string[] = [];
  const url = { serverName: "other.example", digest: helloDigest };
  assert.equal(await against(hello, http(url, {}), { names }), "connected, ok");
  assert.equal(await against(hello, http({ endsTls: true }, {}), { names }), "connected, ok");
  assert.deepEqual(names, ["other.example"]);
});

test("SSL_GET: a server that speaks no TLS, and one that ends in the middle of it", async () => {
  for (const answer of [Buffer.from("220 what?\r\n"), Buffer.from("160303007a02", "hex")]) {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(answer));
    });
    const port = await listening(server);
    assert.doesNotMatch(await outcomeOf(http({}, {})(local(port))), /connected|ok/);
    server.close();
  }
});

test("SSL_GET: a certificate that is not there is said", async () => {
  const missing = { certificate: "/nowhere/client.pem" };
  assert.match(await against(hello, http({}, missing), { names: [] }), /ENOENT|No such file/);
});

test("nobody listens", async () => {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  for (const kind of ["tcp", "udp"] as const) {
    assert.match(await outcomeOf({ kind, connection: local(port) }), /refused/);
  }
  assert.match(await outcomeOf(http()(local(port))), /refused/);
});

/** A server that says a line at once and one for each that it hears. */
async function mail(script: readonly string[]): Promise<string> {
  const server = createServer((socket) => {
    const rest = [...script];
    socket.on("error", () => {});
    const next = (): void => {
      const line = rest.shift();
      if (line === undefined) socket.end();
      else socket.write(line);
    };
    socket.on("data", next);
    next();
  });
  const port = await listening(server);
  try {
    return await outcomeOf({ kind: "smtp", connection: local(port), helo: "me.example" });
  } finally {
    server.close();
  }
}

for (
  const [script, expected] of [
    [["220 ready\r\n", "250 hello\r\n", "221 bye\r\n"], "connected, ok"],
    [["220-one\r\n220-two\r\n220 three\r\n", "250 hello\r\n"], "connected, ok"],
    [["554 no\r\n"], 'connected, "554 no", expected 220'],
    [["220 ready\r\n", "550 who\r\n"], 'connected, "550 who", expected 250'],
    [["220 ready\r\n"], "connected, the connection was closed without an answer to HELO"],
    [["SSH-2.0-\x1b[2J\r\n"], 'connected, the answer is not SMTP: "SSH-2.0-?[2J"'],
    [["220-".padEnd(70_000, "x")], "connected, the answer is longer than 65536 octets"],
  ] as const
) {
  test(`SMTP_CHECK: ${expected}`, async () => {
    assert.equal(await mail(script), expected);
  });
}

/** What a check says of a UDP server that answers so. */
async function asked(
  answer: (question: Buffer) => Uint8Array[],
  probe: (connection: ConnectionPlan) => Probe,
): Promise<string> {
  const server = createSocket("udp4");
  server.on("message", (question, { port, address }) => {
    for (const reply of answer(question)) server.send(reply, port, address);
  });
  await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
  try {
    return await outcomeOf(probe(local(server.address().port)), 0x1234);
  } finally {
    server.close();
  }
}

function dns(connection: ConnectionPlan): Probe {
  return { kind: "dns", connection, type: "SOA", name: "check.example" };
}

test("DNS_CHECK: the answer to our question counts, with its code", async () => {
  let question = "";
  const reply = (id: number, flags: number): Uint8Array =>
    Uint8Array.of(id >> 8, id & 255, flags >> 8, flags & 255, 0, 1, 0, 0, 0, 0, 0, 0);
  const ok = await asked((bytes) => {
    question = bytes.toString("hex");
    return [reply(0x4321, 0x8183), Uint8Array.of(1), reply(0x1234, 0x8180)];
  }, dns);
  assert.equal(ok, "ok");
  const wanted = ["123401000001000000000000", "05636865636b076578616d706c6500", "00060001"];
  assert.equal(question, wanted.join(""));
  assert.equal(await asked(() => [reply(0x1234, 0x8182)], dns), "the answer is SERVFAIL");
});

function like(value: number[], mask: number[]): NonNullable<UdpPlan["reply"]>["like"] {
  return { value: Uint8Array.from(value), mask: Uint8Array.from(mask) };
}

for (
  const [what, reply, answer, expected] of [
    ["the right beginning", like([1, 0x20], [255, 0xf0]), [1, 0x2f, 9], "ok"],
    ["a wrong octet", like([1, 0x20], [255, 0xff]), [1, 0x2f], "octet 1 of the reply is not as"],
    ["too short", like([], []), [1], "the reply has 1 octets, expected 2-4"],
    ["too long", like([], []), [1, 2, 3, 4, 5], "the reply has 5 octets, expected 2-4"],
  ] as const
) {
  test(`UDP_CHECK with require_reply, ${what}: ${expected}`, async () => {
    const wanted = { like: reply, lengthMin: 2, lengthMax: 4 };
    const payload = Uint8Array.of(0xca, 0xfe);
    let sent = "";
    const outcome = await asked((bytes) => {
      sent = bytes.toString("hex");
      return [Uint8Array.from(answer)];
    }, (connection) => ({ kind: "udp", connection, payload, reply: wanted }));
    assert.ok(outcome.startsWith(expected), outcome);
    assert.equal(sent, "cafe");
  });
}
