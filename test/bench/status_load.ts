/**
 * A program that asks a daemon for its status at a steady pace, with event streams open beside:
 * `status_load.ts ENCODING PER_SECOND STREAMS SECONDS`. Connections are kept and used in turn; what
 * could not be asked in time is asked later, as soon as a connection is free. It ends with what it
 * got, as JSON.
 */
import { connect, type Socket } from "node:net";
import process from "node:process";

const port = 9568;
const connections = 32;
/** A pause of the pace; the runtime wakes up about a millisecond later. */
const pauseMs = 1;

/** What was got. */
interface Harvest {
  answers: number;
  octets: number;
  /** Answers with another status than 200, and connections that broke. */
  failures: number;
  /** Streams that were there at the end. */
  streams: number;
}

const harvest: Harvest = { answers: 0, octets: 0, failures: 0, streams: 0 };

/** One connection on which requests are answered in turn. */
class Line {
  readonly #socket: Socket;
  readonly #request: string;
  #head = "";
  #left = 0;
  busy = false;

  constructor(request: string) {
    this.#request = request;
    this.#socket = connect({ host: "127.0.0.1", port });
    this.#socket.on("data", (bytes) => this.#take(bytes));
    this.#socket.on("error", () => {});
    this.#socket.on("close", () => {
      harvest.failures++;
      this.busy = true;
    });
  }

  ask(): void {
    this.busy = true;
    this.#socket.write(this.#request);
  }

  #take(bytes: Uint8Array): void {
    harvest.octets += bytes.length;
    let body = bytes.length;
    if (this.#left === 0) {
      const before = this.#head.length;
      this.#head += new TextDecoder("latin1").decode(bytes.subarray(0, 1024));
      const end = this.#head.indexOf("\r\n\r\n");
      if (end < 0) return;
      if (!this.#head.startsWith("HTTP/1.1 200")) harvest.failures++;
      this.#left = Number(/^content-length: (\d+)/im.exec(this.#head)?.[1] ?? 0);
      body = before + bytes.length - end - 4;
      this.#head = "";
    }
    this.#left -= body;
    if (this.#left > 0) return;
    this.#left = 0;
    harvest.answers++;
    this.busy = false;
  }
}

function openStream(): void {
  const socket = connect({ host: "127.0.0.1", port });
  let first = true;
  socket.on("data", () => {
    if (first) harvest.streams++;
    first = false;
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    if (!first) harvest.streams--;
  });
  const lines = ["GET /events HTTP/1.1", "Host: x", "Accept: text/event-stream"];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
}

async function main(): Promise<void> {
  const [encoding = "identity", perSecond, streams, seconds] = process.argv.slice(2);
  for (let count = 0; count < Number(streams); count++) openStream();
  const head = ["GET /status HTTP/1.1", "Host: x", `Accept-Encoding: ${encoding}`];
  const request = `${head.join("\r\n")}\r\n\r\n`;
  const lines = Array.from({ length: connections }, () => new Line(request));
  const began = performance.now();
  let asked = 0;
  for (;;) {
    const elapsedMs = performance.now() - began;
    if (elapsedMs > Number(seconds) * 1000) break;
    const due = elapsedMs * Number(perSecond) / 1000;
    for (const line of lines.filter(({ busy }) => !busy)) {
      if (asked >= due) break;
      line.ask();
      asked++;
      // In turn: one on which nothing happens for ten seconds is closed.
      lines.push(...lines.splice(lines.indexOf(line), 1));
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  process.stdout.write(`${JSON.stringify(harvest)}\n`);
  process.exit(0);
}

await main();
