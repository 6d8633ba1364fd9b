/**
 * IPVS in a node of a kernel suite: the table as ipvsadm tells it, and standin and keepalived with
 * a configuration of virtual servers.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { poll } from "../lab/bell.ts";
import type { Lab, Node } from "../lab/lab.ts";
import { filesOf, keepalivedWords, standinWords } from "../lab/makes.ts";
import type { Program } from "../lab/program.ts";

/** Modules of everything that IPVS can be told. */
export const ipvsModules: readonly string[] = [
  "ip_vs",
  ..."rr wrr lc wlc lblc lblcr sh mh dh fo ovf sed nq pe_sip".split(" ").map((one) =>
    `ip_vs_${one}`
  ),
];

/** Who runs the virtual servers of a node. */
export interface BalancerMake {
  readonly name: "standin" | "keepalived";
  words(node: Node): readonly string[];
}

/** The program under test. */
export const standinBalancer: BalancerMake = { name: "standin", words: standinWords };

/** Debian's keepalived, of which only the checkers have something to do. */
export const keepalivedBalancer: BalancerMake = {
  name: "keepalived",
  words: (node) => [...keepalivedWords(node), "-c", join(node.directory, "checkers.pid")],
};

/** Gives a node its configuration. */
export function configure(node: Node, text: string): void {
  writeFileSync(filesOf(node).config, `@standin status_listen off\n${text}`);
}

/** Starts a daemon with the configuration that the node has. */
export function startBalancer(lab: Lab, node: Node, make: BalancerMake): Program {
  return lab.start(node, make.words(node));
}

/** What ends an answer. */
const end = "=";

/**
 * The table of a node, as `ipvsadm -Sn` tells it. One shell waits for the questions: to start a
 * program from here costs a machine of one processor more than the program does.
 */
export class Table {
  readonly #node: Node;
  readonly #shell: Program;

  constructor(lab: Lab, node: Node) {
    this.#node = node;
    const script = `while read -r words; do $words; echo "${end} $?"; done`;
    this.#shell = lab.start(node, ["sh", "-c", script]);
  }

  /** Its lines in the order of the alphabet: the kernel's is that of a hash. */
  async lines(): Promise<string[]> {
    return (await this.#ask("ipvsadm -Sn")).map((line) => line.trimEnd()).sort();
  }

  /** Timeouts and sync daemons. */
  async settings(): Promise<string> {
    const timeouts = await this.#ask("ipvsadm -l --timeout");
    return [...timeouts, ...await this.#ask("ipvsadm -l --daemon")].join("\n");
  }

  async #ask(words: string): Promise<string[]> {
    const { lines } = this.#shell;
    const from = lines.length;
    this.#shell.write(`${words}\n`);
    const done = await this.#shell.answer((line) => line.startsWith(end), from);
    if (!done.endsWith(" 0")) throw new Error(`${words} failed: ${lines.slice(from).join("; ")}`);
    return lines.slice(from, lines.indexOf(done, from));
  }

  /** Waits until it pleases, and answers it. */
  until(what: string, pleases: (lines: readonly string[]) => boolean): Promise<string[]> {
    const asked = `${this.#node.label}: ${what}`;
    return poll(asked, () => this.lines(), pleases, 60_000, 150);
  }
}
