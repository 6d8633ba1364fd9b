/**
 * An HTTP server for a handler of requests, made of `node:http`: for Deno, whose own server waits
 * for slow clients as long as they like. Its limits are those of Bun's.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import {
  bodyMax,
  closeWithin,
  type HttpHandler,
  type HttpServer,
  type TcpPlace,
} from "./binding.ts";

/** Who has not said the whole of a request after so long is cut off, and who does nothing. */
const patienceMs = 10_000;
const limits = {
  maxHeaderSize: 16_384,
  headersTimeout: patienceMs,
  requestTimeout: patienceMs,
  keepAliveTimeout: patienceMs,
  connectionsCheckingInterval: 1000,
};

/** How many requests may wait on one connection. */
const pipelinedMax = 16;

/** Listens on the network. */
export function serveWithNode(place: TcpPlace, handler: HttpHandler): HttpServer {
  const queues = new WeakMap<Socket, Queue>();
  const server = createServer(limits, (message, out) => {
    const { socket } = message;
    const queue = queues.get(socket) ?? { length: 0, last: Promise.resolve() };
    queues.set(socket, queue);
    if (++queue.length > pipelinedMax) return void socket.destroy();
    const before = queue.last;
    queue.last = new Promise((resolve) => out.once("close", resolve));
    before.then(() => answer(message, out, handler)).catch(() => socket.destroy());
    void queue.last.then(() => queue.length--);
  });
  server.setTimeout(patienceMs);
  server.maxConnections = place.connectionsMax;
  const listening = new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(place.port, place.address, resolve);
  });
  return {
    listening,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      return closeWithin(closed, () => {
        server.closeAllConnections();
        return closed;
      });
    },
  };
}

/** The requests of one connection: the next is answered when the last answer was taken. */
interface Queue {
  length: number;
  last: Promise<void>;
}

async function answer(
  message: IncomingMessage,
  out: ServerResponse,
  handler: HttpHandler,
): Promise<void> {
  const request = await requestOf(message);
  if (typeof request === "number") {
    out.writeHead(request, { Connection: "close" }).end();
    return;
  }
  const response = await handler(request, () => message.socket.remoteAddress ?? "");
  out.statusCode = response.status;
  for (const [name, value] of response.headers) out.setHeader(name, value);
  if (response.body === null) out.end();
  else if (response.headers.get("content-type") === "text/event-stream") {
    await stream(response.body, out);
  } else {
    // What has an end is in memory already, and is sent with its length.
    out.end(new Uint8Array(await response.arrayBuffer()));
  }
}

/** The request with its body, or the status for one that is not to be answered. */
async function requestOf(message: IncomingMessage): Promise<Request | number> {
  const { method = "GET", url = "/" } = message;
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of message as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length > bodyMax) return 413;
    pieces.push(piece);
  }
  const headers = Object.entries(message.headers).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  const body = length === 0 ? null : await new Blob(pieces as BlobPart[]).arrayBuffer();
  try {
    return new Request(new URL(url, "http://standin"), { method, headers, body });
  } catch {
    return 400;
  }
}

/** Sends what comes as fast as the client takes it; ends when he goes. */
async function stream(body: ReadableStream<Uint8Array>, out: ServerResponse): Promise<void> {
  const reader = body.getReader();
  // He may have left before the answer came.
  if (out.destroyed) return await reader.cancel();
  const gone = once(out, "close");
  void gone.then(() => reader.cancel());
  out.flushHeaders();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!out.write(value)) await Promise.race([once(out, "drain"), gone]);
  }
  out.end();
}
