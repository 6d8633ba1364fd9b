/**
 * The HTTP server of this runtime, asked as browsers and curl never would: what it hands to the
 * handler and what it answers by itself.
 */
import assert from "node:assert/strict";
import { connect, createServer, type Server } from "node:net";
import { type HttpServer, openLibc } from "../../../ffi/mod.ts";
import { test } from "../../support/test.ts";

const libc = await openLibc();
const address = "127.0.0.1";
const connectionsMax = 20;
/** Octets of a large answer. */
const large = 300_000;

/** A port that nobody has at the moment. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, address, () => {
      const port = portOf(server);
      server.close(() => resolve(port));
    });
  });
}

function portOf(server: Server): number {
  const place = server.address();
  return typeof place === "object" ? place?.port ?? 0 : 0;
}

const counts = new Map<string, number>();

/** A server that says what it was asked, and a way to ask it anything. */
async function mirror(): Promise<{ port: number; server: HttpServer }> {
  const port = await freePort();
  const server = libc.serve(
    { kind: "tcp", address, port, connectionsMax },
    async (request, from) => {
      const { pathname, search } = new URL(request.url);
      counts.set(pathname, (counts.get(pathname) ?? 0) + 1);
      if (pathname === "/large") return new Response(new Blob(["x".repeat(large)]));
      const words = [request.method, pathname + search, from(), (await request.text()).length];
      return new Response(words.join(" "));
    },
  );
  await server.listening;
  return { port, server };
}

/** All that is answered until the server closes the connection. */
function ask(port: number, ...words: string[]): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect(port, address, () => words.forEach((word) => socket.write(word)));
    socket.on("data", (bytes) => heard += bytes.toString("latin1"));
    socket.on("error", () => {});
    socket.on("close", () => resolve(heard));
  });
}

const last = "Connection: close\r\n\r\n";

test("a port that is taken is refused, and one that was given up is free at once", async () => {
  const { port, server } = await mirror();
  const again = (): HttpServer =>
    libc.serve({ kind: "tcp", address, port, connectionsMax }, () => new Response("again"));
  await assert.rejects(again().listening, { code: "EADDRINUSE" });
  assert.match(await ask(port, `GET /first HTTP/1.1\r\nHost: x\r\n${last}`), /GET \/first/);
  await server.close();
  const second = again();
  await second.listening;
  assert.match(await ask(port, `GET / HTTP/1.1\r\nHost: x\r\n${last}`), /again/);
  await second.close();
});

test("a request comes through whatever it says of the host", async () => {
  const { port, server } = await mirror();
  const body = async (...words: string[]): Promise<string | undefined> =>
    (await ask(port, ...words)).split("\r\n\r\n")[1];
  assert.equal(await body("GET /a?b HTTP/1.0\r\n\r\n"), `GET /a?b ${address} 0`);
  for (const host of ["x", "x:99999", "[::1", "a b/c?d#"]) {
    assert.equal(
      await body(`GET /a?b HTTP/1.1\r\nHost: ${host}\r\n${last}`),
      `GET /a?b ${address} 0`,
      host,
    );
  }
  const said = `Content-Length: 5\r\n`;
  assert.equal(
    await body(`POST /a HTTP/1.1\r\nHost: x\r\n${said}${last}`, "hello"),
    `POST /a ${address} 5`,
  );
  const chunked = "Transfer-Encoding: chunked\r\n";
  assert.equal(
    await body(`POST /a HTTP/1.1\r\nHost: x\r\n${chunked}${last}`, "2\r\nhi\r\n", "0\r\n\r\n"),
    `POST /a ${address} 2`,
  );
  await server.close();
});

test("requests in one packet are answered in order", async () => {
  const { port, server } = await mirror();
  const one = (path: string, end = "\r\n"): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n${end}`;
  const heard = await ask(port, one("/1") + one("/large") + one("/2") + one("/3", last));
  assert.deepEqual(heard.match(/GET \/\d/g), ["GET /1", "GET /2", "GET /3"]);
  assert.ok(heard.length > large);
  await server.close();
});

test("who asks for much and takes nothing is not answered before he does", async () => {
  const { port, server } = await mirror();
  const much = 300;
  const greedy = connect(port, address, () => {
    greedy.pause();
    greedy.write("GET /large HTTP/1.1\r\nHost: x\r\n\r\n".repeat(much));
  });
  // Others are answered meanwhile, and by then all that he can get unread is on its way.
  for (let turn = 0; turn < 20; turn++) await ask(port, `GET / HTTP/1.1\r\nHost: x\r\n${last}`);
  const made = counts.get("/large") ?? 0;
  assert.ok(made < much / 2, `${made} answers wait for somebody who does not take them`);
  greedy.destroy();
  await server.close();
});

test("what is too long is refused before it is taken in", async () => {
  const { port, server } = await mirror();
  const head = "POST /a HTTP/1.1\r\nHost: x\r\n";
  const long = "x".repeat(10 * 1_048_576);
  const answers = await Promise.all([
    ask(port, `${head}X-Long: ${long}${last}`),
    ask(port, `${head}${`X: ${"x".repeat(1000)}\r\n`.repeat(10_000)}${last}`),
    ask(port, `GET /${long} HTTP/1.1\r\n${last}`),
    ask(port, `${head}Content-Length: ${long.length}\r\n${last}${long}`),
  ]);
  // Who sends on after the answer may lose it.
  for (const answer of answers) assert.match(answer, /^(HTTP\/1\.1 (413|431) .*)?/);
  for (const answer of answers) assert.doesNotMatch(answer, /^HTTP\/1\.1 200/);
  await server.close();
});

test("what is no request is cut off, and others are served", async () => {
  const { port, server } = await mirror();
  const both = "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n";
  const rubbish = [
    "\0\x01\x02\r\n\r\n",
    "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    `POST / HTTP/1.1\r\nHost: x\r\n${both}\r\n0\r\n\r\n`,
    `FOO / HTTP/1.1\r\nHost: x\r\n${last}`,
  ];
  for (const words of rubbish) assert.doesNotMatch(await ask(port, words), / 200 /, words);
  assert.match(await ask(port, `GET / HTTP/1.1\r\nHost: x\r\n${last}`), /^HTTP\/1\.1 200 /);
  await server.close();
});

test("who comes when there are too many connections is cut off until others leave", async () => {
  const { port, server } = await mirror();
  const sockets = Array.from({ length: 2 * connectionsMax }, () => connect(port, address));
  let closed = 0;
  await new Promise<void>((resolve) => {
    for (const socket of sockets) {
      socket.on("error", () => {});
      socket.on("close", () => ++closed === connectionsMax ? resolve() : undefined);
    }
  });
  const left = sockets.filter((socket) => !socket.destroyed);
  assert.equal(left.length, connectionsMax);
  for (const socket of left) socket.destroy();
  let answer = "";
  while (answer === "") answer = await ask(port, `GET / HTTP/1.1\r\nHost: x\r\n${last}`);
  assert.match(answer, /^HTTP\/1\.1 200 /);
  await server.close();
});

test("a place that somebody else has is refused", async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) => {
    other.listen(0, address, () => resolve(portOf(other)));
  });
  const server = libc.serve({ kind: "tcp", address, port, connectionsMax }, () => new Response());
  await assert.rejects(server.listening);
  await server.close();
  other.close();
});
