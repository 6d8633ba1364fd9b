/**
 * A client, a balancer and three servers, each in a namespace of its own, joined by cables without
 * a switch: thousands of connections are counted by the client, nobody records their frames.
 *
 *   client ── balancer ── server 1
 *                    ├─── server 2
 *                    └─── server 3
 */
import { writeFileSync } from "node:fs";
import { poll } from "./bell.ts";
import type { Lab, Node } from "./lab.ts";
import { filesOf, standinWords } from "./makes.ts";
import type { Program } from "./program.ts";
import { command, scriptWords } from "./standin.ts";
import type { Errand, Harvest } from "./traffic.ts";

const numbers = [1, 2, 3] as const;

/** The namespaces and what runs in them. */
export class BalanceLab {
  readonly box: Node;
  readonly #lab: Lab;
  readonly #servers: readonly Node[];
  readonly #running = new Map<number, Program>();
  #client: Program | undefined;

  private constructor(lab: Lab, box: Node, servers: readonly Node[]) {
    this.#lab = lab;
    this.box = box;
    this.#servers = servers;
  }

  /** Lays the cables and starts client and servers. */
  static async open(lab: Lab): Promise<BalanceLab> {
    const client = await lab.node("c", 9);
    const box = await lab.node("a", 8);
    const servers = await Promise.all(numbers.map((number) => lab.node(`s${number}`, number)));
    join(box, client, "80", ["10.80.0.3/24"]);
    for (const [index, server] of servers.entries()) join(box, server, `8${index + 1}`);
    box.namespace.batch(
      [100, 101, 102].flatMap((last) => [`address add 10.80.0.${last}/32 dev lo`])
        .concat("address add fd00:90::100/128 dev lo nodad"),
    );
    box.namespace.sysctl({ "ipv4/ip_forward": "1", "ipv6/conf/all/forwarding": "1" });
    const made = new BalanceLab(lab, box, servers);
    for (const number of numbers) made.startServer(number);
    made.#client = lab.start(client, [...scriptWords("traffic.ts"), "client"]);
    await made.#client.line(/waits/);
    await Promise.all([...made.#running.values()].map((server) => server.line(/serves/)));
    return made;
  }

  /** The node of a server. */
  serverNode(number: number): Node {
    const node = this.#servers[number - 1];
    if (node === undefined) throw new Error(`there is no server ${number}`);
    return node;
  }

  /** Starts a server that says its number, on port 81 `N:81`. */
  startServer(number: number): void {
    const node = this.serverNode(number);
    const words = [...scriptWords("traffic.ts"), "server", `${number}`, "80", "81"];
    this.#running.set(number, this.#lab.start(node, words));
  }

  /** Kills a server. */
  killServer(number: number): void {
    this.#running.get(number)?.kill();
  }

  /** Starts the daemon with this file. */
  async start(text: string): Promise<Program> {
    writeFileSync(filesOf(this.box).config, text);
    const daemon = this.#lab.start(this.box, standinWords(this.box));
    await daemon.line(/is running, pid/);
    return daemon;
  }

  /** Gives the daemon another file. */
  async reload(text: string): Promise<void> {
    writeFileSync(filesOf(this.box).config, text);
    const { code, stderr } = await command(this.box, "reload");
    if (code !== 0) throw new Error(stderr);
  }

  /** Says something of servers. */
  async server(...words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await command(this.box, "server", ...words);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  }

  /** Has the client do something. */
  async client(errand: Errand): Promise<Harvest> {
    const { lines } = this.#client ?? { lines: [] };
    const at = lines.length;
    this.#client?.write(`${JSON.stringify(errand)}\n`);
    const line = await this.#lab.bell.until(JSON.stringify(errand), () => lines[at]);
    return JSON.parse(line);
  }

  /** The whole ruleset of the balancer, or a part. */
  async ruleset(...what: readonly string[]): Promise<string> {
    const words = ["nft", ...what.length === 0 ? ["list", "ruleset"] : what];
    const { stdout, stderr, code } = await this.box.namespace.run(words);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  }

  /** Waits until a chain of the table leads to a server, or does not. */
  async leads(chain: string, server: string, does: boolean): Promise<void> {
    const list = ["nft", "list", "chain", "inet", "standin_balance", chain];
    // There may be no such chain yet.
    await poll(`${chain} leads to ${server}`, () => this.box.namespace.run(list), (answer) => {
      const text = answer.stdout;
      return text.includes(`${chain}/${server}`) === does;
    });
  }
}

/** A cable of its own to the balancer, and the way back through it. */
function join(box: Node, node: Node, net: string, more: readonly string[] = []): void {
  box.namespace.batch([
    `link add n${net} type veth peer name eth0 netns ${node.namespace.name}`,
    `address add 10.${net}.0.254/24 dev n${net}`,
    `address add fd00:${net}::fe/64 dev n${net} nodad`,
    `link set n${net} up`,
  ]);
  node.namespace.batch([
    ...["10.NET.0.1/24", "fd00:NET::1/64", ...more].map((address) =>
      `address add ${address.replace("NET", net)} dev eth0${address.includes(":") ? " nodad" : ""}`
    ),
    "link set eth0 up",
    `route add default via 10.${net}.0.254`,
    `route add ::/0 via fd00:${net}::fe`,
  ]);
}
