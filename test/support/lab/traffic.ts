/**
 * Both ends of the traffic that a load balancer carries. As a server it says its name to whoever
 * connects or sends a datagram, and again for every line that it gets. As a client it does what the
 * lines of its standard input ask for and answers each with a line: many connections in one
 * process, so that thousands take a second.
 *
 * Run as a program: `traffic.ts server NAME PORT…` or `traffic.ts client`.
 */
import { createSocket } from "node:dgram";
import { connect, createServer, type Socket } from "node:net";
import process from "node:process";
import { createInterface } from "node:readline";

/** What a client is asked for. */
export interface Errand {
  /**
   * `flow` goes on until `stop`, and then until `count` connections have begun after `mark`; `hold`
   * keeps a connection, over which `echo` asks.
   */
  readonly verb: "tcp" | "udp" | "flow" | "mark" | "stop" | "hold" | "echo";
  readonly host?: string;
  readonly port?: number;
  readonly count?: number;
  /** The address to come from. */
  readonly from?: string;
  /** The port to send datagrams from, always the same; else each has one of its own. */
  readonly fromPort?: number;
  /** Of a connection that is held. */
  readonly name?: string;
}

/** What came of it. */
export interface Harvest {
  /** How often each server answered. */
  readonly by: Readonly<Record<string, number>>;
  readonly failed: number;
  /** Of those that began after `mark`. */
  readonly failedLate: number;
  readonly answeredLate: number;
}

const patienceMs = 5000;
const atOnce = 32;
let lastPort = 20_000;

function serve(name: string, ports: readonly number[]): void {
  for (const port of ports) {
    const own = port === ports[0] ? name : `${name}:${port}`;
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", () => socket.write(`${own}\n`));
      socket.write(`${own}\n`);
    });
    server.listen(port, "::");
    const datagrams = createSocket("udp6");
    datagrams.on("message", (_bytes, { port: to, address }) => datagrams.send(own, to, address));
    datagrams.bind(port, "::");
  }
  console.log("serves");
}

/** A connection, and the name that its server says first. */
function open({ host = "", port = 0, from }: Errand): Promise<[Socket, string]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, ...(from === undefined ? {} : { localAddress: from }) });
    const limit = setTimeout(() => socket.destroy(new Error("silence")), patienceMs);
    socket.setNoDelay(true);
    socket.once("data", (bytes) => {
      clearTimeout(limit);
      resolve([socket, String(bytes).trim()]);
    });
    socket.on("error", (error) => {
      clearTimeout(limit);
      reject(error);
    });
    socket.once("close", () => reject(new Error("closed")));
  });
}

async function askTcp(errand: Errand): Promise<string> {
  const [socket, name] = await open(errand);
  socket.destroy();
  return name;
}

function askUdp({ host = "", port = 0, fromPort }: Errand): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    const limit = setTimeout(() => {
      socket.close();
      reject(new Error("silence"));
    }, patienceMs);
    socket.once("message", (bytes) => {
      clearTimeout(limit);
      socket.close();
      resolve(String(bytes));
    });
    // A port that was used before would still lead to the server of before: conntrack knows it.
    socket.bind(fromPort ?? ++lastPort, () => socket.send("who", port, host));
  });
}

class Client {
  readonly #held = new Map<string, Socket>();
  #flowing: Promise<Harvest> | undefined;
  #stopped = false;
  #late = false;
  #wanted = 0;

  async run(errand: Errand): Promise<unknown> {
    switch (errand.verb) {
      case "tcp":
      case "udp": {
        let left = errand.count ?? 1;
        this.#late = false;
        return await this.#many(errand, () => left-- > 0);
      }
      case "flow":
        this.#stopped = this.#late = false;
        this.#flowing = this.#many({ ...errand, verb: "tcp" }, () => {
          return !this.#stopped || this.#wanted-- > 0;
        });
        return {};
      case "mark":
        this.#late = true;
        return {};
      case "stop":
        this.#stopped = true;
        this.#wanted = errand.count ?? 0;
        return await this.#flowing;
      case "hold": {
        const [socket, name] = await open(errand);
        this.#held.set(errand.name ?? "", socket);
        return { by: { [name]: 1 } };
      }
      case "echo":
        return { by: { [await this.#echo(errand.name ?? "")]: 1 } };
    }
  }

  #echo(name: string): Promise<string> {
    const socket = this.#held.get(name);
    return new Promise((resolve) => {
      if (socket === undefined || socket.destroyed) return resolve("nobody");
      const limit = setTimeout(() => resolve("nobody"), patienceMs);
      const answer = (name: string): void => {
        clearTimeout(limit);
        resolve(name);
      };
      socket.once("data", (bytes) => answer(String(bytes).trim()));
      socket.once("close", () => answer("nobody"));
      socket.write("who\n");
    });
  }

  async #many(errand: Errand, more: () => boolean): Promise<Harvest> {
    const harvest = { by: new Map<string, number>(), failed: 0, failedLate: 0, answeredLate: 0 };
    const ask = errand.verb === "udp" ? askUdp : askTcp;
    await Promise.all(Array.from({ length: atOnce }, async () => {
      while (more()) {
        const late = this.#late;
        try {
          const name = await ask(errand);
          harvest.by.set(name, (harvest.by.get(name) ?? 0) + 1);
          if (late) harvest.answeredLate++;
        } catch {
          harvest.failed++;
          if (late) harvest.failedLate++;
        }
      }
    }));
    return { ...harvest, by: Object.fromEntries(harvest.by) };
  }
}

if (import.meta.main) {
  const [role, name = "", ...ports] = process.argv.slice(2);
  if (role === "server") serve(name, ports.map(Number));
  else {
    const client = new Client();
    console.log("waits");
    createInterface({ input: process.stdin }).on("line", (line) => {
      const answer = client.run(JSON.parse(line)).catch((error) => ({ error: String(error) }));
      void answer.then((found) => console.log(JSON.stringify(found)));
    });
  }
}
